"""Metrics of all services, by name. Labels are codes of the contract, never an id, a key or a place.

`health` serves them on /metrics. `docs/metrics.md` lists them.
"""

from collections.abc import Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY: Final = CollectorRegistry()

# Records consumed in known commits.
RECORDS: Final = Counter("atips_records", "Records consumed in known commits", registry=REGISTRY)
# Fenced transactions that committed.
BATCHES: Final = Counter("atips_batches", "Fenced transactions that committed", registry=REGISTRY)
# Times a batch or a connection was tried again.
RETRIES: Final = Counter("atips_retries", "Attempts that had to be made again", registry=REGISTRY)
# Partitions this process holds.
PARTITIONS: Final = Gauge("atips_partitions", "Partitions that this process holds", registry=REGISTRY)
# Seconds from acceptance to the figure's commit, per batch.
FRESHNESS: Final = Histogram(
    "atips_accepted_to_counted_seconds",
    "From acceptance by intake to the commit of the figures",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60),
    registry=REGISTRY,
)
# Submissions judged, by verdict (accepted, duplicate, refused) and the agency's code.
SUBMISSIONS: Final = Counter("atips_submissions", "Submissions judged", ["agency", "verdict"], registry=REGISTRY)
# Refusals by reason code.
REFUSALS: Final = Counter("atips_refusals", "Submissions put into quarantine", ["agency", "reason"], registry=REGISTRY)
# Encrypted bytes of refused submissions that are kept, since an operator last made room.
QUARANTINE_BYTES: Final = Gauge(
    "atips_quarantine_bytes", "Encrypted bytes of refused submissions that are kept", ["agency"], registry=REGISTRY
)
# Refusals whose bytes were not kept: the quarantine of their agency, or of their entry, is full.
NOT_KEPT: Final = Counter(
    "atips_quarantine_not_kept", "Refusals whose bytes were not kept", ["agency"], registry=REGISTRY
)
# Refusals of what somebody waits for: a referral, a consent, an identified victim.
NOT_DELIVERED: Final = Counter(
    "atips_not_delivered", "Refusals of what somebody waits for", ["agency", "reason"], registry=REGISTRY
)
# Findings opened within cases, by code.
FINDINGS: Final = Counter("atips_findings_opened", "Findings opened within cases", ["code"], registry=REGISTRY)
# Answers over HTTP, by the route's own name and the status.
ANSWERS: Final = Counter("atips_http_answers", "Answers over HTTP", ["route", "status"], registry=REGISTRY)
# Records of a topic that this service has not handled yet, at the last check; topics without any are left out.
UNREAD: Final = Gauge(
    "atips_unread_records", "Records of a topic that are not dealt with", ["topic"], registry=REGISTRY
)
# Highest n written to the log by the relay.
RELAYED: Final = Gauge("atips_relayed_n", "Highest number that the relay has written to the log", registry=REGISTRY)
# Entities whose events cannot be folded here yet.
PARKED: Final = Gauge("atips_parked_entities", "Entities withheld from the figures", registry=REGISTRY)
# Sweeps that found no passed deadline left to publish.
SWEEPS: Final = Counter("atips_sweeps", "Sweeps that left nothing due unsaid", registry=REGISTRY)
# Highest number that the acceptance line has given.
ACCEPTED_N: Final = Gauge("atips_accepted_n", "Highest number that the acceptance line has given", registry=REGISTRY)

