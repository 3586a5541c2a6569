"""Settings of referral: a policy whose gate of consent begins only later is refused at the start."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemas.times import belize_day
from services.referral.settings import Settings
from services.runtime import metrics
from services.runtime.errors import Halt
from tests.unit.referral.sample import START, as_written


@pytest.mark.parametrize(("hours", "starts"), [(-1, True), (0, True), (1, False)])
def test_a_gate_of_consent_that_begins_later_than_now_is_refused(tmp_path: Path, hours: int, *, starts: bool) -> None:
    file = tmp_path / "policy.yaml"
    since = START + timedelta(hours=hours)
    changed = {"consent_since": since, "review_on": START.date()}
    file.write_text(as_written().model_copy(update=changed).model_dump_json(), "utf-8")
    settings = Settings.model_construct(policy_file=file)
    if starts:
        assert settings.policy(START).consent_since <= START
    else:
        with pytest.raises(Halt, match="consent_since lies in the future"):
            settings.policy(START)


@pytest.mark.parametrize(("days", "starts"), [(-400, True), (366, True), (367, False)])
def test_a_review_that_lies_further_ahead_than_a_year_is_refused(tmp_path: Path, days: int, *, starts: bool) -> None:
    """A policy whose review has passed still protects: it starts, and an alert says that it is overdue."""
    file = tmp_path / "policy.yaml"
    review = belize_day(START) + timedelta(days=days)
    file.write_text(as_written().model_copy(update={"review_on": review}).model_dump_json(), "utf-8")
    settings = Settings.model_construct(policy_file=file)
    if not starts:
        with pytest.raises(Halt, match=r"policy.yaml: the review date .* lies more than 366 days ahead"):
            settings.policy(START)
        return
    assert settings.policy(START).review_on == review
    end = metrics.REGISTRY.get_sample_value("atips_policy_review_timestamp_seconds", {"policy": "referrals"})
    assert end is not None
    assert belize_day(datetime.fromtimestamp(end - 1, UTC)) == review
    assert belize_day(datetime.fromtimestamp(end, UTC)) == review + timedelta(days=1)


def test_the_file_that_is_shipped_starts_at_any_time() -> None:
    assert Settings.model_construct(policy_file=None).policy(START).owner == "council"
