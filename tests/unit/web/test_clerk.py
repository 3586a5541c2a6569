"""A clerk checks a sheet and sends it once; nobody else's session gets at it, and no large or false file is read."""

import asyncio
import itertools
import re
import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

import httpx2
import orjson
import pytest

from schemas.ids import Kind, derive
from services.sheet import template
from services.sheet.column import columns_of
from services.sheet.file_reading import from_xlsx
from services.sheet.file_writing import SheetPage, to_xlsx
from services.sheet.heading_texts import heading
from services.web.api.dependencies import Parts
from services.web.domain.account_rules import Account, Session, token_hash
from services.web.domain.roles import Role
from services.web.intake_client import IntakeUnavailable, KeyRefused
from services.web.uploads_in_memory import UploadLimits, Uploads
from tests.support.stopped_clock import StoppedClock
from tests.unit.web.clerks_intake import ARREST, MemoryIntake
from tests.unit.web.doubles import BASE, NOW, Figures, Passwords, Store, client
from tests.unit.web.test_app import form

CLEO = Account("cleo", Role.CLERK, "bpd")
ROSE = Account("rose", Role.CLERK, "dhs")
GOOD_ROW = {"own_number": "24/1", "occurred": "03/06/2024", "recorded": "04/06/2024", "own_person": "P-1"}
FACTS = GOOD_ROW | {"own_arrest": "A-1"}


@pytest.fixture
def door() -> MemoryIntake:
    return MemoryIntake()


@pytest.fixture
def store() -> Store:
    made = Store({each.name: (each, None) for each in (CLEO, ROSE)})
    made.sessions = {token_hash(each.name): Session(each, NOW, NOW, NOW) for each in (CLEO, ROSE)}
    made.sessions[token_hash("cleo at home")] = Session(CLEO, NOW, NOW, NOW)
    return made


@pytest.fixture
def parts(store: Any, door: Any) -> Parts:  # noqa: ANN401 - test doubles
    numbers = itertools.count()
    nobody: Any = None
    figures: Any = Figures()
    passwords: Any = Passwords()
    limits = UploadLimits(upload_bytes=200_000, unpacked_bytes=2_000_000, rows=20, held_bytes=500_000)
    return Parts(
        figures,
        nobody,
        store,
        nobody,
        door,
        passwords,
        StoppedClock(NOW),
        lambda: f"token{next(numbers)}",
        secure=False,
        uploads=Uploads(limits),
    )


def book(*rows: dict[str, str], event_type: str = ARREST, lang: Any = "en", name: str = "arrest.made") -> bytes:  # noqa: ANN401
    columns = columns_of(event_type).values()
    heads = [heading(column, lang) for column in columns]
    cells = [[row.get(column.name, "") for column in columns] for row in rows]
    return to_xlsx([SheetPage(name, [heads, *cells])])


async def upload(
    parts: Parts,
    content: bytes,
    *,
    who: str = "cleo",
    name: str = "a name.xlsx",
    token: str | None = None,
    lang: str = "en",
) -> httpx2.Response:
    async with client(parts, who, origin=BASE, **{"accept-language": lang}) as asked:
        data = {"form_token": form(parts, who) if token is None else token}
        return await asked.post("/sheets", data=data, files={"file": (name, content)}, follow_redirects=True)


async def sends(parts: Parts, address: str, who: str = "cleo") -> httpx2.Response:
    async with client(parts, who, origin=BASE) as asked:
        return await asked.post(address, data={"form_token": form(parts, who)}, follow_redirects=True)


async def test_a_sheet_is_checked_first_and_sent_by_a_button(parts: Parts, door: MemoryIntake) -> None:
    checked = await upload(parts, book(FACTS, FACTS | {"own_number": "24/2", "own_arrest": "A-2"}))
    assert checked.status_code == 200
    assert "Send 2 rows" in checked.text
    assert door.sent == {}
    sent = await sends(parts, checked.url.path)
    assert "Your sheet was sent" in sent.text
    assert len(door.sent) == 2
    assert door.asked == [("bpd", True, 2), ("bpd", False, 2)]
    again = await upload(parts, book(FACTS))
    assert "There is no new row to send" in again.text


