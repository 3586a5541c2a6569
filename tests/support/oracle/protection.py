"""Persons screened, served, sheltered, returned or allowed to stay, counted over everything that was said."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from tests.support.oracle.counting import (
    Count,
    Item,
    Stay,
    Wait,
    at_first,
    different,
    different_that_met,
    lengths,
    median,
    tally,
    under_way,
)
from tests.support.oracle.event_reading import Fact
from tests.support.oracle.facts_in_force import Known, by, last_of, once, owners, within
from tests.support.oracle.inspections import Told, settled, told
from tests.support.oracle.units_of_agencies import of_one
from tests.support.oracle.victims import is_victim


def performed(each: Fact) -> bool:
    """Whether the screening is its speaker's by its own words; who asked for it only saw it."""
    return bool(each.speaker != each.said.get("requested_by"))


def performed_among(facts: Iterable[Fact]) -> Callable[[Fact], bool]:
    """Whether a screening is its speaker's: nobody among these facts says that the speaker asked for it."""
    asked = {(each.said["screening"], each.said.get("requested_by")) for each in facts}
    return lambda each: (each.said["screening"], each.speaker) not in asked


@once
def _told_by_performers(known: Known) -> list[Fact]:
    every = known.of("screening.completed")
    return owners(every, performed_among(every), "screening")


def screenings(known: Known, first: date, last: date) -> list[Fact]:
    return [each for each in _told_by_performers(known) if within(each, first, last)]


def o6a(known: Known, first: date, last: date) -> int:
    """Persons by name, each once, and the persons of batches; of a batch and those within it the larger number."""
    batches, persons = Counter[Told](), dict[str, list[Told]]()
    for each in screenings(known, first, last):
        if each.said.get("count_basis") == "persons":
            batches[told(each)] += each.said["count"]
        for person in each.said.get("persons", ()):
            persons.setdefault(person, []).append(told(each))
    return settled(batches, persons.values())


def o6b(known: Known, first: date, last: date) -> int:
    return len({nation for each in screenings(known, first, last) for nation in each.said.get("nationalities", ())})


def _persons(facts: Iterable[Fact], first: date, last: date) -> int:
    return len({each.said["person"] for each in facts if within(each, first, last)})


def by_provider(each: Fact) -> bool:
    """Whether the service is its speaker's."""
    return of_one(each.speaker, [each.said["provider"]])


@once
def provided(known: Known) -> list[Fact]:
    """Every service, as its provider tells it."""
    return owners(known.of("service.provided"), by_provider, "person", "service")


def with_hti(known: Known) -> list[Fact]:
    return [each for each in provided(known) if "hti" in {each.said["provider"], *_named(known)[_service(each)]}]


@once
def _named(known: Known) -> Mapping[Any, set[Any]]:
    """Of each service and each return the partners and funders that anybody named who told of it."""
    found: dict[Any, set[Any]] = {}
    for each in [*known.of("service.provided"), *_returned(known)]:
        found.setdefault(_service(each), set()).update(each.said.get("partners", ()), each.said.get("funders", ()))
    return found


def _service(each: Fact) -> tuple[str, ...]:
    """Return the service of one statement. A return that names no service stands by itself."""
    return each.name, each.said["person"], each.said.get("service", each.ref)


def o19c(known: Known, first: date, last: date) -> int:
    return _persons(with_hti(known), first, last)


def _victims(known: Known, facts: Iterable[Fact], first: date, last: date) -> int:
    """The persons among them who are held as victims at the period's end."""
    return _persons((each for each in facts if is_victim(known, each.said["person"], last)), first, last)


def o19a(known: Known, first: date, last: date) -> int:
    return _victims(known, with_hti(known), first, last)


def o19b(known: Known, first: date, last: date) -> int:
    return _persons(provided(known), first, last)


def o20(known: Known, first: date, last: date) -> int:
    return sum(within(each, first, last) for each in with_hti(known))


def o21a(known: Known, first: date, last: date) -> int:
    return sum(within(each, first, last) for each in provided(known))


def by_service_type(known: Known, first: date, last: date) -> dict[str, int]:
    """The services provided by their type."""
    return dict(Counter(str(each.said["service_type"]) for each in provided(known) if within(each, first, last)))


def in_vain(known: Known) -> list[Fact]:
    """Services offered in vain, and not provided after all."""
    given = {(each.said["person"], each.said["service"]) for each in provided(known)}
    declined = owners(known.of("service.declined"), by_provider, "person", "service")
    return [each for each in declined if (each.said["person"], each.said["service"]) not in given]


def o21b(known: Known, first: date, last: date) -> int:
    return sum(within(each, first, last) for each in in_vain(known))


def o30b(known: Known, first: date, last: date) -> int:
    return _persons((each for each in provided(known) if each.said["service_type"] == "accompaniment"), first, last)


def of_cdf_with_iom(known: Known) -> list[Fact]:
    """Services that CDF provided with IOM as partner or funder."""
    cdf = (each for each in provided(known) if each.said["provider"] == "cdf")
    return [each for each in cdf if "iom" in _named(known)[_service(each)]]


def o31(known: Known, first: date, last: date) -> int:
    return sum(within(each, first, last) for each in of_cdf_with_iom(known))


def _returned(known: Known) -> list[Fact]:
    """Every statement of a return that calls it no deportation."""
    return [each for each in known.of("repatriation.completed") if each.said.get("return_kind") != "deportation"]


