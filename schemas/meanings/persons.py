"""Meanings of the fields of persons, consent, referrals and protection."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.meanings.meaning import Meaning

PERSONS: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "ConsentAcknowledged.consent": Meaning(
            "Event of the consent or withdrawal that is acknowledged.",
            "Evento del consentimiento o del retiro del que se acusa recibo.",
        ),
        "ConsentWithdrawn.recipients": Meaning(
            "Agencies that lose the consent; an empty list means all of them.",
            "Instituciones que pierden el consentimiento; una lista vacía significa todas.",
        ),
        "LabourInspectionCompleted.count": Meaning(
            "Number of inspections in a batch; absent for a single inspection.",
            "Número de inspecciones de un grupo; sin valor si fue una sola.",
        ),
        "PersonProfileRecorded.role": Meaning(
            "Role in which the profile describes the person: victim or suspect.",
            "Papel en que el perfil describe a la persona: víctima o sospechoso.",
        ),
        "ReportReceived.channel": Meaning(
            "Channel by which the report came in.", "Canal por el que llegó la denuncia."
        ),
        "ScreeningCompleted.outcome": Meaning("Result of the screening.", "Resultado de la entrevista de detección."),
        "ServiceDeclined.partners": Meaning(
            "Agencies that took part in the offer.", "Instituciones que participaron en el ofrecimiento."
        ),
        "ServiceProvided.partners": Meaning(
            "Agencies that took part in the service.", "Instituciones que participaron en el servicio."
        ),
        "ShelterPlacementEnded.reason": Meaning(
            "Reason why the placement ended.", "Motivo por el que terminó el alojamiento."
        ),
        "VictimCountedAnonymously.count": Meaning(
            "Number of victims who refuse to be identified.", "Número de víctimas que no quieren ser identificadas."
        ),
        "acts": Meaning(
            "Acts of trafficking that were done to the person.", "Actos de trata cometidos contra la persona."
        ),
        "age_group": Meaning(
            "Age group of the person; never a birth date.", "Grupo de edad de la persona; nunca la fecha de nacimiento."
        ),
        "agencies": Meaning(
            "Agencies that are named; a unit is named by its agency.",
            "Instituciones que se nombran; una unidad se nombra por su institución.",
        ),
        "anonymous": Meaning(
            "Whether the person who reported stayed anonymous.", "Si quien denunció permaneció en el anonimato."
        ),
        "applied_on": Meaning("Day of the application.", "Día de la solicitud."),
        "attempt_no": Meaning(
            "Number of the attempt for the same need: 1, 2, 3.", "Número del intento para la misma necesidad: 1, 2, 3."
        ),
        "basis": Meaning(
            "Basis on which the person's data may be shared.",
            "Base sobre la cual se pueden compartir los datos de la persona.",
        ),
        "citizenship": Meaning("Citizenships that the person holds.", "Ciudadanías que tiene la persona."),
        "consent": Meaning(
            "Event of the consent; absent in a withdrawal: every consent given so far.",
            "Evento del consentimiento; sin valor en un retiro: todos los dados hasta ahora.",
        ),
        "control": Meaning(
            "Methods by which the victim was controlled.", "Métodos con los que se controlaba a la víctima."
        ),
        "count": Meaning(
            "Number of persons or inspections, where they are not listed one by one.",
            "Número de personas o inspecciones, si no se enumeran una por una.",
        ),
        "count_basis": Meaning(
            "Unit of the count: persons, participations, sessions, inspections or an estimate.",
            "Unidad de la cantidad: personas, participaciones, sesiones, inspecciones o una estimación.",
        ),
        "decided_by": Meaning("Sort of body that decided on the status.", "Tipo de organismo que decidió el estado."),
        "destination": Meaning("Country to which the person returned.", "País al que retornó la persona."),
        "determined_because": Meaning(
            "Reason of the best-interest determination.", "Motivo de la determinación del interés superior."
        ),
        "determined_by": Meaning(
            "Agency that found the sharing to be in the child's best interest.",
            "Institución que determinó que compartir los datos es por el interés superior del menor.",
        ),
        "determined_on": Meaning(
            "Day of the best-interest determination.", "Día de la determinación del interés superior."
        ),
        "district": Meaning(
            "District of Belize; no place is stated more exactly.",
            "Distrito de Belice; ningún lugar se indica con más detalle.",
        ),
        "due_at": Meaning(
            "Time by which an answer or a step is due.", "Hora límite para la respuesta o el paso siguiente."
        ),
        "expected_start_on": Meaning(
            "Day on which work is expected to begin or to go on.",
            "Día en que se espera comenzar o continuar la atención.",
        ),
        "expires_on": Meaning("Last day on which the consent holds.", "Último día de vigencia del consentimiento."),
        "exploitation": Meaning("Forms of exploitation.", "Formas de explotación."),
        "exploitation_countries": Meaning(
            "Countries in which the victim was exploited.", "Países en los que la víctima fue explotada."
        ),
        "exploiter_relation": Meaning(
            "Relation of the exploiter to the victim.", "Relación del explotador con la víctima."
        ),
        "from_agency": Meaning(
            "Agency that sends the referral: yours, or the one that you report for.",
            "Institución que remite: la suya o aquella en cuyo nombre informa.",
        ),
        "funders": Meaning("Agencies that paid.", "Instituciones que financiaron."),
        "gender": Meaning("Gender as the person states it.", "Género según lo expresa la persona."),
        "given_by": Meaning("Person who gave the consent.", "Persona que dio el consentimiento."),
        "guardian": Meaning(
            "Person who consents for a child; absent, or a suspect: the consent opens nothing.",
            "Persona que consiente por un menor; sin valor o si es sospechosa, no abre nada.",
        ),
        "holder": Meaning(
            "Agency that holds the referral; where nobody does, the agency asked.",
            "Institución que tiene la remisión; si nadie la tiene, la institución a la que se pidió.",
        ),
        "identified_by": Meaning(
            "Sort of body that identified the person.", "Tipo de organismo que identificó a la persona."
        ),
        "lasting": Meaning(
            "Agencies that a restriction keeps out for good.", "Instituciones que una restricción excluye sin plazo."
        ),
        "latest_start_on": Meaning(
            "Last day on which the sender agrees that work begins.",
            "Último día en que el remitente acepta que comience la atención.",
        ),
        "means": Meaning(
            "Means that were used; an empty list states that no means were used.",
            "Medios empleados; una lista vacía indica que no se empleó ninguno.",
        ),
        "minor_at_exploitation": Meaning(
            "Whether the victim was under 18 when exploited.", "Si la víctima tenía menos de 18 años al ser explotada."
        ),
        "move": Meaning("Event of the move that was refused.", "Evento del paso que fue denegado."),
        "nationalities": Meaning(
            "Nationalities among the persons screened; numbers for each are not known.",
            "Nacionalidades de las personas entrevistadas; no se sabe cuántas hay de cada una.",
        ),
        "new_or_carried_over": Meaning(
            "Whether the victim is new or was carried over from an earlier period.",
            "Si la víctima es nueva o viene de un período anterior.",
        ),
        "next_referral": Meaning("Referral that follows this one.", "Remisión que sigue a esta."),
        "operator": Meaning("Agency that runs the shelter.", "Institución que administra el albergue."),
        "partners": Meaning("Agencies that take part.", "Instituciones que participan."),
        "perpetrator_roles": Meaning(
            "Parts that the suspect played in the trafficking.", "Papeles que el sospechoso tuvo en la trata."
        ),
        "population": Meaning(
            "Whether the person is sheltered as a victim or as a migrant child.",
            "Si la persona está acogida como víctima o como menor migrante.",
        ),
        "previous_referral": Meaning(
            "Earlier attempt that was rejected, handed back or referred onward.",
            "Intento anterior que fue rechazado, devuelto o derivado.",
        ),
        "procedure_version": Meaning(
            "Version of the procedure that was followed: a year or a number.",
            "Versión del procedimiento aplicado: un año o un número.",
        ),
        "programme_year": Meaning("Year by which the programme is called.", "Año con el que se denomina el programa."),
        "provider": Meaning("Agency that provides the service.", "Institución que presta el servicio."),
        "public_office": Meaning("Public office that the suspect holds.", "Cargo público que ejerce el sospechoso."),
        "purposes": Meaning(
            "Purposes for which the data may be shared.", "Fines para los que se pueden compartir los datos."
        ),
        "recipients": Meaning(
            "Agencies that may be told; an empty list names nobody.",
            "Instituciones a las que se puede informar; una lista vacía no nombra a ninguna.",
        ),
        "recruiter_relation": Meaning(
            "Relation of the recruiter to the victim.", "Relación del reclutador con la víctima."
        ),
        "recruitment_methods": Meaning(
            "Methods by which the victim was recruited.", "Métodos con los que se captó a la víctima."
        ),
        "referral_source": Meaning(
            "Body or person through whom the matter came to notice.",
            "Organismo o persona por cuyo medio se conoció el asunto.",
        ),
        "refused_by": Meaning(
            "Side that said no: the person or the provider.", "Quién no quiso: la persona o la entidad."
        ),
        "removal_ordered": Meaning(
            "Whether the person was ordered to leave the country.", "Si se ordenó a la persona salir del país."
        ),
        "requested_by": Meaning(
            "Agency that asked for the screening; only the publisher's screening counts.",
            "Institución que pidió la entrevista; solo cuenta la de quien publica.",
        ),
        "return_kind": Meaning(
            "Kind of return: voluntary or deportation.", "Tipo de retorno: voluntario o deportación."
        ),
        "review_on": Meaning(
            "Last day on which the determination holds without a new one.",
            "Último día en que vale la determinación sin una nueva.",
        ),
        "risk_level": Meaning("Level of risk to the person.", "Nivel de riesgo para la persona."),
        "scheme": Meaning(
            "Programme under which the person applied to stay.", "Programa con el que la persona solicitó quedarse."
        ),
        "scope": Meaning(
            "Whether the victim was trafficked within one country or across a border.",
            "Si la trata fue dentro de un país o a través de una frontera.",
        ),
        "sectors": Meaning(
            "Sectors of the economy in which the victim was exploited.",
            "Sectores económicos en los que la víctima fue explotada.",
        ),
        "sender_desk": Meaning("Unit of the sender that asks.", "Unidad de la institución remitente que lo pide."),
        "sender_reference": Meaning(
            "Sender's number for the receiver to quote in its answer.",
            "Número del remitente que el receptor debe citar en su respuesta.",
        ),
        "service_type": Meaning("Type of the service.", "Tipo de servicio."),
        "service_types": Meaning(
            "Types of service that the person needs.", "Tipos de servicio que la persona necesita."
        ),
        "sex": Meaning("Sex of the person as recorded.", "Sexo de la persona según el registro."),
        "sexual_exploitation_forms": Meaning("Forms of sexual exploitation.", "Formas de explotación sexual."),
        "shelter_form": Meaning(
            "Form of the shelter; the place itself is never stated.", "Forma de albergue; nunca se indica el lugar."
        ),
        "shut_out": Meaning(
            "Agencies that may see nothing of the person.", "Instituciones que no pueden ver nada de la persona."
        ),
        "standing": Meaning(
            "Moves that were refused or taken back and that count again.",
            "Pasos denegados o retirados que vuelven a contar.",
        ),
        "state": Meaning("State of the referral.", "Estado de la remisión."),
        "status": Meaning("Status of the person as a victim.", "Estado de la persona como víctima."),
        "suspect_kind": Meaning(
            "Whether the suspect is a human being or a legal person, such as a company.",
            "Si el sospechoso es una persona natural o jurídica, como una empresa.",
        ),
        "to_agency": Meaning("Agency that is asked to help.", "Institución a la que se pide ayuda."),
        "told": Meaning("Agencies that are told of the decision.", "Instituciones a las que se comunica la decisión."),
        "tool": Meaning("Way in which the screening was done.", "Forma en que se hizo la entrevista de detección."),
        "until": Meaning(
            "Time at which a restriction ends for the other agencies that are named.",
            "Hora en que termina la restricción para las demás instituciones nombradas.",
        ),
        "urgency": Meaning(
            "Urgency of the referral; absent counts as urgent.",
            "Urgencia de la remisión; sin valor cuenta como urgente.",
        ),
        "victim_status_at_time": Meaning(
            "Status of the person as a victim at the time of the service.",
            "Estado de la persona como víctima en el momento del servicio.",
        ),
        "vulnerabilities": Meaning("Vulnerabilities of the person.", "Vulnerabilidades de la persona."),
        "wish": Meaning(
            "Wish of the child; it is shown beside the decision.",
            "Deseo de la niña o el niño; se muestra junto a la decisión.",
        ),
        "withdrawn_by": Meaning("Person who withdrew the consent.", "Persona que retiró el consentimiento."),
    }
)
