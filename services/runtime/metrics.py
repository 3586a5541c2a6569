"""Every metric of every service, by name; labels are codes of ours, never an id, a key or a place.

Served on /metrics by `health`.
"""

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
# Records of a topic that lie behind this service's position, as of its last look; topics without any are left out.
UNREAD: Final = Gauge(
    "atips_unread_records", "Records of a topic that are not dealt with", ["topic"], registry=REGISTRY
)
# Highest n written to the log by the relay.
RELAYED: Final = Gauge("atips_relayed_n", "Highest number that the relay has written to the log", registry=REGISTRY)
# Entities whose events cannot be folded here yet.
PARKED: Final = Gauge("atips_parked_entities", "Entities withheld from the figures", registry=REGISTRY)
# Sweeps after which nothing was left to say of what time alone makes true.
SWEEPS: Final = Counter("atips_sweeps", "Sweeps that left nothing due unsaid", registry=REGISTRY)