def _returns(known: Known) -> list[Fact]:
    """One for each service, as Human Services tell it, and each statement that names none; no deportation."""
    every = known.of("repatriation.completed")
    served = [each for each in every if "service" in each.said]
    told = [
        *owners(served, lambda each: of_one(each.speaker, ["dhs"]), "person", "service"),
        *(each for each in every if "service" not in each.said),
    ]
    return [each for each in told if each.said.get("return_kind") != "deportation"]


def from_belize(known: Known) -> list[Fact]:
    return [each for each in _returns(known) if each.said.get("destination") != "BZ"]


def o22a(known: Known, first: date, last: date) -> int:
    return _persons(from_belize(known), first, last)


def paid_by_hti(known: Known) -> list[Fact]:
    """Returns from Belize that HTI helped to pay for, by whoever told of them, or of the service that they are."""
    funded = {
        (each.said["person"], each.said["service"])
        for each in known.of("service.provided")
        if "hti" in each.said.get("funders", ())
    }
    return [
        each
        for each in from_belize(known)
        if "hti" in _named(known)[_service(each)] or (each.said["person"], each.said.get("service")) in funded
    ]


def o22b(known: Known, first: date, last: date) -> int:
    return _persons(paid_by_hti(known), first, last)


def o23(known: Known, first: date, last: date) -> int:
    return _victims(known, known.of("immigration.status_granted"), first, last)


def o23b(known: Known, first: date, last: date) -> int:
    return _persons(known.of("immigration.status_granted"), first, last)


def o30a(known: Known, first: date, last: date) -> int:
    return _persons(known.of("plan.approved"), first, last)


def by_operator(known: Known) -> Callable[[Fact], bool]:
    """Whether a placement is its speaker's: of an operator that somebody names, else of human services."""
    named: dict[tuple[str, str], list[str]] = {}
    for each in known.of("shelter.placement_started", "shelter.placement_ended"):
        if "operator" in each.said:
            named.setdefault((each.said["person"], each.said["placement"]), []).append(each.said["operator"])
    return lambda each: of_one(each.speaker, named.get((each.said["person"], each.said["placement"]), ["dhs"]))


@once
def placements(known: Known) -> list[tuple[Fact, Fact | None]]:
    operates = by_operator(known)
    starts = owners(known.of("shelter.placement_started"), operates, "person", "placement")
    told = owners(known.of("shelter.placement_ended"), operates, "person", "placement")
    ends = {(each.said["person"], each.said["placement"]): each for each in told}
    return [(each, ends.get((each.said["person"], each.said["placement"]))) for each in starts]


def _sheltered(population: str) -> Count:
    """Persons who were surely there on some day, the day of leaving included."""

    def stays(known: Known) -> Iterator[Stay]:
        for start, end in placements(known):
            if start.said["population"] == population and start.first and start.last:
                begins, who = (start.first, start.last), start.said["person"]
                if end is None:
                    yield Stay(who, begins)
                elif end.first and end.last:
                    yield Stay(who, begins, (end.first, end.last))

    return different_that_met(stays)


def o24c(known: Known, first: date, last: date) -> int:
    return sum(within(start, first, last) for start, _ in placements(known))


def o24d(known: Known, first: date, last: date) -> int:
    return sum(
        by(start, last) and (end is None or (end.first is not None and end.first > last))
        for start, end in placements(known)
    )


@once
def _stays(known: Known) -> list[Wait]:
    return [Wait(start, [] if end is None else [end]) for start, end in placements(known)]


def o32c(known: Known, first: date, last: date) -> int:
    every = last_of(known.of("victim.counted_anonymously"), "report").values()
    return sum(each.said["count"] for each in every if within(each, first, last))


def _screened(reached: Callable[[list[Fact], bool], object]) -> Count:
    """Persons by when they were first screened by name, as the performer tells it of them."""

    def items(known: Known) -> Iterator[Item]:
        identified = {each.said["person"] for each in known.of("victim.identified")}
        for person, every in _screened_by_name(known).items():
            screenings = owners(every, performed_among(every), "screening")
            if reached(screenings, person in identified):
                yield from at_first(person, screenings)

    return different(items)


@once
def _screened_by_name(known: Known) -> Mapping[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for each in known.of("screening.completed"):
        for person in each.said.get("persons", ()):
            found.setdefault(person, []).append(each)
    return found


def _some_found(screenings: list[Fact], _: bool) -> bool:
    return any(each.said.get("outcome") in {"indicators", "referred"} for each in screenings)


_NIGHTS: Final = lengths(_stays)

COUNTS: Final[Mapping[str, Count]] = {
    "O6a": o6a, "O6b": o6b, "O19a": o19a, "O19b": o19b, "O19c": o19c, "O20": o20, "O21a": o21a, "O21b": o21b,
    "O22a": o22a, "O22b": o22b, "O23": o23, "O23b": o23b, "O24a": _sheltered("migrant_child"),
    "O24b": _sheltered("victim"), "O24c": o24c, "O24d": o24d, "O30a": o30a, "O30b": o30b, "O31": o31, "O32c": o32c,
    "R5a": _screened(lambda _, __: True), "R5b": _screened(_some_found), "R5c": _screened(lambda _, found: found),
    "T18": median(_NIGHTS),
}  # fmt: skip
LENGTHS: Final = {"T18": tally(_NIGHTS)}
UNDER_WAY: Final = {"T18": under_way(_stays)}
