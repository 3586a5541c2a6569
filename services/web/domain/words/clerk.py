"""Words of the pages of clerks, operators and the IEC committee."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.presentation.terms import Words

WORDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "sheets": Words("Sheets", "Hojas"),
        "receipts": Words("Receipts", "Acuses de recibo"),
        "refusals": Words("Refused", "Rechazados"),
        "sheets_intro": Words(
            "Take an empty sheet, fill in one row for each record, and check it here. Nothing is sent yet.",
            "Tome una hoja vacía, llene una fila por cada registro y revísela aquí. Nada se envía todavía.",
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
        "sheet_type": Words("Name of the sheet", "Nombre de la hoja"),
        "take_sheet": Words("Empty sheet", "Hoja vacía"),
        "no_agency_key": Words(
            "These pages do not hold your agency's key, so they can send nothing. Your office sends sheets with its "
            "own connection: atips publish.",
            "Estas páginas no tienen la clave de su institución, así que no pueden enviar nada. Su oficina envía hojas "
            "con su propia conexión: atips publish.",
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
        "page_of_book": Words("page “{page}”", "hoja «{page}»"),
        "rows_read": Words("Rows", "Filas"),
        "rows_to_send": Words("New, to be sent", "Nuevas, por enviar"),
        "rows_accepted": Words("Accepted", "Aceptadas"),
        "rows_before": Words("Accepted before", "Aceptadas antes"),
        "rows_wrong": Words("Wrong", "Con errores"),
        "rows_refused": Words("Refused", "Rechazadas"),
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
        "take_errors": Words(
            "Take the sheet back, with what is wrong beside each row",
            "Recibir la hoja de vuelta, con lo que está mal junto a cada fila",
        ),
        "take_receipts": Words(
            "Take the sheet back, with the receipt of each row",
            "Recibir la hoja de vuelta, con el acuse de cada fila",
        ),
        "errors_file": Words("errors", "errores"),
        "send_all": Words("Send {n} rows", "Enviar {n} filas"),
        "send_good": Words("Send the {n} rows that are right", "Enviar las {n} filas correctas"),
        "nothing_to_send": Words("There is no new row to send.", "No hay ninguna fila nueva por enviar."),
        "other_sheet": Words("Check another sheet", "Revisar otra hoja"),
        "all_right": Words("Every row is right.", "Todas las filas están bien."),
        "receipts_intro": Words(
            "What became of the records that your agency sent, the latest first; at most {n}.",
            "Qué pasó con los registros que envió su institución, los más recientes primero; {n} como máximo.",
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
        "waited_for": Words("somebody waits for it", "alguien lo espera"),
        "only_earliest": Words("The first {n} are shown.", "Se muestran las primeras {n}."),
        "attempts": Words("Attempts", "Intentos"),
        "entry": Words("Entry", "Entrada"),
        "refused_at": Words("Last refused", "Último rechazo"),
        "unreadable": Words("cannot be read", "no se puede leer"),
    }
)
