"""A password is set by whoever knows the present one, or has just signed in by a link."""

from datetime import timedelta

import pytest

from services.web.api.dependencies import Parts
from services.web.domain.account_rules import Session, token_hash
from tests.unit.web.doubles import BASE, MEL, NOW, Store, client
from tests.unit.web.test_app import form


@pytest.mark.parametrize("password", ["short", "x" * 201])
async def test_a_password_that_is_too_short_or_too_long_is_refused(parts: Parts, store: Store, password: str) -> None:
    async with client(parts, "mel", origin=BASE) as asked:
        data = {
            "present_password": "password of mel",
            "new_password": password,
            "form_token": form(parts, "mel"),
        }
        assert (await asked.post("/password", data=data)).status_code == 400
    assert store.accounts["mel"][1] == "password of mel"


async def test_a_new_password_needs_the_present_one(parts: Parts, store: Store) -> None:
    """Found by attack: whoever found a session open set a password, typed it before a case, and saw the case."""
    data = {"new_password": "a long password", "form_token": form(parts, "mel")}
    async with client(parts, "mel", origin=BASE) as asked:
        assert 'name="present_password"' in (await asked.get("/password")).text
        assert (await asked.post("/password", data=data)).status_code == 401
        guesses = [await asked.post("/password", data=data | {"present_password": "guess"}) for _ in range(5)]
        assert [each.status_code for each in guesses] == [401] * 4 + [429]
    assert store.accounts["mel"][1] == "password of mel"


@pytest.mark.parametrize(("ago", "status"), [(timedelta(minutes=14), 200), (timedelta(minutes=15), 403)])
async def test_a_first_password_is_set_soon_after_the_link(
    parts: Parts, store: Store, ago: timedelta, status: int
) -> None:
    store.accounts["mel"] = (MEL, None)
    store.sessions[token_hash("mel")] = Session(MEL, NOW - ago, NOW, NOW - ago)
    async with client(parts, "mel", origin=BASE) as asked:
        assert 'name="present_password"' not in (await asked.get("/password")).text
        data = {"new_password": "a long password", "form_token": form(parts, "mel")}
        assert (await asked.post("/password", data=data)).status_code == status
    assert (store.accounts["mel"][1] == "a long password") is (status == 200)


async def test_a_name_that_no_account_can_have_is_answered_like_an_unknown_one(parts: Parts) -> None:
    async with client(parts, origin=BASE) as asked:
        for name in ("a\0b", "é", "x" * 41):
            assert (await asked.post("/sign-in", data={"account": name, "password": "x"})).status_code == 401
