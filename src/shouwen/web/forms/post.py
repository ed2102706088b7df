"""What was typed into a form, as the language wants it (`docs/language.md` §7, `with`): nothing added, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.http import QueryDict

from shouwen.core.procedure import Field, Procedure

__all__ = ["placed", "read_drawings", "read_extras", "read_post", "row_asked", "row_paths"]

#: beside the fields of a row: that ticking counts, that it is ticked, which row it is
_PICK, _ON, _KEY = ":pick", ":on", ":key"
_DRAWN = ":drawn"


def read_post(procedure: Procedure, paths: Iterable[str], post: QueryDict) -> dict[str, dict[str, object]]:
    """{form: {field: raw}} of the fields among `paths` that the form sent. A column's path stands for its rows; lines
    with nothing in them are left out."""
    found: dict[str, dict[str, object]] = {}
    for path, columns in row_paths(procedure, paths).items():
        form, _, name = path.partition(".")
        field = procedure.fields[path]
        raw = _rows(field, columns, post) if field.type == "rows" else _one(field, path, post)
        if raw is not None:
            found.setdefault(form, {})[name] = raw
    return found


def row_paths(procedure: Procedure, paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The fields of these paths, columns gathered under their rows: path → the columns asked for."""
    found: dict[str, tuple[str, ...]] = {}
    for path in paths:
        field = procedure.fields.get(path)
        if field is None:
            continue
        if path.count(".") == 2:
            owner, _, column = path.rpartition(".")
            found[owner] = (*found.get(owner, ()), column)
        else:
            found[path] = (*found.get(path, ()), *field.columns)
    return {path: tuple(dict.fromkeys(columns)) for path, columns in found.items()}


def placed(procedure: Procedure, name: str, post: QueryDict) -> tuple[Field, str] | None:
    """The field that a control is of, and the path under which its files are kept: a column's with the key of its row
    (`form.rows.column#key`). None if there is no such field, or its row was not picked."""
    if name in procedure.fields:
        return procedure.fields[name], name
    line, _, column = name.rpartition(".")
    path, _, place = line.rpartition(".")
    rows = procedure.fields.get(path)
    field = rows.columns.get(column) if rows is not None and place.isdecimal() else None
    if rows is None or field is None or (post.get(f"{line}.{_PICK}") and not post.get(f"{line}.{_ON}")):
        return None
    key = (_text(post, f"{line}.{_KEY}") or _text(post, f"{line}.{rows.key}")) if rows.key else ""
    return field, f"{field.path}#{key}" if key else field.path


def row_asked(post: QueryDict) -> dict[str, int]:
    """Whether a button asked for a line more or less: {path: +1} or {path: -1}; empty if the form was sent."""
    if added := _text(post, "add-row"):
        return {added: 1}
    if dropped := _text(post, "drop-row"):
        return {dropped.rpartition(".")[0]: -1}
    return {}


def read_extras(post: QueryDict) -> dict[str, object]:
    """What a command carries besides fields: reason, seen, happened, present."""
    found: dict[str, object] = {name: _text(post, name) for name in ("reason", "happened") if post.get(name)}
    if post.get("seen"):
        found["seen"] = True
    if post.getlist("present"):
        found["present"] = tuple(code for code in post.getlist("present") if code)
    return found


def read_drawings(post: QueryDict) -> dict[str, str]:
    """Signatures drawn by hand: path → PNG as a data URL."""
    drawn = {name.removesuffix(_DRAWN): _text(post, name) for name in post if name.endswith(_DRAWN)}
    return {path: url for path, url in drawn.items() if url.startswith("data:image/png;base64,")}


def _one(field: Field, name: str, post: QueryDict) -> object | None:
    match field.type:
        case "period":
            return _period(name, post)
        case "choices" | "people":
            return [word for word in post.getlist(name) if word] if name in post else None
        case "list" | "texts":
            return _lines(_text(post, name)) if name in post else None
        case _:
            return _text(post, name) if name in post else None


def _period(name: str, post: QueryDict) -> object | None:
    if f"{name}.from" not in post and f"{name}.until" not in post:
        return None
    since, until = _text(post, f"{name}.from"), _text(post, f"{name}.until")
    return {"from": since, "until": until} if since or until else ""


def _text(post: QueryDict, name: str) -> str:
    return str(post.get(name) or "")


def _lines(text: str) -> list[str]:
    return [line for line in (raw.strip() for raw in text.splitlines()) if line]


def _rows(field: Field, columns: tuple[str, ...], post: QueryDict) -> list[Mapping[str, object]] | None:
    places = _places(field.path, post)
    if not places and f"{field.path}.rows" not in post:
        return None
    dropped = _text(post, "drop-row")
    lines = [_line(field, columns, place, post) for place in places if dropped != f"{field.path}.{place}"]
    return [line for line in lines if line]


def _line(field: Field, columns: tuple[str, ...], place: int, post: QueryDict) -> dict[str, object]:
    name = f"{field.path}.{place}"
    if post.get(f"{name}.{_PICK}") and not post.get(f"{name}.{_ON}"):
        return {}
    found: dict[str, object] = {}
    for column in columns:
        raw = _one(field.columns[column], f"{name}.{column}", post)
        if raw not in (None, "", []):
            found[column] = raw
    key = _text(post, f"{name}.{_KEY}")
    if key and field.key:
        found.setdefault(field.key, key)
    return found


def _places(path: str, post: QueryDict) -> list[int]:
    pattern = re.compile(re.escape(path) + r"\.(\d{1,4})\.")
    return sorted({int(found.group(1)) for name in post if (found := pattern.match(name))})
