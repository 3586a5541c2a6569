"""Part of an activity: a project. It counts in every period that overlaps with its time from beginning to end."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Final

from msgspec import Struct

from schemas.codebook.prevention import Project
from schemas.ids import Kind
from schemas.prevention import ProjectRegisteredV1
from schemas.times import Interval, Period
from services.reporting.domain.declaration.entity_state_part import (
    Part,
    code,
    codes,
    is_statement_of,
    owners_statement,
    values,
)
from services.reporting.domain.declaration.figure import (
    EVERY_COMMITTEE,
    NEVER,
    Area,
    Counted,
    Days,
    Figure,
    Nature,
    Reader,
    Unit,
)


class LedProject(Struct, frozen=True):
    """A project, as its leader last published it, or a witness while the leader has not."""

    began: Interval | None
    ends: date
    name: str
    led_by: str | None
    funders: tuple[str, ...]
    by_witness: bool

    def others(self) -> tuple[str, ...]:
        """Return the funders other than the leading agency."""
        return tuple(each for each in self.funders if each != self.led_by)

    def led(self) -> Counted:
        """Return the item of the project, from the last possible day of its beginning to its end."""
        dims = {"led_by": values(self.led_by), "funder": self.others()}
        return Counted(None if self.began is None else Days(self.began.last_day, self.ends), dims=dims)


def _registered(activity: str, project: LedProject | None, event: ProjectRegisteredV1) -> LedProject | None:
    data = event.data
    if data.project != activity:
        return project
    said = LedProject(
        began=event.occurred,
        ends=NEVER if data.runs_to is None else Period.parse(data.runs_to).last,
        name=str(data.name),
        led_by=code(data.led_by),
        funders=codes(data.funders),
        by_witness=data.led_by is not None and not is_statement_of(event, data.led_by),
    )
    return owners_statement(project, said)


def led(project: LedProject | None) -> Iterator[Counted]:
    """Yield the project, led by any agency or by none that is known."""
    if project is not None:
        yield project.led()


def funded_by_others(project: LedProject | None) -> Iterator[Counted]:
    """Yield the project if it has a funder other than its leader."""
    if project is not None and project.others():
        yield project.led()


def mandatory_reporting(project: LedProject | None) -> Iterator[Counted]:
    """Yield the project if it is the national programme of mandatory reporting."""
    if project is not None and project.name == Project.MANDATORY_REPORTING:
        yield project.led()


# Arguments that all figures of projects share.
_figure = partial(
    Figure,
    entity=Kind.ACTIVITY,
    unit=Unit.PROJECTS,
    nature=Nature.STOCK,
    reader=Reader.ACTIVE,
    area=Area.PREVENTION,
    seen_by=EVERY_COMMITTEE,
    distinct=True,
)

FIGURES: Final[tuple[Figure[LedProject | None], ...]] = (
    _figure(
        number="M10a",
        name="projects_led",
        en="Projects led at any time in the period, in whatever year they began, by who leads them.",
        es="Proyectos en ejecución en algún momento del período, sin importar en qué año comenzaron, por quién los "
        "dirige.",
        counted=led,
        breakdowns=((), ("led_by",)),
    ),
    _figure(
        number="M13",
        name="projects_funded_by_others",
        en="Projects led in the period and paid for by somebody other than their leader, by funder; one with two "
        "funders stands under both.",
        es="Proyectos en ejecución en el período financiados por alguien distinto de quien los dirige, por "
        "financiador; el que tiene dos aparece en ambos.",
        counted=funded_by_others,
        breakdowns=((), ("funder",), ("led_by", "funder")),
        part_of="M10a",
    ),
    _figure(
        number="M14",
        name="mandatory_reporting_programme",
        en="The national programme of mandatory reporting of child abuse, led in the period: "
        "one, whatever titles it is printed under.",
        es="El programa nacional de denuncia obligatoria del abuso infantil, en ejecución en el período: "
        "uno solo, sin importar los títulos con que se imprima.",
        counted=mandatory_reporting,
        part_of="M10a",
    ),
)

PART: Final[Part[LedProject | None]] = Part(
    name="project",
    kind=Kind.ACTIVITY,
    empty=None,
    folds={"bz.atips.project.registered.v1": _registered},
    figures=FIGURES,
)
