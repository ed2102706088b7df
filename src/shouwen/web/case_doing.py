"""An act in progress: what was typed into its form, and the form as the page of its case shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.http import QueryDict

from shouwen.core.events import Event
from shouwen.core.procedure import Action, Procedure
from shouwen.core.reason import Refusal
from shouwen.web.case_acts import WhyNot
from shouwen.web.forms import FormView, read_drawings, read_extras, read_post, row_asked

__all__ = ["Doing", "Typed", "added", "as_typed", "blank", "read"]


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What came in with a form: values by form and field, what stands beside them, lines asked for, signatures."""

    entered: Mapping[str, Mapping[str, object]]
    extras: Mapping[str, object]
    more: Mapping[str, int]
    drawings: Mapping[str, str]
    key: str
    role: str = ""


@dataclass(frozen=True, kw_only=True)
class Doing:
    """An act in progress. `form` None: it is not open to the viewer, `refusal` says why. `others`: what people have
    done since the form was drawn."""

    action: Action
    form: FormView | None
    refusal: Refusal | None
    version: int
    key: str
    href: str
    draft_href: str
    restored: datetime | None
    roles: tuple[tuple[str, str], ...]
    role: str
    #: reasons that belong to no field, with what would help
    whys: tuple[WhyNot, ...] = ()
    others: tuple[Event, ...] = ()


def read(procedure: Procedure, rule: Action, post: QueryDict) -> Typed:
    """What a form of this act sent."""
    paths = [fill.path for fill in rule.fills]
    each = procedure.fields.get(rule.each or "")
    if each is not None and each.type == "rows" and not rule.opens:
        own = f"{each.path}."
        paths += [each.path] if not any(path == each.path or path.startswith(own) for path in paths) else []
    return Typed(
        entered=read_post(procedure, paths, post),
        extras=read_extras(post),
        more=row_asked(post),
        drawings=read_drawings(post),
        key=str(post.get("key") or uuid4().hex)[:64],
        role=str(post.get("role") or ""),
    )


def as_typed(draft: Mapping[str, Sequence[str]]) -> QueryDict:
    """A draft as if it had just been sent."""
    post = QueryDict(mutable=True)
    for name, texts in draft.items():
        post.setlist(name, [str(text) for text in texts])
    return post


def blank() -> Typed:
    """Nothing typed yet, and a key for what will be."""
    return Typed(entered={}, extras={}, more={}, drawings={}, key=uuid4().hex)


def added(more: Mapping[str, int]) -> Mapping[str, int]:
    """The rows that want one more line."""
    return {path: 1 for path, change in more.items() if change > 0}