async def test_a_person_has_the_id_that_intake_gave_to_the_number_before(parts: Parts, door: MemoryIntake) -> None:
    before = derive(Kind.PERSON, "minted in another way")
    door.before = {"P-1": before}
    await sends(parts, (await upload(parts, book(FACTS))).url.path)
    assert [each[0] for each in door.identified_numbers] == [True, False]
    assert all("P-1" in numbers for _, numbers in door.identified_numbers)
    [value] = door.sent.values()
    assert orjson.loads(value)["data"]["person"] == before


async def test_each_wrong_cell_is_named_in_the_reader_s_language_and_no_text_of_it(
    parts: Parts, door: MemoryIntake
) -> None:
    bad = FACTS | {"own_number": "24/2", "occurred": "3/6/2024", "on_warrant": "quizas si", "own_arrest": "A-2"}
    answer = await upload(parts, book(FACTS, bad, lang="es"), lang="es")
    assert ">B3<" in answer.text
    assert "se puede leer de dos maneras" in answer.text
    assert "31/12/2024" in answer.text
    assert "con orden judicial" in answer.text
    assert "no está en la lista" in answer.text
    assert "quizas" not in answer.text
    assert "Enviar la fila correcta" in answer.text
    async with client(parts, "cleo", **{"accept-language": "es"}) as asked:
        back = await asked.get(f"{answer.url.path}/errors")
    assert back.headers["content-disposition"] == 'attachment; filename="arrest.made-errores.xlsx"'
    rows = from_xlsx(back.content)["arrest.made"].rows
    assert rows[0][-1] == "errores"
    assert "B3 fecha del hecho" in rows[2][-1]
    assert rows[1][-1] == ""
    assert len(door.sent) == 0


async def test_the_sheet_comes_back_with_its_receipts(parts: Parts) -> None:
    checked = await upload(parts, book(FACTS))
    await sends(parts, checked.url.path)
    async with client(parts, "cleo") as asked:
        back = await asked.get(f"{checked.url.path}/errors")
    assert from_xlsx(back.content)["arrest.made"].rows[1][-1] == "accepted, no. 1"


async def test_a_changed_row_is_told_before_anything_is_sent(parts: Parts, door: MemoryIntake) -> None:
    await sends(parts, (await upload(parts, book(FACTS))).url.path)
    changed = await upload(parts, book(FACTS | {"occurred": "02/06/2024"}))
    assert "published before with other content" in changed.text
    assert "write 2 under revision" in changed.text
    revised = await upload(parts, book(FACTS | {"occurred": "02/06/2024", "revision": "2"}))
    assert "Send 1 row" in revised.text
    await sends(parts, revised.url.path)
    assert len(door.sent) == 2


async def test_a_row_with_a_reason_takes_its_record_back_and_no_other(parts: Parts, door: MemoryIntake) -> None:
    await sends(parts, (await upload(parts, book(FACTS))).url.path)
    wrong = FACTS | {"own_number": "24/2"}
    checked = await upload(parts, book(*({**row, "retraction_reason": "duplicate"} for row in (FACTS, wrong))))
    assert "no record of this number was sent from a sheet" in checked.text
    assert "24/2" not in checked.text
    async with client(parts, "cleo") as asked:
        back = await asked.get(f"{checked.url.path}/errors")
    assert "nothing to take back" in "".join(" ".join(row) for row in from_xlsx(back.content)["arrest.made"].rows)
    await sends(parts, checked.url.path)
    (arrest, retraction) = map(orjson.loads, door.sent.values())
    assert retraction["supersedes"] == f"{arrest['source']}/{arrest['id']}"
    assert (retraction["subject"], retraction["data"]) == (arrest["subject"], {"reason": "duplicate"})


