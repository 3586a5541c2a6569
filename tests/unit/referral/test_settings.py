"""Settings of referral: a policy whose gate of consent begins only later is refused at the start."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.referral.settings import Settings
from services.runtime.errors import Halt
from tests.unit.referral.sample import START, as_written


@pytest.mark.parametrize(("hours", "starts"), [(-1, True), (0, True), (1, False)])
def test_a_gate_of_consent_that_begins_later_than_now_is_refused(tmp_path: Path, hours: int, *, starts: bool) -> None:
    file = tmp_path / "policy.yaml"
    since = START + timedelta(hours=hours)
    file.write_text(as_written().model_copy(update={"consent_since": since}).model_dump_json(), "utf-8")
    settings = Settings.model_construct(policy_file=file)
    if starts:
        assert settings.policy(START).consent_since <= START
    else:
        with pytest.raises(Halt, match="consent_since lies in the future"):
            settings.policy(START)
