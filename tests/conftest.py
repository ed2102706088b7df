"""What every test may rely on: reproducible examples and the --accept flag."""

import pytest
from hypothesis import settings

# The same tree gives the same answer; `--hypothesis-profile=search` looks further, with new examples each time.
settings.register_profile("check", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("search", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("check")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="record the messages as they are now, instead of comparing")


@pytest.fixture(scope="session")
def accept(request: pytest.FixtureRequest) -> bool:
    """True while recorded messages are to be rewritten; a test that compares with a record asks for it."""
    return bool(request.config.getoption("--accept"))
