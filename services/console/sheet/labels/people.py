"""Labels of what is said of persons, cases, referrals and courts."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.console.sheet.labels.word import Words

PEOPLE: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "acts": Words("What was done to the person", "Qué se hizo con la persona"),
        "age_group": Words("Age group", "Grupo de edad"),
        "anonymous": Words("Whether it was anonymous", "Si fue anónima"),
        "citizenship": Words("Citizenship", "Ciudadanía"),
        "control": Words("How the person was controlled", "Cómo se controlaba a la persona"),
        "decided_by": Words("Who decided on the status", "Quién decidió la condición"),
        "destination": Words("Country of return", "País de retorno"),
        "return_kind": Words("Voluntary return or deportation", "Retorno voluntario o deportación"),
        "removal_ordered": Words("Ordered to leave the country", "Con orden de salir del país"),
        "district": Words("District", "Distrito"),
        "exploitation": Words("Form of exploitation", "Forma de explotación"),
        "gender": Words("Gender", "Género"),
        "identified_by": Words("Who identified the person", "Quién identificó a la persona"),
        "means": Words("Means used", "Medios empleados"),
        "minor_at_exploitation": Words("A child when exploited", "Menor de edad al ser explotada"),
        "nationalities": Words("Nationalities among them", "Nacionalidades entre ellos"),
        "new_or_carried_over": Words("New, or from an earlier year", "Nuevo, o de un año anterior"),
        "operator": Words("Who runs the shelter", "Quién administra el albergue"),
        "perpetrator_roles": Words("Part played in the trafficking", "Papel en la trata"),
        "population": Words(
            "Sheltered as a victim or as a migrant child", "Acogida como víctima o como menor migrante"
        ),
        "procedure_version": Words("Version of the procedure followed", "Versión del procedimiento aplicado"),
        "programme_year": Words("Year of the programme", "Año del programa"),
        "provider": Words("Who provides the service", "Quién presta el servicio"),
        "recruiter_relation": Words("Recruiter’s relation to the victim", "Relación del reclutador con la víctima"),
        "referral_source": Words("Who referred the person", "Quién remitió a la persona"),
        "relationship": Words("Suspect’s relation to the victim", "Relación del sospechoso con la víctima"),
        "requested_by": Words("Who asked for it", "Quién lo solicitó"),
        "role": Words("Victim or suspect", "Víctima o sospechoso"),
        "scheme": Words("Programme applied under", "Programa al que se acoge la solicitud"),
        "service_type": Words("Kind of service", "Tipo de servicio"),
        "service_types": Words("Kinds of services", "Tipos de servicios"),
        "sex": Words("Sex", "Sexo"),
        "shelter_form": Words("Form of shelter", "Forma de albergue"),
        "status": Words("Status", "Estado"),
        "tool": Words("Screening tool", "Instrumento de detección"),
        "victim_status_at_time": Words("Status as a victim at the time", "Condición de víctima en ese momento"),
        "vulnerabilities": Words("Vulnerabilities", "Vulnerabilidades"),
        # consent
        "basis": Words("On what the consent rests", "En qué se basa el consentimiento"),
        "consent": Words(
            "Which consent, by its event; empty: all given so far",
            "Qué consentimiento, por su evento; vacío: todos los dados hasta ahora",
        ),
        "expires_on": Words("Last day on which it holds", "Último día de vigencia"),
        "given_by": Words("Who gave it", "Quién lo dio"),
        "wish": Words("What the child wants", "Qué quiere la niña o el niño"),
        "determined_by": Words(
            "Who found it to be in the child’s best interest", "Quién determinó que es por su interés superior"
        ),
        "determined_on": Words("Day of that determination", "Día de esa determinación"),
        "determined_because": Words("Reason of that determination", "Motivo de esa determinación"),
        "review_on": Words("Last day on which that determination holds", "Último día de vigencia de esa determinación"),
        "purposes": Words("What it is for", "Para qué es"),
        "recipients": Words("Who may be told", "A quién se puede comunicar"),
        "agencies": Words("Agencies that are named", "Instituciones que se nombran"),
        "lasting": Words("Agencies kept out for good", "Instituciones excluidas sin plazo"),
        "until": Words("When that ends for the others", "Cuándo termina para las demás"),
        "shut_out": Words("Who may see nothing of the person", "Quién no puede ver nada de la persona"),
        "withdrawn_by": Words("Who withdrew it", "Quién lo retiró"),
        # referrals
        "answered_n": Words("Number of the last event looked at", "Número del último evento considerado"),
        "attempt_no": Words("Which attempt for the same need: 1, 2 …", "Qué intento para la misma necesidad: 1, 2 …"),
        "code_version": Words("Version of the code that decided", "Versión del código que decidió"),
        "decided_at": Words("Time used for the decision", "Hora usada para decidir"),
        "due_at": Words("When it is due", "Cuándo vence"),
        "expected_start_on": Words("When work is expected to begin or go on", "Cuándo se espera empezar o continuar"),
        "from_agency": Words("Agency that sends the referral", "Institución que remite"),
        "latest_start_on": Words(
            "Last day on which work may begin, as the sender agrees",
            "Último día para empezar, según acepta quien remite",
        ),
        "holder": Words("Agency that holds the referral", "Institución que tiene la remisión"),
        "kept_from": Words("Agency that may not see the case", "Institución que no puede ver el caso"),
        "move": Words("The move that was refused, by its event", "El paso denegado, por su evento"),
        "standing": Words("Moves that count after all", "Pasos que valen después de todo"),
        "policy_version": Words("Version of the policy followed", "Versión de la política aplicada"),
        "reason": Words("Reason", "Motivo"),
        "refused_by": Words("Who said no: the person or the provider", "Quién no quiso: la persona o la entidad"),
        "risk_level": Words("Risk to the person", "Riesgo para la persona"),
        "sender_desk": Words("Your unit that asks", "Unidad suya que lo pide"),
        "sender_reference": Words("Your number for the answer to quote", "Número suyo para citar en la respuesta"),
        "state": Words("State of the referral", "Estado de la remisión"),
        "to_agency": Words("Agency that is asked", "Institución a la que se pide"),
        "told": Words("Who is told of it", "A quién se comunica"),
        "urgency": Words("Urgency; empty counts as urgent", "Urgencia; vacío se considera urgente"),
        # police and courts
        "activities": Words("What was done in the operation", "Qué se hizo en el operativo"),
        "against": Words("What the appeal is against", "Contra qué se apela"),
        "amount_cents": Words("Amount, in cents of the Belize dollar", "Monto, en centavos de dólar beliceño"),
        "appellant": Words("Who appeals", "Quién apela"),
        "applied_on": Words("Day of the application", "Fecha de la solicitud"),
        "conditions": Words("Conditions of bail", "Condiciones de la fianza"),
        "counts_n": Words("Number of counts in the charge", "Número de imputaciones del cargo"),
        "court": Words("Court", "Tribunal"),
        "custodial_months": Words("Months of imprisonment", "Meses de prisión"),
        "fine_cents": Words("Fine, in cents of the Belize dollar", "Multa, en centavos de dólar beliceño"),
        "joint_with": Words("Carried out together with", "Realizado junto con"),
        "kinds": Words("What the sentence consists of", "En qué consiste la sentencia"),
        "lead": Words("Who led it", "Quién lo dirigió"),
        "mode": Words("Who decides on guilt", "Quién decide sobre la culpabilidad"),
        "next_on": Words(
            "Day for which it, or the next one, is set down", "Día fijado para ella, o para la siguiente audiencia"
        ),
        "offence_from": Words("First day, month or year of the offence", "Primer día, mes o año del delito"),
        "offence_to": Words(
            "Last day, month or year of an offence that lasted", "Último día, mes o año de un delito que duró"
        ),
        "offence": Words("Offence", "Delito"),
        "on_warrant": Words("On a warrant", "Por orden judicial"),
        "outcome": Words("Outcome", "Resultado"),
        "recommendations_n": Words("Number of recommendations", "Número de recomendaciones"),
        "reviewer": Words("Who reviewed it, if not you", "Quién lo revisó, si no fue usted"),
        "stage": Words("Stage", "Etapa"),
        "suspected_offence": Words("Suspected offence", "Presunto delito"),
    }
)
