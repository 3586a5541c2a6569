"""The page of a case as lines of at most 80 columns, from the server's JSON. Ids are never cut."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from schemas.catalogue import CATALOGUE
from schemas.times import BELIZE
from services.console.terminal_layout import INDENT, heading, joined, wrapped
from services.presentation.bilingual_text import Language

PagePart: TypeAlias = Mapping[str, Any]


def lines(page: PagePart, lang: Language) -> Iterator[str]:
    """Yield the lines of a case: parties, ties, charges, hearings, services, findings and timeline.

    `page`: the server's JSON of the case. Parts without rows are left out. `lang`: language of the event types.
    """
    at = datetime.fromisoformat(page["as_of"]).astimezone(BELIZE)
    yield from wrapped(f"{page['case']} on {at:%Y-%m-%d %H:%M}, for {page['agency']}: {page['purpose']}", "")
    yield from _section("Parties", page["parties"], _party)
    yield from _section("Tied", page["ties"], lambda row: [joined((row["victim"], "victim of")), row["suspect"]])
    yield from _section("Charges", page["charges"], _charge)
    yield from _section("Hearings", page["hearings"], _hearing)
    yield from _section(
        "Bail, placements, restitution",
        page["kept"],
        lambda row: [joined((row["at"], row["kind"], row["last"])), row["person"]],
    )
    yield from _section("Services", page["services"], lambda row: [row["service_type"], row["person"]])
    yield from _section("What does not go together", page["findings"], _finding)
    yield from heading("Timeline")
    for each in page["timeline"]:
        yield from _event(each, lang)
    if page["hidden"]:
        yield ""
        yield f"{page['hidden']} more: each a record of another agency"
    if page["later"]:
        yield ""
        yield from wrapped(f"{page['later']} accepted or corrected since, and not shown", "")


def _section(title: str, rows: Iterable[PagePart], of: Any) -> Iterator[str]:  # noqa: ANN401 - a row's function
    """Yield a heading and each row: its first line, and the others indented. Nothing without rows."""
    first = True
    for row in rows:
        if first:
            yield from heading(title)
            first = False
        begin, *more = of(row)
        yield from wrapped(begin)
        for each in more:
            yield from wrapped(each, INDENT * 2)


def _party(row: PagePart) -> list[str]:
    return [joined((row["role"], row["from"], f"until {row['to']}" if row["to"] else None)), row["person"]]


def _charge(row: PagePart) -> list[str]:
    law = joined((str(row["offence"] or ""), row["statute"], f"ICCS {row['iccs']}" if row["iccs"] else None))
    counts = f"{row['counts']} counts" if row["counts"] else None
    return [
        joined((row["at"], row["stage"], counts, ", ".join(row["verdicts"]))),
        row["charge"],
        row["person"],
        *([law] if law else []),
    ]


def _hearing(row: PagePart) -> list[str]:
    after = f"next on {row['next_on']}" if row["next_on"] else None
    return [joined((row["at"], row["court"], row["last"], after, "MISSED" if row["missed"] else None)), row["person"]]


def _finding(row: PagePart) -> list[str]:
    mark = "DANGER" if row["severity"] == "critical" else row["severity"]
    return [joined((row["state"], mark, row["text"])), row["finding"], *row["records"]]


def _event(row: PagePart, lang: Language) -> Iterator[str]:
    kind = CATALOGUE.get(row["type"])
    label = row["type"] if kind is None else kind.en if lang is Language.EN else kind.es
    number = row["register_number"]
    yield from wrapped(joined((row["at"] or "–", label, f"by {row['agency']}", f"no. {number}" if number else None)))
    for name, value in row["says"].items():
        yield from wrapped(f"{name} {_word(value)}", INDENT * 2)


def _word(value: Any) -> str:  # noqa: ANN401 - JSON
    return ", ".join(map(_word, value)) if isinstance(value, list) else str(value)
