"""The rows of lists in templates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from shouwen.console import lists_drawn
from shouwen.console.lists_rows import Row
from shouwen.web.context import Site

register = template.Library()


@register.simple_tag(takes_context=True)
def case_rows(context: Context, rows: Iterable[Row]) -> SafeString:
    """Cases as rows of a table: the previewed one is marked; the desk stands there if the viewer has several, the
    opening if the list is sorted by it."""
    asked, now = context.get("asked"), cast(Site, context["site"]).now
    opened, with_desk = context.get("opened"), bool(context.get("many_desks"))
    with_opening = "opened" in getattr(asked, "sort", "")
    drawn = [
        lists_drawn.row(row, now=now, opened=opened == row.line.number, with_desk=with_desk, with_opening=with_opening)
        for row in rows
    ]
    return SafeString("".join(f"\n{row}" for row in drawn))
