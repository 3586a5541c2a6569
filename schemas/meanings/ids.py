"""Meanings of the fields of things that have ids."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.meanings.meaning import Meaning

THINGS: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "ActivityMerged.activity": Meaning(
            "Id of one of the two activities.", "Identificador de una de las dos actividades."
        ),
        "CaseMerged.case": Meaning("Id of one of the two cases.", "Identificador de uno de los dos casos."),
        "LabourInspectionCompleted.referral": Meaning(
            "Id of the referral that was made because of the inspection.",
            "Identificador de la remisión que se hizo a causa de la inspección.",
        ),
        "PersonMerged.person": Meaning(
            "One of the two ids of the person.", "Uno de los dos identificadores de la persona."
        ),
        "ServiceProvided.referral": Meaning(
            "Id of the referral on which the service was provided.",
            "Identificador de la remisión por la que se prestó el servicio.",
        ),
        "activity": Meaning("Id of the activity.", "Identificador de la actividad."),
        "appeal": Meaning("Id of the appeal.", "Identificador de la apelación."),
        "arrest": Meaning("Id of the arrest.", "Identificador de la detención."),
        "asset": Meaning(
            "Id of the video, broadcast or other material.", "Identificador del video, la emisión u otro material."
        ),
        "bail": Meaning("Id of the bail.", "Identificador de la fianza."),
        "case": Meaning("Id of the case.", "Identificador del caso."),
        "cases": Meaning("Ids of the cases.", "Identificadores de los casos."),
        "charge": Meaning("Id of the charge.", "Identificador del cargo."),
        "charges": Meaning("Ids of the charges.", "Identificadores de los cargos."),
        "conference": Meaning("Id of the conference.", "Identificador de la conferencia."),
        "dataset": Meaning("Id of the data that were shared.", "Identificador de los datos compartidos."),
        "finding": Meaning("Id of the finding.", "Identificador del hallazgo."),
        "hearing": Meaning("Id of the court hearing.", "Identificador de la audiencia."),
        "inspection": Meaning("Id of the inspection.", "Identificador de la inspección."),
        "legislation": Meaning("Id of the draft law.", "Identificador del proyecto de ley."),
        "linked_case": Meaning("Id of the other case.", "Identificador del otro caso."),
        "linked_victims": Meaning(
            "Ids of the victims linked to the arrest.", "Identificadores de las víctimas vinculadas a la detención."
        ),
        "meeting": Meaning("Id of the meeting.", "Identificador de la reunión."),
        "names": Meaning(
            "Ids of the case, persons and activities that the finding names.",
            "Identificadores del caso, las personas y las actividades que nombra el hallazgo.",
        ),
        "need": Meaning("Id of the person's need.", "Identificador de la necesidad de la persona."),
        "needs": Meaning("Ids of the person's needs.", "Identificadores de las necesidades de la persona."),
        "operation": Meaning("Id of the police operation.", "Identificador del operativo policial."),
        "output": Meaning(
            "Id of the publication, procedure or other product.",
            "Identificador de la publicación, el procedimiento u otro producto.",
        ),
        "payment": Meaning("Id of the payment.", "Identificador del pago."),
        "person": Meaning("Id of the person.", "Identificador de la persona."),
        "persons": Meaning("Ids of the persons.", "Identificadores de las personas."),
        "placement": Meaning("Id of the placement in a shelter.", "Identificador del alojamiento en un albergue."),
        "policy": Meaning("Id of the policy.", "Identificador de la política."),
        "project": Meaning("Id of the project.", "Identificador del proyecto."),
        "referral": Meaning("Id of the referral.", "Identificador de la remisión."),
        "report": Meaning("Id of the report that came in.", "Identificador de la denuncia recibida."),
        "restitution": Meaning("Id of the restitution order.", "Identificador de la orden de restitución."),
        "same_as": Meaning(
            "Other id of the same person, case or activity.",
            "Otro identificador de la misma persona, caso o actividad.",
        ),
        "screening": Meaning("Id of the screening.", "Identificador de la entrevista de detección."),
        "sentence": Meaning("Id of the sentence.", "Identificador de la sentencia."),
        "service": Meaning(
            "Id of the service: one episode, with all its contacts.",
            "Identificador del servicio: un episodio, con todos sus contactos.",
        ),
        "services": Meaning("Ids of the services that were provided.", "Identificadores de los servicios prestados."),
        "session": Meaning("Id of the training session.", "Identificador de la sesión de capacitación."),
        "strategy": Meaning("Id of the strategy.", "Identificador de la estrategia."),
        "suspect": Meaning("Id of the suspect.", "Identificador del sospechoso."),
        "tenure": Meaning("Id of the role that is held.", "Identificador de la función que se ejerce."),
        "victim": Meaning("Id of the victim.", "Identificador de la víctima."),
        "victims": Meaning(
            "Ids of the victims who are linked to the suspect.",
            "Identificadores de las víctimas vinculadas al sospechoso.",
        ),
        "view": Meaning("Id of one look at records.", "Identificador de una consulta de registros."),
        "viewed": Meaning(
            "Ids of the persons, cases and activities whose records were viewed.",
            "Identificadores de las personas, casos y actividades cuyos registros se consultaron.",
        ),
    }
)
