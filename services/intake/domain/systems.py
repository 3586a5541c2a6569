"""The systems of agencies that may publish, and what one of them may do for another.

An event's `source` names its system: `bpd/register`. What is not in the table is refused at the door. A system with a
key of its own publishes, corrects and reads receipts of its own alone. All other systems of an agency share the key of
the agency (`main`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import orjson

from schemas.agencies import PUBLISHING, SERVICES
from schemas.correction import EventCorrectedV1
from schemas.envelope import Event
from schemas.errors import BadMessage, Reason

MAIN: Final = "main"
"""The system whose key speaks for all systems of its agency that have none of their own."""

REGISTER_NUMBER: Final = r"(?:[A-Z]{1,3}[-/.])?[A-Z]{0,3}[0-9]+[A-Z]?(?:[-/.][A-Z]{0,3}[0-9]+[A-Z]?)*"
"""Default form of a register number: 2024/113, TIP-2024.7, B17, 007.

Digits in groups, before each at most three capitals, and of those altogether no more than digits and one."""

LONGEST_NUMBER: Final = 24

_GENERAL: Final = ("register", "cases", "files", "archive", "desk", "console", "sheet")
"""Every agency has these; `console` and `sheet` are what our own tools write."""

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
"""The Council's rulings may change events of its other systems."""

_NOT_ENFORCED: Final = ("signature", "keyid", "seq", "classification")
"""Fields of the contract whose promise nobody here keeps yet. An event that relies on one is refused, never taken."""

_REFERENCE: Final = re.compile(rb'"([a-z_]+/[a-z0-9][a-z0-9-]{0,39})/[0-9a-f]{8}-[0-9a-f]{4}-7')
_POINTERS: Final = ("supersedes", "consentref", "causationid")


@dataclass(frozen=True, slots=True)
class Systems:
    """The systems that are enrolled, by their source, each with the form of its register numbers.

    `own_keys`: those that come in with a key of their own. `changes`: pairs of systems of one agency; the first may
    correct and retract what the second said, and read its receipts, for the Council has listed it.
    """

    enrolled: Mapping[str, re.Pattern[str]]
    own_keys: frozenset[str] = frozenset()
    changes: frozenset[tuple[str, str]] = frozenset()

    def check(self, event: Event, payload: bytes, system: str | None) -> None:
        """Refuse what its system may not say. `system` is the caller's; None where the door cannot tell it."""
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
        """Give the system whose key a source comes with: its own, or the agency's."""
        return source.partition("/")[2] if source in self.own_keys else MAIN

    def readable_by(self, agency: str, system: str) -> frozenset[str]:
        """Give the sources whose receipts a system of an agency reads: its own, and what the Council listed."""
        own = {each for each in self.enrolled if each.startswith(f"{agency}/") and self.key_of(each) == system}
        return frozenset(own | {target for by, target in self.changes if by in own})

    def _may_change(self, source: str, target: str) -> bool:
        """Whether a system may change what another said: not another system of its agency, unless it is listed.

        What is another agency's is judged by the rulings that demand it.
        """
        of_one_agency = source.partition("/")[0] == target.partition("/")[0]
        return not of_one_agency or source == target or (source, target) in self.changes

    def _check_references(self, event: Event, payload: bytes) -> None:
        """Refuse references to systems that nobody enrolled: a name would pass for one."""
        plain = orjson.dumps(orjson.loads(payload)) if b"\\" in payload else payload
        if self.enrolled.keys() >= {found.decode() for found in _REFERENCE.findall(plain)}:
            return
        for name in _POINTERS:
            ref = getattr(event, name)
            if ref is not None and ref.rpartition("/")[0] not in self.enrolled:
                raise BadMessage(Reason.SOURCE_NOT_ENROLLED, f"/{name}")
        raise BadMessage(Reason.SOURCE_NOT_ENROLLED, "/data")


def _numbers(event: Event) -> Iterator[tuple[str, str]]:
    """Give the register numbers of an event, and of what it says should have been said, with their places."""
    if event.sourcerecord is not None:
        yield "/sourcerecord", event.sourcerecord
    data, place = event.data, "/data"
    if isinstance(event, EventCorrectedV1):
        data, place = event.replacement().data, "/data/data"
    for name in ("sender_reference", "name"):
        said = getattr(data, name, None)
        if type(said) is str:  # a code of a list is another type
            yield f"{place}/{name}", said


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
"""The systems that are enrolled everywhere; a deployment adds its own in a file."""
