"""Rates printed at a terminal: each divides two figures of one cohort."""

from collections.abc import Iterable

from rich.console import Console

from services.console.definitions import Language
from services.presentation.rates import rate_text
from services.reporting.domain.rates import RATES, Rate, Variant


def listed() -> str:
    """Return name and figures of every rate, one paragraph each, for `atips help rates`."""
    return "\n\n".join(f"{variant}: {_divided(variant, Language.EN)}" for variant in RATES)


def define(console: Console, variants: Iterable[Variant], lang: Language) -> None:
    """Print the declaration of each rate: its name, the figures that it divides, and what it counts."""
    for variant in variants:
        declared = RATES[variant]
        name, counts = (declared.name_es, declared.es) if lang is Language.ES else (declared.name_en, declared.en)
        console.print(f"{variant}: {name} ({_divided(variant, lang)})", markup=False)
        console.print(f"  {counts}", markup=False)


def _divided(variant: Variant, lang: Language) -> str:
    declared = RATES[variant]
    of, to, beside = ("de", "para", "junto a") if lang is Language.ES else ("of", "to", "beside")
    divided = f"{declared.part} {of if declared.per is None else to} {declared.whole}"
    return divided if declared.remainder is None else f"{divided}, {beside} {declared.remainder}"


def show(console: Console, each: Rate, lang: Language) -> None:
    """Print the value of a rate for its cohort, and below it what the rate counts."""
    declared = RATES[each.variant]
    spanish = lang is Language.ES
    console.print(
        f"{declared.name_es if spanish else declared.name_en}, {each.cohort}: {rate_text(each, lang)}", markup=False
    )
    console.print(f"  {declared.es if spanish else declared.en}", markup=False)
