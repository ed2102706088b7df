"""Rows become cases: each read, checked, judged and opened, or told why not; one bad row never stops the others."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b

from shouwen import clock
from shouwen.casework import access, handle
from shouwen.casework.handle import Answer, Moulds, Opening, Rehearsal, Stale, Taken
from shouwen.casework.procedures import Law
from shouwen.channels.files import doubts
from shouwen.channels.files.columns import Layout
from shouwen.channels.files.doubts import Doubt, Reader
from shouwen.channels.files.table import Line
from shouwen.core.commands import Act
from shouwen.core.phrase import phrase, replaced
from shouwen.core.procedure import Action
from shouwen.core.reason import Reason, Refusal
from shouwen.organisation.state import state

__all__ = ["Intake", "Outcome", "Why"]

#: rows that are written with one statement
CHUNK = 200
_written = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
SAME_MOMENT = timedelta(seconds=30)


@dataclass(frozen=True)
class Why:
    """One reason against a row: the sort of it, its words, its clauses, and the columns concerned."""

    kind: str
    text: str
    clauses: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of a row. `result`: opened, there (opened before), would (open), refused."""

    line: int
    result: str
    number: str = ""
    reasons: tuple[Why, ...] = ()
    #: what was read otherwise than it was written
    notes: tuple[str, ...] = ()
    #: the cells that the reasons are about, by heading
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Row:
    """A row that has been read: its texts by heading, its values for the language, and what stands against it."""

    line: int
    texts: Mapping[str, str]
    values: Mapping[str, Mapping[str, object]]
    key: str
    faults: tuple[Why, ...]
    notes: tuple[str, ...]


