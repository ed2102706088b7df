"""The drawing of a flow: steps in ranks from top to bottom, ways as curves with the numbers of their conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from shouwen.core.expression import Constant, Expression
from shouwen.core.procedure import Clauses, Flow, Procedure

__all__ = ["HUB", "Drawing", "Edge", "Node", "Way", "drawing", "ways_of"]

WIDTH, HEIGHT = 168, 44
GAP_X, GAP_Y = 36, 58
#: a bend of a way that passes a rank
LANE = 14
CHARACTERS = 11
#: before the name of a table that decides
HUB = "table:"

#: after which the name of a step breaks over two lines
SIGNS = "：、，"  # zh: the regulation's own names


@dataclass(frozen=True)
class Way:
    """One way: its number in the drawing, where from, where to (steps, or `table:x` where a table decides), under
    which condition and clauses."""

    number: int
    start: str
    end: str
    when: Expression | None
    clauses: Clauses


@dataclass(frozen=True)
class Node:
    """A step at its place (left upper corner); its name in one or two lines."""

    step: str
    x: float
    y: float
    lines: tuple[str, ...]
    end: bool
    first: bool
    #: a table that decides, not a step
    hub: bool = False
    #: the ways by which it goes back to a table, to be decided anew
    again: str = ""

    @property
    def middle(self) -> float:
        """Where its words stand."""
        return self.x + WIDTH / 2

    @property
    def right(self) -> float:
        """Where the sign of ways back stands."""
        return self.x + WIDTH + 5

    @property
    def low(self) -> float:
        """The height of that sign."""
        return self.y + HEIGHT / 2 + 4

    @property
    def placed(self) -> tuple[tuple[float, str], ...]:
        """Its lines with their heights."""
        top = self.y + HEIGHT / 2 + 4.5 - (len(self.lines) - 1) * 8
        return tuple((top + place * 16, line) for place, line in enumerate(self.lines))


@dataclass(frozen=True)
class Edge:
    """The curve between two steps, with the numbers of its ways and where they stand."""

    path: str
    label: str
    x: float
    y: float
    back: bool

    @property
    def width(self) -> float:
        """How wide the label's ground is."""
        return 8 + 7 * len(self.label)

    @property
    def left(self) -> float:
        """Where its ground begins."""
        return self.x - self.width / 2

    @property
    def top(self) -> float:
        """The upper side of its ground."""
        return self.y - 8

    @property
    def base(self) -> float:
        """Where its words stand."""
        return self.y + 3.5


@dataclass(frozen=True)
class Drawing:
    """Nodes and edges with the size of the whole."""

    width: float
    height: float
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @property
    def box(self) -> tuple[int, int]:
        """Width and height of a node."""
        return WIDTH, HEIGHT


def ways_of(procedure: Procedure, flow: Flow) -> tuple[Way, ...]:
    """Every way of a flow, numbered in the order of the document: out of steps, then out of the tables that decide."""
    found: list[Way] = []
    hubs: dict[str, None] = {}
    for step in flow.steps.values():
        for leave in step.leave:
            end = leave.to or f"{HUB}{leave.table}"
            hubs |= {leave.table: None} if leave.table else {}
            found.append(Way(len(found) + 1, step.id, end, leave.when, leave.clauses))
    for name in hubs:
        for row in procedure.tables[name].rows if name in procedure.tables else ():
            for term in row.gives.values():
                if isinstance(term, Constant) and term.value in flow.steps:
                    found.append(Way(len(found) + 1, f"{HUB}{name}", str(term.value), row.when, row.clauses))
    return tuple(found)


