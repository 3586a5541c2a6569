"""Meanings of the fields of prevention, coordination and the reporting itself."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.meanings.meaning import Meaning

OFFICES: Final[Mapping[str, Meaning]] = MappingProxyType(
    {
        "AwarenessMediaPublished.channel": Meaning(
            "Channel by which the material was shown.", "Canal por el que se difundió el material."
        ),
        "EventCorrected.data": Meaning(
            "Data of the replacement, whole, as the schema of its type says.",
            "Datos del reemplazo, completos, según el esquema de su tipo.",
        ),
        "EventCorrected.type": Meaning(
            "Type of the replacement: any but a correction or a retraction.",
            "Tipo del reemplazo: cualquiera menos una corrección o un retiro.",
        ),
        "FindingRuled.ruling": Meaning("Decision on the finding.", "Decisión sobre el hallazgo."),
        "LegislationMilestoneReached.stage": Meaning("Stage that the law has reached.", "Etapa que alcanzó la ley."),
        "PeriodClosed.agency": Meaning(
            "Agency whose period is closed: yours.", "Institución cuyo período se cierra: la suya."
        ),
        "PolicyMilestoneReached.stage": Meaning("Stage that the policy has reached.", "Etapa que alcanzó la política."),
        "RoleHeld.role": Meaning("Role that is held in the organization.", "Función que se ejerce en la organización."),
        "TrainingSessionDelivered.project": Meaning(
            "Id of the project under which the session was held.",
            "Identificador del proyecto en cuyo marco se dio la sesión.",
        ),
        "about": Meaning(
            "Events of the claims or facts that are doubted.",
            "Eventos de las declaraciones o los hechos que se ponen en duda.",
        ),
        "account": Meaning(
            "Account that viewed the records, as a key.", "Cuenta que consultó los registros, como clave."
        ),
        "activities_n": Meaning(
            "Number of activities; absent, without a word for it: one.",
            "Número de actividades; sin valor y sin palabra: una.",
        ),
        "activities_text": Meaning(
            "Number of activities in a word, where no number is known.",
            "Cantidad de actividades en palabras, si no se conoce el número.",
        ),
        "agency": Meaning("Agency that it is about.", "Institución de la que se trata."),
        "amount": Meaning(
            "Amount that was stated; absent where it was stated in words only.",
            "Cantidad declarada; sin valor si solo se declaró en palabras.",
        ),
        "announced": Meaning("Whether the inspection was announced.", "Si la inspección fue anunciada."),
        "answered_n": Meaning(
            "Number of the last event that was taken into account.", "Número del último evento que se tuvo en cuenta."
        ),
        "area": Meaning("Area of the strategy.", "Área de la estrategia."),
        "areas_n": Meaning("Number of areas of the strategy.", "Número de áreas de la estrategia."),
        "artefact": Meaning(
            "SHA-256 of the release as it was frozen, in hex.", "SHA-256 de la publicación tal como se congeló, en hex."
        ),
        "attendee_group": Meaning("Group that is counted as attending.", "Grupo que se cuenta como asistente."),
        "attendees_n": Meaning("Number of persons who attended.", "Número de personas que asistieron."),
        "audience": Meaning("Audiences that were addressed.", "Públicos a los que se dirigió."),
        "baseline": Meaning("Level of the indicator at the beginning.", "Nivel inicial del indicador."),
        "body": Meaning("Organization in which the role is held.", "Organización en la que se ejerce la función."),
        "by": Meaning("Event that closed the finding.", "Evento que cerró el hallazgo."),
        "campaign": Meaning("Campaign that the activity belongs to.", "Campaña a la que pertenece la actividad."),
        "claim": Meaning(
            "Event of the claim that holds, where one does.", "Evento de la declaración que vale, si alguna vale."
        ),
        "code": Meaning("Contradiction or danger that was found.", "Contradicción o peligro que se encontró."),
        "code_version": Meaning("Version of the code that decided.", "Versión del código que decidió."),
        "country": Meaning("Country in which it took place.", "País en que tuvo lugar."),
        "counts": Meaning(
            "Number of events sent in the period, by type.", "Número de eventos enviados en el período, por tipo."
        ),
        "created_by": Meaning("Agencies that made it.", "Instituciones que lo elaboraron."),
        "created_in": Meaning("Year or month in which it was made.", "Año o mes en que se elaboró."),
        "decided_at": Meaning("Time that was used for the decision.", "Hora que se usó para la decisión."),
        "definitions": Meaning(
            "Version of the definition of each printed figure.", "Versión de la definición de cada cifra impresa."
        ),
        "delegates_n": Meaning("Number of delegates.", "Número de delegados."),
        "dimensions": Meaning(
            "Part of the figure that is meant; absent: the whole.",
            "Parte de la cifra a la que se refiere; sin valor: el total.",
        ),
        "document": Meaning("Document that states the figure.", "Documento que declara la cifra."),
        "extract_hash": Meaning(
            "SHA-256 digest of the data that were shared.", "Huella SHA-256 de los datos compartidos."
        ),
        "facilitators": Meaning(
            "Kinds of facilitators who led the session.", "Tipos de facilitadores que impartieron la sesión."
        ),
        "female_n": Meaning(
            "Number of women and girls among the participants.", "Número de mujeres y niñas entre los participantes."
        ),
        "figures": Meaning("Numbers of the figures in the data.", "Números de las cifras que contienen los datos."),
        "first_period": Meaning("First year or month that the data cover.", "Primer año o mes que abarcan los datos."),
        "first_year": Meaning("First year of the strategy.", "Primer año de la estrategia."),
        "focus": Meaning("Matters that the inspection looked for.", "Asuntos que buscaba la inspección."),
        "form": Meaning("Form that it took.", "Forma que tuvo."),
        "groups": Meaning(
            "Groups that took part beside the bodies.", "Grupos que participaron además de las entidades."
        ),
        "headcount": Meaning("Number of staff in the unit.", "Número de integrantes de la unidad."),
        "held_to": Meaning("Year or month in which the role ended.", "Año o mes en que terminó la función."),
        "indicator": Meaning(
            "Indicator of the strategy, by the strategy's own numbering.",
            "Indicador de la estrategia, según la numeración de esta.",
        ),
        "institutions_n": Meaning(
            "Number of institutions with which it was made.", "Número de instituciones con las que se elaboró."
        ),
        "key": Meaning("Number of the key.", "Número de la clave."),
        "kind": Meaning("Kind of meeting, conference or product.", "Tipo de reunión, conferencia o producto."),
        "known_at": Meaning(
            "Number of events on which the figures rest.", "Número de eventos en que se basan las cifras."
        ),
        "last_period": Meaning("Last year or month that the data cover.", "Último año o mes que abarcan los datos."),
        "last_year": Meaning("Last year of the strategy.", "Último año de la estrategia."),
        "law": Meaning("Law or draft law.", "Ley o proyecto de ley."),
        "led_by": Meaning("Agency that leads the project.", "Institución que dirige el proyecto."),
        "level": Meaning("Level that the indicator has reached.", "Nivel que alcanzó el indicador."),
        "male_n": Meaning(
            "Number of men and boys among the participants.", "Número de hombres y niños entre los participantes."
        ),
        "name": Meaning(
            "Name of the project or policy, from a list.", "Nombre del proyecto o de la política, de una lista."
        ),
        "number": Meaning(
            "Number of the figure in the Council's report.", "Número de la cifra en el informe del Consejo."
        ),
        "objective": Meaning("Number of the objective in the strategy.", "Número del objetivo en la estrategia."),
        "objective_id": Meaning(
            "Objective of the strategy, by the strategy's own numbering.",
            "Objetivo de la estrategia, según la numeración de esta.",
        ),
        "objectives_n": Meaning("Number of objectives of the strategy.", "Número de objetivos de la estrategia."),
        "organisers": Meaning("Agencies that organised it.", "Instituciones que lo organizaron."),
        "orgs": Meaning("Bodies that took part.", "Entidades que participaron."),
        "outputs_n": Meaning(
            "Number of products; absent, without a word for it: one.",
            "Número de productos; sin valor y sin palabra: uno.",
        ),
        "outputs_text": Meaning(
            "Number of products in a word, where no number is known.",
            "Cantidad de productos en palabras, si no se conoce el número.",
        ),
        "participants_n": Meaning("Number of participants.", "Número de participantes."),
        "period": Meaning("Year or month.", "Año o mes."),
        "planned_cents": Meaning(
            "Budget that was planned, in cents of the Belize dollar (BZD).",
            "Presupuesto previsto, en centavos de dólar beliceño (BZD).",
        ),
        "policy_version": Meaning("Version of the policy that was followed.", "Versión de la política que se aplicó."),
        "programmes": Meaning("Programmes that the session belongs to.", "Programas a los que pertenece la sesión."),
        "progress": Meaning("Progress of the objective.", "Avance del objetivo."),
        "public_key": Meaning("Public key in base64.", "Clave pública en base64."),
        "publishers": Meaning(
            "Agencies that had the material shown or that appeared in it.",
            "Instituciones que lo difundieron o que aparecieron en él.",
        ),
        "rank": Meaning("Rank of the staff that is counted.", "Rango de los integrantes que se cuentan."),
        "reach_n": Meaning(
            "Number of contacts; a person reached twice counts twice.",
            "Número de contactos; una persona alcanzada dos veces cuenta dos veces.",
        ),
        "reach_text": Meaning(
            "Number of contacts in a word, where no number is known.",
            "Cantidad de contactos en palabras, si no se conoce el número.",
        ),
        "recipient": Meaning("Body that received the data.", "Entidad que recibió los datos."),
        "records": Meaning("Events that cannot all be right.", "Eventos que no pueden ser todos correctos."),
        "resolution": Meaning(
            "Way in which the contested figure was settled.", "Forma en que se aclaró la cifra impugnada."
        ),
        "release": Meaning(
            "Number of the release in the registry of releases.",
            "Número de la publicación en el registro de publicaciones.",
        ),
        "root": Meaning(
            "Digest of the ledger up to the last event counted.", "Huella del registro hasta el último evento contado."
        ),
        "ruling": Meaning("Event of the ruling that demands the change.", "Evento del dictamen que exige el cambio."),
        "runs_to": Meaning("Year or month in which the project ends.", "Año o mes en que termina el proyecto."),
        "sector": Meaning("Sector of the economy of the workplace.", "Sector económico del lugar de trabajo."),
        "severity": Meaning("Severity of the finding.", "Gravedad del hallazgo."),
        "sites_n": Meaning(
            "Number of schools, workplaces or communities.", "Número de escuelas, empresas o comunidades."
        ),
        "sites_text": Meaning(
            "Number of schools, workplaces or communities in a word.",
            "Cantidad de escuelas, empresas o comunidades en palabras.",
        ),
        "spent_cents": Meaning(
            "Budget that was spent, in cents of the Belize dollar (BZD).",
            "Presupuesto gastado, en centavos de dólar beliceño (BZD).",
        ),
        "target": Meaning("Level that the indicator is to reach.", "Nivel que debe alcanzar el indicador."),
        "tip_indicators": Meaning("Whether signs of trafficking were found.", "Si se hallaron indicios de trata."),
        "topic": Meaning("Topic of the training.", "Tema de la capacitación."),
        "trigger": Meaning("Reason why the inspection was made.", "Motivo por el que se hizo la inspección."),
        "unit": Meaning("Unit whose staff is counted.", "Unidad cuyo personal se cuenta."),
        "valid_from": Meaning("First day on which the key is valid.", "Primer día de validez de la clave."),
        "venue": Meaning("Kind of place.", "Tipo de lugar."),
        "violations_n": Meaning("Number of violations that were found.", "Número de infracciones halladas."),
        "zero_types": Meaning(
            "Types of event that did not occur in the period.", "Tipos de evento que no ocurrieron en el período."
        ),
    }
)
