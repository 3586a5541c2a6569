"""Entries of migrants in 2024 who are not victims: forty children in shelter, and adults helped by CDF and IOM."""

from datetime import date, timedelta
from typing import Final

from schemas.ids import Kind
from services.demo.protection_entry_builders import ServedPerson, placed, service
from services.demo.register_entries import AgencyRegisters, day, month

_FORM: Final = "migrant_shelter"
_CHILD: Final = "migrant_child"
_PLAIN: Final = 34
"""Number of children with one stay within 2024. The other six have special courses."""

_FIRST: Final = date(2024, 1, 8)
_EVERY: Final = timedelta(days=9)

_HELP: Final = ("advocacy", "legal_information", "embassy_support", "immigration_regularisation", "reintegration")
_HELPED_ON: Final = ("2024-02-22", "2024-04-11", "2024-06-06", "2024-08-15", "2024-10-24")


def write(book: AgencyRegisters) -> None:
    """Add the children's placements in the migrant shelter, and services of CDF and IOM for adults."""
    for number in range(_PLAIN):
        began = _FIRST + number * _EVERY
        left = began + timedelta(days=book.random.randrange(3, 50))
        told = ("unicef",) if number % 4 == 0 else ()
        trap = "one placement told by both" if told else ""
        placed(book, _child(book), _FORM, _CHILD, day(f"{began}"), until=day(f"{left}"), also_said_by=told, trap=trap)
    _six_more(book)
    _others(book)
    for kind, when in zip(_HELP, _HELPED_ON, strict=True):
        migrant = ServedPerson(book.id(Kind.PERSON))
        service(
            book,
            migrant,
            kind,
            day(when),
            said_by=("cdf",),
            provider="cdf",
            partners=("iom",),
            status=None,
            trap="a migrant, not a victim",
        )


def _six_more(book: AgencyRegisters) -> None:
    """Add six children with special stays.

    Two stays cross a year's end, and one child is placed twice. One stay is within a day, one began on an unknown day
    of a month, one has not ended.
    """
    placed(
        book,
        _child(book),
        _FORM,
        _CHILD,
        day("2023-11-20"),
        until=day("2024-02-10"),
        trap="there since the year before",
    )
    placed(
        book, _child(book), _FORM, _CHILD, day("2024-12-16"), until=day("2025-01-31"), trap="there until the year after"
    )
    again = _child(book)
    placed(book, again, _FORM, _CHILD, day("2024-03-05"), until=day("2024-03-29"))
    placed(book, again, _FORM, _CHILD, day("2024-07-02"), until=day("2024-07-19"), trap="one child, placed twice")
    placed(book, _child(book), _FORM, _CHILD, day("2024-05-21"), until=day("2024-05-21"), trap="for one day")
    placed(book, _child(book), _FORM, _CHILD, month("2024-09"), until=day("2024-10-21"), recorded="2024-10-22T09:00")
    placed(book, _child(book), _FORM, _CHILD, day("2024-11-28"))


def _others(book: AgencyRegisters) -> None:
    """Add placements of children of other years, which must not count in 2024."""
    placed(book, _child(book), _FORM, _CHILD, day("2023-10-02"), until=day("2023-12-15"), trap="of 2023")
    placed(book, _child(book), _FORM, _CHILD, day("2025-01-14"), until=day("2025-02-03"), trap="of 2025")


def _child(book: AgencyRegisters) -> ServedPerson:
    return ServedPerson(book.id(Kind.PERSON))
