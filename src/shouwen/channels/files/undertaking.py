"""From a file and what was said about it to an intake that is ready to begin; everything unclear is told before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shouwen.casework import access, procedures
from shouwen.casework.procedures import Law
from shouwen.channels.files import columns, crew, doubts, separated, workbook
from shouwen.channels.files.columns import Layout, Place
from shouwen.channels.files.crew import Crew
from shouwen.channels.files.intake import Intake
from shouwen.channels.files.table import Table, Unusable, checked
from shouwen.core.phrase import joined, phrase
from shouwen.core.procedure import Action

__all__ = ["Undertaking", "Wanted", "undertaking"]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be taken in, by whom, for whom, and how the file is to be read."""

    file: Path
    procedure: str
    person: str
    act: str = ""
    flow: str = ""
    unit: str = ""
    #: `--map`: a YAML file, or 列名=栏; `--set`: 栏=值
    maps: Sequence[str] = ()
    fixed: Sequence[str] = ()
    others_ignored: bool = False
    key_column: str = ""
    sheet: str = ""
    encoding: str = ""
    dry: bool = False
    warnings_seen: bool = False
    processes: int = 1


@dataclass(frozen=True, kw_only=True)
class Undertaking:
    """An intake before its first row."""

    law: Law
    action: Action
    table: Table
    known: Mapping[str, Place]
    layout: Layout
    unit: str
    wanted: Wanted

    def crew(self) -> Crew:
        """The processes that will do it. Only for a layout that is complete."""
        wanted, layout = self.wanted, self.layout
        intake = Intake(
            law=self.law,
            action=self.action,
            layout=layout,
            actor=wanted.person,
            unit=self.unit,
            key_column=wanted.key_column,
            key_place=self._key_place(),
            dry=wanted.dry,
            warnings_seen=wanted.warnings_seen,
            twins=self._twins(),
        )
        apart = crew.together(self.law.procedure, self.action)
        at = {one.place.path: one.index for one in layout.columns}
        shown = [place for path in apart or () if (place := at.get(path)) is not None]
        # Rows must be in one hand if it cannot be told which of them have to do with one another.
        alone = apart is None or len(shown) < len(apart) > 0
        return Crew(intake, crew.shares(layout.rows, shown, 1 if alone else wanted.processes))

    def _key_place(self) -> int | None:
        heading, cells = self.wanted.key_column, self.layout.header.cells
        if not heading:
            return None
        if heading not in cells:
            raise Unusable(
                phrase(
                    "表头里没有 --key 的“{heading}”这一列，有：{names}",
                    heading=heading,
                    names=joined(cell for cell in cells if cell),
                )
            )
        return cells.index(heading)

    def _twins(self) -> dict[int, int]:
        """Rows with the same text in the key column as an earlier one: line → that line."""
        place = self._key_place()
        first: dict[str, int] = {}
        twins: dict[int, int] = {}
        for line in self.layout.rows if place is not None else ():
            text = doubts.folded(line.cells[place]) if place is not None and place < len(line.cells) else ""
            if text and first.setdefault(text, line.number) != line.number:
                twins[line.number] = first[text]
        return twins


def undertaking(wanted: Wanted) -> Undertaking:
    """Read the file and see how it fits the act. Raises `Unusable`."""
    law = _law(wanted.procedure)
    action = columns.opening_act(law.procedure, wanted.act, wanted.flow)
    unit = _unit(wanted)
    known = columns.places(law.procedure, action)
    choices = columns.choices_of(wanted.maps, wanted.fixed, known, others_ignored=wanted.others_ignored)
    table = _table(wanted)
    flow = law.procedure.flows[action.opens or ""]
    layout = columns.laid_out(table, known, flow.customer, choices, aside=wanted.key_column)
    return Undertaking(law=law, action=action, table=table, known=known, layout=layout, unit=unit, wanted=wanted)


def _law(name: str) -> Law:
    try:
        return procedures.current(name)
    except KeyError:
        known = joined(
            phrase("{id}（{title}）", id=one.procedure.id, title=one.procedure.title)
            for one in procedures.all_current()
        )
        raise Unusable(
            phrase(
                "没有规程“{name}”；已装入的有：{listed}",
                name=name,
                listed=known or phrase("无，请先运行 shouwen migrate"),
            )
        ) from None


def _unit(wanted: Wanted) -> str:
    viewer = access.viewer(wanted.person)
    if viewer is None:
        raise Unusable(phrase("没有人员编号为“{person}”的在职人员：请核对 --as", person=wanted.person))
    organisation = viewer.organisation
    desks = [one for one in organisation.units.values() if one.desk]
    listed = joined(phrase("{code}（{name}）", code=one.code, name=one.name) for one in desks)
    if wanted.unit:
        found = [one.code for one in desks if wanted.unit in (one.code, one.name)]
        if len(found) != 1:
            raise Unusable(
                phrase("“{unit}”不是受理案件的单位；有：{listed}", unit=wanted.unit, listed=listed or phrase("无"))
            )
        return found[0]
    if not viewer.desk:
        raise Unusable(
            phrase(
                "{name}不属于哪一个受理单位，请用 --unit 指明：{listed}",
                name=viewer.person.name,
                listed=listed or phrase("无"),
            )
        )
    return viewer.desk


def _table(wanted: Wanted) -> Table:
    checked(wanted.file)
    if workbook.is_workbook(wanted.file):
        return workbook.read(wanted.file, wanted.sheet)
    if wanted.sheet:
        raise Unusable(
            phrase("“{name}”不是工作簿，没有工作表“{sheet}”：请去掉 --sheet", name=wanted.file.name, sheet=wanted.sheet)
        )
    return separated.read(wanted.file, wanted.encoding)
