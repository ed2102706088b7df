"""The tables of the language's page are those of the grammar."""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "language_page"


def test_the_page_of_the_language_prints_the_grammar_as_it_is() -> None:
    compared = subprocess.run([sys.executable, str(SCRIPT), "--check"], check=False)

    assert compared.returncode == 0, "run scripts/language_page"
