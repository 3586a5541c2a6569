"""Code lists of police and courts, and the offences with what the law says about each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from schemas.codebook.code import Code


class Offence(Code):
    """Offences of a suspicion, a charge or a trial."""

    TIP_SEX = "tip_sex", "Trafficking for sexual exploitation", "Trata con fines de explotación sexual"
    TIP_LABOUR = "tip_labour", "Trafficking for forced labour", "Trata con fines de trabajo forzoso"
    TIP_OTHER = "tip_other", "Trafficking, other purpose", "Trata con otros fines"
    MAKING_CHILD_PORNOGRAPHY = "making_child_pornography", "Making child pornography", "Producir pornografía infantil"
    CHILD_PROSTITUTION = "child_prostitution", "Child prostitution", "Prostitución infantil"
    PROCURING_CHILD = (
        "procuring_child",
        "Procuring a child for sexual exploitation",
        "Captar a un menor para explotación sexual",
    )
    FACILITATING = "facilitating", "Facilitating trafficking", "Facilitar la trata"
    WITHHOLDING_DOCUMENTS = "withholding_documents", "Withholding documents", "Retener documentos"
    OTHER = "other", "Other", "Otro"


class OperationActivity(Code):
    """Activities in an operation."""

    ARRESTS = "arrests", "Arrests", "Detenciones"
    INTERVIEWS = "interviews", "Interviews of suspects", "Entrevistas a sospechosos"
    SCREENING = "screening", "Screening of migrants", "Entrevistas de detección a migrantes"
    SEARCH_WARRANTS = "search_warrants", "Search warrants", "Órdenes de registro"


class Relationship(Code):
    """A suspect's relation to a victim."""

    INTIMATE_PARTNER = "intimate_partner", "Intimate partner", "Pareja"
    PARENT = "parent", "Parent", "Padre o madre"
    OTHER_FAMILY = "other_family", "Other family", "Otro familiar"
    GUARDIAN = "guardian", "Guardian", "Tutor"
    FRIEND = "friend", "Friend", "Amistad"
    ACQUAINTANCE = "acquaintance", "Acquaintance", "Persona conocida"
    EMPLOYER = "employer", "Employer", "Empleador"
    CLIENT = "client", "Client", "Cliente"
    STRANGER = "stranger", "Stranger", "Persona desconocida"
    ONLINE_CONTACT = "online_contact", "Online contact", "Contacto en línea"
    OTHER = "other", "Other", "Otra"
    UNKNOWN = "unknown", "Unknown", "Se desconoce"
    NOT_ASKED = "not_asked", "Not asked", "No se preguntó"


class ChargeOutcome(Code):
    """The outcome of a charge."""

    CONVICTED = "convicted", "Convicted", "Condena"
    CONVICTED_OF_LESSER = "convicted_of_lesser", "Convicted of a lesser offence", "Condena por un delito menor"
    ACQUITTED = "acquitted", "Acquitted", "Absolución"
    WITHDRAWN = "withdrawn", "Withdrawn", "Cargo retirado"
    DISCONTINUED = "discontinued", "Discontinued (nolle prosequi)", "Acción penal abandonada (nolle prosequi)"
    DISMISSED = "dismissed", "Dismissed", "Desestimado"
    NO_CASE = "no_case", "No case to answer", "Sin caso que responder"
    ABATED_BY_DEATH = "abated_by_death", "Abated by death", "Extinguido por muerte"
    STAYED = "stayed", "Stayed", "Suspendido"


DECIDED_BY_COURT: Final = frozenset(
    {
        ChargeOutcome.CONVICTED,
        ChargeOutcome.CONVICTED_OF_LESSER,
        ChargeOutcome.ACQUITTED,
        ChargeOutcome.DISMISSED,
        ChargeOutcome.NO_CASE,
    }
)
"""Outcomes that a court decided; the other outcomes end a charge without a decision."""

MAY_BE_FILED_AGAIN: Final = frozenset(
    {
        ChargeOutcome.WITHDRAWN,
        ChargeOutcome.DISCONTINUED,
        ChargeOutcome.DISMISSED,
        ChargeOutcome.NO_CASE,
        ChargeOutcome.STAYED,
    }
)
"""Outcomes after which a charge may be filed again: nobody was convicted or acquitted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """The law behind an offence code; None if it is not established. `counts_as_tip` is the Council's policy."""

    statute: str | None = None
    section: str | None = None
    iccs: str | None = None
    counts_as_tip: bool
    valid_from: date = date(2024, 1, 1)
    """First day of the first reporting year with this row; a change of policy is another row with a later day."""


_TIP: Final = "Trafficking in Persons (Prohibition) Act 2013"
_CSEC: Final = "Commercial Sexual Exploitation of Children (Prohibition) Act 2013"

LAWS: Final[Mapping[Offence, Law]] = MappingProxyType(
    {
        Offence.TIP_SEX: Law(statute=_TIP, iccs="02041", counts_as_tip=True),
        Offence.TIP_LABOUR: Law(statute=_TIP, iccs="02042", counts_as_tip=True),
        Offence.TIP_OTHER: Law(statute=_TIP, iccs="0204", counts_as_tip=True),
        # Under ICCS these three are sexual exploitation of children, not trafficking; the Council reports them with it.
        Offence.MAKING_CHILD_PORNOGRAPHY: Law(statute=_CSEC, iccs="03022", counts_as_tip=True),
        Offence.CHILD_PROSTITUTION: Law(statute=_CSEC, iccs="03022", counts_as_tip=True),
        Offence.PROCURING_CHILD: Law(statute=_CSEC, iccs="03022", counts_as_tip=True),
        Offence.FACILITATING: Law(statute=_TIP, counts_as_tip=True),
        Offence.WITHHOLDING_DOCUMENTS: Law(statute=_TIP, counts_as_tip=True),
        Offence.OTHER: Law(counts_as_tip=False),
    }
)
"""Laws by offence for the first reporting year; later rows are in `CHANGED_LAWS`, so that no past year changes."""

CHANGED_LAWS: Final[tuple[tuple[Offence, Law], ...]] = ()
"""(offence, law) rows that hold from the law's `valid_from` on, in the order of their days."""


class LawGroup(StrEnum):
    """Which law an offence falls under: trafficking, commercial sexual exploitation of children, or another."""

    TIP = "tip"
    CSEC = "csec"
    OTHER = "other"


def law_on(offence: Offence, day: date | None) -> Law:
    """Return the law behind an offence on a day: the last row that had begun by then; without a day the newest row."""
    found = LAWS[offence]
    for changed, law in CHANGED_LAWS:
        if changed is offence and (day is None or law.valid_from <= day):
            found = law
    return found


def group_of(law: Law) -> LawGroup:
    """Return the group of a law's offences: by its statute if the Council counts it as trafficking, else `OTHER`."""
    if not law.counts_as_tip:
        return LawGroup.OTHER
    return LawGroup.CSEC if law.statute == _CSEC else LawGroup.TIP