@dataclass
class Intake:
    """How the rows of a table become cases of one procedure, by one person, for one unit."""

    law: Law
    action: Action
    layout: Layout
    actor: str
    unit: str
    #: the heading (and its place) whose cells tell rows apart from run to run; '': their whole content does
    key_column: str = ""
    key_place: int | None = None
    dry: bool = False
    warnings_seen: bool = False
    #: rows that say the same as an earlier one: line → that line
    twins: Mapping[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._readers = tuple(self._make_readers(clock.now()))
        self._by_path = {reader.column.place.path: reader.column.heading for reader in self._readers}
        self._phones = [one.column.heading for one in self._readers if one.column.place.field.type == "phone"]
        customer = self._customer.values()
        self._whose = [
            one.column.heading
            for one in self._readers
            if one.column.place.path in customer and one.column.place.field.type == "text"
        ]
        self._rehearsal = Rehearsal()
        self._moulds = Moulds(self.law)
        self._moulds.plain(self.action.id)  # found once, before processes branch off
        self._at = clock.now()
        self._seen: dict[str, int] = {}
        self._lines: dict[str, int] = {}

    @property
    def _customer(self) -> Mapping[str, str]:
        return self.law.procedure.flows[self.action.opens or ""].customer

    def outcomes(self, lines: Sequence[Line], *, chunk: int = CHUNK) -> Iterator[list[Outcome]]:
        """What became of these lines, chunk by chunk, in order."""
        for start in range(0, len(lines), chunk):
            rows = [self._read(line) for line in lines[start : start + chunk]]
            good = [row for row in rows if not row.faults]
            known = handle.opened_before(self.law, [row.key for row in good])
            fresh = [row for row in good if row.key not in known]
            made = {row.line: answer for row, answer in zip(fresh, self._opened(fresh), strict=True)}
            bad = [row for row in rows if row.faults]
            judged = {row.line: answer for row, answer in zip(bad, self._judged(bad), strict=True)}
            yield [
                self._there(row, known[row.key])
                if not row.faults and row.key in known
                else self._outcome(row, made.get(row.line) or judged.get(row.line))
                for row in rows
            ]

    def _opened(self, rows: Sequence[_Row]) -> list[Answer | None]:
        """Open them (or only see what would come of it), in order; None for one that others keep from being opened."""
        openings = [self._opening(row) for row in rows]
        if not openings:
            return []
        if self.dry:
            return [
                *handle.preview_many(
                    self.law, openings, at=self._moment(), rehearsal=self._rehearsal, moulds=self._moulds
                )
            ]
        try:
            return [*handle.open_many(self.law, openings, at=self._moment(), moulds=self._moulds)]
        except (Stale, Taken):
            # Others are at work on the same matters: fewer at once meet fewer of them.
            if len(rows) == 1:
                return [None]
            half = len(rows) // 2
            return [*self._opened(rows[:half]), *self._opened(rows[half:])]

    def _moment(self) -> datetime:
        """When the rows at hand are taken in: for half a minute the same, so that those alike are judged once."""
        now = clock.now()
        if now - self._at > SAME_MOMENT:
            self._at = now
        return self._at

    def _judged(self, rows: Sequence[_Row]) -> list[Answer]:
        """What the rules say to rows that are not opened anyway: so all that is wrong is told at once."""
        return handle.preview_many(self.law, [self._opening(row) for row in rows]) if rows else []

    def _opening(self, row: _Row) -> Opening:
        command = Act(action=self.action.id, actor=self.actor, values=row.values, key=row.key, seen=self.warnings_seen)
        return Opening(command=command, unit=self.unit)

    def _there(self, row: _Row, number: str) -> Outcome:
        return Outcome(row.line, "there", number, notes=row.notes)

    def _outcome(self, row: _Row, answer: Answer | None) -> Outcome:
        reasons = list(row.faults)
        if answer is None:
            reasons.append(
                Why("busy", phrase("有人同时在办同一事项，这一行没有写入：请稍后再导入一次，已导入的不会重复"))
            )
        elif answer.refusal is not None:
            reasons += self._reasons(answer.refusal, {name for fault in row.faults for name in fault.columns})
        if reasons or answer is None:
            concerned = [name for why in reasons for name in why.columns]
            cells = {name: row.texts[name] for name in dict.fromkeys(concerned) if name in row.texts}
            return Outcome(row.line, "refused", reasons=tuple(reasons), notes=row.notes, cells=cells)
        if answer.repeated:
            return self._there(row, answer.number)
        self._lines[answer.number] = row.line
        return Outcome(row.line, "would" if self.dry else "opened", "" if self.dry else answer.number, notes=row.notes)

    def _reasons(self, refusal: Refusal, told: set[str]) -> Iterator[Why]:
        """Why the rules refuse; what is missing only because its cell was not taken has been told already."""
        for reason in self._for_his_eyes(refusal.reasons):
            headings = tuple(
                heading
                for path, heading in self._by_path.items()
                if f"“{self.law.procedure.fields[path].name}”" in reason.text
            )
            yield Why(reason.code, self._with_line(reason.text, reason.case), reason.clauses, headings)
        for lost in refusal.missing:
            heading = self._by_path.get(lost.path, "")
            if heading not in told or not heading:
                where = phrase("（“{heading}”列）", heading=heading) if heading and heading != lost.name else ""
                yield Why(
                    f"missing {lost.path}",
                    phrase("缺{place}{where}", place=lost.place, where=where),
                    lost.clauses,
                    (heading,) if heading else (),
                )

    def _for_his_eyes(self, reasons: Sequence[Reason]) -> Sequence[Reason]:
        """Cases that whoever imports may not see go without their numbers; those of this very file he knows."""
        others = tuple(reason for reason in reasons if reason.case and reason.case not in self._lines)
        who = access.viewer(self.actor) if others else None
        if who is None:
            return reasons
        veiled = dict(zip(others, access.veiled(who, Refusal(reasons=others)).reasons, strict=True))
        return [veiled.get(reason, reason) for reason in reasons]

    def _with_line(self, text: str, case: str) -> str:
        """Another case that a reason names may come from this very file; a pretended number says nothing to anybody."""
        line = self._lines.get(case)
        if line is None:
            return text
        return replaced(
            text,
            case,
            phrase("本文件第 {line} 行", line=line)
            if self.dry
            else phrase("{case}，本文件第 {line} 行", case=case, line=line),
        )

    def _read(self, line: Line) -> _Row:
        values: dict[str, dict[str, object]] = {}
        texts: dict[str, str] = {}
        faults: list[Why] = []
        notes: list[str] = []
        for reader in self._readers:
            column = reader.column
            text = (
                column.fixed
                if column.index is None
                else line.cells[column.index]
                if column.index < len(line.cells)
                else ""
            )
            texts[column.heading] = text
            value = reader.read(text)
            if isinstance(value, Doubt):
                called = column.heading or column.place.field.name
                quotes = value.text.startswith("“")
                said = phrase("“{called}”填的{doubt}") if quotes else phrase("“{called}”{doubt}")
                why = phrase(said.message, called=called, doubt=value.text)
                faults.append(Why(value.kind, why, column.place.field.clauses, (called,)))
            elif value is not None and value != "":
                form, _, name = column.place.path.partition(".")
                values.setdefault(form, {})[name] = value
                if reader.folds and not text.isascii() and doubts.folded(text) != text and column.heading:
                    notes.append(phrase("“{heading}”里的全角数字按半角收下", heading=column.heading))
        faults = self._exchanged(texts, faults)
        if len(line.cells) > len(self.layout.header.cells):
            more = len(line.cells) - len(self.layout.header.cells)
            faults.append(
                Why("too-many-cells", phrase("这一行比表头多 {more} 格：多半是内容里有分隔符而没有加引号", more=more))
            )
        key = self._key(line, values)
        if line.number in self.twins:
            text = phrase(
                "与第 {row} 行的“{key_column}”相同，只导入前面那一行",
                row=self.twins[line.number],
                key_column=self.key_column,
            )
            faults.append(Why("twice", text, columns=(self.key_column,)))
        elif key in self._seen:
            faults.append(Why("twice", phrase("与第 {row} 行完全相同，只导入前面那一行", row=self._seen[key])))
        elif not faults:
            self._seen[key] = line.number
        return _Row(line.number, texts, values, key, tuple(faults), tuple(notes))

    def _exchanged(self, texts: Mapping[str, str], faults: list[Why]) -> list[Why]:
        """A name where the phone belongs and a phone where the name belongs are one fault, not two."""
        pair = doubts.swapped(texts, self._phones, self._whose) if faults else None
        if pair is None:
            return faults
        phone, other = pair
        rest = [why for why in faults if not set(why.columns) & {phone, other}]
        return [
            Why(
                "swapped",
                phrase("“{other}”和“{phone}”像是填反了：请核对后对调", other=other, phone=phone),
                columns=(other, phone),
            ),
            *rest,
        ]

    def _key(self, line: Line, values: Mapping[str, Mapping[str, object]]) -> str:
        """The same row of the same matter gets the same key, whichever file it comes in."""
        place = self.key_place
        own = doubts.folded(line.cells[place]) if place is not None and place < len(line.cells) else ""
        said = [self.law.procedure.id, self.action.id, self.unit, own or values]
        return "import-" + blake2b(_written(said).encode(), digest_size=16).hexdigest()

    def _make_readers(self, now: datetime) -> Iterator[Reader]:
        procedure, organisation = self.law.procedure, state()
        people: dict[str, list[str]] = {}
        for person in organisation.people.values():
            people.setdefault(person.name, []).append(person.code)
        words = organisation.words.get(procedure.id, {})
        local = now.astimezone(procedure.zone)
        for column in self.layout.columns:
            rule = column.place.field
            catalog = procedure.catalogs.get(rule.catalog or "")
            choosable = words.get(rule.catalog or "", ()) or rule.words
            if choosable is not None and catalog is not None:
                earlier = [word for entry in catalog.entries for word in entry.replaces]
                gone = catalog.retired(local.date())
                choosable = tuple(word for word in (*choosable, *earlier) if word not in gone)
            past = rule.past or rule.auto == "at" or column.place.path == self.action.at
            yield doubts.reader(
                column,
                customer=column.place.path in self._customer.values(),
                choosable=choosable if rule.type in ("choice", "choices") else None,
                persons=people,
                translated=self.layout.words.get(column.place.path, {}),
                now=local,
                ahead=not past,
            )
