"""What a deciding service finds of its own decisions on the log, whatever else lies there."""

from uuid import UUID

from services.runtime.beginning import Decided, decided
from services.runtime.outbox import Message
from tests.support.mock_broker import MockBroker

TOPIC = "atips.person.v1"
OURS = Decided("atips.referral", {TOPIC: 1}, "referral/main", "atips.inbound.referral.v1")
ID = UUID("0190163d-8694-739b-aea5-966c26f8ad90")
TYPE = "bz.atips.referral.assigned.v1"
DECISION = b'{"id": "%s", "source": "referral/main", "type": "%s"}' % (str(ID).encode(), TYPE.encode())
ANOTHERS = DECISION.replace(b"referral/main", b"bpd/register").replace(b"0190163d", b"0190163e")
UNREADABLE = (b"garbage", b"", b"[]", b"{}", b"\xff", b'{"id": "1", "source": "referral/main"}')


def test_what_cannot_be_read_is_passed_over_and_what_is_ours_is_found(mock_broker: MockBroker) -> None:
    """As the live path goes on behind it: one such record would keep the service from ever starting again."""
    of_a_copy = [("n", b"1"), ("accepted_at", b"1")]
    mock_broker.write(TOPIC, *UNREADABLE, ANOTHERS, DECISION, DECISION, *UNREADABLE, headers=of_a_copy)
    mock_broker.write(TOPIC, *UNREADABLE)
    assert decided(mock_broker.config, OURS) == [Message(ID, OURS.inbound, TYPE, DECISION)]