def drawing(procedure: Procedure, flow: Flow) -> Drawing:
    """The drawing of a flow. A way back to a table is a sign at its step, not a line."""
    ways = ways_of(procedure, flow)
    order = _in_order(flow, ways)
    place = {name: number for number, name in enumerate(order)}
    again: dict[str, list[int]] = {}
    pairs: dict[tuple[str, str], list[int]] = {}
    for way in ways:
        if way.end.startswith(HUB) and place[way.start] > place[way.end]:
            again.setdefault(way.start, []).append(way.number)
        elif way.start != way.end:
            pairs.setdefault((way.start, way.end), []).append(way.number)
    layout = _Layout(order, list(pairs))
    nodes = tuple(_node(procedure, flow, layout, name, _numbers(again.get(name, []))) for name in order)
    edges = tuple(_edge(layout, start, end, _numbers(numbers)) for (start, end), numbers in pairs.items())
    return Drawing(layout.width + 48, layout.height, nodes, edges)


def _in_order(flow: Flow, ways: tuple[Way, ...]) -> list[str]:
    """The steps in the document's order, each table before the first step to which it leads."""
    order = list(flow.steps)
    for hub in dict.fromkeys(way.end for way in ways if way.end.startswith(HUB)):
        ends = [order.index(way.end) for way in ways if way.start == hub]
        order.insert(min(ends, default=len(order)), hub)
    return order


def _node(procedure: Procedure, flow: Flow, layout: _Layout, name: str, again: str) -> Node:
    if name.startswith(HUB):
        table = procedure.tables.get(name.removeprefix(HUB))
        return Node(name, *layout.corner(name), _lines(table.name if table else name), False, False, hub=True)
    step = flow.steps[name]
    return Node(name, *layout.corner(name), _lines(step.name), step.end, step.id == flow.start, again=again)


def _numbers(numbers: list[int]) -> str:
    return "·".join(str(number) for number in dict.fromkeys(numbers))


def _lines(name: str) -> tuple[str, ...]:
    if len(name) <= CHARACTERS:
        return (name,)
    cut = next(
        (place + 1 for place in range(min(CHARACTERS, len(name) - 1), 2, -1) if name[place] in SIGNS), len(name) // 2
    )
    rest = name[cut:]
    return name[:cut], rest if len(rest) <= CHARACTERS + 1 else rest[:CHARACTERS] + "…"


@dataclass
class _Layout:
    """Ranks by the longest way forward; ways over several ranks get a place in each of them."""

    steps: list[str]
    pairs: list[tuple[str, str]]
    rank: dict[str, int] = field(default_factory=dict)
    #: rank → what stands in it: steps, and 'a>b' where a way passes
    rows: list[list[str]] = field(default_factory=list)
    x: dict[tuple[int, str], float] = field(default_factory=dict)
    width: float = 0

    def __post_init__(self) -> None:
        order = {step: place for place, step in enumerate(self.steps)}
        self.back = {(a, b) for a, b in self.pairs if order[a] > order[b]}
        forward = [(a, b) if (a, b) not in self.back else (b, a) for a, b in self.pairs]
        self.rank = dict.fromkeys(self.steps, 0)
        for step in self.steps:
            for a, b in forward:
                if a == step:
                    self.rank[b] = max(self.rank[b], self.rank[a] + 1)
        self.rows = [[] for _ in range(max(self.rank.values()) + 1)]
        for step in self.steps:
            self.rows[self.rank[step]].append(step)
        neighbours: dict[str, list[str]] = {}
        for a, b in forward:
            chain = [a, *(self.lane(a, b) for _ in range(self.rank[a] + 1, self.rank[b])), b]
            for level in range(self.rank[a] + 1, self.rank[b]):
                if self.lane(a, b) not in self.rows[level]:
                    self.rows[level].append(self.lane(a, b))
            for left, right in pairwise(chain):
                neighbours.setdefault(left, []).append(right)
                neighbours.setdefault(right, []).append(left)
        self._order(neighbours)

    @property
    def height(self) -> float:
        return len(self.rows) * (HEIGHT + GAP_Y) - GAP_Y + 8

    def lane(self, a: str, b: str) -> str:
        """The name of a way where it passes."""
        return f"{a}>{b}"

    def corner(self, step: str) -> tuple[float, float]:
        level = self.rank[step]
        return self.x[level, step] - WIDTH / 2, level * (HEIGHT + GAP_Y) + 4

    def _order(self, neighbours: Mapping[str, list[str]]) -> None:
        """Let each stand near what it is tied to: a few sweeps down and up."""
        for sweep in range(8):
            levels = range(len(self.rows)) if sweep % 2 == 0 else range(len(self.rows) - 1, -1, -1)
            self._place()
            for level in levels:
                at = {name: self._pull(level, name, neighbours, sweep % 2 == 0) for name in self.rows[level]}
                self.rows[level].sort(key=at.__getitem__)
                self._place()

    def _pull(self, level: int, name: str, neighbours: Mapping[str, list[str]], down: bool) -> float:
        near = level - 1 if down else level + 1
        found = [self.x[near, other] for other in (*neighbours.get(name, ()), name) if (near, other) in self.x]
        return sum(found) / len(found) if found else self.x[level, name]

    def _place(self) -> None:
        widths = [sum(self._width(name) for name in row) + GAP_X * (len(row) - 1) for row in self.rows]
        self.width = max(widths)
        for level, row in enumerate(self.rows):
            left = (self.width - widths[level]) / 2 + 12
            for name in row:
                self.x[level, name] = left + self._width(name) / 2
                left += self._width(name) + GAP_X

    def _width(self, name: str) -> float:
        return LANE if ">" in name else WIDTH


