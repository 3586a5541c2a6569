"""Labels of what is said of prevention and coordination, and of the reporting itself."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.console.sheet.labels.word import Words

OFFICES: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "activities_n": Words(
            "How many activities; empty, without a word: one", "Cuántas actividades; vacío y sin palabra: una"
        ),
        "activities_text": Words("How many, in a word: several …", "Cuántas, en palabras: varias …"),
        "agency": Words("Agency", "Institución"),
        "announced": Words("Whether it was announced", "Si fue anunciada"),
        "area": Words("Area of the strategy", "Área de la estrategia"),
        "areas_n": Words("Number of areas", "Número de áreas"),
        "attendee_group": Words("Who is counted as attending", "A quiénes se cuenta como asistentes"),
        "attendees_n": Words("How many attended", "Cuántos asistieron"),
        "audience": Words("Audience", "Público"),
        "body": Words("Organization in which the role is held", "Organización en la que se ejerce la función"),
        "campaign": Words("Campaign", "Campaña"),
        "channel": Words("By which channel", "Por qué canal"),
        "count": Words("How many, where persons are not listed", "Cuántos, si no se enumeran"),
        "count_basis": Words("What the count counts", "Qué cuenta la cantidad"),
        "country": Words("Country", "País"),
        "created_by": Words("Who made it", "Quién lo hizo"),
        "created_in": Words("Year or month in which it was made", "Año o mes en que se hizo"),
        "delegates_n": Words("Number of delegates", "Número de delegados"),
        "female_n": Words("Women and girls among the participants", "Mujeres y niñas entre los participantes"),
        "first_year": Words("First year of the strategy", "Primer año de la estrategia"),
        "focus": Words("What it looked for", "Qué se buscaba"),
        "form": Words("Form", "Forma"),
        "funders": Words("Who paid for it", "Quién lo financió"),
        "groups": Words("Groups that took part beside the bodies", "Grupos que participaron además de las entidades"),
        "headcount": Words("Number of staff", "Número de integrantes"),
        "held_to": Words("Year or month in which it ended", "Año o mes en que terminó"),
        "institutions_n": Words(
            "With how many institutions, as shelters", "Con cuántas instituciones, por ejemplo albergues"
        ),
        "kind": Words("Kind", "Tipo"),
        "last_year": Words("Last year of the strategy", "Último año de la estrategia"),
        "law": Words("Draft law that it was about", "Proyecto de ley del que se trató"),
        "led_by": Words("Who leads it", "Quién lo dirige"),
        "male_n": Words("Men and boys among the participants", "Hombres y niños entre los participantes"),
        "name": Words("Name", "Nombre"),
        "objective_id": Words("Objective, by the plan’s numbering", "Objetivo, según la numeración del plan"),
        "indicator": Words("Indicator, by the plan’s numbering", "Indicador, según la numeración del plan"),
        "level": Words("Level of the indicator", "Nivel del indicador"),
        "baseline": Words("Level at the beginning", "Nivel inicial"),
        "target": Words("Level to reach", "Nivel por alcanzar"),
        "planned_cents": Words("Budget planned, in Belize cents", "Presupuesto previsto, en centavos de Belice"),
        "spent_cents": Words("Budget spent, in Belize cents", "Presupuesto gastado, en centavos de Belice"),
        "facilitators": Words("Who led the session", "Quién impartió la sesión"),
        "objective": Words("Number of the objective", "Número del objetivo"),
        "objectives_n": Words("Number of objectives", "Número de objetivos"),
        "organisers": Words("Who organised it", "Quién lo organizó"),
        "orgs": Words("Bodies that took part", "Entidades que participaron"),
        "outputs_n": Words("How many; empty, without a word: one", "Cuántos; vacío y sin palabra: uno"),
        "outputs_text": Words("How many, in a word: several …", "Cuántos, en palabras: varios …"),
        "participants_n": Words("Number of participants", "Número de participantes"),
        "partners": Words("Partners", "Socios"),
        "programmes": Words("Programmes", "Programas"),
        "progress": Words("How far it has come", "Grado de avance"),
        "publishers": Words("Who had it shown, or appeared", "Quién lo difundió o apareció"),
        "purpose": Words("Purpose", "Finalidad"),
        "rank": Words("Rank", "Rango"),
        "reach_n": Words(
            "How many were reached; whoever was reached twice counts twice",
            "A cuántos se llegó; a quien se llegó dos veces cuenta dos veces",
        ),
        "reach_text": Words(
            "How many were reached, in a word: thousands …", "A cuántos se llegó, en palabras: miles …"
        ),
        "runs_to": Words("Year or month in which it ends", "Año o mes en que termina"),
        "sector": Words("Industry", "Sector"),
        "sites_n": Words("How many schools, workplaces or communities", "Cuántas escuelas, empresas o comunidades"),
        "sites_text": Words("How many of these, in a word: several …", "Cuántas de estas, en palabras: varias …"),
        "tip_indicators": Words("Signs of trafficking", "Indicios de trata"),
        "topic": Words("Topic", "Tema"),
        "trigger": Words("Why it was made", "Por qué se realizó"),
        "unit": Words("Unit", "Unidad"),
        "venue": Words("Kind of place", "Tipo de lugar"),
        "violations_n": Words("Number of violations", "Número de infracciones"),
        # the reporting itself
        "about": Words(
            "The claims or facts that are doubted, by their events", "Lo que se pone en duda, por sus eventos"
        ),
        "account": Words("Account that looked, as a key", "Cuenta que consultó, como clave"),
        "amount": Words("Amount that was stated; empty: in words only", "Cantidad declarada; vacío: solo en palabras"),
        "by": Words("The event that closed it", "El evento que lo cerró"),
        "claim": Words("The statement that holds, by its event", "La declaración que vale, por su evento"),
        "code": Words("What the finding is about", "De qué trata el hallazgo"),
        "counts": Words("How many of each type of event", "Cuántos de cada tipo de evento"),
        "definitions": Words("Version of each figure’s definition", "Versión de la definición de cada cifra"),
        "dimensions": Words(
            "Of which part of the figure; empty: the whole", "De qué parte de la cifra; vacío: del total"
        ),
        "document": Words("Document that states it", "Documento que lo declara"),
        "extract_hash": Words("Digest (SHA-256) of what was given away", "Huella (SHA-256) de lo entregado"),
        "figures": Words("Numbers of the figures in it", "Números de las cifras que contiene"),
        "first_period": Words("First year or month covered", "Primer año o mes que abarca"),
        "key": Words("Number of the key", "Número de la clave"),
        "known_at": Words("How many events the figures rest on", "En cuántos eventos se basan las cifras"),
        "last_period": Words("Last year or month covered", "Último año o mes que abarca"),
        "number": Words("Number of the figure: O9, M1", "Número de la cifra: O9, M1"),
        "period": Words("Year or month: 2024 or 2024-12", "Año o mes: 2024 o 2024-12"),
        "public_key": Words("Public key", "Clave pública"),
        "recipient": Words("Who received it", "Quién lo recibió"),
        "records": Words(
            "Records that cannot all be right, by their events", "Registros incompatibles, por sus eventos"
        ),
        "resolution": Words("How it was settled", "Cómo se aclaró"),
        "root": Words("Digest of the ledger up to there", "Huella del registro hasta ese punto"),
        "ruling": Words("What was decided on it", "Qué se dictaminó"),
        "severity": Words("How soon somebody must look", "Con qué urgencia hay que mirarlo"),
        "valid_from": Words("First day on which it holds", "Primer día de vigencia"),
        "zero_types": Words("Types of event that did not occur", "Tipos de evento que no ocurrieron"),
    }
)
