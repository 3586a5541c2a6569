"""POST /v1/identities: one id for one number of one agency, on an empty table too, and no number is ever kept."""

import asyncio
import hmac

import asyncpg
import httpx2
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.agencies import PUBLISHING
from schemas.ids import Kind, derive, is_id
from schemas.own_number_ids import own_id
from services.intake.domain.client_rate_limits import SubmittedLoad
from services.intake.domain.own_number_ids import IdentityRequest, shared_identity
from services.intake.own_number_secret_encryption import decrypt_secret, encrypt_secret, key_id
from services.runtime.postgres import borrow_connection
from services.sheet.own_number_ids import OwnNumbers
from tests.unit.intake.api.conftest import SECRET, Api, tables
from tests.unit.intake.samples import CANARY

NUMBER = "Canaryxq/2024-117"


async def post(api: Api, path: str, asked: object, agency: str = "bpd", *, dry_run: bool = False) -> httpx2.Response:
    body = asked if isinstance(asked, bytes) else orjson.dumps(asked)
    params = {"dry_run": "true"} if dry_run else None
    headers = {"content-type": "application/json"}
    return await api.ask("POST", path, agency, content=body, headers=headers, params=params)


async def ask(api: Api, asked: object, agency: str = "bpd") -> httpx2.Response:
    return await post(api, "/v1/identities", asked, agency)


async def ask_all(api: Api, *asked: object, dry_run: bool = False) -> list[dict[str, object]]:
    answer = await post(api, "/v1/identities/batch", {"numbers": asked}, dry_run=dry_run)
    assert answer.status_code == 200
    found: list[dict[str, object]] = answer.json()["ids"]
    return found


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
    handed_out = derive(Kind.PERSON, "minted in another way")
    await ask(api, {"kind": "per", "number": NUMBER})
    await api.database.administer("UPDATE identity.known SET id = $1", handed_out)
    assert (await ask(api, {"kind": "per", "number": NUMBER})).json()["id"] == handed_out


async def test_an_id_that_was_minted_before_sheets_made_the_same_ones_is_still_given(api: Api) -> None:
    """Ids of before followed from intake's key alone. Their hashes are found under the same key."""
    said = ("atips identity", "hash", "bpd", "per", NUMBER.casefold())
    hashed = hmac.digest(bytes(32), "\x1f".join(said).encode(), "sha256")
    before = derive(Kind.PERSON, "minted in another way")
    await api.database.administer("INSERT INTO identity.known VALUES ($1, 'bpd', 'per', $2, now())", hashed, before)
    answer = await ask(api, {"kind": "per", "number": NUMBER})
    assert (answer.status_code, answer.json()) == (200, {"id": before, "minted": False})
    batch = await ask_all(api, {"kind": "per", "number": NUMBER}, {"kind": "per", "number": "2"}, dry_run=True)
    assert [each["id"] for each in batch] == [before, own_id(SECRET, "bpd", Kind.PERSON, "", "2")]


async def test_a_number_has_the_id_that_a_sheet_makes_of_it(api: Api) -> None:
    own = OwnNumbers("bpd", SECRET)
    person = await ask(api, {"kind": "per", "number": NUMBER})
    session = await ask(api, {"kind": "act", "number": "17", "activity": "session"})
    assert person.json()["id"] == own.id(Kind.PERSON, "", NUMBER)
    assert session.json()["id"] == own.id(Kind.ACTIVITY, "session", "17")
    without = await ask(api, {"kind": "act", "number": "17"})
    assert without.json()["minted"]
    assert len({session.json()["id"], without.json()["id"]}) == 2


async def test_a_batch_gives_each_id_as_by_itself_in_its_order(api: Api) -> None:
    asked = [{"kind": "per", "number": "1"}, {"kind": "cas", "number": "1"}, {"kind": "per", "number": "1"}]
    rehearsed = await ask_all(api, *asked, dry_run=True)
    assert await api.database.administer("SELECT FROM identity.known") == []
    found = await ask_all(api, *asked)
    assert found == [*({**each, "minted": True} for each in rehearsed)]
    assert [each["id"] for each in rehearsed] == [each["id"] for each in found]
    for each, said in zip(asked, found, strict=True):
        assert (await ask(api, each)).json() == {"id": said["id"], "minted": False}


async def test_a_batch_holds_two_hundred_numbers_or_none(api: Api) -> None:
    longest = [{"kind": "act", "number": f"{number:040}", "activity": "legislation"} for number in range(200)]
    assert len({each["id"] for each in await ask_all(api, *longest, dry_run=True)}) == len(longest)
    assert await ask_all(api) == []


async def test_of_two_who_ask_for_one_number_at_once_one_has_minted_its_id(api: Api) -> None:
    asked = [{"kind": "per", "number": str(number)} for number in range(20)]
    found = await asyncio.gather(*(ask_all(api, *order) for order in (asked, asked[::-1]) for _ in range(3)))
    ids = {each["id"] for batch in found for each in batch}
    assert len(ids) == len(asked)
    assert sum(each["minted"] is True for batch in found for each in batch) == len(asked)


async def test_without_the_agency_s_secret_no_id_is_given(api: Api) -> None:
    """Another way to make it would give a second id to what a sheet has named already."""
    await api.database.administer("TRUNCATE identity.agency_key")
    for answer in (
        await ask(api, {"kind": "per", "number": NUMBER}),
        await post(api, "/v1/identities/batch", {"numbers": [{"kind": "per", "number": NUMBER}]}),
    ):
        assert (answer.status_code, answer.json()["rule"]) == (503, "cannot_promise")
    assert await api.database.administer("SELECT FROM identity.known") == []


