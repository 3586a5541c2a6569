"""A person's state as a victim: identifications, statements on the status, and the status in force."""

from collections.abc import Callable
from operator import attrgetter, itemgetter
from typing import Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from schemas.codebook.identification import PersonRole, VictimStatus
from schemas.identification import (
    PersonDeceasedRecordedV1,
    PersonProfileRecordedV1,
    VictimIdentifiedV1,
    VictimStatusChangedV1,
)
from schemas.times import Interval
from services.reporting.domain.declaration.part import answered, code, codes, values
from services.reporting.domain.facts.statuses import StatusGiven, decision, speaker_weight

V = TypeVar("V", str, tuple[str, ...])

NONE: Final = "none"
"""The means by which a person was exploited, where somebody said that there were none."""

MIXED: Final = "mixed"
"""The type of trafficking of a person who was exploited in several ways."""


class VictimProfile(Struct, frozen=True):
    """A victim's profile, as last published."""

    sex: str | None = None
    age_group: str | None = None
    citizenship: tuple[str, ...] = ()
    district: str | None = None

    def dims(self) -> dict[str, tuple[str, ...]]:
        """The profile as dimensions."""
        return {
            "sex": values(self.sex),
            "age_group": values(self.age_group),
            "citizenship": self.citizenship,
            "district": values(self.district),
        }


class ExploitationWay(Struct, frozen=True):
    """How one agency describes the recruitment and exploitation of a person, in the terms of questionnaires."""

    exploiter_relation: str | None = None
    recruitment_method: tuple[str, ...] = ()
    sector: tuple[str, ...] = ()
    sexual_exploitation_form: tuple[str, ...] = ()
    exploitation_country: tuple[str, ...] = ()
    scope: str | None = None


WAYS: Final = ExploitationWay.__struct_fields__
"""Dimensions of how a person was recruited and exploited."""


class Identification(Struct, frozen=True):
    """One agency's identification of the person."""

    when: Interval | None
    standing: int
    status: str
    identified_by: str | None
    referral_source: str | None
    minor_at_exploitation: str | None
    exploitation: tuple[str, ...]
    recruiter_relation: str | None
    new_or_carried_over: str | None
    means: tuple[str, ...] | None
    control: tuple[str, ...]
    way: ExploitationWay = ExploitationWay()

    def dims(self) -> dict[str, tuple[str, ...]]:
        """Give the dimensions of this identification alone."""
        return {
            "identified_by": values(self.identified_by),
            "referral_source": values(self.referral_source),
            "new_or_carried_over": values(self.new_or_carried_over),
        }


class Identified(Struct, frozen=True):
    """Identifications and decisions in the order in which they happened; an identification decides as well."""

    profile: VictimProfile = VictimProfile()
    identifications: tuple[Identification, ...] = ()
    decisions: tuple[StatusGiven, ...] = ()
    deaths: tuple[Interval | None, ...] = ()

    def dims(self) -> dict[str, tuple[str, ...]]:
        """Give the person's dimensions, from profile and identifications together."""
        exploitation = self._best(lambda each: each.exploitation) or ()
        return {
            **self.profile.dims(),
            "minor_at_exploitation": values(self._best(lambda each: each.minor_at_exploitation)),
            "exploitation": exploitation,
            "trafficking_type": one_type(exploitation),
            "recruiter_relation": values(self._best(lambda each: each.recruiter_relation)),
        }

    def core(self) -> dict[str, tuple[str, ...]]:
        """Give further fields of a victim's record. No means is an answer."""
        return {
            "means": self._best(lambda each: None if each.means is None else each.means or (NONE,)) or (),
            "control": self._best(lambda each: each.control) or (),
            "identified_by": values(self._best(lambda each: each.identified_by)),
        }

    def ways(self) -> dict[str, tuple[str, ...]]:
        """Give the dimensions of how the person was controlled, recruited and exploited."""
        core = self.core()
        found = {name: self._best(attrgetter(f"way.{name}")) or () for name in WAYS}
        said = {name: (each,) if isinstance(each, str) else each for name, each in found.items()}
        return {"means": core["means"], "control": core["control"], **said}

    def _best(self, field: Callable[[Identification], V | None]) -> V | None:
        """Give the answer of the agency with the highest standing; of several, the last.

        That somebody does not know or did not ask counts where nobody has an answer: it denies none.
        """
        said = [(answered(value), each.standing, value) for each in self.identifications if (value := field(each))]
        best = max(reversed(said), key=itemgetter(0, 1), default=None)
        return None if best is None else best[2]


def one_type(exploitation: tuple[str, ...]) -> tuple[str, ...]:
    """Give one value for each person, so that the rows add up. Several ways of exploitation are one mixed value."""
    return (MIXED,) if len(exploitation) > 1 else exploitation


def profile_recorded(person: str, identified: Identified, event: PersonProfileRecordedV1) -> Identified:
    """Take in a profile of the person as a victim."""
    data = event.data
    if data.person != person or data.role is not PersonRole.VICTIM:
        return identified
    profile = VictimProfile(code(data.sex), code(data.age_group), tuple(data.citizenship), code(data.district))
    return replace(identified, profile=profile)


def victim_identified(person: str, identified: Identified, event: VictimIdentifiedV1) -> Identified:
    """Take in one more identification of the person."""
    data = event.data
    if data.person != person:
        return identified
    found = Identification(
        when=event.occurred,
        standing=speaker_weight(event),
        status=str(data.status),
        identified_by=code(data.identified_by),
        referral_source=code(data.referral_source),
        minor_at_exploitation=code(data.minor_at_exploitation),
        exploitation=codes(data.exploitation),
        recruiter_relation=code(data.recruiter_relation),
        new_or_carried_over=code(data.new_or_carried_over),
        means=None if data.means is None else codes(data.means),
        control=codes(data.control),
        way=ExploitationWay(
            exploiter_relation=code(data.exploiter_relation),
            recruitment_method=codes(data.recruitment_methods),
            sector=codes(data.sectors),
            sexual_exploitation_form=codes(data.sexual_exploitation_forms),
            exploitation_country=codes(data.exploitation_countries),
            scope=code(data.scope),
        ),
    )
    return replace(_decided(identified, event, data.status), identifications=(*identified.identifications, found))


def status_changed(person: str, identified: Identified, event: VictimStatusChangedV1) -> Identified:
    """Take in one more decision on the status."""
    return identified if event.data.person != person else _decided(identified, event, event.data.status)


def deceased(person: str, identified: Identified, event: PersonDeceasedRecordedV1) -> Identified:
    """Take in the death of the person."""
    if event.data.person != person:
        return identified
    return replace(identified, deaths=(*identified.deaths, event.occurred))


def _decided(
    identified: Identified, event: VictimIdentifiedV1 | VictimStatusChangedV1, status: VictimStatus
) -> Identified:
    return replace(identified, decisions=(*identified.decisions, decision(event, status)))
