"""Clauses inside their own regulation, and how people, units and posts are called."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from shouwen.console.people_words import Names
from shouwen.core.procedure import Procedure
from shouwen.web.clauses import Cited, cited

register = template.Library()


@register.filter
def cited_in(clauses: Iterable[str], procedure: Procedure) -> tuple[Cited, ...]:
    """Each clause once, with its anchor and text."""
    return tuple(cited(procedure, clause) for clause in dict.fromkeys(clauses))


@register.filter
def person_name(names: Names, code: str) -> str:
    """A person by name."""
    return names.person(code)


@register.filter
def unit_name(names: Names, code: str) -> str:
    """A unit by name."""
    return names.unit(code)


@register.simple_tag
def post(names: Names, unit: str, role: str) -> str:
    """A role in its unit."""
    return names.post(unit, role)