async def test_a_row_whose_record_was_taken_back_is_told_and_not_sent(parts: Parts, door: MemoryIntake) -> None:
    first, second = FACTS, FACTS | {"own_number": "24/2", "own_arrest": "A-2"}
    await sends(parts, (await upload(parts, book(first, second))).url.path)
    await sends(parts, (await upload(parts, book(first | {"retraction_reason": "duplicate"}))).url.path)
    assert len(door.sent) == 3
    changed = first | {"occurred": "02/06/2024"}
    for row in (first, changed, changed | {"revision": "2"}):
        checked = await upload(parts, book(row, second))
        assert "the record of this number was taken back" in checked.text
        assert "Delete the row." in checked.text
        assert "write 2 under revision" not in checked.text
        await sends(parts, checked.url.path)
        assert len(door.sent) == 3
        async with client(parts, "cleo") as asked:
            back = await asked.get(f"{checked.url.path}/errors")
        assert "the record of this number was taken back" in "".join(from_xlsx(back.content)["arrest.made"].rows[1])
    again = await upload(parts, book(second, second | {"revision": "2", "occurred": "02/06/2024"}))
    assert "the record of this number was taken back" not in again.text


async def test_a_double_click_sends_once_and_shows_the_same_receipts(parts: Parts, door: MemoryIntake) -> None:
    checked = await upload(parts, book(FACTS))
    door.slow = asyncio.Event()
    clicks = [asyncio.create_task(sends(parts, checked.url.path)) for _ in range(2)]
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_later(0.2, door.slow.set)
    first, second = await asyncio.gather(*clicks)
    assert [each for each in door.asked if not each[1]] == [("bpd", False, 1)]
    assert "Your sheet was sent" in first.text
    assert "Your sheet was sent" in second.text


async def test_no_other_session_gets_at_an_upload(parts: Parts, door: MemoryIntake) -> None:
    address = (await upload(parts, book(FACTS))).url.path
    for who in ("rose", "cleo at home"):
        async with client(parts, who, origin=BASE) as asked:
            for path in (address, f"{address}/errors"):
                assert (await asked.get(path)).status_code == 410
            answer = await asked.post(address, data={"form_token": form(parts, who)})
        assert answer.status_code == 410
    async with client(parts, "cleo", origin=BASE) as asked:
        assert (await asked.post(address, data={"form_token": "another"})).status_code == 403
        assert (await asked.post(address, data={})).status_code == 400
    async with client(parts, "cleo", origin="http://else.test") as asked:
        assert (await asked.post(address, data={"form_token": form(parts, "cleo")})).status_code == 403
    assert not door.sent


async def test_an_upload_is_forgotten_after_some_minutes_and_when_another_takes_its_place(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = (await upload(parts, book(FACTS))).url.path
    second = (await upload(parts, book(FACTS))).url.path
    async with client(parts, "cleo") as asked:
        assert (await asked.get(first)).status_code == 410
        assert (await asked.get(second)).status_code == 200
        monkeypatch.setattr(StoppedClock, "now", lambda _: NOW + timedelta(minutes=10))
        assert (await asked.get(second)).status_code == 410
    assert parts.uploads.held == 0


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"not a workbook", "a.xlsx", "not an XLSX workbook"),
        (b"own_number\n1\n", "a.csv", "does not name its type: use an empty sheet of the type"),
        (b"x", "a.xls", "save it as .xlsx"),
        (b"x", "a.pdf", "choose a sheet"),
        (book(FACTS, name="x", event_type=ARREST), "a.xlsx", "does not name its type"),
        (book(name="shelter.placement_star"), "a.xlsx", "cannot be read"),
        (template.xlsx("bz.atips.shelter.placement_started.v1"), "a.xlsx", "does not report shelter.placement_started"),
        (book(*[FACTS] * 21), "a.xlsx", "more than 20 rows"),
    ],
)
async def test_what_is_no_sheet_of_the_agency_is_told_and_not_kept(
    parts: Parts, door: MemoryIntake, content: bytes, name: str, said: str
) -> None:
    answer = await upload(parts, content, name=name)
    assert answer.status_code == 400
    assert said in answer.text.replace("&#39;", "'")
    assert parts.uploads.held == 0
    assert door.asked == []


def bomb(declared: int | None = None) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", b" " * 50_000_000)
    content = packed.getvalue()
    return (
        content
        if declared is None
        else content.replace((50_000_000).to_bytes(4, "little"), declared.to_bytes(4, "little"))
    )


