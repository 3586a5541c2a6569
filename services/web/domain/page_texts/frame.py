"""Texts of the frame of every page, of signing in, and of error responses."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.presentation.bilingual_text import Words

WORDS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "service": Words("A-TIPs Council: figures", "Consejo A-TIPs: cifras"),
        "skip": Words("Skip to the content", "Ir al contenido"),
        "menu": Words("Menu", "Menú"),
        "home": Words("Home", "Inicio"),
        "figures": Words("Figures", "Cifras"),
        "grid": Words("Who published", "Quién publicó"),
        "findings": Words("What does not agree", "Lo que no concuerda"),
        "other_language": Words("Español", "English"),
        "sign_in": Words("Sign in", "Iniciar sesión"),
        "sign_out": Words("Sign out", "Cerrar sesión"),
        "signed_in_as": Words("Signed in as", "Sesión de"),
        "account": Words("Account", "Cuenta"),
        "password": Words("Password", "Contraseña"),
        "present_password": Words("Present password", "Contraseña actual"),
        "new_password": Words("New password", "Contraseña nueva"),
        "set_password": Words("Set a password", "Crear una contraseña"),
        "password_hint": Words(
            "Twelve characters or more. Several words that you remember are good.",
            "Doce caracteres o más. Sirven varias palabras que usted recuerde.",
        ),
        "password_short": Words(
            "The password has fewer than twelve characters. Choose a longer one.",
            "La contraseña tiene menos de doce caracteres. Elija una más larga.",
        ),
        "password_long": Words(
            "The password has more than 200 characters. Choose a shorter one.",
            "La contraseña tiene más de 200 caracteres. Elija una más corta.",
        ),
        "password_set": Words("The password is set.", "La contraseña quedó guardada."),
        "no_entry": Words(
            "The account and the password do not match. Check both and try again.",
            "La cuenta y la contraseña no coinciden. Revíselas e intente de nuevo.",
        ),
        "wait": Words(
            "There were several wrong passwords from your network. Wait {seconds} seconds and try again.",
            "Hubo varias contraseñas incorrectas desde su red. Espere {seconds} segundos e intente de nuevo.",
        ),
        "provider_text": Words(
            "You sign in with the account of your agency. Its page opens, and brings you back here.",
            "Usted inicia sesión con la cuenta de su institución. Se abre su página, que lo trae de vuelta.",
        ),
        "provider_sign_in": Words("Sign in with your agency's account", "Iniciar sesión con la cuenta institucional"),
        "provider_no_entry": Words(
            "You were not let in. The sign-in took too long, or your account has no role here. Sign in again. If this"
            " comes back, ask the operator which group your account must be in.",
            "No se le permitió entrar. El inicio de sesión tardó demasiado, o su cuenta no tiene una función aquí."
            " Inicie sesión otra vez. Si se repite, pregunte a quien opera el sistema a qué grupo pertenece su cuenta.",
        ),
        "provider_away": Words("Nobody can sign in now", "Ahora no se puede iniciar sesión"),
        "provider_away_text": Words(
            "The service that knows the accounts of the agencies does not answer. Try again in a minute.",
            "El servicio que conoce las cuentas institucionales no responde. Intente de nuevo en un minuto.",
        ),
        "prove_there": Words(
            "You signed in a while ago. Before a person's case is shown, sign in again: somebody else may sit here.",
            "Usted inició sesión hace un rato. Antes de mostrar el caso de una persona, inicie sesión otra vez: otra"
            " persona podría estar sentada aquí.",
        ),
        "password_there": Words(
            "You sign in with the account of your agency. Its password is kept and changed there.",
            "Usted inicia sesión con la cuenta de su institución. La contraseña se guarda y se cambia allí.",
        ),
        "link_title": Words("Sign in with a one-time link", "Iniciar sesión con un enlace de un solo uso"),
        "link_as": Words("This link opens the account", "Este enlace abre la cuenta"),
        "link_over": Words(
            "This link was used before or has ended. Ask the operator for a new one.",
            "Este enlace ya se usó o venció. Pida uno nuevo a quien opera el sistema.",
        ),
        "error_in_title": Words("Error:", "Error:"),
        "error_title": Words("There is a problem", "Hay un problema"),
        "prove_first": Words("Prove who you are first", "Compruebe primero quién es"),
        "prove_first_text": Words(
            "A person's case opens only for a password typed in the last 15 minutes, or a token that may look at cases."
            " Sign in again, or ask the operator for such a token.",
            "El caso de una persona solo se abre con una contraseña escrita en los últimos 15 minutos o con un token"
            " que pueda ver casos. Inicie sesión otra vez o pida ese token a quien opera el sistema.",
        ),
        "not_exact": Words("This token reads no exact figures", "Este token no lee cifras exactas"),
        "not_exact_text": Words(
            "It reads years and quarters that have ended, whole or by one dimension, without small numbers. For more"
            " ask the operator for a token with --exact. Each of its questions is noted.",
            "Lee años y trimestres terminados, enteros o por una dimensión, sin números pequeños. Para más, pida a"
            " quien opera el sistema un token con --exact. Cada una de sus consultas queda anotada.",
        ),
        "not_found": Words("There is no such page", "No existe esa página"),
        "not_found_text": Words(
            "Check the address, or begin at the home page.", "Revise la dirección o comience en la página de inicio."
        ),
        "wrong_question": Words("This address cannot be answered", "Esta dirección no se puede responder"),
        "wrong_question_text": Words(
            "It asks for something that the page does not have. Open the page from the menu and choose again.",
            "Pide algo que la página no tiene. Abra la página desde el menú y elija de nuevo.",
        ),
        "forbidden": Words("Your account may not open this", "Su cuenta no puede abrir esto"),
        "forbidden_text": Words(
            "The role of your account decides which pages it opens. Choose another page, or ask the operator for the"
            " role that you need.",
            "La función de su cuenta decide qué páginas abre. Elija otra página o pida a quien opera el sistema la"
            " función que necesita.",
        ),
        "stale_form": Words(
            "This form is too old. Open the page again and repeat what you did.",
            "Este formulario es demasiado antiguo. Abra la página otra vez y repita lo que hizo.",
        ),
        "form_not_taken": Words("The form was not taken", "El formulario no se aceptó"),
        "form_not_taken_text": Words(
            "It is too large, it came too slowly, or it is no form of these pages. Nothing was done. Send it again from"
            " the page, with less in it.",
            "Es demasiado grande, llegó demasiado despacio o no es de estas páginas. No se hizo nada. Envíelo de nuevo"
            " desde la página, con menos datos.",
        ),
        "account_busy": Words("Your account asks for too much at once", "Su cuenta pide demasiado a la vez"),
        "account_busy_text": Words(
            "Wait until some of it is answered, and ask again.", "Espere a que se responda una parte y pida de nuevo."
        ),
        "away": Words("The figures cannot be read now", "Las cifras no se pueden leer ahora"),
        "away_text": Words(
            "The database does not answer. Nothing is lost. Try again in a minute.",
            "La base de datos no responde. No se ha perdido nada. Intente de nuevo en un minuto.",
        ),
        "nothing_counted": Words("Nothing has been counted yet", "Todavía no se ha contado nada"),
        "nothing_counted_text": Words(
            "The service that counts events has just started. Nothing is lost. Try again in a minute. If this stays so,"
            " ask the operator to open the page Services.",
            "El servicio que cuenta los eventos acaba de empezar. No se ha perdido nada. Intente de nuevo en un minuto."
            " Si sigue así, pida a quien opera el sistema que abra la página Servicios.",
        ),
        "no_events_yet": Words(
            "No agency has published an event here yet. So every number is 0, and lists are empty.",
            "Ninguna institución ha publicado aún un evento aquí. Por eso cada número es 0 y las listas están vacías.",
        ),
        **dict.fromkeys(
            ("first_step_operations", "first_step_iec", "first_step_m_and_e", "first_step_auditor"),
            Words(
                "Figures appear when agencies send their first records. Ask the operator which agencies are enrolled.",
                "Las cifras aparecen cuando las instituciones envían sus primeros registros. Pregunte a quien opera el"
                " sistema qué instituciones están inscritas.",
            ),
        ),
        "first_step_officer": Words(
            "Cases, referrals and messages appear with the first records. A clerk sends your agency's records, and"
            " “atips referral send” sends a first referral.",
            "Los casos, las remisiones y los mensajes aparecen con los primeros registros. Quien digita envía los de su"
            " institución, y «atips referral send» envía una primera remisión.",
        ),
        "first_step_clerk": Words(
            "Begin on the page Sheets: take an empty sheet, fill it in, check it and send it.",
            "Comience en la página Hojas: tome una hoja vacía, llénela, compruébela y envíela.",
        ),
        "first_step_operator": Words(
            "Enrol the agencies first: “atips agency add CODE” makes an agency's key, “atips users add” an account.",
            "Inscriba primero a las instituciones: «atips agency add CODE» crea la clave de una institución y «atips"
            " users add», una cuenta.",
        ),
        "freshness": Words("How new the figures are", "Qué tan nuevas son las cifras"),
        "complete_to": Words("Complete to event {n}", "Completo hasta el evento {n}"),
        "accepted_at": Words("accepted {at}", "aceptado {at}"),
        "waiting": Words("{n} waiting", "{n} en espera"),
        "refused": Words("{n} refused", "{n} rechazados"),
        "withheld": Words("{n} persons or cases withheld", "{n} personas o casos retenidos"),
        "by_another_version": Words(
            "An upgrade is under way: another version of the code counted these figures. Some may be missing or read 0"
            " until it has ended.",
            "Hay una actualización en curso: otra versión del código contó estas cifras. Algunas pueden faltar o"
            " aparecer como 0 hasta que termine.",
        ),
        "newer": Words("There are newer events.", "Hay eventos más nuevos."),
        "show_newer": Words("Show the newer figures", "Mostrar las cifras nuevas"),
        "pause": Words("Pause live updates", "Pausar las novedades"),
        "resume": Words("Resume live updates", "Reanudar las novedades"),
        "identified": Words(
            "These are identified and reported cases. They do not say how many victims there are.",
            "Son casos identificados y denunciados. No dicen cuántas víctimas hay.",
        ),
    }
)
