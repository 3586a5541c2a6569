"""Figures and rates whose values are stored (those that the M&E committee may see), and rules for showing them."""

from collections.abc import Iterable
from typing import Final

from schemas.ids import Kind
from services.reporting.domain.declaration.figure import Nature, Reader, SeenBy, Unit
from services.reporting.domain.disclosure.policy import DisclosurePolicy
from services.reporting.domain.disclosure.relations import wholes_of
from services.reporting.domain.disclosure.release_cells import ReleaseStatements
from services.reporting.domain.figures.all_figures import FIGURES
from services.reporting.domain.rates import RATES, Variant
from services.reporting.values.value_display_rules import DisplayRules, FigureSum, ReceivedThings

KEPT: Final = tuple(each for each in FIGURES.values() if SeenBy.M_AND_E in each.seen_by)
"""The figures that the M&E committee may see."""

NUMBERS: Final = frozenset(each.number for each in KEPT)
DIMENSIONS: Final = tuple(sorted({names[0] for each in KEPT for names in each.breakdowns if len(names) == 1}))
PUBLIC: Final = frozenset(each.number for each in KEPT if each.nature is Nature.REGISTRY)
"""Figures of the public register of agencies. Their small numbers do not count persons."""

UNCOUNTED: Final = frozenset(
    each.number
    for each in KEPT
    if each.unit in {Unit.MONEY, Unit.MONTHS, Unit.DAYS, Unit.MINUTES}
    and each.reader is not Reader.QUANTILE
    and each.entity is not Kind.ACTIVITY
)
"""Sums of money and of time. They do not show how many persons they count, and may be those of one person."""

OF_SEVERAL: Final = frozenset(
    each.number
    for each in KEPT
    if each.unit not in {Unit.PERSONS, Unit.CASES, Unit.UNIDENTIFIED}
    and each.reader is not Reader.QUANTILE
    and each.entity is not Kind.ACTIVITY
)
"""Figures of things of which one person can have several, such as services, needs, hearings and answers."""

TEN_EACH: Final = frozenset({"R9a"})
"""Figures that count ten things for each person, so that they show how many persons there are."""

_ALIKE: Final = {"exploitation": "trafficking_type", "offence_group": "offence", "iccs": "offence"}
"""Pairs of dimensions of which one follows from the other. The first one is not shown where the second one is."""

DOUBLED: Final = frozenset(
    (each.number, name) for each in KEPT for name, of in _ALIKE.items() if {(name,), (of,)} <= {*each.breakdowns}
)
"""Breakdowns of figures that have the other dimension of `_ALIKE` too, as (figure, dimension)."""

KEPT_RATES: Final = tuple(
    variant for variant, each in RATES.items() if {each.part, each.whole, each.remainder} - {None} <= NUMBERS
)

SUMS: Final = (
    *(FigureSum(above, (each.number,)) for each in KEPT for above in wholes_of(FIGURES, each.number)),
    FigureSum("R2b", ("R2c", "R2d"), complete=True),
    FigureSum("R3h", ("R3f", "R3g"), complete=True),
    FigureSum("R2a", ("R3a", "R3b", "R3f")),
    FigureSum("R3a", ("R3c", "R3d", "R3e", "R3g")),
    FigureSum("R4a", ("R4b", "R4c")),
    FigureSum("R1a", ("R1b", "R1c")),
    FigureSum("R1a", ("R1f", "R1g")),
    FigureSum("R11a", ("R11b", "R11c")),
    FigureSum("R22a", ("R22d", "R22g")),
    *(
        FigureSum(whole, (part,))
        for whole, parts in (
            ("R1d", ["R1e"]),
            ("R1j", ["R1k"]),
            ("R3a", ["R3c", "R3d", "R3e", "R3g", "R3i"]),
            ("R3h", ["R3f", "R3g"]),
            ("R10f", ["R10g"]),
            ("R22d", ["R22e"]),
            ("R22e", ["R22f"]),
            ("R23f", ["R23g"]),
        )
        for part in parts
    ),
)
"""Figures that are parts of others by their public definitions, for the protection of sums."""


RECEIVED: Final = (
    ReceivedThings("O20", ("O19c",)),
    ReceivedThings("O21a", ("O19b",)),
    ReceivedThings("O31", ("O19b",), row=("provider", "cdf")),
    ReceivedThings("O24c", ("O24a", "O24b"), told_apart_by="population"),
    ReceivedThings("O24d", ("O24a", "O24b"), told_apart_by="population"),
    ReceivedThings("O13b", ("O13a",)),
    ReceivedThings("O14b", ("O14a",)),
    ReceivedThings("R13a", ("R12",)),
    ReceivedThings("R13b", ("O13a",)),
    ReceivedThings("R20b", ("R20a",)),
    ReceivedThings("R28c", ("R28b",)),
)
"""Figures of things, and the figures of the persons who have them, for the protection of small numbers of persons."""


def rules_of(policy: DisclosurePolicy, told: Iterable[ReleaseStatements] = ()) -> DisplayRules:
    """Return the rules by which values are shown to `me_read`, as the disclosure policy sets them.

    `told`: the amounts that public releases show. A table of an earlier policy stays among `DisplayRules.pooled`.
    """
    public = policy.public
    return DisplayRules(
        smallest=policy.committee.smallest,
        fewest_of_a_rate=policy.committee.fewest_of_a_rate,
        open=PUBLIC | set(policy.committee.exact),
        yearly=frozenset((number, (group.by or ("",))[0]) for group in public.exact for number in group.figures),
        pooled=_pooled(policy, told),
        doubled=DOUBLED,
        sums=SUMS,
        parts_of_rates={variant.value: _figures_of(variant) for variant in KEPT_RATES},
        of_unlike=frozenset(variant.value for variant in KEPT_RATES if RATES[variant].per is not None),
        uncounted=UNCOUNTED,
        several=OF_SEVERAL,
        ten_each=TEN_EACH,
        received=RECEIVED,
    )


def _pooled(policy: DisclosurePolicy, told: Iterable[ReleaseStatements]) -> frozenset[tuple[str, str]]:
    """Return (figure, dimension) of the tables that public releases may show, and of figures equal to theirs."""
    tables = {(table.figure, table.by) for table in policy.public.tables}
    tables |= {(cell.figure, cell.row[0][0]) for one in told for cell in one if cell.row and not cell.single}
    return frozenset(
        (equal, by)
        for figure, by in tables
        for group in (*policy.public.equal, (figure,))
        if figure in group
        for equal in group
    )


def _figures_of(variant: Variant) -> tuple[str, ...]:
    each = RATES[variant]
    return tuple(number for number in (each.part, each.whole, each.remainder) if number is not None)
