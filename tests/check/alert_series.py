"""Series on which each alert must fire, and series on which it must be silent.

Values are written as promtool's tests write them: "0x20" is 0 and twenty more times 0. Prometheus' clock begins at 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Case:
    """Two sets of series for one alert, both evaluated `at` a time after the first sample."""

    bad: Mapping[str, str]
    good: Mapping[str, str]
    at: str = "10m"
    interval: str = "15s"


_DISK: Final = '{instance="a",mountpoint="/data",fstype="ext4"}'
_VOLUME: Final = '{namespace="atips",persistentvolumeclaim="data-0"}'
_BUCKETS: Final = "atips_accepted_to_counted_seconds_bucket"


def _up(*values: str) -> dict[str, str]:
    return {f'up{{job="atips",service="intake",instance="{number}"}}': value for number, value in enumerate(values)}


def _certificate(days: int) -> dict[str, str]:
    return {'atips_certificate_expires_timestamp_seconds{service="intake",use="https"}': f"{days * 86_400}x200"}


def _review(days: int) -> dict[str, str]:
    """A policy whose review is due so many days after the series begin."""
    return {'atips_policy_review_timestamp_seconds{service="referral",policy="referrals"}': f"{days * 86_400}x200"}


CASES: Final[Mapping[str, tuple[Case, ...]]] = {
    "ServiceGone": (Case(_up("0x40", "0x40"), _up("0x40", "1x40")),),
    "ServiceDown": (Case(_up("0x40", "1x40"), _up("1x40", "1x40")),),
    "NotReady": (
        Case(
            {'atips_check_failing{service="intake",check="broker",instance="a"}': "1x40"},
            {
                'atips_check_failing{service="intake",check="broker",instance="a"}': "1x40",
                'atips_check_failing{service="intake",check="broker",instance="b"}': "0x40",
            },
        ),
    ),
    "LagHigh": (
        Case(
            {'atips_lag_seconds{service="reporting",topic="atips.case.v1"}': "0+15x40"},
            {'atips_lag_seconds{service="reporting",topic="atips.case.v1"}': "0 15 30 45 60 75 0x40"},
        ),
        Case(
            {'atips_lag_seconds{service="intake",topic="atips.inbound.bpd.v1"}': "0+15x40"},
            {
                'atips_lag_seconds{service="intake",topic="atips.inbound.bpd.v1"}': "0+15x40",
                'atips_held_back_seconds{service="intake",topic="atips.inbound.bpd.v1"}': "900x40",
            },
        ),
    ),
    "PositionStands": (
        Case(
            {'atips_standing_seconds{service="reporting",topic="atips.case.v1"}': "0+15x40"},
            {'atips_standing_seconds{service="reporting",topic="atips.case.v1"}': "0+2x40"},
        ),
    ),
    "AgencyHeldBack": (
        Case(
            {'atips_held_back_seconds{service="intake",topic="atips.inbound.bpd.v1"}': "900x40"},
            {'atips_held_back_seconds{service="intake",topic="atips.inbound.bpd.v1"}': "900x4 _x36"},
        ),
    ),
    "RelayBehind": (
        Case(
            {'atips_accepted_n{instance="a"}': "5x40", 'atips_relayed_n{instance="a"}': "4x40"},
            {
                'atips_accepted_n{instance="a"}': "0+100x40",
                'atips_relayed_n{instance="a"}': "0 0+100x40",
                'atips_relayed_n{instance="b"}': "0x40",
            },
        ),
    ),
    "LineAhead": (
        Case(
            {'atips_line_ahead_seconds{instance="a"}': "0 3600x40", 'atips_line_ahead_seconds{instance="b"}': "0x40"},
            {'atips_line_ahead_seconds{instance="a"}': "0 299 200 100 0x40"},
        ),
    ),
    "FiguresLate": (
        Case(
            {
                f'{_BUCKETS}{{le="10"}}': "0x60",
                f'{_BUCKETS}{{le="60"}}': "0+5x60",
                f'{_BUCKETS}{{le="+Inf"}}': "0+5x60",
            },
            {
                f'{_BUCKETS}{{le="1"}}': "0+5x60",
                f'{_BUCKETS}{{le="60"}}': "0+5x60",
                f'{_BUCKETS}{{le="+Inf"}}': "0+5x60",
            },
            at="14m",
        ),
    ),
    "EntitiesParked": (
        Case({'atips_parked_entities{instance="a"}': "1x40"}, {'atips_parked_entities{instance="a"}': "0x40"}),
    ),
    "EntityUndecided": (
        Case(
            {'atips_undecided_total{service="referral"}': "0x10 1x30"},
            {'atips_undecided_total{service="referral"}': "1x40"},
        ),
    ),
    "Drift": (Case({"atips_replay_differences": "2x40"}, {"atips_replay_differences": "0x40"}),),
    "ReplayOld": (
        Case(
            {"atips_replay_compared_timestamp_seconds": "0x240"},
            {"atips_replay_compared_timestamp_seconds": "172800x240"},
            at="9d",
            interval="1h",
        ),
    ),
    "NotDelivered": (
        Case({'atips_not_delivered_open{agency="bpd"}': "1x40"}, {'atips_not_delivered_open{agency="bpd"}': "0x40"}),
    ),
    "NoticesNotSent": (
        Case(
            {'atips_outbox_first_unsent{service="referral"}': "7x40"},
            {
                'atips_outbox_first_unsent{service="referral"}': "0+50x40",
                'atips_outbox_first_unsent{service="case_tracker"}': "0x40",
            },
        ),
    ),
    "EmergencyLate": (
        Case(
            {'atips_late_waits{kind="answer",urgency="emergency"}': "1x40"},
            {'atips_late_waits{kind="answer",urgency="urgent"}': "1x40"},
        ),
    ),
    "WaitsLate": (
        Case(
            {'atips_late_waits{kind="answer",urgency="routine"}': "1x40"},
            {
                'atips_late_waits{kind="answer",urgency="routine"}': "1x20 0 1x19",
                'atips_late_waits{kind="answer",urgency="emergency"}': "1x40",
            },
            at="30h",
            interval="1h",
        ),
    ),
    "QuarantineGrows": (
        Case(
            {'atips_quarantine_open{agency="bpd"}': "_x60 21x120"},
            {'atips_quarantine_open{agency="bpd"}': "50x120 60x120"},
            at="90m",
            interval="1m",
        ),
        Case(
            {'atips_quarantine_open{agency="bpd"}': "5x80 40x40"},
            {'atips_quarantine_open{agency="bpd"}': "40x120"},
            at="90m",
            interval="1m",
        ),
    ),
    "QuarantineNearlyFull": (
        Case(
            {'atips_quarantine_bytes{agency="bpd"}': "90x40", "atips_quarantine_room_bytes": "100x40"},
            {'atips_quarantine_bytes{agency="bpd"}': "70x40", "atips_quarantine_room_bytes": "100x40"},
        ),
    ),
    "QuarantineFull": (
        Case({'atips_quarantine_lost{agency="bpd"}': "1x40"}, {'atips_quarantine_lost{agency="bpd"}': "0x40"}),
    ),
    "AgencySilent": (
        Case(
            {'atips_last_accepted_timestamp_seconds{agency="bpd"}': "0x900"},
            {
                'atips_last_accepted_timestamp_seconds{agency="bpd",instance="a"}': "0x900",
                'atips_last_accepted_timestamp_seconds{agency="bpd",instance="b"}': "864000x900",
            },
            at="36d",
            interval="1h",
        ),
    ),
    "PolicyReviewOverdue": (Case(_review(0), _review(1), at="2h", interval="1m"),),
    "PolicyReviewDistant": (Case(_review(368), _review(366), at="2h", interval="1m"),),
    "DiskNearlyFull": (
        Case(
            {f"node_filesystem_avail_bytes{_DISK}": "10x40", f"node_filesystem_size_bytes{_DISK}": "100x40"},
            {f"node_filesystem_avail_bytes{_DISK}": "20x40", f"node_filesystem_size_bytes{_DISK}": "100x40"},
        ),
        Case(
            {
                f"kubelet_volume_stats_available_bytes{_VOLUME}": "10x40",
                f"kubelet_volume_stats_capacity_bytes{_VOLUME}": "100x40",
            },
            {
                f"kubelet_volume_stats_available_bytes{_VOLUME}": "20x40",
                f"kubelet_volume_stats_capacity_bytes{_VOLUME}": "100x40",
            },
        ),
    ),
    "DiskFull": (
        Case(
            {f"node_filesystem_avail_bytes{_DISK}": "4x40", f"node_filesystem_size_bytes{_DISK}": "100x40"},
            {f"node_filesystem_avail_bytes{_DISK}": "6x40", f"node_filesystem_size_bytes{_DISK}": "100x40"},
        ),
        Case(
            {
                f"kubelet_volume_stats_available_bytes{_VOLUME}": "4x40",
                f"kubelet_volume_stats_capacity_bytes{_VOLUME}": "100x40",
            },
            {
                f"kubelet_volume_stats_available_bytes{_VOLUME}": "6x40",
                f"kubelet_volume_stats_capacity_bytes{_VOLUME}": "100x40",
            },
        ),
    ),
    "CertificateExpires": (Case(_certificate(20), _certificate(22), at="2h", interval="1m"),),
    "CertificateExpiresNow": (Case(_certificate(1), _certificate(3)),),
    "BackupOld": (
        Case(
            {"atips_backup_last_success_timestamp_seconds": "0x300"},
            {"atips_backup_last_success_timestamp_seconds": "21600x300"},
            at="27h",
            interval="10m",
        ),
    ),
    "BackupUnknown": (
        Case({"up": "1x300"}, {"atips_backup_last_success_timestamp_seconds": "0x300"}, at="2h", interval="1m"),
    ),
    "DrillOld": (
        Case(
            {"atips_backup_last_drill_timestamp_seconds": "0x900"},
            {"atips_backup_last_drill_timestamp_seconds": "864000x900"},
            at="36d",
            interval="1h",
        ),
    ),
    "ReplicaMissing": (
        Case(
            {"atips_database_standbys": "0x40", "atips_database_waits_for_standby": "1x40"},
            {"atips_database_standbys": "0x40", "atips_database_waits_for_standby": "0x40"},
        ),
        # A base backup streams for a while: what it leaves behind is no loss.
        Case(
            {"atips_database_standbys": "2x290 1x10", "atips_database_waits_for_standby": "1x300"},
            {"atips_database_standbys": "1x200 3x20 1x80", "atips_database_waits_for_standby": "1x300"},
            at="1480m",
            interval="5m",
        ),
    ),
    "ReplicaLags": (
        Case(
            {'pg_replication_lag_seconds{instance="b"}': "31x60"},
            {'pg_replication_lag_seconds{instance="b"}': "1x60"},
        ),
        Case({'cnpg_pg_replication_lag{pod="b"}': "31x60"}, {'cnpg_pg_replication_lag{pod="b"}': "1x60"}),
    ),
}
