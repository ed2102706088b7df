"""The address of importing."""

from __future__ import annotations

from django.urls import URLPattern, path

from shouwen.console import bring

bring_urls: list[URLPattern] = [path("import/", bring.bring, name="import")]
