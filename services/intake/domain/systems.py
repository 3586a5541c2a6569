"""Systems of agencies that may publish, and the systems whose events another system may change and read.

An event's `source` names its system, such as `bpd/register`. A source that is not in the table is refused. A system
with its own API key publishes, corrects and reads receipts of its own events only. All other systems of an agency share
the agency's key (`main`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import orjson

from schemas.agencies import PUBLISHING, SERVICES
from schemas.correction_events import EventCorrectedV1
from schemas.envelope import Event
from schemas.errors import BadMessage, Reason

MAIN: Final = "main"
"""Stands for all systems of an agency that have no API key of their own."""

REGISTER_NUMBER: Final = r"(?:[A-Z]{1,3}[-/.])?[A-Z]{0,3}[0-9]+[A-Z]?(?:[-/.][A-Z]{0,3}[0-9]+[A-Z]?)*"
"""Default form of a register number: 2024/113, TIP-2024.7, B17, 007.

Groups of digits, with at most three capitals before each group. Altogether there are at most as many capitals as
digits, plus one."""

LONGEST_NUMBER: Final = 24

_GENERAL: Final = ("register", "cases", "files", "archive", "desk", "console", "sheet")
"""Systems that every agency has. `console` and `sheet` are the sources of events from the command line and sheets."""

_OF_AGENCY: Final[Mapping[str, tuple[str, ...]]] = {
    "agm": ("bills",),
    "bpd": ("case-register", "atips-pu", "screening"),
    "btb": ("training",),
    "cdf": ("casework",),
    "council": ("secretariat", "rulings"),
    "crime_stoppers": ("tips",),
    "customs": ("enforcement",),
    "dhs": ("famcare",),
    "hppbz": ("projects",),
    "hti": ("programmes",),
    "immigration": ("border",),
    "iom": ("casework",),
    "labour": ("inspections",),
    "love_foundation": ("casework",),
    "mofa": ("consular", "missions"),
    "mohw": ("registry",),
    "ncfc": ("secretariat",),
    "nopcan": ("training",),
    "odpp": ("docket",),
    "ret": ("projects",),
    "sib": ("statistics",),
    "unicef": ("casework",),
    # Services of ours.
    "intake": ("vault", "keys"),
    "referral": ("service", "decisions"),
    "case_tracker": ("service", "files", "rules"),
    "reporting": ("rules",),
}

RULINGS: Final = "council/rulings"
"""Source of the Council's rulings, which may change events of the Council's other systems."""

_NOT_ENFORCED: Final = ("signature", "keyid", "seq", "classification")
"""Fields of the contract that intake does not enforce yet. An event that has one of them is refused."""

_REFERENCE: Final = re.compile(rb'"([a-z_]+/[a-z0-9][a-z0-9-]{0,39})/[0-9a-f]{8}-[0-9a-f]{4}-7')
_WHOLE_REFERENCE: Final = re.compile("[a-z_]+/[a-z0-9][a-z0-9-]{0,39}/[0-9a-f]{8}-[0-9a-f-]{27}")
_POINTERS: Final = ("supersedes", "consentref", "causationid")


@dataclass(frozen=True, slots=True)
class Systems:
    """Systems that may publish. `enrolled`: their sources, each with the pattern of its register numbers.

    `own_keys`: sources with an API key of their own. `changes`: pairs (first, second) of sources of one agency that the
    Council has listed. The first may correct and retract events of the second, and read its receipts.
    """

    enrolled: Mapping[str, re.Pattern[str]]
    own_keys: frozenset[str] = frozenset()
    changes: frozenset[tuple[str, str]] = frozenset()

    def check(self, event: Event, payload: bytes, system: str | None) -> None:
        """Raise `BadMessage` if the event's source may not send it. `system`: the caller's system; None if unknown."""
        number = self.enrolled.get(event.source)
        if number is None:
            raise BadMessage(Reason.SOURCE_NOT_ENROLLED, "/source")
        if system is not None and system != self.key_of(event.source):
            raise BadMessage(Reason.SOURCE_NOT_OF_THIS_DOOR, "/source")
        for name in _NOT_ENFORCED:
            if getattr(event, name) is not None:
                raise BadMessage(Reason.NOT_ENFORCED, f"/{name}")
        for pointer, record in _numbers(event):
            if not _is_number(record, number):
                raise BadMessage(Reason.WRONG_FORM, pointer)
        if event.supersedes is not None and not self._may_change(event.source, event.supersedes.rpartition("/")[0]):
            raise BadMessage(Reason.NOT_AN_AUTHOR, "/supersedes")
        self._check_references(event, payload)

    def key_of(self, source: str) -> str:
        """Return the system whose API key a source must use: its own system, or `MAIN`."""
        return source.partition("/")[2] if source in self.own_keys else MAIN

    def readable_by(self, agency: str, system: str) -> frozenset[str]:
        """Return the sources whose receipts a system may read: its own, and those that the Council listed for it."""
        own = {each for each in self.enrolled if each.startswith(f"{agency}/") and self.key_of(each) == system}
        return frozenset(own | {target for by, target in self.changes if by in own})

    def _may_change(self, source: str, target: str) -> bool:
        """Whether source `source` may change events of source `target`.

        Within an agency it may change its own events, and those of systems that are listed for it. Changes to another
        agency's events are checked by the rules for rulings, not here.
        """
        of_one_agency = source.partition("/")[0] == target.partition("/")[0]
        return not of_one_agency or source == target or (source, target) in self.changes

    def _check_references(self, event: Event, payload: bytes) -> None:
        """Raise `BadMessage` if the event refers to a source that is not enrolled, as its text could be a name."""
        plain = orjson.dumps(orjson.loads(payload)) if b"\\" in payload else payload
        if self.enrolled.keys() >= {found.decode() for found in _REFERENCE.findall(plain)}:
            return
        for name in _POINTERS:
            ref = getattr(event, name)
            if ref is not None and ref.rpartition("/")[0] not in self.enrolled:
                raise BadMessage(Reason.SOURCE_NOT_ENROLLED, f"/{name}")
        wrong = (pointer for pointer, ref in _references(event) if ref.rpartition("/")[0] not in self.enrolled)
        raise BadMessage(Reason.SOURCE_NOT_ENROLLED, next(wrong, "/data"))


def _numbers(event: Event) -> Iterator[tuple[str, str]]:
    """Yield (JSON Pointer, register number) for each register number of an event.

    In a correction, the numbers of the corrected data are included.
    """
    if event.sourcerecord is not None:
        yield "/sourcerecord", event.sourcerecord
    data, place = event.data, "/data"
    if isinstance(event, EventCorrectedV1):
        data, place = event.replacement().data, "/data/data"
    for name in ("sender_reference", "name"):
        said = getattr(data, name, None)
        if type(said) is str:  # a code of a list is another type
            yield f"{place}/{name}", said


def _references(event: Event) -> Iterator[tuple[str, str]]:
    """Yield (JSON Pointer, reference) for each reference to an event in an event's data.

    In a correction, the references of the corrected data are included.
    """
    said = [("/data", event.data)]
    if isinstance(event, EventCorrectedV1):
        said.append(("/data/data", event.replacement().data))
    for place, data in said:
        for name in type(data).model_fields:
            value = getattr(data, name)
            several = isinstance(value, tuple)
            for number, each in enumerate(value if several else (value,)):
                if type(each) is str and _WHOLE_REFERENCE.fullmatch(each):
                    yield f"{place}/{name}/{number}" if several else f"{place}/{name}", each


def _is_number(text: str, form: re.Pattern[str]) -> bool:
    if len(text) > LONGEST_NUMBER or form.fullmatch(text) is None:
        return False
    digits, letters = sum(map(str.isdigit, text)), sum(map(str.isalpha, text))
    return form.pattern != REGISTER_NUMBER or letters <= digits + 1


def _literal() -> Systems:
    number = re.compile(REGISTER_NUMBER)
    names = dict.fromkeys(PUBLISHING, _GENERAL) | dict.fromkeys(SERVICES, ("service",))
    known = {f"{agency}/{name}": number for agency, of_all in names.items() for name in of_all}
    known |= {f"{agency}/{name}": number for agency, own in _OF_AGENCY.items() for name in own}
    ruled = frozenset((RULINGS, source) for source in known if source.startswith("council/"))
    return Systems(MappingProxyType(known), changes=ruled)


SYSTEMS: Final = _literal()
"""Systems that may publish in every deployment. A deployment adds its own in a file (`SystemsFile`)."""
