"""What every page knows besides its own matter: who looks, whose house it is, how it is to look."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.http import HttpRequest

from shouwen import clock
from shouwen.casework import visits
from shouwen.casework.access import Viewer
from shouwen.web import languages, toasts

__all__ = ["Site", "page"]

THEMES = frozenset({"light", "dark"})
DENSITIES = frozenset({"compact", "comfortable"})


@dataclass(frozen=True)
class Site:
    """The frame of a page. Views may set `request.person`, `.organisation`, `.nav` (url names allowed), `.at`."""

    request: HttpRequest

    @property
    def theme(self) -> str:
        """What was chosen last, '' for what the system says."""
        return self._kept("theme", THEMES)

    @property
    def density(self) -> str:
        """How close lines stand, '' for comfortable."""
        return self._kept("density", DENSITIES)

    @cached_property
    def person(self) -> object | None:
        """Who is signed in: an object with code, name and roles (in words), or None."""
        return getattr(self.request, "person", None)

    @property
    def organisation(self) -> str:
        """The name of the house, '' if it is not known here."""
        return str(getattr(self.request, "organisation", "") or "")

    @property
    def nav(self) -> tuple[str, ...] | None:
        """The sections that this person may open by url name; None: all that exist."""
        return getattr(self.request, "nav", None)

    @cached_property
    def now(self) -> datetime:
        """The moment for which the page is drawn; the browser's countdowns go by it."""
        at: datetime | None = getattr(self.request, "at", None)
        return at or clock.now()

    @property
    def language(self) -> str:
        """The tag of the page's language."""
        return languages.tag()

    @property
    def languages(self) -> tuple[tuple[str, str, str], ...]:
        """What may be chosen: code, tag, own name."""
        return languages.names()

    @property
    def words(self) -> str:
        """The words of the page's script (shouwen.js), with places to fill."""
        return json.dumps(languages.script_words(), ensure_ascii=False)

    @property
    def here(self) -> str:
        """The page's own address, to come back to."""
        return languages.back(self.request)

    @cached_property
    def goes_out(self) -> bool:
        """Whether who looks has duties outside: then his frame leads to the field page."""
        viewer = getattr(self.request, "viewer", None)
        return isinstance(viewer, Viewer) and visits.goes_out(viewer)

    @property
    def view(self) -> str:
        """The url name of the page."""
        match = getattr(self.request, "resolver_match", None)
        return str(match.view_name) if match else ""

    @cached_property
    def toasts(self) -> list[toasts.Toast]:
        """What is to be said once about what was just done."""
        return toasts.taken(self.request)

    def _kept(self, key: str, allowed: frozenset[str]) -> str:
        chosen = self.request.GET.get(key) or self.request.COOKIES.get(key, "")
        return chosen if chosen in allowed else ""


def page(request: HttpRequest) -> dict[str, object]:
    """The context processor: `site` in every template."""
    return {"site": Site(request)}
