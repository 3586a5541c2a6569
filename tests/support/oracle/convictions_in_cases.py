"""Convictions that stand in each case, counted over everything that was said."""

from collections.abc import Mapping
from typing import Final

from tests.support.oracle.facts_in_force import Known, once
from tests.support.oracle.suspects import by_police

FAR_TOO_MANY: Final = 10**9
"""Counts of a verdict that states none: it is on the whole charge."""


@once
def guilty(known: Known) -> Mapping[str, set[tuple[str, str]]]:
    """The convictions that stand in each case, by who was convicted of which charge."""
    found: dict[str, set[tuple[str, str]]] = {}
    names = "verdict.returned", "appeal.decided", "charge.filed", "charge.amended"
    for case, told in known.about("case", *names).items():
        standing = found.setdefault(case, set())
        charged: dict[tuple[str, str], int] = {}
        said_of: dict[tuple[str, str], dict[bool, tuple[bool, int]]] = {}
        for each in told:
            person, said = each.said["person"], each.said
            of = person, str(said.get("charge"))
            if each.name.startswith("charge."):
                charged[of] = said.get("counts_n", charged.get(of, 1))
            elif each.name == "verdict.returned":
                verdict = said["outcome"] == "convicted", said.get("counts_n", FAR_TOO_MANY)
                words = said_of.setdefault(of, {})
                if not _convicted_beside(words.get(by_police(each)), verdict, charged.get(of, -1)):
                    words[by_police(each)] = verdict
                own, other = words.get(False), words.get(True)
                if own is None or _convicted_beside(other, own, charged.get(of, -1)):
                    own = other
                (standing.add if own and own[0] else standing.discard)(of)
            elif said["outcome"] in {"conviction_quashed", "retrial_ordered"}:
                for ended in ((person, charge) for charge in said.get("charges", ())):
                    standing.discard(ended)
                    words = said_of.pop(ended, {})
                    if said["outcome"] == "conviction_quashed":
                        said_of[ended] = {police: (False, counts) for police, (_, counts) in words.items()}
    return found


def _convicted_beside(before: tuple[bool, int] | None, said: tuple[bool, int], counts: int) -> bool:
    """Whether a conviction stands beside a verdict that is none, on other counts of a charge of so many counts."""
    return before is not None and before[0] and not said[0] and before[1] + said[1] <= counts
