"""Advice about refused events fits the form in which they were sent: rows of a sheet, or events of a program."""

from schemas.errors import Reason
from services.client.receipt_and_errors import Refusal
from services.web.refused_events import grouped


def refused(reason: str, *sources: str | None) -> str:
    """The advice about events of these sources."""
    entries = [
        Refusal(number, reason, "", None, source, None, 1, 0, not_delivered=False)
        for number, source in enumerate(sources)
    ]
    [group] = grouped(entries)
    return " ".join(each.en for each in group.advice)


def test_a_program_is_told_nothing_of_a_sheet() -> None:
    for reason in Reason:
        for source in ("bpd/main", None):
            said = refused(reason, source)
            assert not {"sheet", "row", "revision"} & set(said.replace(".", " ").replace(",", " ").split()), reason
    assert "your sheet" in refused(Reason.UNKNOWN_CODE, "bpd/sheet")


def test_where_both_forms_were_refused_each_has_its_advice_once() -> None:
    said = refused(Reason.UNKNOWN_CODE, "bpd/main", "bpd/sheet", "bpd/main")
    assert said.index("your sheet") < said.index("Sent by a program")
    assert said.count("Sent by a program") == 1
    assert refused(Reason.JUDGING_TOOK_TOO_LONG, "bpd/main", "bpd/sheet").count("operator") == 1
