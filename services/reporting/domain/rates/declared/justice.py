"""Rates of convictions and sentences, of suspects in several cases, and of suspects and cases without ties."""

from collections.abc import Mapping
from typing import Final

from services.reporting.domain.rates.declared.definition import Definition, Variant

ROWS: Final[Mapping[Variant, Definition]] = {
    Variant.CONVICTION_OF_PERSONS_DECIDED: Definition(
        part="O13a",
        whole="R12",
        name_en="Conviction rate of persons decided",
        name_es="Tasa de condena de las personas con veredicto",
        en="Of the persons on whom a court returned a verdict in the period, those convicted as charged.",
        es="De las personas sobre las que un tribunal emitió veredicto en el período, las condenadas según lo "
        "imputado.",
    ),
    Variant.CONVICTION_OF_PERSONS_CHARGED: Definition(
        part="R11b",
        whole="R11a",
        remainder="R11c",
        name_en="Conviction rate of a cohort of charged persons",
        name_es="Tasa de condena de una cohorte de personas acusadas",
        en="Of the persons first charged in the period, those convicted as charged so far; beside it the share of "
        "those whose charges are still undecided.",
        es="De las personas acusadas por primera vez en el período, las condenadas hasta ahora según lo imputado; "
        "al lado, la proporción de las que tienen cargos aún sin decidir.",
    ),
    Variant.CONVICTION_OF_CHARGES_DECIDED: Definition(
        part="R13b",
        whole="R13a",
        name_en="Conviction rate of charges decided",
        name_es="Tasa de condena de los cargos con veredicto",
        en="Of the charges of what the Council counts as trafficking on which a court returned a verdict in the "
        "period, those that ended in a conviction as charged of it.",
        es="De los cargos de lo que el Consejo cuenta como trata sobre los que un tribunal emitió veredicto en el "
        "período, los que terminaron en condena según lo imputado por ello.",
    ),
    Variant.CONVICTION_OF_CHARGES_FILED: Definition(
        part="R22e",
        whole="R22a",
        remainder="R22g",
        name_en="Conviction rate of a cohort of charges",
        name_es="Tasa de condena de una cohorte de cargos",
        en="Of the charges filed in the period, those that ended in a conviction as charged so far; beside it the "
        "share of those still undecided.",
        es="De los cargos presentados en el período, los que hasta ahora terminaron en condena según lo imputado; "
        "al lado, la proporción de los que siguen sin decidir.",
    ),
    Variant.CONVICTION_OF_CASES_OPENED: Definition(
        part="R23f",
        whole="R23a",
        remainder="R23h",
        name_en="Cases with a conviction, share of a cohort",
        name_es="Casos con condena, proporción de una cohorte",
        en="Of the cases into which a first investigation was opened in the period, those in which a conviction "
        "as charged stands so far; beside it the share of those still going on.",
        es="De los casos en los que se abrió una primera investigación en el período, aquellos en los que hasta "
        "ahora sigue en pie una condena según lo imputado; al lado, la proporción de los que continúan.",
    ),
    Variant.CUSTODIAL_SHARE_OF_SENTENCED: Definition(
        part="R14b",
        whole="R14a",
        name_en="Sentences to imprisonment, share",
        name_es="Penas de prisión, proporción",
        en="Of the persons sentenced in the period, those who go to prison for it.",
        es="De las personas con sentencia impuesta en el período, las que van a prisión por ella.",
    ),
    Variant.FINE_ONLY_SHARE_OF_SENTENCED: Definition(
        part="R14c",
        whole="R14a",
        name_en="Sentences to a fine only, share",
        name_es="Penas solo de multa, proporción",
        en="Of the persons sentenced in the period, those whose sentence is a fine and nothing else.",
        es="De las personas con sentencia impuesta en el período, aquellas cuya pena es una multa y nada más.",
    ),
    Variant.RESTITUTION_PAID_OF_ORDERED: Definition(
        part="R17c",
        whole="R17a",
        name_en="Restitution paid, share of what was ordered",
        name_es="Restitución pagada, proporción de lo ordenado",
        en="Of the restitution that courts ordered in the period, what was paid so far.",
        es="De la restitución ordenada por los tribunales en el período, lo pagado hasta ahora.",
    ),
    Variant.SUSPECTS_IN_SEVERAL_CASES: Definition(
        part="R8b",
        whole="R10a",
        name_en="Suspects in several cases, share of a cohort",
        name_es="Sospechosas en varios casos, proporción de una cohorte",
        en="Of the persons who first came under suspicion in the period, those who are suspects in more than one "
        "case so far.",
        es="De las personas que pasaron a ser sospechosas en el período, las que hasta ahora lo son en más de un caso.",
    ),
    Variant.SUSPECTS_WITHOUT_VICTIM: Definition(
        part="R8c",
        whole="R10a",
        name_en="Suspects without a victim, share of a cohort",
        name_es="Sospechosas sin víctima, proporción de una cohorte",
        en="Of the persons who first came under suspicion in the period, those tied to no victim so far.",
        es="De las personas que pasaron a ser sospechosas en el período, las que hasta ahora no están ligadas a "
        "ninguna víctima.",
    ),
    Variant.CASES_WITHOUT_VICTIM: Definition(
        part="R7b",
        whole="R7a",
        name_en="Cases without a victim, share of a cohort",
        name_es="Casos sin víctima, proporción de una cohorte",
        en="Of the cases first opened in the period, those in which nobody is known as a victim so far.",
        es="De los casos abiertos por primera vez en el período, aquellos en los que hasta ahora no se conoce "
        "ninguna víctima.",
    ),
    Variant.CASES_WITHOUT_SUSPECT: Definition(
        part="R7c",
        whole="R7a",
        name_en="Cases without a suspect, share of a cohort",
        name_es="Casos sin sospechoso, proporción de una cohorte",
        en="Of the cases first opened in the period, those in which nobody is known as a suspect so far.",
        es="De los casos abiertos por primera vez en el período, aquellos en los que hasta ahora no se conoce "
        "ningún sospechoso.",
    ),
}
