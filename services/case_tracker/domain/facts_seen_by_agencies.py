"""Facts of a case as they are stored for looks, and the facts that each agency sees, decided by `schemas.sight`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, lru_cache
from typing import TypeAlias

import orjson

from schemas.agencies import PUBLISHING
from schemas.codebook.governance import ViewPurpose
from schemas.codec import decode, encode
from schemas.errors import BadMessage
from schemas.sight import AgencySight, agencies_by_sight, next_change, sight_of
from services.case_tracker.domain.case_facts import Spine
from services.case_tracker.domain.sight import CaseRecord, records
from services.case_tracker.domain.sight_state import state_of

_Shown: TypeAlias = tuple[bytes | None, tuple[str, ...]]
"""A fact without the fields left out (None if none is), and the ids of the persons whom the other fields name."""

_Show: TypeAlias = Callable[[str, frozenset[str]], _Shown | None]
"""Returns a fact, given by its reference, without some fields of its data; None if it must not be shown."""


@dataclass(frozen=True, slots=True)
class StoredFact:
    """A fact in force as it is stored for looks. `content`: JSON of the event that is valid now."""

    ref: str
    is_merge: bool
    known_at: datetime
    happened_from: datetime | None
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SeenFact:
    """A fact that an agency sees, for some purposes, until a time (None: without end).

    `content`: the event without the fields that the agency may not read; None if it may read all of them. `persons`:
    ids of the persons that the agency may read in it.
    """

    agency: str
    ref: str
    purposes: tuple[str, ...]
    persons: tuple[str, ...]
    until: datetime | None = None
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Projection:
    """A case as it is stored for looks. `alive`: the case's present id after merges.

    `again_at`: time at which sight must be decided again even without an event; None if it need not.
    """

    alive: str
    facts: tuple[StoredFact, ...] = ()
    seen: tuple[SeenFact, ...] = ()
    again_at: datetime | None = None

    @property
    def seen_by(self) -> Mapping[str, frozenset[str]]:
        """Agencies that see anything of the case, each with the references of the facts that it sees."""
        found: dict[str, set[str]] = {}
        for each in self.seen:
            found.setdefault(each.agency, set()).add(each.ref)
        return {agency: frozenset(refs) for agency, refs in found.items()}


def projection(spine: Spine, now: datetime) -> Projection:
    """Decide which facts of a case every agency sees at a time.

    A fact that an agency sees only until the next change of sight is stored with that time. From then on it is not
    shown, even if sight has not been decided again.
    """
    state = state_of(spine, now)
    again_at = next_change(state)
    later = None if again_at is None else replace(state, now=again_at)
    facts = tuple(_stored(spine))
    record = records(spine)
    known = {each.ref: record(each) for each in (*spine.facts, *spine.merges)}
    show = _showing(facts, known)
    seen: dict[str, list[SeenFact]] = {}
    # Sight is the largest part of a decision, and most agencies have no part in most cases: they are decided as one.
    for first, *alike in agencies_by_sight(PUBLISHING, state, (each.seen for each in known.values())):
        then = None if later is None else sight_of(first, later)
        seen[first] = list(_seen(known, show, sight_of(first, state), then, again_at))
        seen.update((agency, [replace(each, agency=agency) for each in seen[first]]) for agency in alike)
    return Projection(spine.case, facts, tuple(each for agency in PUBLISHING for each in seen[agency]), again_at)


def _stored(spine: Spine) -> Iterator[StoredFact]:
    for is_merge, facts in ((False, spine.facts), (True, spine.merges)):
        for each in facts:
            begins = None if each.at is None else each.at.start
            yield StoredFact(each.ref, is_merge, each.known_at, begins, encode(each.content))


def _seen(
    known: Mapping[str, CaseRecord],
    show: _Show,
    now: AgencySight,
    then: AgencySight | None,
    again_at: datetime | None,
) -> Iterator[SeenFact]:
    """Yield the facts that an agency sees. `known`: records of all facts, by the facts' references."""
    for ref, record in known.items():
        purposes = now.purposes_of(record.seen)
        if not purposes:
            continue
        left_out = now.hidden_fields(record.seen, record.naming)
        shown = show(ref, left_out)
        if shown is None:
            continue
        content, persons = shown
        # If a field must be left out later, the stored fact ends at that time too: sight is decided again then.
        goes_on = then is None or (
            purposes <= then.purposes_of(record.seen) and then.hidden_fields(record.seen, record.naming) <= left_out
        )
        yield SeenFact(now.agency, ref, _codes(purposes), persons, None if goes_on else again_at, content)


@cache
def _codes(purposes: frozenset[ViewPurpose]) -> tuple[str, ...]:
    """Return the codes of purposes, sorted. Cached, as each agency and fact asks for the same few sets."""
    return tuple(sorted(each.value for each in purposes))


def _showing(facts: Iterable[StoredFact], known: Mapping[str, CaseRecord]) -> _Show:
    """Return a function that leaves fields out of a fact. Each is made once, as many agencies see the same one."""
    contents = {each.ref: each.content for each in facts}

    @cache
    def show(ref: str, left_out: frozenset[str]) -> _Shown | None:
        content = _without(contents[ref], left_out) if left_out else None
        if left_out and content is None:
            return None
        named = (persons for name, persons in known[ref].naming if name not in left_out)
        return content, tuple(sorted(frozenset[str]().union(*named)))

    return show


@lru_cache(maxsize=4096)
def _without(content: bytes, fields: frozenset[str]) -> bytes | None:
    """Return an event without some fields of its data; None if the rest is no valid event, and must not be shown.

    Cached, as each event of a case asks for all its facts again.
    """
    event = orjson.loads(content)
    event["data"] = {name: value for name, value in event["data"].items() if name not in fields}
    cut = orjson.dumps(event)
    try:
        decode(cut)
    except BadMessage:
        return None
    return cut