LINE_AHEAD: Final = Gauge(
    "atips_line_ahead_seconds", "How far the last time of acceptance lies ahead of the database's", registry=REGISTRY
)
# Highest number up to which every event is in the figures.
COUNTED_N: Final = Gauge(
    "atips_counted_n", "Highest number up to which every event is in the figures", registry=REGISTRY
)
# Time from when the oldest unread record of a topic was first seen until the last check.
LAG: Final = Gauge(
    "atips_lag_seconds", "Time for which the oldest unread record of a topic waits", ["topic"], registry=REGISTRY
)
# Time for which a position of a topic has not moved although there is more to read; 0 where every position moves.
STANDING: Final = Gauge(
    "atips_standing_seconds", "Time for which a position stands with more to read", ["topic"], registry=REGISTRY
)
# Time for which a topic is not read, because its publisher is beyond its share; topics that are read are left out.
HELD_BACK: Final = Gauge(
    "atips_held_back_seconds", "Time for which a topic is left alone", ["topic"], registry=REGISTRY
)
# Readiness checks: 1 where one gives a reason against the service's readiness, else 0.
CHECK_FAILING: Final = Gauge(
    "atips_check_failing", "Whether a check of the service's readiness fails", ["check"], registry=REGISTRY
)
# Expiry of a certificate that the service uses; 0 where its file cannot be read.
CERTIFICATE_EXPIRES: Final = Gauge(
    "atips_certificate_expires_timestamp_seconds", "Expiry of a certificate in use", ["use"], registry=REGISTRY
)
# Open entries of the quarantine.
QUARANTINE_OPEN: Final = Gauge("atips_quarantine_open", "Open entries of the quarantine", ["agency"], registry=REGISTRY)
# Open entries of the quarantine that somebody waits for: a referral, a consent, an identified victim.
NOT_DELIVERED_OPEN: Final = Gauge(
    "atips_not_delivered_open", "Open refusals of what somebody waits for", ["agency"], registry=REGISTRY
)
# Refusals of an agency whose bytes were not kept, since an operator last made room.
QUARANTINE_LOST: Final = Gauge(
    "atips_quarantine_lost", "Refusals whose bytes are not kept", ["agency"], registry=REGISTRY
)
# Encrypted bytes of refused submissions that are kept of one agency at most.
QUARANTINE_ROOM: Final = Gauge(
    "atips_quarantine_room_bytes", "Most bytes of refused submissions kept of an agency", registry=REGISTRY
)
# Time of acceptance of an agency's last event; an agency without any among the last events is left out.
LAST_ACCEPTED: Final = Gauge(
    "atips_last_accepted_timestamp_seconds", "Acceptance of an agency's last event", ["agency"], registry=REGISTRY
)
# Standbys that stream from the database, base backups under way included.
STANDBYS: Final = Gauge("atips_database_standbys", "Standbys that stream from the database", registry=REGISTRY)
# Whether the database waits for a standby before it acknowledges a commit.
WAITS_FOR_STANDBY: Final = Gauge(
    "atips_database_waits_for_standby", "Whether commits wait for a standby", registry=REGISTRY
)
# Waits that are past their due time, by kind and urgency.
LATE: Final = Gauge("atips_late_waits", "Waits past their due time", ["kind", "urgency"], registry=REGISTRY)
# End of the day by which the Council must have reviewed a policy.
POLICY_REVIEW: Final = Gauge(
    "atips_policy_review_timestamp_seconds",
    "End of the last day before a policy is overdue",
    ["policy"],
    registry=REGISTRY,
)
# Number of the first message in the outbox that the broker does not have yet; 0 where it has all.
FIRST_UNSENT: Final = Gauge(
    "atips_outbox_first_unsent", "Number of the first message that is not sent; 0 for none", registry=REGISTRY
)
# Times that an entity was left undecided because of a mistake in a deciding service's code.
UNDECIDED: Final = Counter("atips_undecided", "Times that an entity was left undecided", registry=REGISTRY)
# Differences that the last comparing replay found.
REPLAY_DIFFERENCES: Final = Gauge(
    "atips_replay_differences", "Differences that the last comparing replay found", registry=REGISTRY
)
# End of the last comparing replay; 0 where there was none.
REPLAY_COMPARED: Final = Gauge(
    "atips_replay_compared_timestamp_seconds", "End of the last comparing replay; 0 for none", registry=REGISTRY
)


def replace(gauge: Gauge, values: Mapping[tuple[str, ...], float]) -> None:
    """Set a gauge to these values and remove all other label values. A scrape meanwhile misses none of them.

    `values`: value by the labels' values, in the order in which the gauge declares its labels.
    """
    known = {tuple(sample.labels.values()) for metric in gauge.collect() for sample in metric.samples}
    for labels, value in values.items():
        gauge.labels(*labels).set(value)
    for labels in known - values.keys():
        gauge.remove(*labels)
