"""What a form is once it can be drawn: sections of fields with their words, values and errors."""

from __future__ import annotations

from dataclasses import dataclass

from shouwen.core.reason import Reason

__all__ = ["ErrorView", "FieldView", "FormView", "OptionView", "RowView", "SectionView"]


@dataclass(frozen=True, kw_only=True)
class OptionView:
    """One choice: the word that is sent, the words that are read, and what it means."""

    value: str
    label: str
    meaning: str = ""
    group: str = ""
    chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class RowView:
    """A line of rows. `key`: the row that it is about; `picked`: it is ticked (None: nothing to tick)."""

    index: int
    fields: tuple[FieldView, ...]
    key: str = ""
    label: str = ""
    picked: bool | None = None


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """A field to be drawn by `template`. `need`: required, optional, conditional, auto (fills itself) or shown."""

    path: str
    name: str
    label: str
    kind: str
    need: str = "required"
    #: what stands in the field: text, or a list of words
    value: str | tuple[str, ...] = ""
    #: the two ends of a period
    until: str = ""
    options: tuple[OptionView, ...] = ()
    unit: str = ""
    #: what was there before, in words: a private value masked, a value that stays if nothing is typed
    known: str = ""
    #: whose signature it becomes, by log-in
    signer: str = ""
    #: the signature drawn for it, as PNG in a data URL
    drawn: str = ""
    errors: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    autocomplete: str = "off"
    shortest: int = 0
    least: int | None = None
    most: int | None = None
    wide: bool = False
    latest: str = ""
    rows: tuple[RowView, ...] = ()
    #: lines that stand already, as they are read
    standing: tuple[tuple[str, ...], ...] = ()
    columns: tuple[str, ...] = ()
    may_add: bool = False

    @property
    def id(self) -> str:
        """The id of the field on the page; errors lead to it."""
        return "f-" + self.name.replace(".", "-")

    @property
    def template(self) -> str:
        """The template of its control."""
        return f"web/controls/{self.kind}.html"

    @property
    def grouped(self) -> bool:
        """Whether several controls stand under one legend."""
        return self.kind in ("segments", "radios", "checks", "people", "flag", "period", "rows", "signed")

    @property
    def half(self) -> bool:
        """Whether it takes half the width: free words, files, signatures by hand."""
        return self.kind in ("area", "lines", "file", "sign", "radios")

    @property
    def described(self) -> str:
        """The ids that describe it, for those who hear the page."""
        return " ".join([f"h-{self.id}", *([f"x-{self.id}"] if self.errors else [])])


@dataclass(frozen=True, kw_only=True)
class SectionView:
    """The fields of one form, in the order of its paper."""

    form: str
    name: str
    fields: tuple[FieldView, ...]
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ErrorView:
    """One line of the summary on top; `href` leads to the field."""

    text: str
    href: str = ""
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FormView:
    """An act's form. `reasons` are refusals that belong to no field. `extras` are what an act may carry besides its
    fields: who is present, when it really happened, why a rule is passed over, that a warning was seen."""

    action: str
    name: str
    sections: tuple[SectionView, ...]
    missing: tuple[ErrorView, ...] = ()
    wrong: tuple[ErrorView, ...] = ()
    reasons: tuple[Reason, ...] = ()
    extras: tuple[FieldView, ...] = ()
    clauses: tuple[str, ...] = ()
    multipart: bool = False

    @property
    def refused(self) -> bool:
        """Whether there is anything to sum up on top."""
        return bool(self.missing or self.wrong or self.reasons)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that the form asks for, for `read_post`."""
        return tuple(field.path for section in self.sections for field in section.fields if field.kind != "shown")

    def field(self, path: str) -> FieldView | None:
        """The field of this path."""
        return next((f for section in self.sections for f in section.fields if f.path == path), None)
