"""The acts and limits of a case in templates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString

from shouwen.console import case_drawn
from shouwen.console.case_page import Page
from shouwen.web.case_acts import ActView
from shouwen.web.case_limits import Limit
from shouwen.web.context import Site

register = template.Library()


@register.simple_tag(takes_context=True)
def case_acts(context: Context, acts: Iterable[ActView], *, first: bool = False) -> SafeString:
    """Acts that are open; `first`: the first of them is what is to be done."""
    page = cast(Page, context["page"])
    doing = page.doing.action.id if page.doing else ""
    return SafeString(
        "\n".join(
            case_drawn.act(page.procedure, one, first=first and place == 0, doing=one.action == doing)
            for place, one in enumerate(acts)
        )
    )


@register.simple_tag(takes_context=True)
def case_limits(context: Context, limits: Iterable[Limit]) -> SafeString:
    """Limits, each unfolding into its proof."""
    page, now = cast(Page, context["page"]), cast(Site, context["site"]).now
    return SafeString("\n".join(case_drawn.limit(page.procedure, one, now) for one in limits))
