"""Rates as text for people and as JSON for programs, always with name, cohort and the open part."""

from typing import Any

from services.presentation.figure_row_texts import number_text
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.rates import RATES, Rate, Variant

_SPANISH = "es"


def figures_of_rate(variant: Variant) -> tuple[str, ...]:
    """Return the numbers of the figures that a rate needs: (part, whole), or (part, whole, remainder) if it has one."""
    declared = RATES[variant]
    return (declared.part, declared.whole, *([declared.remainder] if declared.remainder else []))


def plain_definition(variant: Variant) -> dict[str, Any]:
    """Convert the definition of a rate to a dict for JSON."""
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


def plain(each: Rate) -> dict[str, Any]:
    """Convert a computed rate to a dict for JSON."""
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


def rate_text(each: Rate, lang: str = "en") -> str:
    """Format a rate, such as "25.0% (2 of 8); 12.5% still open"; a dash if it has no value."""
    spanish = lang == _SPANISH
    if each.value is None:
        uncounted = "sin contar" if spanish else "not counted"
        return f"— ({each.uncounted:,} {uncounted})" if each.uncounted else "—"
    per = RATES[each.variant].per
    if per is not None:
        to, of_so_many = ("para", "por cada") if spanish else ("to", "per")
        so_many = "" if per == 1 else f" {of_so_many} {per:,}"
        taken_in = "" if each.taken_in is None else f" {'de' if spanish else 'of'} {each.taken_in}"
        return f"{float(each.value * per):.1f}{so_many} ({each.part_n:,} {to} {each.whole_n:,}{taken_in})"
    of, still_open = ("de", "aún sin decidir") if spanish else ("of", "still open")
    part_n, whole_n = (
        number_text(amount, FIGURES[RATES[each.variant].part].unit) for amount in (each.part_n, each.whole_n)
    )
    share = f"{float(each.value):.1%} ({part_n} {of} {whole_n})"
    return share if each.open is None else f"{share}; {float(each.open):.1%} {still_open}"