@pytest.mark.parametrize("content", [bomb(), bomb(declared=10)], ids=["honest", "lying"])
async def test_a_file_that_unpacks_to_very_much_is_refused(parts: Parts, content: bytes) -> None:
    assert len(content) < 200_000
    answer = await upload(parts, content)
    assert answer.status_code == 400
    assert parts.uploads.held == 0


async def test_formulas_are_never_sent_nor_given_back_as_formulas(parts: Parts, door: MemoryIntake) -> None:
    row = "24/1,03/06/2024,04/06/2024,=cmd|' /C calc'!A0,A-1"
    content = f"# type,arrest.made\nown_number,occurred,recorded,own_person,own_arrest\n{row}\n".encode()
    answer = await upload(parts, content, name="a.csv")
    assert "D3" in answer.text
    assert "calc" not in answer.text
    async with client(parts, "cleo") as asked:
        back = (await asked.get(f"{answer.url.path}/errors")).text
    assert ",=cmd" not in back
    assert door.asked == []


async def test_a_large_file_is_refused_by_what_it_says_and_by_what_comes(parts: Parts) -> None:
    assert (await upload(parts, bytes(10 * 1024 * 1024))).status_code == 413

    async def unsaid() -> Any:  # noqa: ANN401
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
        for _ in range(300):
            yield bytes(1000)

    headers = {"content-type": "multipart/form-data; boundary=x"}
    async with client(parts, "cleo", origin=BASE) as asked:
        assert (await asked.post("/sheets", content=unsaid(), headers=headers)).status_code == 413
    assert parts.uploads.held == 0


