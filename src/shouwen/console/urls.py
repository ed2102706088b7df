"""Every address of the console, part by part."""

from __future__ import annotations

from shouwen.console.urls_bring import bring_urls
from shouwen.console.urls_case import case_urls
from shouwen.console.urls_library import library_urls
from shouwen.console.urls_lists import list_urls

urlpatterns = [*list_urls, *case_urls, *library_urls, *bring_urls]
