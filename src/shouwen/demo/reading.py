"""Reading the demonstration's files: YAML in which every scalar is text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

__all__ = ["Node", "listed", "mapping", "nodes", "read", "texts"]

Node = Mapping[str, object]


def read(path: Path) -> dict[str, object]:
    """A YAML file."""
    node = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    assert isinstance(node, dict), path
    return node


def mapping(node: object) -> Node:
    """A mapping, as nothing else may stand there."""
    assert isinstance(node, Mapping), node
    return node


def nodes(node: object) -> list[Node]:
    """A list of mappings."""
    assert isinstance(node, Sequence), node
    return [mapping(one) for one in node]


def texts(node: object) -> list[str]:
    """A list of texts."""
    assert isinstance(node, Sequence), node
    return [str(one) for one in node]


def listed(node: object) -> list[str]:
    """A list of texts, of which one may stand alone, or none at all."""
    return [node] if isinstance(node, str) else texts(node) if isinstance(node, Sequence) else []
