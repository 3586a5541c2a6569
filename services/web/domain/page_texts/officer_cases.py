"""Words of the pages of a case officer: cases and findings."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.presentation.bilingual_text import Words

WORDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "pages": Words(
            "Pages of the list",
            "Páginas de la lista",
        ),
        "first_page": Words("First page of the list", "Primera página de la lista"),
        "page_before": Words(
            "Previous page",
            "Página anterior",
        ),
        "page_first": Words(
            "First page",
            "Primera página",
        ),
        "page_after": Words(
            "Next page",
            "Página siguiente",
        ),
        "page_of": Words(
            "Page {at} of {last}",
            "Página {at} de {last}",
        ),
        "before_case": Words(
            "Before you see a case",
            "Antes de ver un caso",
        ),
        "look_is_noted": Words(
            "Each look at a case is noted, with your account {account}, your agency ({agency}) and the purpose.",
            "Cada consulta de un caso queda registrada con su cuenta {account}, su institución ({agency}) y el fin.",
        ),
        "which_purpose": Words(
            "What do you need it for?",
            "¿Para qué lo necesita?",
        ),
        "go_on": Words(
            "Go on",
            "Continuar",
        ),
        "case_moves": Words("What you can do now", "Lo que puede hacer ahora"),
        "case_moves_text": Words(
            "Each form is an event of your agency. You get a receipt for it.",
            "Cada formulario es un hecho de su institución. Usted recibe un acuse de recibo.",
        ),
        "which_person": Words("Person", "Persona"),
        "refer": Words("Send a referral", "Enviar una remisión"),
        "refer_to": Words("To which agency", "A qué institución"),
        "record_consent": Words("Record what is said about sharing", "Registrar lo que se dice sobre compartir datos"),
        "consent_said": Words("Who says what", "Quién dice qué"),
        "said_yes": Words("The person consents", "La persona consiente"),
        "said_limits": Words("The person consents with limits", "La persona consiente con límites"),
        "said_no": Words("The person refuses", "La persona se niega"),
        "guardian_yes": Words("A guardian consents for a child", "Quien ejerce la tutela de una niña o niño consiente"),
        "guardian_no": Words("A guardian refuses for a child", "Quien ejerce la tutela de una niña o niño se niega"),
        "state_guardian_yes": Words(
            "Human Services consents for a child, as guardian by law",
            "Servicios Humanos consiente por una niña o niño, en ejercicio legal de la tutela",
        ),
        "guardian_id": Words("The guardian's id", "Identificador de quien ejerce la tutela"),
        "guardian_hint": Words(
            "Only where a guardian speaks: per-… as the case has it. Consent of a guardian who is tied to the child "
            "as a suspect opens nothing.",
            "Solo cuando habla quien ejerce la tutela: per-… como está en el caso. No abre nada el consentimiento de "
            "quien está vinculado a la niña o niño como sospechoso.",
        ),
        "withdrawn_by": Words("Who takes it back", "Quién lo retira"),
        "consent_purposes": Words("For what", "Para qué"),
        "consent_purposes_hint": Words(
            "Consent holds for what is chosen here, a refusal without a choice for everything.",
            "El consentimiento vale para lo elegido aquí; una negativa sin elección, para todo.",
        ),
        "consent_recipients": Words("With which agencies", "Con qué instituciones"),
        "consent_recipients_hint": Words(
            "Consent holds for the agencies chosen here, a refusal without a choice for all.",
            "El consentimiento vale para las instituciones elegidas aquí; una negativa sin elección, para todas.",
        ),
        "determine": Words(
            "Record a determination of best interest",
            "Registrar una determinación del interés superior",
        ),
        "determine_text": Words(
            "Sharing is in a child’s best interest, although no guardian consented. It opens nothing over an adult’s "
            "no, and nothing after the review date.",
            "Compartir responde al interés superior de una niña o niño, aunque nadie que ejerza la tutela consintió. "
            "No abre nada contra la negativa de una persona adulta, ni después de la fecha de revisión.",
        ),
        "determined_by": Words("Who decided it", "Quién lo decidió"),
        "determined_on": Words("When it was decided", "Cuándo se decidió"),
        "determined_because": Words("Why", "Por qué"),
        "review_on": Words("Review date", "Fecha de revisión"),
        "review_on_hint": Words(
            "On this day at the latest somebody decides anew. The determination ends with it. It is at most 92 days "
            "after the decision.",
            "A más tardar este día se decide de nuevo. La determinación termina con él. Son a lo sumo 92 días "
            "después de la decisión.",
        ),
        "child_wish": Words("The child’s own wish", "El deseo propio de la niña o el niño"),
        "withdraw_consent": Words("Take consent back", "Retirar el consentimiento"),
        "withdraw_text": Words(
            "All consent of the person ends. Each agency that knows of the person is told, and must acknowledge.",
            "Termina todo consentimiento de la persona. Cada institución que sabe de ella recibe aviso y acusa recibo.",
        ),
        "prove_why": Words(
            "You signed in more than 15 minutes ago. Type your password again.",
            "Usted inició sesión hace más de 15 minutos. Escriba de nuevo su contraseña.",
        ),
        "prove_wrong": Words(
            "The password is not right. Try again.",
            "La contraseña no es correcta. Intente de nuevo.",
        ),
        "prove_by_link": Words(
            "Without a password, sign in again with a new link from the operator.",
            "Si no tiene contraseña, inicie sesión otra vez con un enlace nuevo de quien opera el sistema.",
        ),
        "cases_for": Words(
            "Cases of which your agency sees something. Purpose: {purpose}.",
            "Casos de los que su institución ve algo. Fin: {purpose}.",
        ),
        "other_purpose": Words(
            "Another purpose",
            "Otro fin",
        ),
        "events_seen": Words(
            "Events that you see",
            "Hechos que usted ve",
        ),
        "newest": Words(
            "Last one received",
            "Último recibido",
        ),
        "open_findings": Words(
            "Open findings",
            "Hallazgos sin cerrar",
        ),
        "no_cases": Words(
            "Your agency sees no case for this purpose.",
            "Su institución no ve ningún caso para este fin.",
        ),
        "case_for": Words(
            "As {agency} sees it. Purpose: {purpose}.",
            "Como lo ve {agency}. Fin: {purpose}.",
        ),
        "look_noted": Words(
            "This look was noted.",
            "Esta consulta quedó registrada.",
        ),
        "case_findings": Words("What does not go together", "Lo que no concuerda"),
        "timeline": Words(
            "Timeline",
            "Cronología",
        ),
        "lanes": Words(
            "Events by area and month",
            "Hechos por área y mes",
        ),
        "no_date": Words(
            "No date",
            "Sin fecha",
        ),
        "in_finding": Words(
            "in an open finding",
            "en un hallazgo sin cerrar",
        ),
        "lanes_key": Words(
            "The number is the day. ▲: an open finding names this event. ●: the day is known. ○: the day is not "
            "known, or there is more than one.",
            "El número es el día. ▲: un hallazgo sin cerrar nombra este hecho. ●: se sabe el día. ○: no se sabe el "
            "día, o es más de uno.",
        ),
        "timeline_count": Words(
            "{n} events, in the order in which they happened.",
            "{n} hechos, en el orden en que ocurrieron.",
        ),
        "hidden": Words(
            "{n} more events are not for your agency or not for this purpose.",
            "Otros {n} hechos no son para su institución o no para este fin.",
        ),
        "area": Words(
            "Area",
            "Área",
        ),
        "what_happened": Words(
            "What happened",
            "Qué pasó",
        ),
        "said_by": Words(
            "Who said it",
            "Quién lo informó",
        ),
        "says": Words(
            "Details",
            "Detalles",
        ),
        "agency_findings_intro": Words(
            "Records that do not go together, in cases of which your agency sees something, and dangers. "
            "Open ones come first.",
            "Registros que no concuerdan, en casos de los que su institución ve algo, y peligros. Primero "
            "los que no se han cerrado.",
        ),
        "findings_count": Words(
            "{n} findings",
            "{n} hallazgos",
        ),
        "no_agency_findings": Words(
            "There is no finding that your agency may see.",
            "No hay hallazgos que su institución pueda ver.",
        ),
        "finding_open": Words(
            "Open",
            "Sin cerrar",
        ),
        "finding_closed": Words(
            "Ruled on",
            "Dictaminado",
        ),
        "finding_coming": Words(
            "Not due yet",
            "Aún no vence",
        ),
        "open_finding": Words(
            "See the finding",
            "Ver el hallazgo",
        ),
        "all_findings": Words(
            "All findings",
            "Todos los hallazgos",
        ),
        "since_when": Words(
            "Open since",
            "Abierto desde",
        ),
        "records": Words(
            "Records",
            "Registros",
        ),
        "told_agencies": Words(
            "Agencies that are told",
            "Instituciones que reciben aviso",
        ),
        "told_none": Words(
            "This kind of finding sends no message. Agencies that see the case find it in their lists.",
            "Este tipo de hallazgo no envía ningún aviso. Las instituciones que ven el caso lo encuentran en sus "
            "listas.",
        ),
        "told_hidden": Words(
            "Your agency does not see all of the records, so this page does not say which agencies are told.",
            "Su institución no ve todos los registros; por eso esta página no dice qué instituciones reciben aviso.",
        ),
        "told_unless": Words(
            "An agency from which the case is kept is not told.",
            "Una institución que no tiene acceso al caso no recibe aviso.",
        ),
        "rule_title": Words(
            "Rule on this finding",
            "Dictaminar este hallazgo",
        ),
        "rule_hint": Words(
            "Your agency says what it found when it looked into it. The finding is closed until the ruling "
            "is taken back.",
            "Su institución dice qué encontró al revisarlo. El hallazgo queda cerrado hasta que se retire el dictamen.",
        ),
        "rule": Words(
            "Send the ruling",
            "Enviar el dictamen",
        ),
    }
)
