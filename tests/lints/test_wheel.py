"""What is installed is whole: a procedure's document and examples travel with the code."""

import zipfile
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

from tests.lints.rules import ROOT


def test_the_wheel_carries_every_file_of_the_package(tmp_path: Path):
    package = ROOT / "src"
    expected = {
        place.relative_to(package).as_posix()
        for place in package.rglob("*")
        if place.is_file()
        and place.suffix in {".py", ".md", ".yaml", ".typed", ".html", ".po", ".mo", ".css", ".js", ".svg"}
    }

    [wheel] = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])

    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert expected - names == set()
    assert any(name.endswith("licenses/LICENSE") for name in names)
