"""A declared rate, for people in one language and for programs: never without its name, its cohort and what is open."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console

from services.console.definitions import Language
from services.reporting.domain.rates import RATES, Rate, Variant


def needed(variant: Variant) -> tuple[str, ...]:
    """Give the numbers of the figures that a rate divides, and of what is still open."""
    declared = RATES[variant]
    return (declared.part, declared.whole, *([declared.remainder] if declared.remainder else []))


def listed() -> str:
    """Give name and figures of every rate, as `--help` ends with them."""
    return "\n\n".join(f"{variant}: {_divided(variant, Language.EN)}" for variant in RATES)


def plain_definition(variant: Variant) -> dict[str, Any]:
    """Give what a rate divides as programs read it."""
    declared = RATES[variant]
    return {
        "rate": variant.value,
        "part": declared.part,
        "whole": declared.whole,
        "remainder": declared.remainder,
        "per": declared.per,
        "name": {"en": declared.name_en, "es": declared.name_es},
        "counts": {"en": declared.en, "es": declared.es},
    }


def define(console: Console, variants: Iterable[Variant], lang: Language) -> None:
    """Print what rates divide, one under the other."""
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


def plain(each: Rate) -> dict[str, Any]:
    """Give a rate as programs read it."""
    declared = RATES[each.variant]
    return {
        "rate": each.variant.value,
        "part": declared.part,
        "whole": declared.whole,
        "cohort": str(each.cohort),
        "value": None if each.value is None else float(each.value),
        "per": declared.per,
        "open": None if each.open is None else float(each.open),
        "part_amount": each.part_n,
        "whole_amount": each.whole_n,
        "uncounted": each.uncounted,
        "taken_in": each.taken_in,
    }


def told(each: Rate, lang: Language = Language.EN) -> str:
    """Give a share, or a dash for an empty cohort and for what nobody counted; with what can still change it."""
    if each.value is None:
        uncounted = "sin contar" if lang is Language.ES else "not counted"
        return f"— ({each.uncounted:,} {uncounted})" if each.uncounted else "—"
    per = RATES[each.variant].per
    if per is not None:
        to, of_so_many = ("para", "por cada") if lang is Language.ES else ("to", "per")
        so_many = "" if per == 1 else f" {of_so_many} {per:,}"
        taken_in = "" if each.taken_in is None else f" {'de' if lang is Language.ES else 'of'} {each.taken_in}"
        return f"{float(each.value * per):.1f}{so_many} ({each.part_n:,} {to} {each.whole_n:,}{taken_in})"
    of, still_open = ("de", "aún sin decidir") if lang is Language.ES else ("of", "still open")
    share = f"{float(each.value):.1%} ({each.part_n} {of} {each.whole_n})"
    return share if each.open is None else f"{share}; {float(each.open):.1%} {still_open}"


def show(console: Console, each: Rate, lang: Language) -> None:
    """Print a rate and what it divides."""
    declared = RATES[each.variant]
    spanish = lang is Language.ES
    console.print(
        f"{declared.name_es if spanish else declared.name_en}, {each.cohort}: {told(each, lang)}", markup=False
    )
    console.print(f"  {declared.es if spanish else declared.en}", markup=False)
