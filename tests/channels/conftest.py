"""The office stands open for every test here."""

import pytest

# The office imports models, which Django must have been set up for: inside the fixtures it is.


@pytest.fixture
def open_office(db: None) -> None:
    """The company on a database of its own, rolled back afterwards."""
    from tests import office

    office.open_office()


@pytest.fixture
def committed_office(committed: dict[str, str]) -> dict[str, str]:
    """The company on a database that other connections and processes see; the value is their environment."""
    from tests import office

    office.open_office()
    return committed
