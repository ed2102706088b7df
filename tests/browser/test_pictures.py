"""Pictures of the lists, the board and the books of a house in full swing: the demonstration's."""

from collections.abc import Callable

from tests.browser.history import lived_through
from tests.browser.house import Clock, Window


def test_a_house_in_full_swing_looks_as_pictured(
    transactional_db: None, clock: Clock, window: Callable[..., Window], picture: Callable[..., None]
) -> None:
    from shouwen.casework import memory
    from shouwen.demo import loading
    from tests import office

    memory.forget()
    clock.at = office.moment("2026-10-20 15:26")
    loaded = loading.load(clock.at.date())
    own = window()
    own.sign_in(next(one.username for one in loaded.logins if "客服部经理" in "".join(one.roles)), loaded.password)

    for address, name, at, looks in (
        ("/work/", "work", "", ("light", "phone")),
        ("/board/", "board", "", ("light", "dark")),
        ("/cases/", "cases", "", ("light",)),
        ("/procedures/property-complaint/", "procedure", "article:has(#c-4-4-1c-i-1)", ("light",)),
    ):
        own.page.goto(address)
        own.page.wait_for_load_state("networkidle")
        picture(own.page, name, *looks, at=at)

    # Its books go back two years, as those of a house that has long lived with the program.
    lived_through(clock.at, months=25, by="linjia", unit="ZXL")
    own.page.goto("/reports/")
    own.page.wait_for_load_state("networkidle")
    picture(own.page, "reports", "light", "dark", "phone")
