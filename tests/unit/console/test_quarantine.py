"""`atips quarantine list` on a terminal: what is copied from it is whole, its times are those that it is asked by."""

from datetime import UTC, datetime

from rich.console import Console

from services.console.quarantine import told
from services.console.quarantine.listing import begun
from services.intake.domain.entries import Entry, State

ID = "0190f5c6-7b2a-7cc3-9d4e-0123456789ab"
AT = datetime(2024, 6, 4, 2, 30, tzinfo=UTC)  # the evening before in Belize
MILLISECONDS = int(AT.timestamp() * 1000)
ENTRY = Entry(
    number=12,
    last_n=12,
    agency="love_foundation",
    reason="id_already_used",
    pointer="/data/victims/0",
    key=("love_foundation/main", ID),
    type="bz.atips.victim.counted_anonymously.v1",
    must_arrive=True,
    attempts=2,
    first_at=MILLISECONDS,
    last_at=MILLISECONDS,
    state=State.OPEN,
)


def printed(width: int) -> list[str]:
    """Each column's text, put together again."""
    console = Console(width=width, highlight=False)
    with console.capture() as captured:
        console.print(told.table([ENTRY]))
    rows = [line.split("│")[1:-1] for line in captured.get().splitlines() if line.startswith("│")]
    return ["".join(part.strip() for part in column) for column in zip(*rows, strict=True)]


def test_an_id_is_whole_however_narrow_the_terminal_is() -> None:
    for width in (80, 100, 200):
        found = printed(width)
        assert found[-1] == ID
        assert found[3:6] == ["victim.counted_anonymously.v1", "id_already_used", "/data/victims/0"]


def test_an_entry_is_shown_at_the_time_of_belize_as_since_reads_days() -> None:
    assert printed(200)[-2] == "2024-06-03 20:30"
    since = begun("2024-06-03")
    assert since is not None
    assert since < AT
    assert told.plain(ENTRY)["refused_last"] == "2024-06-04T02:30:00.000+00:00"