def _edge(layout: _Layout, start: str, end: str, label: str) -> Edge:
    back = (start, end) in layout.back
    upper, lower = (end, start) if back else (start, end)
    points = _points(layout, upper, lower)
    if back:
        points.reverse()
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x1, y1), (x2, y2) in pairwise(points):
        if x1 == x2:
            path += f" V{y2:.1f}"
        else:
            middle = (y1 + y2) / 2
            path += f" C{x1:.1f} {middle:.1f} {x2:.1f} {middle:.1f} {x2:.1f} {y2:.1f}"
    (x1, y1), (x2, y2) = points[0], points[1]
    return Edge(path, label, x1 + (x2 - x1) * 0.36, y1 + (y2 - y1) * 0.42, back)


def _points(layout: _Layout, upper: str, lower: str) -> list[tuple[float, float]]:
    """From the lower side of the upper step to the upper side of the lower one, through its lanes; ways that share a
    side leave it a little apart."""
    (x1, y1), (x2, y2) = layout.corner(upper), layout.corner(lower)
    first = layout.rank[upper] + 1
    lanes = [layout.x[level, layout.lane(upper, lower)] for level in range(first, layout.rank[lower])]
    leaving = _spread(layout, upper, lower, [*lanes, x2 + WIDTH / 2][0], outwards=True)
    arriving = _spread(layout, lower, upper, [x1 + WIDTH / 2, *lanes][-1], outwards=False)
    points = [(x1 + WIDTH / 2 + leaving, y1 + HEIGHT)]
    for place, x in enumerate(lanes):
        top = (first + place) * (HEIGHT + GAP_Y) + 4
        points += [(x, top), (x, top + HEIGHT)]
    points.append((x2 + WIDTH / 2 + arriving, y2))
    return points


def _spread(layout: _Layout, step: str, other: str, towards: float, *, outwards: bool) -> float:
    """How far from the middle of a step's side a way begins or ends."""
    ties = [
        (a, b)
        for a, b in {tuple(sorted(pair, key=lambda one: (layout.rank[one], one))) for pair in layout.pairs}
        if (a if outwards else b) == step
    ]
    both = (step, other) if outwards else (other, step)

    def heading(tie: tuple[str, ...]) -> float:
        a, b = tie
        far = b if outwards else a
        level = layout.rank[step] + (1 if outwards else -1)
        return layout.x.get((level, layout.lane(a, b)), layout.corner(far)[0] + WIDTH / 2)

    ties.sort(key=heading)
    place = ties.index(both) if both in ties else 0
    step_width = min(26.0, (WIDTH - 24) / max(len(ties), 1))
    return (place - (len(ties) - 1) / 2) * step_width
