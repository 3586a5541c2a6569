"""Sections of the report, in the order of the Council's committees."""

from typing import Final

from services.presentation.bilingual_text import Words
from services.report.domain.content.arrests import ARRESTS
from services.report.domain.content.awareness_and_projects import AWARENESS, PROJECTS
from services.report.domain.content.cases import CASES, OPERATIONS
from services.report.domain.content.courts import COURTS
from services.report.domain.content.entry_kinds import ReportPart
from services.report.domain.content.inspections import INSPECTIONS
from services.report.domain.content.international_cooperation import ABROAD
from services.report.domain.content.meetings_and_laws import LAWS, MEETINGS
from services.report.domain.content.monitoring_and_evaluation import EVALUATION
from services.report.domain.content.services import SERVED
from services.report.domain.content.shelter_and_return import SHELTERED
from services.report.domain.content.strategy_and_committees import COMMITTEES, STRATEGY
from services.report.domain.content.training import TRAINING
from services.report.domain.content.victims import SCREENED, VICTIMS

PARTS: Final[tuple[ReportPart, ...]] = (
    ReportPart(
        "prosecution",
        Words("Prosecution and operations", "Persecución penal y operativos"),
        (*CASES, *ARRESTS, *COURTS, *OPERATIONS),
    ),
    ReportPart("protection", Words("Protection", "Protección"), (*VICTIMS, *SCREENED, *SERVED, *SHELTERED)),
    ReportPart(
        "prevention",
        Words("Prevention and capacity building", "Prevención y fortalecimiento de capacidades"),
        (*TRAINING, *AWARENESS, *PROJECTS, *INSPECTIONS),
    ),
    ReportPart(
        "partnership",
        Words("Partnership and coordination", "Alianzas y coordinación"),
        (*STRATEGY, *COMMITTEES, *MEETINGS, *LAWS, *ABROAD),
    ),
    ReportPart("evaluation", Words("Monitoring and evaluation", "Monitoreo y evaluación"), EVALUATION),
)

KEY: Final = ("O1a", "O9", "O13a", "O3", "O19b", "M1", "O27a")
"""Numbers of the figures whose sentences make the section of main findings."""
