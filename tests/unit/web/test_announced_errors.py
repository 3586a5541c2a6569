"""A refused form says so first: in the page's title, and in a summary that has the focus when the page opens."""

import pytest

from services.web.api.dependencies import Parts
from tests.unit.web.doubles import BASE, client

SUMMARY = '<div class="govuk-error-summary" role="alert" tabindex="-1" autofocus>'


def title(page: str) -> str:
    return page.partition("<title>")[2].partition("</title>")[0]


@pytest.mark.parametrize(
    ("lang", "right", "wrong"),
    [
        ("en", "Sign in – A-TIPs Council: figures", "Error: Sign in – A-TIPs Council: figures"),
        ("es", "Iniciar sesión – Consejo A-TIPs: cifras", "Error: Iniciar sesión – Consejo A-TIPs: cifras"),
    ],
)
async def test_a_refused_sign_in_is_the_first_that_a_screen_reader_says(
    parts: Parts, lang: str, right: str, wrong: str
) -> None:
    """Found by keyboard: the title stayed, and the focus stood before the header."""
    async with client(parts, origin=BASE, **{"accept-language": lang}) as asked:
        form = (await asked.get("/sign-in")).text
        refused = (await asked.post("/sign-in", data={"account": "mel", "password": "x"})).text
    assert (title(form), title(refused)) == (right, wrong)
    assert (SUMMARY in form, SUMMARY in refused) == (False, True)


@pytest.mark.parametrize("path", ["/figures", "/grid", "/findings", "/changes", "/figures/O9"])
async def test_a_wrong_period_is_in_the_title(parts: Parts, path: str) -> None:
    async with client(parts, "mel", **{"accept-language": "en"}) as asked:
        wrong = (await asked.get(f"{path}?period=never")).text
        right = (await asked.get(f"{path}?period=2024")).text
    assert title(wrong).startswith("Error: ")
    assert not title(right).startswith("Error: ")
