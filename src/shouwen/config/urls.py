"""Every address of the program."""

from __future__ import annotations

from django.urls import include, path

from shouwen.web import languages

urlpatterns = [
    path("language/", languages.choose, name="language"),
    path("", include("shouwen.accounts.urls")),
    path("field/", include("shouwen.field.urls")),
    path("", include("shouwen.console.urls")),
    path("portal/", include("shouwen.portal.urls")),
]
