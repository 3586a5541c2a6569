"""The rows of events about a case as such, and about how its investigation goes on."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.case_events import (
    CaseAccessRestrictedV1,
    CaseClosedV1,
    CaseLinkedV1,
    CaseOpenedV1,
    CasePartyAddedV1,
    CasePartyRemovedV1,
    CaseReopenedV1,
    CaseReviewProvidedV1,
)
from schemas.envelope import Event
from schemas.ids import Kind
from schemas.justice.investigation import InvestigationClosedV1, InvestigationStatusChangedV1
from schemas.merge_events import CaseMergedV1
from schemas.type_table.event_type import (
    COUNCIL,
    HUMAN_SERVICES,
    POLICE,
    POLICE_AND_HUMAN_SERVICES,
    POLICE_AND_PROSECUTION,
    PROSECUTION,
    EventType,
)

_HOLDERS: Final = POLICE_AND_PROSECUTION | HUMAN_SERVICES
_REVIEWERS: Final = PROSECUTION | {"hti"}


def _row(model: type[Event], authors: frozenset[str], stage: int, en: str, es: str) -> EventType:
    return EventType(model, authors, Kind.CASE, stage, en, es)


TYPES: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        "bz.atips.case.merged.v1": _row(
            CaseMergedV1, _HOLDERS, 5, "Two cases found to be one", "Dos casos resultaron ser uno"
        ),
        "bz.atips.case.opened.v1": _row(CaseOpenedV1, POLICE_AND_HUMAN_SERVICES, 15, "Case opened", "Caso abierto"),
        "bz.atips.case.linked.v1": _row(CaseLinkedV1, _HOLDERS, 16, "Two cases linked", "Dos casos vinculados"),
        "bz.atips.case.party_added.v1": _row(
            CasePartyAddedV1, _HOLDERS, 17, "Party added to a case", "Parte agregada a un caso"
        ),
        "bz.atips.case.party_removed.v1": _row(
            CasePartyRemovedV1, _HOLDERS, 18, "Party removed from a case", "Parte retirada de un caso"
        ),
        "bz.atips.case.access_restricted.v1": _row(
            CaseAccessRestrictedV1,
            _HOLDERS | COUNCIL,
            19,
            "Access to a case restricted",
            "Acceso a un caso restringido",
        ),
        "bz.atips.case.review_provided.v1": _row(
            CaseReviewProvidedV1, _REVIEWERS, 35, "File of a case reviewed", "Expediente de un caso revisado"
        ),
        "bz.atips.investigation.status_changed.v1": _row(
            InvestigationStatusChangedV1,
            POLICE,
            85,
            "Status of an investigation changed",
            "Estado de una investigación modificado",
        ),
        "bz.atips.investigation.closed.v1": _row(
            InvestigationClosedV1, POLICE, 86, "Investigation closed", "Investigación cerrada"
        ),
        "bz.atips.case.closed.v1": _row(CaseClosedV1, POLICE_AND_HUMAN_SERVICES, 90, "Case closed", "Caso cerrado"),
        "bz.atips.case.reopened.v1": _row(
            CaseReopenedV1, POLICE_AND_HUMAN_SERVICES, 91, "Case reopened", "Caso reabierto"
        ),
    }
)
