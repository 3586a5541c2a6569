"""Words of the pages of clerks, operators and the IEC committee."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.presentation.bilingual_text import Words

WORDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "sheets": Words("Sheets", "Hojas"),
        "receipts": Words("Receipts", "Acuses de recibo"),
        "refusals": Words("Refused", "Rechazados"),
        "sheets_intro": Words(
            "Take an empty sheet, fill in one row for each record, and check it here. Checking sends nothing.",
            "Tome una hoja vacía, llene una fila por cada registro y revísela aquí. Revisar no envía nada.",
        ),
        "check_title": Words("Check a filled sheet", "Revisar una hoja llena"),
        "choose_file": Words("Sheet", "Hoja"),
        "choose_hint": Words(
            "An .xlsx or .csv file of at most {mib} MiB and {rows} rows.",
            "Un archivo .xlsx o .csv de {mib} MiB y {rows} filas como máximo.",
        ),
        "check_button": Words("Check the sheet", "Revisar la hoja"),
        "types_title": Words("Empty sheets", "Hojas vacías"),
        "types_intro": Words(
            "The records that your agency reports. Each sheet explains its columns and offers the codes.",
            "Los registros que informa su institución. Cada hoja explica sus columnas y ofrece los códigos.",
        ),
        "record": Words("Record", "Registro"),
        "take_sheet": Words("Empty sheet", "Hoja vacía"),
        "no_agency_key": Words(
            "These pages do not hold your agency's key, so they can send nothing. An office with a connection of its "
            "own sends sheets with atips publish. If that is refused too, the access of your agency has ended: ask the "
            "operator.",
            "Estas páginas no tienen la clave de su institución, así que no pueden enviar nada. Una oficina con "
            "conexión propia envía hojas con atips publish. Si eso también se rechaza, el acceso de su institución "
            "terminó: pregunte a quien opera el sistema.",
        ),
        "agency_key_refused": Words(
            "The event service no longer takes the key of your agency: its access has ended, or the key was "
            "replaced. This request sent nothing. What was accepted before is kept. Ask the operator; trying again "
            "does not help.",
            "El servicio de eventos ya no acepta la clave de su institución: su acceso terminó o la clave se "
            "reemplazó. Esta solicitud no envió nada. Lo aceptado antes se conserva. Pregunte a quien opera el "
            "sistema; intentar de nuevo no ayuda.",
        ),
        "door_away": Words(
            "The event service does not answer. Nothing is lost. Try again in a minute; a record that was sent twice "
            "counts once.",
            "El servicio de eventos no responde. No se perdió nada. Intente de nuevo en un minuto; un registro enviado "
            "dos veces cuenta una.",
        ),
        "no_sheet": Words("This sheet cannot be read: {why}.", "Esta hoja no se puede leer: {why}."),
        "other_agency": Words(
            "Your agency does not report {type}. Take one of the sheets below.",
            "Su institución no informa {type}. Tome una de las hojas de abajo.",
        ),
        "too_many_rows": Words(
            "The sheet has more than {rows} rows. Divide it, or send it with atips publish.",
            "La hoja tiene más de {rows} filas. Divídala o envíela con atips publish.",
        ),
        "upload_large": Words(
            "The file has more than {mib} MiB. Divide it, or send it with atips publish.",
            "El archivo tiene más de {mib} MiB. Divídalo o envíelo con atips publish.",
        ),
        "upload_slow": Words(
            "The file came too slowly. Try again.", "El archivo llegó demasiado despacio. Intente de nuevo."
        ),
        "upload_unreadable": Words(
            "No file came with the form. Choose a file and try again.",
            "El formulario llegó sin archivo. Elija un archivo e intente de nuevo.",
        ),
        "uploads_busy": Words(
            "Many sheets are being checked now. Try again in some minutes.",
            "Ahora se revisan muchas hojas. Intente de nuevo en unos minutos.",
        ),
        "upload_over": Words(
            "This sheet is no longer kept: that lasts ten minutes. Choose the file again.",
            "Esta hoja ya no se guarda: eso dura diez minutos. Elija el archivo otra vez.",
        ),
        "checked_title": Words("Your sheet was checked", "Su hoja fue revisada"),
        "sent_title": Words("Your sheet was sent", "Su hoja fue enviada"),
        "nothing_sent": Words("Nothing has been sent yet.", "Todavía no se ha enviado nada."),
        "page_of_book": Words("sheet {page}", "hoja {page}"),
        "rows_read": Words("Rows", "Filas"),
        "rows_to_send": Words("New, to be sent", "Nuevas, por enviar"),
        "rows_accepted": Words("Accepted", "Aceptadas"),
        "rows_before": Words("Accepted before", "Aceptadas antes"),
        "rows_wrong": Words("Wrong", "Con errores"),
        "rows_refused": Words("Not accepted", "No aceptadas"),
        "rows_unconfirmed": Words("Without an answer", "Sin respuesta"),
        "unconfirmed_text": Words(
            "Some rows have no answer yet. Check the same sheet again and send it: no row counts twice.",
            "Algunas filas aún no tienen respuesta. Revise la misma hoja otra vez y envíela: ninguna fila cuenta dos "
            "veces.",
        ),
        "wrong_title": Words("Wrong cells", "Celdas con errores"),
        "cell": Words("Cell", "Celda"),
        "column": Words("Column", "Columna"),
        "what_is_wrong": Words("What is wrong", "Qué está mal"),
        "what_to_do": Words("What to do", "Qué hacer"),
        "only_first": Words(
            "The first {n} are shown. The sheet with its errors has all.",
            "Se muestran las primeras {n}. La hoja con sus errores las tiene todas.",
        ),
        "doubtful_title": Words("Days to look at again", "Fechas que conviene revisar"),
        "doubtful_text": Words(
            "These rows can be sent as they are. Look first whether a day is mistyped.",
            "Estas filas se pueden enviar así. Revise antes si una fecha está mal escrita.",
        ),
        "doubtful_text_sent": Words(
            "These rows were accepted. If a day is mistyped, correct it in the sheet with the next number under "
            "revision, and send the sheet again.",
            "Estas filas se aceptaron. Si una fecha está mal escrita, corríjala en la hoja con el número siguiente en "
            "«revisión» y envíe la hoja otra vez.",
        ),
        "only_first_days": Words("The first {n} are shown.", "Se muestran las primeras {n}."),
        "take_errors": Words(
            "Take the sheet back, with what is wrong beside each row",
            "Recibir la hoja de vuelta, con lo que está mal junto a cada fila",
        ),
        "take_receipts": Words(
            "Take the sheet back, with the receipt of each row",
            "Recibir la hoja de vuelta, con el acuse de cada fila",
        ),
        "errors_file": Words("errors", "errores"),
        "send_one": Words("Send 1 row", "Enviar 1 fila"),
        "send_good_one": Words("Send the row that is right", "Enviar la fila correcta"),
        "send_all": Words("Send {n} rows", "Enviar {n} filas"),
        "send_good": Words("Send the {n} rows that are right", "Enviar las {n} filas correctas"),
        "nothing_to_send": Words("There is no new row to send.", "No hay ninguna fila nueva por enviar."),
        "other_sheet": Words("Check another sheet", "Revisar otra hoja"),
        "all_right": Words("Every row is right.", "Todas las filas están bien."),
        "receipts_intro": Words(
            "What became of the records that your agency sent, the latest first; at most {n}. Of a move of a "
            "referral it says only whether the message was accepted. Whether the move has effect, the inbox says.",
            "Qué pasó con los registros que envió su institución, los más recientes primero; {n} como máximo. De un "
            "paso en una remisión dice solo si se aceptó el mensaje. Si el paso tiene efecto, lo dice la bandeja "
            "de entrada.",
        ),
        "take_back": Words(
            "To take back a record that should never have been sent: choose a reason under retraction_reason in its "
            "row of the sheet, and send the sheet again.",
            "Para retirar un registro que no debió enviarse: elija un motivo en «motivo del retiro» en su fila de la "
            "hoja y envíe la hoja otra vez.",
        ),
        "receipt_no": Words("No.", "N.º"),
        "received_at": Words("When", "Cuándo"),
        "receipt_status": Words("Outcome", "Resultado"),
        "event_id": Words("Event", "Evento"),
        "status_accepted": Words("accepted", "aceptado"),
        "status_refused": Words("refused", "rechazado"),
        "why_refused": Words("Why", "Por qué"),
        "place": Words("Place", "Lugar"),
        "whole_event": Words("the whole", "el evento entero"),
        "type_unknown": Words("unknown", "desconocido"),
        "no_receipts": Words("Your agency has sent nothing yet.", "Su institución aún no ha enviado nada."),
        "refusals_intro": Words(
            "Records of your agency that were refused and not repaired yet. An operator can send an entry again or "
            "close it; no content is shown here.",
            "Registros de su institución que se rechazaron y aún no se corrigen. Quien opera el sistema puede reenviar "
            "o cerrar una entrada; aquí no se muestra su contenido.",
        ),
        "no_refusals": Words("Nothing of your agency is refused.", "Nada de su institución está rechazado."),
        "refusals_more": Words("There are more than {n} entries.", "Hay más de {n} entradas."),
        "entries_n": Words("{n} entries", "{n} entradas"),
        "urgent": Words(
            "urgent: a referral, consent or victim", "urgente: una remisión, un consentimiento o una víctima"
        ),
        "only_earliest": Words("The first {n} are shown.", "Se muestran las primeras {n}."),
        "attempts": Words("Attempts", "Intentos"),
        "entry": Words("Entry", "Entrada"),
        "refused_at": Words("Last refused", "Último rechazo"),
        "prevention": Words("Prevention", "Prevención"),
        "prevention_intro": Words(
            "Training, awareness, media and inspections of the period, all of the area of prevention. No event says "
            "which objective an activity is for: the Council's plan names the figures of each objective. Below, "
            "figures, indicators and money stand by area and objective of the strategy.",
            "Capacitación, sensibilización, medios e inspecciones del período, todo del área de prevención. Ningún "
            "evento dice para qué objetivo es una actividad: el plan del Consejo nombra las cifras de cada objetivo. "
            "Más abajo están las cifras, los indicadores y el dinero por área y objetivo de la estrategia.",
        ),
        "topic_training": Words("Training", "Capacitación"),
        "topic_awareness": Words("Awareness", "Sensibilización"),
        "topic_media": Words("Media", "Medios"),
        "topic_inspections": Words("Inspections", "Inspecciones"),
        "topic_projects": Words("Projects and products", "Proyectos y productos"),
        "by_dimension": Words("by {of}", "por {of}"),
        "strategy_title": Words(
            "The strategy: what is planned and what is reached", "La estrategia: lo planeado y lo alcanzado"
        ),
        "plan_form": Words("What the plan's file looks like", "Cómo es el archivo del plan"),
        "plan_empty": Words(
            "The Council has not written the plan's file yet, so objectives and indicators have no names, figures, "
            "baselines or targets here. Below stands what agencies reported, by the plan's own numbers. The operator "
            "names the file in ATIPS_PLAN_FILE.",
            "El Consejo aún no ha escrito el archivo del plan, por eso aquí los objetivos e indicadores no tienen "
            "nombre, cifras, línea de base ni meta. Abajo está lo que informaron las instituciones, con los números "
            "del plan. Quien opera el sistema indica el archivo en ATIPS_PLAN_FILE.",
        ),
        "strategy_intro": Words(
            "Baselines and targets are those of the Council's plan on the period's last day. The level is the last one "
            "reported; the amount counted is the period's value of a figure that the plan names. Money is in Belize "
            "dollars.",
            "Las líneas de base y metas son las del plan del Consejo el último día del período. El nivel es el último "
            "informado; lo contado es el valor del período de una cifra que el plan nombra. El dinero está en dólares "
            "beliceños.",
        ),
        "objective_or_indicator": Words("Objective, figure or indicator", "Objetivo, cifra o indicador"),
        "baseline": Words("Baseline", "Línea de base"),
        "target": Words("Target", "Meta"),
        "level": Words("Level", "Nivel"),
        "counted": Words("Counted", "Contado"),
        "target_is": Words("Target is", "La meta está"),
        "budget_planned": Words("Planned, BZ$", "Previsto, BZ$"),
        "budget_spent": Words("Spent, BZ$", "Gastado, BZ$"),
        "whole_area": Words("The whole area", "Toda el área"),
        "no_name_in_plan": Words("(no name in the plan's table)", "(sin nombre en la tabla del plan)"),
        "nothing_of_area": Words(
            "Nobody has reported an indicator or a budget of this area.",
            "Nadie ha informado un indicador ni un presupuesto de esta área.",
        ),
        "services": Words("Services", "Servicios"),
        "actions_title": Words("What needs action first", "Qué requiere acción primero"),
        "no_actions": Words("Nothing needs action now.", "Nada requiere acción ahora."),
        "act_silent": Words(
            "{service} does not answer. Look into its log, then: atips status.",
            "{service} no responde. Mire su registro y después: atips status.",
        ),
        "act_not_ready": Words(
            "{service} is not ready ({why}). Look into its log.", "{service} no está listo ({why}). Mire su registro."
        ),
        "act_behind": Words(
            "{service} is {n} records behind. Wait, and look whether the number falls.",
            "{service} lleva {n} registros de retraso. Espere y mire si el número baja.",
        ),
        "act_not_delivered": Words(
            "Somebody waits for {n} refused records of {agency}. See: atips quarantine list --agency {agency}.",
            "Alguien espera {n} registros rechazados de {agency}. Vea: atips quarantine list --agency {agency}.",
        ),
        "act_full": Words(
            "The quarantine of {agency} is full: {n} refusals were not kept. Close or repair entries.",
            "La cuarentena de {agency} está llena: {n} rechazos no se guardaron. Cierre o corrija entradas.",
        ),
        "act_old": Words(
            "{agency} has {n} open refusals, the oldest more than a week old. Ask the agency to repair them.",
            "{agency} tiene {n} rechazos abiertos, el más antiguo de más de una semana. Pida a la institución que los "
            "corrija.",
        ),
        "services_title": Words("Services", "Servicios"),
        "service_name": Words("Service", "Servicio"),
        "act_inbound": Words(
            "{n} records of {topic} are not judged yet. Wait, and look whether the number falls.",
            "{n} registros de {topic} aún no se han juzgado. Espere y mire si el número baja.",
        ),
        "inbound_title": Words("Inbound topics: records that are not judged", "Temas de entrada: registros sin juzgar"),
        "inbound_none": Words("Everything that was sent is judged.", "Todo lo que se envió está juzgado."),
        "inbound_silent": Words("intake does not answer, so nobody knows.", "intake no responde, así que no se sabe."),
        "topic": Words("Topic", "Tema"),
        "lag": Words("Records behind", "Registros de retraso"),
        "migration": Words("Migration", "Migración"),
        "ready": Words("ready", "listo"),
        "not_ready": Words("not ready", "no está listo"),
        "service_silent": Words("no answer", "sin respuesta"),
        "doors_title": Words("Doors for agencies", "Puertas para las instituciones"),
        "door": Words("Door", "Puerta"),
        "door_kafka": Words("Kafka", "Kafka"),
        "door_https": Words("HTTPS", "HTTPS"),
        "open": Words("open", "abierta"),
        "shut": Words("shut", "cerrada"),
        "quarantine_title": Words("Quarantine", "Cuarentena"),
        "quarantine_empty": Words("Nothing is open.", "No hay nada abierto."),
        "open_entries": Words("Open", "Abiertas"),
        "urgent_n": Words("Urgent (referral, consent, victim)", "Urgentes (remisión, consentimiento, víctima)"),
        "oldest": Words("Oldest", "La más antigua"),
        "kept_kib": Words("Kept, KiB", "Guardado, KiB"),
        "not_kept": Words("Not kept", "No guardadas"),
        "positions_title": Words("Positions", "Posiciones"),
        "position_line": Words("Last number given out", "Último número dado"),
        "position_relay": Words("Last number on the log", "Último número en el registro de Kafka"),
        "position_figures": Words("Figures complete to", "Cifras completas hasta"),
        "versions_title": Words("Versions", "Versiones"),
        "accounts_title": Words("Accounts", "Cuentas"),
        "role": Words("Role", "Función"),
        "active": Words("Active", "Activas"),
        "disabled": Words("Disabled", "Deshabilitadas"),
        "role_operations": Words("operations committee", "comité de operaciones"),
        "role_iec": Words("IEC committee", "comité IEC"),
        "role_m_and_e": Words("M&E committee", "comité M&E"),
        "role_auditor": Words("auditor", "auditoría"),
        "role_officer": Words("officer", "oficial de casos"),
        "role_clerk": Words("clerk", "registro"),
        "role_operator": Words("operator", "operación"),
        "metrics_text": Words(
            "Each service's numbers for Prometheus are at /metrics of its admin port.",
            "Los números de cada servicio para Prometheus están en /metrics de su puerto de administración.",
        ),
        "unreadable": Words("cannot be read", "no se puede leer"),
    }
)
