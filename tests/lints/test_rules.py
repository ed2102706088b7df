"""Each house rule catches its bad example, lets its good one pass, and holds for the tree."""

import pytest

from tests.lints.rules import RULES, Rule, sources

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


@each_rule
def test_a_rule_catches_its_bad_example(rule: Rule):
    broken = rule.broken(rule.bad)

    assert len(broken) == 1


@each_rule
def test_a_rule_lets_its_good_example_pass(rule: Rule):
    broken = rule.broken(rule.good)

    assert broken == []


@each_rule
def test_the_tree_keeps_the_rule(rule: Rule):
    broken = [line for source in sources() for line in rule.broken(source)]

    assert broken == [], "\n".join(broken)
