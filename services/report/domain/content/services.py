"""The report's entries on services to victims and other persons."""

from typing import Final

from services.presentation.bilingual_text import Words
from services.report.domain.content.entry_kinds import BreakdownEntry, HeadingEntry, ToldFigure, sentence_forms

SERVED: Final = (
    HeadingEntry(Words("Services", "Servicios")),
    ToldFigure(
        "O19b",
        sentence_forms(
            (
                "Nobody was given a service.",
                "1 person was given at least one service; migrants who are no victims are included.",
                "{n} persons were given at least one service; migrants who are no victims are among them.",
            ),
            (
                "Nadie recibió un servicio.",
                "1 persona recibió al menos un servicio; se incluyen migrantes que no son víctimas.",
                "{n} personas recibieron al menos un servicio; entre ellas hay migrantes que no son víctimas.",
            ),
        ),
    ),
    ToldFigure(
        "O19a",
        sentence_forms(
            (
                "No victim was supported with the Human Trafficking Institute (HTI).",
                "1 victim was supported through the partnership with the Human Trafficking Institute (HTI).",
                "{n} victims were supported through the partnership with the Human Trafficking Institute (HTI).",
            ),
            (
                "Ninguna víctima recibió apoyo con el Human Trafficking Institute (HTI).",
                "1 víctima recibió apoyo mediante la alianza con el Human Trafficking Institute (HTI).",
                "{n} víctimas recibieron apoyo mediante la alianza con el Human Trafficking Institute (HTI).",
            ),
        ),
    ),
    ToldFigure(
        "O20",
        sentence_forms(
            (
                "HTI had a part in no service.",
                "HTI had a part in 1 service; persons and services are different units.",
                "HTI had a part in {n} services; persons and services are different units.",
            ),
            (
                "HTI no participó en ningún servicio.",
                "HTI participó en 1 servicio; personas y servicios son unidades distintas.",
                "HTI participó en {n} servicios; personas y servicios son unidades distintas.",
            ),
        ),
    ),
    ToldFigure(
        "O21a",
        sentence_forms(
            (
                "No service was provided.",
                "In all, 1 service was provided, by whomever.",
                "In all, {n} services were provided, by whomever.",
            ),
            (
                "No se prestó ningún servicio.",
                "En total se prestó 1 servicio, por cualquier prestador.",
                "En total se prestaron {n} servicios, por cualquier prestador.",
            ),
        ),
    ),
    BreakdownEntry("O21a", ("service_type",)),
    ToldFigure(
        "O21b",
        sentence_forms(
            (
                "No service was offered in vain.",
                "1 service was declined by the person or could not be given.",
                "{n} services were declined by the person or could not be given.",
            ),
            (
                "Ningún servicio se ofreció en vano.",
                "1 servicio fue rechazado por la persona o no pudo prestarse.",
                "{n} servicios fueron rechazados por la persona o no pudieron prestarse.",
            ),
        ),
    ),
    ToldFigure(
        "O30a",
        sentence_forms(
            (
                "No individual plan was approved.",
                "An individual plan was approved for 1 person.",
                "Individual plans were approved for {n} persons.",
            ),
            (
                "No se aprobó ningún plan individual.",
                "Se aprobó un plan individual para 1 persona.",
                "Se aprobaron planes individuales para {n} personas.",
            ),
        ),
    ),
    ToldFigure(
        "O30b",
        sentence_forms(
            (
                "Nobody was reported as accompanied to interviews with police or prosecution.",
                "1 person was accompanied to interviews with police or prosecution.",
                "{n} persons were accompanied to interviews with police or prosecution.",
            ),
            (
                "No se informó de acompañamiento a entrevistas con la policía o la fiscalía.",
                "1 persona fue acompañada a entrevistas con la policía o la fiscalía.",
                "{n} personas fueron acompañadas a entrevistas con la policía o la fiscalía.",
            ),
        ),
    ),
    ToldFigure(
        "O31",
        sentence_forms(
            (
                "The Child Development Foundation (CDF) reported no service with IOM.",
                "The Child Development Foundation (CDF) provided 1 service with IOM.",
                "The Child Development Foundation (CDF) provided {n} services with IOM.",
            ),
            (
                "La Child Development Foundation (CDF) no informó de ningún servicio con la OIM.",
                "La Child Development Foundation (CDF) prestó 1 servicio con la OIM.",
                "La Child Development Foundation (CDF) prestó {n} servicios con la OIM.",
            ),
        ),
    ),
)
