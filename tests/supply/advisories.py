"""Advisories against materials, from an index that speaks OSV's protocol; all are asked about in one request.

`accepted.csv` holds the advisories that somebody has judged: id, reason, and the last day on which the judgement holds.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import httpx2

from tests.supply.materials import Material

INDEX: Final = "https://api.osv.dev"
SECONDS: Final = 5.0
"""To connect, and between two parts of an answer: a machine without network must not wait for this check."""
MOST_PAGES: Final = 5

Found = Mapping[str, Sequence[str]]
"""Ids of advisories by the material's package URL."""


class NoAnswerError(Exception):
    """The index gave no answer that can be used."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """An advisory that does not count up to and including the day of its review."""

    advisory: str
    reason: str
    review: date


def accepted(file: Path) -> tuple[Accepted, ...]:
    """Read the list. An entry without a reason or a date is a `ValueError`."""
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    if not all(row["id"] and row["reason"] for row in rows):
        message = f"{file.name}: each entry has an id and a reason"
        raise ValueError(message)
    return tuple(Accepted(row["id"], row["reason"], date.fromisoformat(row["review"])) for row in rows)


def left(found: Found, judged: Sequence[Accepted], today: date) -> dict[str, list[str]]:
    """Give the advisories that nobody has accepted, or whose review is over."""
    without = {each.advisory for each in judged if today <= each.review}
    counted = {name: [each for each in advisories if each not in without] for name, advisories in found.items()}
    return {name: advisories for name, advisories in counted.items() if advisories}


def kept(file: Path, of_locks: str, today: date) -> Found | None:
    """Give what the index answered about the same locks today."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return told["found"] if (told["locks"], told["asked"]) == (of_locks, today.isoformat()) else None


def keep(file: Path, of_locks: str, today: date, found: Found) -> None:
    """Keep an answer for the rest of the day."""
    told = {"locks": of_locks, "asked": today.isoformat(), "found": found}
    file.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def ask(materials: Sequence[Material], index: str = INDEX, seconds: float = SECONDS) -> dict[str, list[str]]:
    """Ask the index about all materials. Raises `NoAnswerError`."""
    found: dict[str, list[str]] = {}
    queries = [{"package": {"purl": _plain(material)}} for material in materials]
    names = [material.name for material in materials]
    try:
        with httpx2.Client(base_url=index, timeout=seconds) as client:
            for _ in range(MOST_PAGES):
                answer = client.post("/v1/querybatch", json={"queries": queries}).raise_for_status().json()
                results = list(zip(names, queries, answer["results"], strict=True))
                for name, _query, result in results:
                    found.setdefault(name, []).extend(each["id"] for each in result.get("vulns", ()))
                more = [(name, query, result["next_page_token"]) for name, query, result in results if _goes_on(result)]
                if not more:
                    return {name: advisories for name, advisories in found.items() if advisories}
                names = [name for name, _, _ in more]
                queries = [{**query, "page_token": token} for _, query, token in more]
    except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
        raise NoAnswerError(type(error).__name__) from None
    message = f"more than {MOST_PAGES} pages"
    raise NoAnswerError(message)


def _goes_on(result: Mapping[str, Any]) -> bool:
    return bool(result.get("next_page_token"))


def _plain(material: Material) -> str:
    """Give the package URL without qualifiers: an advisory is about a version, not about one of its files."""
    return material.url._replace(qualifiers={}).to_string()
