"""Objects with an event's bytes or ids do not show them as text: a text for operators may hold any of these."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from services.intake.domain.outbox_rows import LateCopyRow
from services.intake.domain.rebuilt_rows import PrimaryCopy
from services.intake.domain.redrive_order import RedriveCandidate
from services.intake.domain.submission import AcceptedSubmission, Inbound
from services.intake.quarantine_encryption import Original
from services.runtime import outbox
from services.runtime.deciding.event_copy_rows import CopyRow
from services.runtime.record import Record
from tests.unit.intake.samples import CANARY
from tests.unit.intake.test_redrive_order import candidate
from tests.unit.intake.test_relay_records import REFUSED, ROW

TEXT = CANARY.encode()
SUBMITTED = Inbound("bpd", None, TEXT, TEXT, (("ce_subject", TEXT),))
CARRIERS: dict[str, Callable[[], object]] = {
    "submitted": lambda: SUBMITTED,
    "judged": lambda: AcceptedSubmission(SUBMITTED, ("", ""), b"", "", TEXT, ()),
    "opened": lambda: Original(TEXT, SUBMITTED.headers, TEXT),
    "accepted": lambda: replace(ROW, payload=TEXT),
    "late": lambda: LateCopyRow(2, 1, 0, "", "", "", TEXT),
    "refused": lambda: replace(REFUSED, sealed=replace(REFUSED.sealed, sealed=TEXT)),
    "refused again": lambda: RedriveCandidate(candidate(1).entry, frozenset((CANARY,)), asked=True),
    "restored": lambda: PrimaryCopy(1, 0, TEXT),
    "read": lambda: Record("a.topic", 0, 0, 0, TEXT, TEXT, [("subject", TEXT)]),
    "decided about": lambda: CopyRow("", "", UUID(int=1), 0, 0, 1, 0, TEXT),
    "decided": lambda: outbox.Message(UUID(int=1), "a.topic", "a.type", TEXT),
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_it_is_not_shown(carrier: str) -> None:
    assert CANARY not in repr(CARRIERS[carrier]())
