"""Procedures on disk: each a folder with `procedure.md`, supplements beside it, and `examples/`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shouwen.core.language import Compiled, compile_procedure

__all__ = ["BUILT_IN", "Library", "Shelf", "library", "shown"]

#: the procedures that come with the program
BUILT_IN = Path(__file__).resolve().parent / "procedures"


@dataclass(frozen=True)
class Shelf:
    """One procedure on disk: its id (the folder's name), its documents (the base first) and its examples."""

    name: str
    documents: tuple[Path, ...]
    examples: tuple[Path, ...]

    def compile(self) -> Compiled:
        """The documents compiled; places in problems name the files as they were given."""
        return compile_procedure(self.texts())

    def texts(self) -> dict[str, str]:
        """Its documents by the path that people read."""
        return {shown(path): _text(path) for path in self.documents}


@dataclass(frozen=True)
class Library:
    """The procedures found under some folder."""

    shelves: tuple[Shelf, ...]

    def shelf(self, name: str) -> Shelf | None:
        """The procedure of this id."""
        return next((shelf for shelf in self.shelves if shelf.name == name), None)


def library(path: Path | None = None) -> Library:
    """The procedures at `path`: a document, a procedure's folder, or a folder of them (default: those built in).

    Raises FileNotFoundError if there is nothing.
    """
    root = path or BUILT_IN
    if root.is_file():
        return Library((_document(root),))
    if not root.is_dir():
        raise FileNotFoundError(root)
    if (root / "procedure.md").is_file():
        return Library((_shelf(root),))
    found = [_shelf(folder) for folder in sorted(root.iterdir()) if (folder / "procedure.md").is_file()]
    loose = [Shelf(file.stem, (file,), ()) for file in sorted(root.glob("*.md"))] if not found else []
    if not found and not loose:
        raise FileNotFoundError(root)
    return Library((*found, *loose))


def _document(file: Path) -> Shelf:
    """One document by itself; `procedure.md` with the examples beside it."""
    if file.name != "procedure.md":
        return Shelf(file.stem, (file,), ())
    return Shelf(file.resolve().parent.name, (file,), _examples(file.parent))


def _examples(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted((folder / "examples").glob("*.yaml")))


def shown(path: Path) -> str:
    """A path as people want to read it: from here if it lies below, else whole."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _shelf(folder: Path) -> Shelf:
    base = folder / "procedure.md"
    others = sorted(file for file in folder.glob("*.md") if file != base)
    return Shelf(folder.name, (base, *others), _examples(folder))


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig", errors="replace")
