"""Part of an activity: an output of a project or an agency, such as a workbook, a plan, a course, a newsletter."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from msgspec import Struct

from schemas.codebook.prevention import Audience, OutputKind
from schemas.ids import Kind
from schemas.prevention import OutputPublishedV1
from schemas.times import Interval
from services.reporting.domain.declaration.entity_state_part import (
    Part,
    code,
    codes,
    is_statement_of,
    owners_statement,
    possible_days,
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


class Output(Struct, frozen=True):
    """An output, as its maker last published it, or a witness while the maker has not."""

    published: Interval | None
    kind: str
    project: str | None
    created_by: tuple[str, ...]
    audience: str | None
    outputs_n: int | None
    institutions_n: int | None
    by_witness: bool

    def counted(self) -> Counted:
        """Return an item of the number of outputs, with their known fields as dimensions."""
        dims = {"kind": (self.kind,), "created_by": self.created_by, "project": values(self.project)}
        return Counted(possible_days(self.published), self.outputs_n, dims, twice=self.by_witness)


def _published(activity: str, output: Output | None, event: OutputPublishedV1) -> Output | None:
    data = event.data
    if data.output != activity:
        return output
    one = None if data.outputs_text is not None else 1
    said = Output(
        published=event.occurred,
        kind=str(data.kind),
        project=code(data.project),
        created_by=codes(data.created_by),
        audience=code(data.audience),
        outputs_n=one if data.outputs_n is None else data.outputs_n,
        institutions_n=data.institutions_n,
        by_witness=bool(data.created_by) and not is_statement_of(event, *data.created_by),
    )
    return owners_statement(output, said)


def outputs(output: Output | None) -> Iterator[Counted]:
    """Yield the number of outputs of any kind."""
    if output is not None:
        yield output.counted()


def workbooks(output: Output | None) -> Iterator[Counted]:
    """Yield the number of outputs if they are training workbooks."""
    if output is not None and output.kind == OutputKind.TRAINING_WORKBOOK:
        yield output.counted()


def shelters_with_plans(output: Output | None) -> Iterator[Counted]:
    """Yield the number of shelters that have a plan, from the last day that the plan may have been published on."""
    of_shelters = output is not None and output.audience == Audience.SHELTER_STAFF
    if output is not None and of_shelters and output.kind == OutputKind.INSTITUTIONAL_PLAN:
        since = None if output.published is None else Days(output.published.last_day, NEVER)
        yield Counted(since, output.institutions_n, twice=output.by_witness)


# Arguments that all figures of outputs share.
_figure = partial(
    Figure,
    entity=Kind.ACTIVITY,
    area=Area.PREVENTION,
    seen_by=EVERY_COMMITTEE,
)

FIGURES: Final[tuple[Figure[Output | None], ...]] = (
    _figure(
        number="M7b",
        name="training_workbooks",
        en="Training workbooks published.",
        es="Cuadernos de capacitación publicados.",
        unit=Unit.OUTPUTS,
        counted=workbooks,
        part_of="M15a",
    ),
    _figure(
        number="M10b",
        name="shelters_with_plans",
        en="Shelters with which a strategic, action or advocacy plan was made, in any year, by the period’s end. "
        "Outputs give numbers of shelters and no names: a shelter of two plans that were published apart counts twice.",
        es="Albergues con los que se elaboró un plan estratégico, de acción o de incidencia en cualquier año, "
        "hasta el final del período. Los productos indican números de albergues y no nombres: el albergue con dos "
        "planes publicados por separado cuenta dos veces.",
        unit=Unit.SHELTERS,
        nature=Nature.STOCK,
        reader=Reader.RUNNING_SUM,
        counted=shelters_with_plans,
    ),
    _figure(
        number="M15a",
        name="outputs_published",
        en="Outputs published: workbooks, modules, courses, procedures, plans, newsletters, posters; by kind, by maker "
        "and by project. One with two makers stands under both.",
        es="Productos publicados: cuadernos, módulos, cursos, procedimientos, planes, boletines, afiches; por tipo, "
        "por autor y por proyecto. El que tiene dos autores aparece en ambos.",
        unit=Unit.OUTPUTS,
        counted=outputs,
        breakdowns=((), ("kind",), ("created_by",), ("project",)),
    ),
)

PART: Final[Part[Output | None]] = Part(
    name="output",
    kind=Kind.ACTIVITY,
    empty=None,
    folds={"bz.atips.output.published.v1": _published},
    figures=FIGURES,
)
