"""Rates of victims (screened, identified, referred, served), of missing answers, and of cases per member of staff."""

from collections.abc import Mapping
from typing import Final

from services.reporting.domain.rates.declared.definition import Definition, Variant

ROWS: Final[Mapping[Variant, Definition]] = {
    Variant.INDICATORS_OF_PERSONS_SCREENED: Definition(
        part="R5b",
        whole="R5a",
        name_en="Screened with indicators, share of a cohort",
        name_es="Entrevistas con indicios, proporción de una cohorte",
        en="Of the persons first screened by name in the period, those in whom a screening found indicators so far.",
        es="De las personas entrevistadas por primera vez con identidad en el período, aquellas en las que alguna "
        "entrevista halló indicios hasta ahora.",
    ),
    Variant.IDENTIFIED_OF_PERSONS_SCREENED: Definition(
        part="R5c",
        whole="R5a",
        name_en="Screened and identified, share of a cohort",
        name_es="Entrevistadas e identificadas, proporción de una cohorte",
        en="Of the persons first screened by name in the period, those identified as victims so far.",
        es="De las personas entrevistadas por primera vez con identidad en el período, las identificadas hasta "
        "ahora como víctimas.",
    ),
    Variant.REFERRED_OF_VICTIMS_IDENTIFIED: Definition(
        part="R1d",
        whole="R1a",
        name_en="Victims referred, share of a cohort",
        name_es="Víctimas remitidas, proporción de una cohorte",
        en="Of the persons first identified as victims in the period, those referred to anybody so far.",
        es="De las personas identificadas por primera vez como víctimas en el período, las remitidas hasta ahora a "
        "alguna entidad.",
    ),
    Variant.SERVED_OF_VICTIMS_IDENTIFIED: Definition(
        part="R1f",
        whole="R1a",
        name_en="Victims served, share of a cohort",
        name_es="Víctimas atendidas, proporción de una cohorte",
        en="Of the persons first identified as victims in the period, those given at least one service so far.",
        es="De las personas identificadas por primera vez como víctimas en el período, las que han recibido hasta "
        "ahora al menos un servicio.",
    ),
    Variant.DECLINED_OF_VICTIMS_IDENTIFIED: Definition(
        part="R1g",
        whole="R1a",
        name_en="Victims who declined, share of a cohort",
        name_es="Víctimas que no aceptaron, proporción de una cohorte",
        en="Of the persons first identified as victims in the period, those who did not want a service so far and "
        "were given none.",
        es="De las personas identificadas por primera vez como víctimas en el período, las que hasta ahora no "
        "aceptaron algún servicio y no han recibido ninguno.",
    ),
    Variant.ALL_NEEDS_TAKEN_ON_OF_VICTIMS_ASSESSED: Definition(
        part="R1i",
        whole="R1h",
        name_en="Every need taken on, share of a cohort",
        name_es="Todas las necesidades asumidas, proporción de una cohorte",
        en="Of the victims first identified in the period whose needs were assessed, those for whom each kind of "
        "service that they need was taken on so far.",
        es="De las víctimas identificadas por primera vez en el período cuyas necesidades se evaluaron, aquellas "
        "para quienes se ha asumido hasta ahora cada tipo de servicio que necesitan.",
    ),
    Variant.COMPLETED_OF_VICTIMS_PLANNED: Definition(
        part="R1k",
        whole="R1j",
        name_en="Plans completed, share of a cohort",
        name_es="Planes cumplidos, proporción de una cohorte",
        en="Of the victims first identified in the period who have an individual plan, those whose last plan is "
        "completed so far.",
        es="De las víctimas identificadas por primera vez en el período que tienen un plan individual, aquellas "
        "cuyo último plan se ha cumplido hasta ahora.",
    ),
    Variant.VICTIMS_WITHOUT_SUSPECT: Definition(
        part="R8d",
        whole="R1a",
        name_en="Victims without a suspect, share of a cohort",
        name_es="Víctimas sin sospechoso, proporción de una cohorte",
        en="Of the persons first identified as victims in the period, those tied to no suspect so far.",
        es="De las personas identificadas por primera vez como víctimas en el período, las que hasta ahora no "
        "están ligadas a ningún sospechoso.",
    ),
    Variant.MISSING_OF_CORE_ANSWERS: Definition(
        part="R9b",
        whole="R9a",
        name_en="Core fields without an answer, share",
        name_es="Campos esenciales sin respuesta, proporción",
        en="Of the core fields of the persons first identified as victims in the period, those that nobody has "
        "answered so far.",
        es="De los campos esenciales de las personas identificadas por primera vez como víctimas en el período, "
        "los que hasta ahora nadie ha respondido.",
    ),
    Variant.VICTIMS_PER_POPULATION: Definition(
        part="O32a",
        whole="R24",
        per=100_000,
        fixed=True,
        name_en="Victims identified per 100,000 persons",
        name_es="Víctimas identificadas por cada 100,000 personas",
        en="Persons identified as victims in the period, of whatever sex, age and form of exploitation, to each "
        "100,000 of the last census, whose year is told too. A period of another length than a year gives no yearly "
        "rate, and a few victims more or less move it much.",
        es="Personas identificadas como víctimas en el período, de cualquier sexo, edad y forma de explotación, por "
        "cada 100,000 del último censo, cuyo año se indica. Un período que no sea un año no da una tasa anual, y "
        "unas pocas víctimas más o menos la mueven mucho.",
    ),
    Variant.CASES_PER_OFFICER: Definition(
        part="O7",
        whole="O8",
        per=1,
        fixed=True,
        name_en="Active cases per police officer",
        name_es="Casos activos por oficial de policía",
        en="Of the cases that are active at the end of the period, how many there are to each officer of the "
        "A-TIPs Police Unit, its leader included, as last reported by then, in whatever year; the year beside them is "
        "that of the period’s end. No event says who works on which case.",
        es="De los casos activos al final del período, cuántos corresponden a cada oficial de la Unidad Policial "
        "contra la Trata, incluido quien la dirige, según el último dato hasta entonces, sea del año que sea; el año "
        "indicado es el del final del período. Ningún evento dice quién trabaja en qué caso.",
    ),
    Variant.CASES_PER_SOCIAL_WORKER: Definition(
        part="R6b",
        whole="R6c",
        per=1,
        fixed=True,
        name_en="Open cases per social worker",
        name_es="Casos abiertos por trabajador social",
        en="Of the cases that human services have a file open of at the end of the period, how many there are to "
        "each social worker of their units, as last reported by then, in whatever year; the year beside them is that "
        "of the period’s end. No event says who works on which case.",
        es="De los casos con expediente abierto en servicios humanos al final del período, cuántos corresponden a "
        "cada trabajador social de sus unidades, según el último dato hasta entonces, sea del año que sea; el año "
        "indicado es el del final del período. Ningún evento dice quién trabaja en qué caso.",
    ),
}
