"""Every address of the program."""

from __future__ import annotations

from django.urls import include, path

from shouwen.web import languages
from shouwen.web.views import design

urlpatterns = [
    path("language/", languages.choose, name="language"),
    path("design/", design, name="design"),
    path("", include("shouwen.accounts.urls")),
    path("field/", include("shouwen.field.urls")),
    path("", include("shouwen.console.urls")),
    path("portal/", include("shouwen.portal.urls")),
]
