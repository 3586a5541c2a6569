"""Facts of a case as they are stored for looks, and the facts that each agency sees, decided by `schemas.sight`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import TypeAlias

import orjson

from schemas.agencies import PUBLISHING
from schemas.codebook.governance import ViewPurpose
from schemas.codec import decode, encode
from schemas.errors import BadMessage
from schemas.sight import next_change, sight_of
from services.case_tracker.domain.case_facts import Spine
from services.case_tracker.domain.sight import CaseRecord, CaseSight, records
from services.case_tracker.domain.sight_state import state_of

_Cut: TypeAlias = Callable[[str, frozenset[str]], bytes | None]
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
    record = records(spine)
    facts = tuple(_stored(spine))
    cut = _cutting({each.ref: each.content for each in facts})
    seen: list[SeenFact] = []
    for agency in PUBLISHING:
        now_seen = CaseSight(sight_of(agency, state), None, record)
        then = None if later is None else CaseSight(sight_of(agency, later), None, record)
        seen += _seen(spine, cut, now_seen, then, again_at)
    return Projection(spine.case, facts, tuple(seen), again_at)


def _stored(spine: Spine) -> Iterator[StoredFact]:
    for is_merge, facts in ((False, spine.facts), (True, spine.merges)):
        for each in facts:
            begins = None if each.at is None else each.at.start
            yield StoredFact(each.ref, is_merge, each.known_at, begins, encode(each.content))


def _seen(
    spine: Spine, cut: _Cut, now: CaseSight, then: CaseSight | None, again_at: datetime | None
) -> Iterator[SeenFact]:
    for fact in (*spine.facts, *spine.merges):
        purposes = now.purposes_of(fact)
        if not purposes:
            continue
        left_out = now.left_out(fact)
        content = cut(fact.ref, left_out) if left_out else None
        if left_out and content is None:
            continue
        # If a field must be left out later, the stored fact ends at that time too: sight is decided again then.
        goes_on = then is None or (purposes <= then.purposes_of(fact) and then.left_out(fact) <= left_out)
        yield SeenFact(
            agency=now.of_agency.agency,
            ref=fact.ref,
            purposes=_codes(purposes),
            persons=tuple(sorted(_named(now.record(fact), left_out))),
            until=None if goes_on else again_at,
            content=content,
        )


def _named(record: CaseRecord, left_out: frozenset[str]) -> frozenset[str]:
    """Return the persons whom the fields of a fact name, without the fields left out."""
    return frozenset[str]().union(*(persons for name, persons in record.naming if name not in left_out))


@cache
def _codes(purposes: frozenset[ViewPurpose]) -> tuple[str, ...]:
    """Return the codes of purposes, sorted. Cached, as each agency and fact asks for the same few sets."""
    return tuple(sorted(each.value for each in purposes))


def _cutting(contents: Mapping[str, bytes]) -> _Cut:
    """Return a function that cuts fields out of a fact. Each cut is made once, as many agencies see the same one."""
    return cache(lambda ref, fields: _without(contents[ref], fields))


def _without(content: bytes, fields: frozenset[str]) -> bytes | None:
    """Return an event without some fields of its data; None if the rest is no valid event, and must not be shown."""
    event = orjson.loads(content)
    event["data"] = {name: value for name, value in event["data"].items() if name not in fields}
    cut = orjson.dumps(event)
    try:
        decode(cut)
    except BadMessage:
        return None
    return cut
