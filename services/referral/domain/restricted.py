"""Which agencies a case keeps out, as the case tracker says it in the person's log: they are told nothing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from schemas.deciding import Entered
from schemas.referral.decisions import ConsentSightChanged, ConsentSightChangedV1

_CASE_TRACKER: Final = "case_tracker"


@dataclass(frozen=True, slots=True)
class KeptOut:
    """Every word of the case tracker on whom cases of the person keep out, with its number in the log."""

    said: tuple[tuple[int, ConsentSightChanged], ...] = ()

    def as_of(self, n: int) -> "KeptOut":
        """Give what was said before the event with a number."""
        return KeptOut(tuple(each for each in self.said if each[0] < n))

    def keeps_out(self, agency: str, cases: Collection[str] | None, at: datetime) -> bool:
        """Whether an agency is kept out of one of these cases at a time; None: of any case of the person."""
        last: dict[str, ConsentSightChanged] = {}
        for _, data in sorted(self.said, key=lambda each: (each[1].answered_n, each[0])):
            last[data.case] = data
        return any(
            data.shuts_out(agency) and (agency in data.lasting or data.until is None or at < data.until)
            for case, data in last.items()
            if cases is None or case in cases
        )


def kept_out(entered: Iterable[Entered]) -> KeptOut:
    """Read what the case tracker said in a person's log."""
    return KeptOut(
        tuple(
            (each.n, each.event.data)
            for each in entered
            if isinstance(each.event, ConsentSightChangedV1) and each.event.agency == _CASE_TRACKER
        )
    )
