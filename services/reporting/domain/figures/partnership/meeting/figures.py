"""The figures of meetings and conferences."""

from functools import partial
from typing import Final

from schemas.codebook.coordination import MeetingKind
from schemas.ids import Kind
from services.reporting.domain.declaration.figure import EVERY_COMMITTEE, Area, Figure, Reader, Unit
from services.reporting.domain.figures.partnership.meeting.state import (
    Meeting,
    about_draft_laws,
    advocated_with,
    bodies_at_summits,
    delegates_at_conferences,
    exchanges_of_labour,
    held_by_council,
    of_kind,
    representatives_at_summits,
)

# Arguments that all figures of meetings share.
_figure = partial(
    Figure,
    entity=Kind.ACTIVITY,
    area=Area.PARTNERSHIP,
    seen_by=EVERY_COMMITTEE,
)

FIGURES: Final[tuple[Figure[Meeting | None], ...]] = (
    _figure(
        number="M6a",
        name="government_representatives_at_summits",
        en="Government representatives who took part in summits; one who comes to two summits counts in each.",
        es="Representantes del Gobierno que participaron en cumbres; quien asiste a dos cuenta en cada una.",
        unit=Unit.ATTENDANCES,
        counted=representatives_at_summits,
    ),
    _figure(
        number="M6b",
        name="summits",
        en="Summits held; one that several hosts report is one.",
        es="Cumbres celebradas; la que informan varios anfitriones es una sola.",
        unit=Unit.MEETINGS,
        counted=partial(of_kind, kind=MeetingKind.SUMMIT),
    ),
    _figure(
        number="M6c",
        name="bodies_at_summits",
        en="Different bodies represented at the summits of the period.",
        es="Entidades distintas representadas en las cumbres del período.",
        unit=Unit.BODIES,
        reader=Reader.NONZERO,
        counted=bodies_at_summits,
        over="body",
    ),
    _figure(
        number="P3a",
        name="regional_conferences_attended",
        en="Regional conferences that Belize attended in the period; meetings of other kinds do not count here.",
        es="Conferencias regionales a las que asistió Belice en el período; las reuniones de otro tipo no "
        "cuentan aquí.",
        unit=Unit.MEETINGS,
        counted=partial(of_kind, kind=MeetingKind.REGIONAL_CONFERENCE),
        breakdowns=((), ("country",)),
    ),
    _figure(
        number="P3b",
        name="delegates_at_regional_conferences",
        en="Delegates sent to regional conferences, conference by conference: attendances, not different persons.",
        es="Delegados enviados a conferencias regionales, por conferencia: asistencias, no personas distintas.",
        unit=Unit.ATTENDANCES,
        counted=delegates_at_conferences,
        breakdowns=((), ("country",)),
    ),
    _figure(
        number="P4a",
        name="multilateral_meetings_attended",
        en="Multilateral meetings in which Belize took part; they are not regional conferences.",
        es="Reuniones multilaterales en las que participó Belice; no son conferencias regionales.",
        unit=Unit.MEETINGS,
        counted=partial(of_kind, kind=MeetingKind.MULTILATERAL_MEETING),
    ),
    _figure(
        number="P6a",
        name="meetings_held_by_council",
        en="Meetings that the Council held, alone or with partners, by kind.",
        es="Reuniones celebradas por el Consejo, solo o con sus socios, por tipo.",
        unit=Unit.MEETINGS,
        counted=held_by_council,
        breakdowns=((), ("kind",)),
    ),
    _figure(
        number="P6b",
        name="meetings_on_draft_laws",
        en="Meetings about a draft law, whoever held them, by kind and by law.",
        es="Reuniones sobre un proyecto de ley, sin importar quién las celebró, por tipo y por ley.",
        unit=Unit.MEETINGS,
        counted=about_draft_laws,
        breakdowns=((), ("kind",), ("law",)),
    ),
    _figure(
        number="P7a",
        name="labour_exchanges_with_other_countries",
        en="Technical visits, exchanges and annual meetings with other countries in which the Labour Department took "
        "part; one that is reported under two headings is one.",
        es="Visitas técnicas, intercambios y reuniones anuales con otros países en que participó el Departamento de "
        "Trabajo; la que se informa bajo dos títulos es una sola.",
        unit=Unit.MEETINGS,
        counted=exchanges_of_labour,
        breakdowns=((), ("kind",), ("country",)),
    ),
    _figure(
        number="P9",
        name="counterparts_of_advocacy",
        en="Different bodies and sectors with which civil society advocated in the period; one approached twice "
        "is one. Counted are meetings that a non-governmental organization held, or of which nobody named the hosts; "
        "the hosts themselves are left out.",
        es="Entidades y sectores distintos ante los cuales la sociedad civil hizo incidencia en el período; si "
        "se acudió dos veces, es uno. Se cuentan las reuniones que celebró una organización no gubernamental, o cuyos "
        "anfitriones nadie indicó; no se incluye a los propios anfitriones.",
        unit=Unit.BODIES,
        reader=Reader.NONZERO,
        counted=advocated_with,
        over="counterpart",
    ),
)
