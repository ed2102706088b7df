"""Formulas say what the conditions themselves say, on every case; what is still open contains what it becomes."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from shouwen.core.expression import Environment
from shouwen.core.language import compile_procedure
from shouwen.core.language.check import formula as formulas
from shouwen.core.language.check.examination import examine
from shouwen.core.language.check.formula import ANY, FALSE, TRUE, UNKNOWN, Variable, possible
from shouwen.core.values import Unknown

BASE = (Path(__file__).parent / "base.md").read_text(encoding="utf-8")
PROCEDURE = compile_procedure(
    {
        "repair.md": BASE.replace("type: choice, of: [修好, 修不好]}", "type: choices, of: [修好, 修不好, 再来]}")
        .replace("order.result == '修好'", "'修好' in order.result")
        .replace("order.result == '修不好'", "'修不好' in order.result")
    }
).procedure
assert PROCEDURE is not None
SPACE = examine(PROCEDURE, None, None).space()
CONDITIONS = Environment({name: named.type for name, named in PROCEDURE.names.items()}, {}, PROCEDURE.zone)
FIGURES = {"most_cost": 50000}
WHOLE = {"size(order.result)", "order.cost + order.cost", "order.cost", "earlier.count"}

ATOMS = st.sampled_from(
    [
        "slip.danger",
        "slip.water",
        "slip.water.filled",
        "slip.kind == '水'",
        "slip.kind != '电'",
        "slip.kind in ['水', '门窗']",
        "'修好' in order.result",
        "order.result.exists(r, r in ['修不好', '再来'])",
        "order.result.filled",
        "order.cost <= most_cost",
        "most_cost < order.cost",
        "order.cost + order.cost > most_cost",
        "earlier.count >= 2",
        "earlier.known",
        "urgency == '紧急'",
        "urgency != '较急'",
        "urgency.filled",
        "order.cost.filled",
        "slip.danger == false",
        "happened('grade')",
        "count('grade') > 1",
        "size(order.result) == 2",
        "slip.danger == slip.water",
        "true",
    ]
)
SOURCES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("!({})".format, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
    ),
    max_leaves=8,
)
CASES = st.fixed_dictionaries(
    {"count.grade": st.integers(0, 2)},
    optional={
        "slip.danger": st.booleans(),
        "slip.water": st.booleans(),
        "slip.kind": st.sampled_from(["水", "电", "门窗"]),
        "order.result": st.lists(st.sampled_from(["修好", "修不好", "再来"]), min_size=1, unique=True).map(tuple),
        "order.cost": st.sampled_from([0, 49999, 50000, 50001]),
        "earlier.count": st.integers(0, 3),
    },
)


def scope_of(case):
    """The names of conditions in a case, as the judge would give them."""
    scope = {**FIGURES, **case, "happened.grade": case["count.grade"] > 0, "earlier.known": "earlier.count" in case}
    scope |= {
        f"{name}.filled": name in case
        for name in ("slip.water", "order.result", "order.cost", "slip.danger", "slip.kind")
    }
    urgency = None
    for row in PROCEDURE.tables["urgency"].rows:
        held = row.when.evaluate(scope)
        if isinstance(held, Unknown):
            break
        if held:
            urgency = row.gives[""].value
            break
    else:
        urgency = "一般"
    scope["urgency.filled"] = urgency is not None
    return scope | ({"urgency": urgency} if urgency else {})


def worth(variable: Variable, case):
    """The value of a variable in a case, or None where it does not matter because something is not filled."""
    scope = scope_of(case)
    match variable.kind:
        case "filled":
            return (
                scope.get(variable.subject, False) if variable.subject == "earlier.known" else variable.subject in case
            )
        case "member":
            return None if variable.subject not in case else variable.detail in case[variable.subject]
        case "order":
            one, other = case.get(variable.subject), case.get(variable.detail)
            return None if one is None or other is None else (one > other) - (one < other)
        case "amount":
            found = CONDITIONS.compile(variable.subject.replace("count.grade", "count('grade')")).evaluate(scope)
            return None if isinstance(found, Unknown) else found
        case _:
            return scope.get(variable.subject)


def truth(source, case):
    """What the runtime says."""
    found = CONDITIONS.compile(source).evaluate(scope_of(case))
    return UNKNOWN if isinstance(found, Unknown) else TRUE if found else FALSE


@settings(max_examples=40)
@given(SOURCES, CASES)
def test_a_formula_says_what_its_condition_says(source, case):
    formula = SPACE.of(CONDITIONS.compile(source))
    chosen = {
        v: w
        for test in formulas.tests(formula)
        for v in (*test.needs, test.variable)
        if (w := worth(v, case)) is not None
    }

    assert possible(formula, chosen) == truth(source, case)


@settings(max_examples=40)
@given(SOURCES, CASES, st.randoms(use_true_random=False))
def test_an_open_formula_contains_what_it_becomes(source, case, random):
    formula = SPACE.of(CONDITIONS.compile(source))
    chosen = {
        v: w
        for test in formulas.tests(formula)
        for v in (*test.needs, test.variable)
        if (w := worth(v, case)) is not None
    }
    part = {variable: value for variable, value in chosen.items() if random.random() < 0.5}

    assert possible(formula, part) & truth(source, case)
    assert possible(formula, {}) <= ANY
