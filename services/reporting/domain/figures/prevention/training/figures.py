"""The figures of training sessions."""

from functools import partial
from typing import Final

from schemas.ids import Kind
from services.reporting.domain.declaration.figure import EVERY_COMMITTEE, Area, Figure, Nature, Reader, Unit
from services.reporting.domain.figures.prevention.training.state import (
    TrainingSession,
    liquor_boards_trained,
    medical_trained,
    medical_trained_so_far,
    police_trained,
    sessions_in_iec_plan,
    teachers_trained,
    trained_by_ret,
    trained_in_iec_plan,
    trainers_trained,
)

# Arguments that all figures of training share.
_figure = partial(
    Figure,
    entity=Kind.ACTIVITY,
    area=Area.PREVENTION,
    seen_by=EVERY_COMMITTEE,
)

FIGURES: Final[tuple[Figure[TrainingSession | None], ...]] = (
    _figure(
        number="M1",
        name="participations_iec_plan",
        en="Participations in training sessions of the IEC plan: somebody who attends two sessions is counted in "
        "each. The report heads this column SESSIONS.",
        es="Participaciones en sesiones de capacitación del plan IEC: quien asiste a dos sesiones se cuenta en "
        "cada una. El informe titula la columna SESSIONS.",
        unit=Unit.PARTICIPATIONS,
        counted=trained_in_iec_plan,
        breakdowns=((), ("audience",), ("topic",), ("audience", "topic")),
    ),
    _figure(
        number="M2",
        name="participations_teachers",
        en="Teachers’ participations in training sessions of the IEC plan; they are a part of M1.",
        es="Participaciones de docentes en sesiones de capacitación del plan IEC; forman parte de M1.",
        unit=Unit.PARTICIPATIONS,
        counted=teachers_trained,
        part_of="M1",
    ),
    _figure(
        number="M3",
        name="participations_police_hti",
        en="Police officers’ participations in training sessions of HTI and the Police Department; not a part of M1.",
        es="Participaciones de policías en sesiones de HTI y el Departamento de Policía; no forman parte de M1.",
        unit=Unit.PARTICIPATIONS,
        counted=police_trained,
    ),
    _figure(
        number="M4",
        name="participations_liquor_boards_hti",
        en="Liquor licence board members’ participations in training sessions of HTI and Local Government; "
        "not a part of M1.",
        es="Participaciones de miembros de juntas de licores en sesiones de HTI y el Gobierno Local; "
        "no forman parte de M1.",
        unit=Unit.PARTICIPATIONS,
        counted=liquor_boards_trained,
    ),
    _figure(
        number="M5a",
        name="participations_medical_protect",
        en="Medical personnel’s participations in PROTECT’s training sessions of the period; not a part of M1.",
        es="Participaciones de personal médico en sesiones de PROTECT durante el período; no forman parte de M1.",
        unit=Unit.PARTICIPATIONS,
        counted=medical_trained,
    ),
    _figure(
        number="M5b",
        name="participations_medical_protect_so_far",
        en="Medical personnel’s participations in PROTECT’s training sessions from its beginning to the period’s end.",
        es="Participaciones de personal médico en sesiones de PROTECT desde su inicio hasta el final del período.",
        unit=Unit.PARTICIPATIONS,
        nature=Nature.STOCK,
        reader=Reader.RUNNING_SUM,
        counted=medical_trained_so_far,
    ),
    _figure(
        number="M7a",
        name="participations_training_of_trainers",
        en="Participations in training of trainers, of every programme; a session whose participants nobody counted "
        "stands beside the number, not in it as 0.",
        es="Participaciones en formación de formadores, de todos los programas; la sesión cuyos participantes nadie "
        "contó se indica junto al número, no dentro de él como cero.",
        unit=Unit.PARTICIPATIONS,
        counted=trainers_trained,
        breakdowns=((), ("audience",)),
    ),
    _figure(
        number="M12a",
        name="sessions_iec_plan",
        en="Training sessions of the IEC plan, by district, by topic, or by who led them. A session that several "
        "kinds of persons led is in each of their rows.",
        es="Sesiones de capacitación del plan IEC, por distrito, por tema o según quién las impartió. La sesión que "
        "impartieron varios tipos de personas está en la fila de cada uno.",
        unit=Unit.SESSIONS,
        counted=sessions_in_iec_plan,
        breakdowns=((), ("district",), ("topic",), ("facilitator",), ("facilitator", "topic")),
    ),
    _figure(
        number="M12b",
        name="participations_iec_plan_by_district",
        en="Participations in training sessions of the IEC plan, by district: M1 by another breakdown.",
        es="Participaciones en sesiones de capacitación del plan IEC, por distrito: M1 con otro desglose.",
        unit=Unit.PARTICIPATIONS,
        counted=trained_in_iec_plan,
        breakdowns=((), ("district",)),
        part_of="M1",
    ),
    _figure(
        number="M15b",
        name="participations_ret_projects",
        en="Participations in training sessions of RET’s projects SAFE and TLEAP, by project and audience.",
        es="Participaciones en sesiones de capacitación de los proyectos SAFE y TLEAP de RET, por proyecto y público.",
        unit=Unit.PARTICIPATIONS,
        counted=trained_by_ret,
        breakdowns=((), ("project",), ("audience",)),
    ),
)
