"""The procedures held against the clause catalogues, where these lie beside the checkout."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from shouwen.core.procedure import Procedure
from shouwen.library import library

CATALOGUES = Path(__file__).resolve().parents[3] / "shared" / "clauses"
SHELVES = {shelf.name: shelf for shelf in library().shelves}

STATISTICS = yaml.safe_load((Path(__file__).parent / "statistics.yaml").read_text(encoding="utf-8"))

here = [name for name in SHELVES if (CATALOGUES / f"{name}.yaml").is_file()]


@cache
def catalogue(name: str) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = yaml.load(
        (CATALOGUES / f"{name}.yaml").read_text(encoding="utf-8"),
        Loader=yaml.BaseLoader,  # all scalars are texts: a field may be called no
    )
    return found


@cache
def procedure(name: str) -> Procedure:
    compiled = SHELVES[name].compile()
    assert compiled.procedure is not None, compiled.problems
    return compiled.procedure


@pytest.mark.parametrize("name", here)
def test_a_document_states_exactly_the_clauses_of_its_catalogue(name: str) -> None:
    expected = {str(clause["id"]) for clause in catalogue(name)["clauses"]}

    stated = set(SHELVES[name].compile().clauses)

    assert expected == stated


@pytest.mark.parametrize("name", here)
def test_every_form_of_the_catalogue_is_there_with_all_its_fields(name: str) -> None:
    forms = procedure(name).forms

    lost = [
        f"{form['id']}.{field['id']}"
        for form in catalogue(name)["forms"]
        for field in form["fields"]  # type: ignore[attr-defined] # a list of fields
        if f"{form['id']}.{field['id']}" not in _paths(procedure(name))
    ]

    assert not lost
    assert {str(form["id"]) for form in catalogue(name)["forms"]} <= set(forms)


@pytest.mark.parametrize("name", here)
def test_every_role_of_the_catalogue_is_there(name: str) -> None:
    expected = {str(role["id"]) for role in catalogue(name)["roles"]}

    assert expected <= set(procedure(name).roles)


@pytest.mark.parametrize("name", here)
def test_every_choice_of_a_field_is_one_of_the_catalogue(name: str) -> None:
    fields = procedure(name).fields

    strange = []
    for form in catalogue(name)["forms"]:
        for field in form["fields"]:  # type: ignore[attr-defined] # a list of fields
            words = fields.get(f"{form['id']}.{field['id']}")
            wanted = [word for word in field.get("choices", ()) if not re.search("取自|其他部门", word)]
            if words is not None and words.words is not None:
                strange += [f"{form['id']}.{field['id']}: {word}" for word in wanted if word not in words.words]

    assert not strange


@pytest.mark.parametrize("name", here)
def test_every_statistic_of_the_catalogue_is_counted_by_measures(name: str) -> None:
    counted = STATISTICS[name]
    named = [str(one["name"]) if isinstance(one, dict) else str(one) for one in catalogue(name)["statistics"]]

    wanted = [one for one in named if not re.search("没有统计条款|未要求统计", one)]

    assert wanted == list(counted)
    assert {one for names in counted.values() for one in names} <= set(procedure(name).measures)


def _paths(found: Procedure) -> set[str]:
    """Fields by path; a field that became a column of rows counts under its form as well."""
    paths = set(found.fields)
    return paths | {f"{path.split('.')[0]}.{path.rpartition('.')[2]}" for path in paths}
