"""POST /v1/identities: one id for one number of one agency, on an empty table too, and no number is ever kept."""

import asyncpg
import httpx2
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.agencies import PUBLISHING
from schemas.ids import Kind, is_id
from services.intake.domain.identities import identity
from services.intake.domain.shares import SubmittedLoad
from services.runtime.postgres import acquired
from tests.unit.intake.api.conftest import Api, tables
from tests.unit.intake.samples import CANARY

NUMBER = "Canaryxq/2024-117"


async def ask(api: Api, asked: object, agency: str = "bpd") -> httpx2.Response:
    body = asked if isinstance(asked, bytes) else orjson.dumps(asked)
    return await api.ask("POST", "/v1/identities", agency, content=body, headers={"content-type": "application/json"})


async def test_an_id_is_minted_on_the_first_ask_and_stays(api: Api) -> None:
    first = await ask(api, {"kind": "per", "number": NUMBER})
    again = await ask(api, {"kind": "per", "number": NUMBER.upper(), "agency": "bpd"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json()["minted"], again.json()["minted"]) == (True, False)
    assert first.json()["id"] == again.json()["id"]
    assert is_id(first.json()["id"], Kind.PERSON)


async def test_agencies_and_kinds_have_ids_of_their_own(api: Api) -> None:
    asked = [("bpd", "per"), ("bpd", "cas"), ("dhs", "per"), ("dhs", "ned")]
    found = [(await ask(api, {"kind": kind, "number": NUMBER}, agency)).json()["id"] for agency, kind in asked]
    assert [each[:3] for each in found] == [kind for _, kind in asked]
    assert len({each[4:] for each in found}) == len(asked)


async def test_a_lost_table_mints_no_other_id(api: Api) -> None:
    before = (await ask(api, {"kind": "per", "number": NUMBER})).json()["id"]
    await api.database.administer("TRUNCATE identity.known")
    after = await ask(api, {"kind": "per", "number": NUMBER})
    assert (after.json()["id"], after.json()["minted"]) == (before, True)


async def test_what_stands_in_the_table_counts(api: Api) -> None:
    """Under a key that was changed, or after a code that derived otherwise, an id that was handed out stays."""
    handed_out = identity(b"another", "bpd", Kind.PERSON, NUMBER).id
    await ask(api, {"kind": "per", "number": NUMBER})
    await api.database.administer("UPDATE identity.known SET id = $1", handed_out)
    assert (await ask(api, {"kind": "per", "number": NUMBER})).json()["id"] == handed_out


async def test_the_number_is_nowhere(api: Api) -> None:
    answer = await ask(api, {"kind": "per", "number": NUMBER})
    assert CANARY not in (answer.text + await tables(api.database)).casefold()


REFUSED: list[tuple[object, int, str, str | None]] = [
    ({"kind": "per", "number": "1", "agency": "dhs"}, 403, "number_of_another_agency", "/agency"),
    ({"kind": "per", "number": "1", "agency": CANARY}, 422, "unknown_agency", "/agency"),
    ({"kind": CANARY, "number": "1"}, 422, "unknown_code", "/kind"),
    ({"kind": "per"}, 422, "missing_field", "/number"),
    ({"kind": "per", "number": CANARY}, 422, "wrong_form", "/number"),
    ({"kind": "per", "number": 117}, 422, "wrong_type", "/number"),
    ({"kind": "per", "number": "1" * 41}, 422, "wrong_form", "/number"),
    ({"kind": "per", "number": "1", CANARY: 1}, 422, "unknown_field", ""),
    ([CANARY], 400, "not_an_object", ""),
    (b"{" + CANARY.encode(), 400, "not_json", ""),
    (b"\xff", 400, "not_utf8", ""),
    (b'\xef\xbb\xbf{"kind":"per","number":"1"}', 400, "byte_order_mark", ""),
    (b'{"kind":"per","number":"1","number":"2"}', 400, "duplicate_key", ""),
    (b'{"kind":"per","number":"1","n\\u0075mber":"2"}', 400, "duplicate_key", ""),
    (b'{"kind":"per","number":' + b"[" * 20 + b"]" * 20 + b"}", 400, "too_deep", ""),
    (b'{"kind":"per","number":1e999}', 400, "number_not_allowed", ""),
    (b"[" * 2000 + b"]" * 2000, 400, "too_deep", ""),
    (b" " * 5000, 413, "body_too_large", None),
]


async def test_what_cannot_be_answered_is_a_problem_without_the_number(api: Api, subtests: pytest.Subtests) -> None:
    for number, (asked, status, rule, pointer) in enumerate(REFUSED):
        with subtests.test(number=number):
            answer = await ask(api, asked)
            assert (answer.status_code, answer.json()["rule"]) == (status, rule)
            assert [each.get("pointer") for each in answer.json()["errors"]] == ([] if pointer is None else [pointer])
            assert CANARY not in answer.text
    assert await api.database.administer("SELECT FROM identity.known") == []


async def test_an_id_that_is_minted_is_a_record_of_its_agency_s_share_and_asking_again_is_none(api: Api) -> None:
    """Each is kept for ever: a client that asks for others all the time must not fill the disk."""
    charged: list[SubmittedLoad] = []
    api.parts.group._door.charge = lambda agency, load: charged.append(load)  # type: ignore[method-assign]
    for number, status in (("1", 201), ("1", 200), ("2", 201)):
        assert (await ask(api, {"kind": "per", "number": number})).status_code == status
    assert charged == [SubmittedLoad(records=1), SubmittedLoad(records=1)]
    api.parts.group._door.wait = lambda agency: 7.0 if agency == "bpd" else 0.0  # type: ignore[method-assign]
    answer = await ask(api, {"kind": "per", "number": "3"})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert len(await api.database.administer("SELECT FROM identity.known")) == 2


async def test_neither_role_sees_what_is_the_other_s(api: Api) -> None:
    async with acquired(api.parts.pool) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT * FROM identity.known")
    async with acquired(api.parts.identities) as connection:
        for statement in ("SELECT * FROM intake.inbox", "DELETE FROM known", "UPDATE known SET id = ''"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)


@given(
    st.sampled_from(PUBLISHING),
    st.sampled_from(Kind),
    st.text(min_size=1, max_size=40),
    st.binary(min_size=32, max_size=32),
)
def test_an_id_follows_from_the_key_and_shows_nothing_of_the_hash(
    agency: str, kind: Kind, number: str, key: bytes
) -> None:
    found = identity(key, agency, kind, number)
    assert found == identity(key, agency, kind, number)
    assert is_id(found.id, kind)
    assert found.hash != identity(bytes(32 * [1]) if key != bytes(32 * [1]) else bytes(32), agency, kind, number).hash
