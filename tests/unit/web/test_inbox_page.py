"""The inbox page of an officer: dangers that are told apart, and messages in the reader's language."""

import html
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from schemas.codebook.governance import FindingCode
from schemas.ids import Kind, derive
from services.web.domain.account_rules import Account, Session, token_hash
from services.web.domain.roles import Role
from services.web.officer_rows import SeenFinding
from tests.unit.web import doubles
from tests.unit.web.doubles import NOW, client, made_parts

PEOPLE: Final = tuple(derive(Kind.PERSON, f"inbox {each}") for each in range(3))
FINDINGS: Final = tuple(derive(Kind.ACTIVITY, f"inbox {each}") for each in range(3))
CASE: Final = derive(Kind.CASE, "inbox")
CODE: Final = FindingCode.VICTIM_PROSECUTED.value


def danger(number: int, **more: Any) -> SeenFinding:  # noqa: ANN401 - fields of a finding
    of = {"person": PEOPLE[number], "case_id": None, "code": CODE} | more
    return SeenFinding(
        finding=FINDINGS[number], severity="critical", records=(), opened_at=NOW, closed_at=None, closure=None, **of
    )


@dataclass
class Officers:
    """An officer's agency that sees some dangers and has nothing to do."""

    dangers: list[SeenFinding]
    told: list[tuple[int, bytes]] = field(default_factory=list)

    async def waits(self, _: bytes, __: datetime) -> list[Any]:
        return []

    async def findings(self, _: bytes) -> list[SeenFinding]:
        return list(self.dangers)

    async def messages(self, _: bytes) -> list[tuple[int, bytes]]:
        return self.told


@dataclass
class Store(doubles.Store):
    """Accounts in memory, who have read no message."""

    async def read_marks(self, _: str) -> set[str]:
        return set()


@dataclass
class Door:
    """Intake with some messages to an agency."""

    told: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def has_key_of(self, _: str) -> bool:
        return True

    async def inbox(self, _: str) -> list[tuple[int, dict[str, Any]]]:
        return self.told


def opened(officers: Officers, lang: str, door: Door | None = None) -> Any:  # noqa: ANN401 - a client
    account = Account("dora", Role.OFFICER, "dhs")
    store = Store({"dora": (account, None)})
    store.sessions[token_hash("dora")] = Session(account, NOW, NOW)
    parts = made_parts(store, doubles.Figures(), officers)
    object.__setattr__(parts, "door", door or Door())
    return client(parts, "dora", **{"accept-language": lang})


def text(page: str) -> str:
    """Give the words of a page's content."""
    content = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", content)).split())


@pytest.mark.parametrize(
    ("lang", "person", "persons", "case"),
    [
        ("en", "Person", "Persons", "Case"),
        ("es", "Persona", "Personas", "Caso"),
    ],
)
async def test_open_dangers_of_one_kind_say_whom_they_are_about(
    lang: str, person: str, persons: str, case: str
) -> None:
    """Two read alike: nobody knew which of two persons to make safe first."""
    officers = Officers(
        [
            danger(0),
            danger(1),
            danger(2, person=None, persons=PEOPLE[1:], case_id=CASE),
        ]
    )
    async with opened(officers, lang) as asked:
        page = (await asked.get("/inbox")).text
        listed = (await asked.get("/agency-findings")).text
        one = (await asked.get(f"/agency-findings/{FINDINGS[0]}")).text
    found = text(page)
    for number in (0, 1):
        assert f"{person}: {PEOPLE[number]}" in found
        assert text(listed).count(PEOPLE[number]) == 1 + (number == 1)
    assert f"{persons}: {PEOPLE[1]}, {PEOPLE[2]}" in found
    assert f"{case}: {CASE}" in found
    assert [found.count(each) for each in FINDINGS] == [2, 2, 2], "beside the text, and in the name of the link"
    names = re.findall(r'href="/agency-findings/[^"]*">(.*?)</a>', page + listed)
    assert len(set(names)) == len(names), "links with one name lead to one page"
    assert f"{person} {PEOPLE[0]}" in text(one)


async def test_a_danger_of_whom_the_reader_sees_nothing_names_nobody() -> None:
    async with opened(Officers([danger(0, person=None, code=None)]), "en") as asked:
        found = text((await asked.get("/inbox")).text)
    assert "Person:" not in found
    assert "Case:" not in found
    assert f"Finding: {FINDINGS[0]}" in found


def message(number: int, kind: str, **data: object) -> tuple[int, dict[str, Any]]:
    at = (NOW - timedelta(days=1)).isoformat().replace("+00:00", ".000Z")
    return number, {"type": f"bz.atips.delivery.{kind}.v1", "time": at, "data": data}


EVENT: Final = "bpd/register/01930000-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            [
                f"“Bail granted” of a suspect linked to a victim in your care. It is event {EVENT}",
                f"Consent was withdrawn: stop, and acknowledge it. It is event {EVENT}",
                f"Belize Police Department keeps Department of Human Services from case {CASE} (Safety of a victim)",
                f"An event of a suspect linked to a victim in your care. It is event {EVENT}",
            ],
        ),
        (
            "es",
            [
                "«Fianza concedida» de una persona sospechosa vinculada a una víctima a su cuidado.",
                f"Se retiró el consentimiento: deténgase y acuse recibo. Es el evento {EVENT}",
                f"impide a Departamento de Servicios Humanos ver el caso {CASE} (Seguridad de una víctima)",
                f"Un hecho de una persona sospechosa vinculada a una víctima a su cuidado. Es el evento {EVENT}",
            ],
        ),
    ],
)
async def test_messages_name_the_event_and_the_reason_in_the_reader_s_language(lang: str, said: list[str]) -> None:
    """They showed a source and an id alone, and codes such as safety_of_victim."""
    kept = {"by": "bpd", "kept_from": "dhs", "case": CASE, "reason": "safety_of_victim"}
    door = Door(
        [
            message(1, "notice", event=EVENT, person=PEOPLE[0], reason="bz.atips.bail.granted.v1"),
            message(2, "consent_withdrawn", event=EVENT, person=PEOPLE[0]),
            message(3, "restriction", **kept),
            message(4, "notice", event=EVENT, person=PEOPLE[0], reason="bz.atips.of_a_later_version.v1"),
        ]
    )
    async with opened(Officers([]), lang, door) as asked:
        found = text((await asked.get("/inbox")).text)
    for each in said:
        assert each in found
