"""State of a person as a victim: profile, identifications, status decisions and deaths."""

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
from services.reporting.domain.declaration.entity_state_part import code, codes, is_known_answer, told_again, values
from services.reporting.domain.declaration.figure import Days
from services.reporting.domain.declaration.values_over_time import with_first
from services.reporting.domain.facts.victim_status_decisions import StatusGiven, decision, speaker_weight

V = TypeVar("V", str, tuple[str, ...])

NONE: Final = "none"
"""Value of the dimension `means` if an agency stated that no means were used."""

MIXED: Final = "mixed"
"""Value of the dimension `trafficking_type` for a person who was exploited in several ways."""


class VictimProfile(Struct, frozen=True):
    """A victim's profile, as last published."""

    sex: str | None = None
    age_group: str | None = None
    citizenship: tuple[str, ...] = ()
    district: str | None = None
    gender: str | None = None

    def dims(self) -> dict[str, tuple[str, ...]]:
        """Return the profile as dimensions."""
        return {
            "sex": values(self.sex),
            "age_group": values(self.age_group),
            "citizenship": self.citizenship,
            "district": values(self.district),
            "gender": values(self.gender),
        }


class ExploitationWay(Struct, frozen=True):
    """One agency's answers on how a person was recruited and exploited."""

    exploiter_relation: str | None = None
    recruitment_method: tuple[str, ...] = ()
    sector: tuple[str, ...] = ()
    sexual_exploitation_form: tuple[str, ...] = ()
    exploitation_country: tuple[str, ...] = ()
    scope: str | None = None


WAYS: Final = ExploitationWay.__struct_fields__
"""Names of the dimensions of how a person was recruited and exploited: the fields of `ExploitationWay`."""


class Identification(Struct, frozen=True):
    """One identification of the person as a victim. `standing`: rank of the agency; `means`: None if not stated."""

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
        """Return the dimensions that belong to this identification and not to the person."""
        return {
            "identified_by": values(self.identified_by),
            "referral_source": values(self.referral_source),
            "new_or_carried_over": values(self.new_or_carried_over),
        }


class Identified(Struct, frozen=True):
    """State of a person as a victim: identifications and decisions in the order in which they happened.

    Each identification is also one of the decisions.
    """

    profile: VictimProfile = VictimProfile()
    identifications: tuple[Identification, ...] = ()
    decisions: tuple[StatusGiven, ...] = ()
    deaths: tuple[Interval | None, ...] = ()
    ages: tuple[tuple[Interval | None, tuple[str, ...]], ...] = ()
    """Age groups of all profiles, with the times of recording."""

    def dims(self) -> dict[str, tuple[str, ...]]:
        """Return the person's dimensions, from the profile and the best answers of all identifications."""
        exploitation = self._best(lambda each: each.exploitation) or ()
        return {
            **self.profile.dims(),
            "minor_at_exploitation": values(self._best(lambda each: each.minor_at_exploitation)),
            "exploitation": exploitation,
            "trafficking_type": one_type(exploitation),
            "recruiter_relation": values(self._best(lambda each: each.recruiter_relation)),
        }

    def ages_over_time(self) -> list[tuple[Days, tuple[str, ...]]]:
        """Return the days of each age group: the first recorded one until another is recorded. So a child grows up.

        All days have the last one if no profile has a date.
        """
        return with_first(self.ages, values(self.profile.age_group))

    def core(self) -> dict[str, tuple[str, ...]]:
        """Return the core fields that are not in `dims`. If no means were used, `means` has the answer `NONE`."""
        return {
            "means": self._best(lambda each: None if each.means is None else each.means or (NONE,)) or (),
            "control": self._best(lambda each: each.control) or (),
            "identified_by": values(self._best(lambda each: each.identified_by)),
        }

    def ways(self) -> dict[str, tuple[str, ...]]:
        """Return the dimensions of how the person was controlled, recruited and exploited."""
        core = self.core()
        found = {name: self._best(attrgetter(f"way.{name}")) or () for name in WAYS}
        said = {name: (each,) if isinstance(each, str) else each for name, each in found.items()}
        return {"means": core["means"], "control": core["control"], **said}

    def _best(self, field: Callable[[Identification], V | None]) -> V | None:
        """Return the answer of the agency with the highest rank; of several, the last. None if nobody stated one.

        `unknown` and `not_asked` count only if there is no answer.
        """
        if len(self.identifications) == 1:  # the usual case
            return field(self.identifications[0]) or None
        said = [
            (is_known_answer(value), each.standing, value) for each in self.identifications if (value := field(each))
        ]
        best = max(reversed(said), key=itemgetter(0, 1), default=None)
        return None if best is None else best[2]


def one_type(exploitation: tuple[str, ...]) -> tuple[str, ...]:
    """Return one value for the person, so that rows add up to the persons: `MIXED` for several ways of exploitation."""
    return (MIXED,) if len(exploitation) > 1 else exploitation


def profile_recorded(person: str, identified: Identified, event: PersonProfileRecordedV1) -> Identified:
    """Return the state with the profile replaced.

    The state is unchanged if the event is of another person, or if it records the person in another role than victim.
    """
    data = event.data
    if data.person != person or data.role is not PersonRole.VICTIM:
        return identified
    profile = VictimProfile(
        code(data.sex), code(data.age_group), tuple(data.citizenship), code(data.district), code(data.gender)
    )
    ages = (*identified.ages, (event.occurred, values(profile.age_group)))
    return replace(identified, profile=profile, ages=ages)


def victim_identified(person: str, identified: Identified, event: VictimIdentifiedV1) -> Identified:
    """Return the state with an identification added, and with the decision that it states.

    The state is unchanged if the event is of another person.
    """
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
    """Return the state with a decision on the person's status added; unchanged if the event is of another person."""
    return identified if event.data.person != person else _decided(identified, event, event.data.status)


def deceased(person: str, identified: Identified, event: PersonDeceasedRecordedV1) -> Identified:
    """Return the state with a death added; unchanged if the event is of another person.

    Several agencies may publish one death.
    """
    if event.data.person != person:
        return identified
    return replace(identified, deaths=told_again(identified.deaths, event.occurred))


def _decided(
    identified: Identified, event: VictimIdentifiedV1 | VictimStatusChangedV1, status: VictimStatus
) -> Identified:
    return replace(identified, decisions=(*identified.decisions, decision(event, status)))