async def test_a_secret_opens_under_its_own_key_and_for_its_own_agency_alone() -> None:
    sealed = encrypt_secret(bytes(32), "bpd", SECRET)
    assert SECRET not in sealed.sealed
    assert decrypt_secret(bytes(32), "bpd", sealed) == SECRET
    assert decrypt_secret(bytes(32), "dhs", sealed) is None
    assert decrypt_secret(b"k" * 32, "bpd", sealed) is None
    assert key_id(b"k" * 32) != sealed.key_id


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
    ({"kind": "per", "number": "1", "activity": "session"}, 422, "contradictory_codes", "/activity"),
    ({"kind": "act", "number": "1", "activity": CANARY}, 422, "unknown_code", "/activity"),
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


REFUSED_BATCHES: list[tuple[object, int, str, str]] = [
    ({"numbers": [{"kind": "per", "number": "1"}, {"kind": "per", "number": CANARY}]}, 422, "wrong_form", "/numbers/1"),
    ({"numbers": [{"kind": "per", "number": "1", "agency": "dhs"}]}, 403, "number_of_another_agency", "/numbers/0"),
    ({"numbers": [{"kind": "per", "number": "1"}] * 257}, 422, "too_many", ""),
    ({"kind": "per", "number": "1"}, 422, "missing_field", "/numbers"),
]


async def test_a_batch_with_one_wrong_number_gives_no_id(api: Api, subtests: pytest.Subtests) -> None:
    for number, (asked, status, rule, pointer) in enumerate(REFUSED_BATCHES):
        with subtests.test(number=number):
            answer = await post(api, "/v1/identities/batch", asked)
            assert (answer.status_code, answer.json()["rule"]) == (status, rule)
            assert answer.json()["errors"][0]["pointer"].startswith(pointer)
            assert CANARY not in answer.text
    assert await api.database.administer("SELECT FROM identity.known") == []


WRONG_KINDS: list[tuple[object, tuple[str, ...]]] = [
    ("person", ("per",)),
    ("Persona", ("per",)),
    ("caso", ("cas",)),
    ("arest", ("arr",)),
    ("audiencia", ("hrg",)),
    ("PER", ("per",)),
    (CANARY, ()),
    (7, ()),
]


@pytest.mark.parametrize(("kind", "nearest"), WRONG_KINDS, ids=str)
async def test_a_wrong_kind_is_told_with_all_kinds_and_the_nearest(
    api: Api, kind: object, nearest: tuple[str, ...]
) -> None:
    answer = await ask(api, {"kind": kind, "number": "1"})
    assert (answer.status_code, answer.json()["rule"]) == (422, "unknown_code")
    [told] = answer.json()["errors"]
    assert tuple(told["permitted"]) == tuple(kind.value for kind in Kind)
    assert tuple(told.get("nearest", ())) == nearest
    assert all(f"{kind.value} (" in text for kind in Kind for text in told["detail"].values())
    assert answer.json()["detail"] == told["detail"]["en"]
    assert answer.json()["detail"].startswith("Did you mean ") is bool(nearest)
    assert CANARY not in answer.text
    batch = await post(api, "/v1/identities/batch", {"numbers": [{"kind": "per", "number": "1"}, {"kind": kind}]})
    [in_batch] = [each for each in batch.json()["errors"] if each["pointer"] == "/numbers/1/kind"]
    assert in_batch == told | {"pointer": "/numbers/1/kind"}


async def test_an_id_that_is_minted_is_a_record_of_its_agency_s_share_and_asking_again_is_none(api: Api) -> None:
    """Each is kept for ever: a client that asks for others all the time must not fill the disk."""
    charged: list[SubmittedLoad] = []
    api.parts.group._door.charge = lambda agency, load: charged.append(load)  # type: ignore[method-assign]
    for number, status in (("1", 201), ("1", 200), ("2", 201)):
        assert (await ask(api, {"kind": "per", "number": number})).status_code == status
    await ask_all(api, *({"kind": "per", "number": number} for number in ("2", "4", "5")))
    assert charged == [SubmittedLoad(records=1), SubmittedLoad(records=1), SubmittedLoad(records=2)]
    api.parts.group._door.wait = lambda agency: 7.0 if agency == "bpd" else 0.0  # type: ignore[method-assign]
    answer = await ask(api, {"kind": "per", "number": "3"})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert len(await api.database.administer("SELECT FROM identity.known")) == 4


async def test_neither_role_sees_what_is_the_other_s(api: Api) -> None:
    async with borrow_connection(api.parts.pool) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT * FROM identity.known")
    async with borrow_connection(api.parts.identities) as connection:
        for statement in ("SELECT * FROM intake.inbox", "DELETE FROM known", "UPDATE known SET id = ''"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)


@given(
    st.sampled_from(PUBLISHING),
    st.sampled_from(Kind),
    st.integers(min_value=0, max_value=10**39),
    st.binary(min_size=32, max_size=32),
)
def test_an_id_follows_from_the_secret_and_shows_nothing_of_the_hash(
    agency: str, kind: Kind, number: int, key: bytes
) -> None:
    asked = IdentityRequest(kind=kind, number=str(number))
    found = shared_identity(key, SECRET, agency, asked)
    other = bytes(32 * [1]) if key != bytes(32 * [1]) else bytes(32)
    assert found == shared_identity(key, SECRET, agency, asked)
    assert is_id(found.id, kind)
    of_another_key, of_another_secret = (
        shared_identity(other, SECRET, agency, asked),
        shared_identity(key, other, agency, asked),
    )
    assert (found.hash == of_another_key.hash, found.id == of_another_key.id) == (False, True)
    assert (found.hash == of_another_secret.hash, found.id == of_another_secret.id) == (True, False)