@pytest.mark.parametrize(
    "body",
    [b"", b"--x--\r\n", b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nno file\r\n--x--\r\n', b"junk"],
)
async def test_a_form_without_a_file_is_told(parts: Parts, body: bytes) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    async with client(parts, "cleo", origin=BASE) as asked:
        answer = await asked.post("/sheets", content=body, headers=headers)
    assert answer.status_code == 400
    assert "No file came with the form" in answer.text
    assert parts.uploads.held == 0


async def test_a_form_in_another_charset_is_refused_before_it_is_read(parts: Parts) -> None:
    """Some of Python's charsets take seconds for a few KiB."""
    headers = {"content-type": "multipart/form-data; boundary=x; Charset=punycode"}
    body = b'--x\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n' + b"9" * 15_000 + b"\r\n--x--\r\n"
    async with client(parts, "cleo", origin=BASE) as asked:
        answer = await asked.post("/sheets", content=body, headers=headers)
    assert answer.status_code == 400
    assert "No file came with the form" in answer.text


async def test_uploads_together_hold_no_more_than_they_may(parts: Parts) -> None:
    parts.uploads.take(490_000)
    answer = await upload(parts, book(FACTS))
    assert answer.status_code == 503
    assert parts.uploads.held == 490_000


async def test_an_upload_never_goes_into_a_file(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        pytest.fail("a temporary file was made")

    monkeypatch.setattr("tempfile.SpooledTemporaryFile.rollover", refuse)
    big = Uploads(UploadLimits(upload_bytes=3_000_000, held_bytes=9_000_000))
    object.__setattr__(parts, "uploads", big)
    assert (await upload(parts, bytes(2_000_000))).status_code == 400


async def test_a_form_of_another_session_is_refused_and_forgotten(parts: Parts, door: MemoryIntake) -> None:
    assert (await upload(parts, book(FACTS), token=form(parts, "rose"))).status_code == 403
    assert parts.uploads.held == 0
    assert door.asked == []


@pytest.mark.parametrize(
    ("away", "told"), [(IntakeUnavailable, "in a minute"), (KeyRefused, "takes the key of your agency")]
)
async def test_a_door_that_is_away_or_refuses_the_key_is_told_and_the_sheet_can_be_sent_again(
    parts: Parts, door: MemoryIntake, away: type[IntakeUnavailable], told: str
) -> None:
    checked = await upload(parts, book(FACTS))
    door.away = away
    sent = await sends(parts, checked.url.path)
    assert (sent.status_code, told in sent.text, "in a minute" in sent.text) == (503, True, away is IntakeUnavailable)
    async with client(parts, "cleo") as asked:
        assert "Nothing has been sent yet" in (await asked.get(checked.url.path)).text
        assert "<title>There is a problem – A-TIPs" in (await asked.get("/receipts")).text
    assert (await upload(parts, book(FACTS))).status_code == 503
    door.away = None
    assert "Your sheet was sent" in (await sends(parts, (await upload(parts, book(FACTS))).url.path)).text


async def test_a_day_that_may_be_mistyped_is_asked_about_before_and_after_sending(
    parts: Parts, door: MemoryIntake
) -> None:
    """A record of the day before what happened counts as it stands, as with atips publish."""
    early = FACTS | {"own_number": "24/2", "own_arrest": "A-2", "recorded": "02/06/2024"}
    checked = await upload(parts, book(FACTS, early), lang="es")
    assert "Fechas que conviene revisar" in checked.text
    assert "El día del registro es anterior al del hecho" in checked.text
    cells = re.findall(r">([A-Z]+[0-9]+)</th>", checked.text)
    assert len(cells) == 1
    assert cells[0].endswith("3")
    assert "Enviar 2 filas" in checked.text
    sent = await sends(parts, checked.url.path)
    assert "These rows were accepted. If a day is mistyped, correct it in the sheet" in sent.text
    assert len(door.sent) == 2
    assert "Days to look at again" not in (await upload(parts, book(FACTS))).text


async def test_an_agency_whose_key_is_not_here_is_told_so(parts: Parts) -> None:
    async with client(parts, "rose", origin=BASE) as asked:
        shown = await asked.get("/sheets")
    assert "do not hold your agency&#39;s key" in shown.text
    assert "If that is refused too, the access of your agency has ended" in shown.text
    assert "multipart" not in shown.text
    assert "arrest.made" not in shown.text


async def test_every_type_of_the_agency_has_an_empty_sheet_and_no_other(parts: Parts) -> None:
    async with client(parts, "cleo", **{"accept-language": "es"}) as asked:
        listed = re.findall(r'href="/sheets/empty/([^"]*)"', (await asked.get("/sheets")).text)
        answer = await asked.get("/sheets/empty/arrest.made")
        assert (await asked.get("/sheets/empty/shelter.placement_started")).status_code == 404
        assert (await asked.get("/sheets/empty/none")).status_code == 404
    assert "arrest.made" in listed
    assert "shelter.placement_started" not in listed
    assert "fecha del hecho" in from_xlsx(answer.content)["arrest.made"].rows[0]


async def test_receipts_and_refusals_are_the_agency_s_own_in_words(parts: Parts) -> None:
    async with client(parts, "cleo", **{"accept-language": "es"}) as asked:
        receipts = (await asked.get("/receipts")).text
        refusals = (await asked.get("/refusals")).text
    assert "rechazado" in receipts
    assert re.findall(r'data-label="Registro">([^<]*)<', receipts) == [
        "Detención efectuada",
        "bz.atips.new.type.v1",
        "desconocido",
    ]
    assert "Un código no está en la lista de su campo: tome uno de la lista (/data/status)" in receipts
    assert "se aceptó antes, con el n.º 4, y sigue valiendo" in receipts
    assert "elija un motivo en «motivo del retiro»" in receipts
    assert "urgente: una remisión, un consentimiento o una víctima" in refusals
    assert "Corrija la fila" in refusals
    assert "Detención efectuada" in refusals


async def test_receipts_come_in_pages_that_are_short_on_a_phone(parts: Parts, door: MemoryIntake) -> None:
    door.accepted = 30
    async with client(parts, "cleo", **{"accept-language": "en"}) as asked:
        pages = [(await asked.get("/receipts", params={"page": at})).text for at in ("1", "2", "3")]
        wrong = await asked.get("/receipts", params={"page": "0"})
        plain = (await asked.get("/receipts")).text
    numbers = [[int(each) for each in re.findall(r'govuk-table__header">(\d+)<', found)] for found in pages]
    assert numbers == [list(range(30, 5, -1)), list(range(5, 0, -1)), []]
    assert "Page 1 of 2" in plain
    assert 'href="/receipts?page=2"' in plain
    assert 'href="/receipts?page=1"' in pages[1]
    assert "First page of the list" in pages[2]
    assert wrong.status_code == 400
