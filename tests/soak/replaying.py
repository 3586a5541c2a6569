"""`atips replay --compare` as a person starts it, its memory watched."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from typing import Any

from tests.soak.processes import Usage, watched
from tests.soak.progress_board import Board
from tests.support.pipeline import ROOT, Pipeline


@dataclass(frozen=True, slots=True)
class Replayed:
    """Result of a replay, and its cost."""

    report: dict[str, Any]
    code: int
    usage: Usage
    seconds: float

    def wrong(self, events: int) -> list[str]:
        """Everything in which live is not what the topics say."""
        if not self.report:
            return [f"the replay ended with {self.code} and said nothing"]
        found = [
            f"replay: {len(self.report[name])} {what}, first {self.report[name][0]}"
            for name, what in (
                ("different", "cells differ"),
                ("withheld", "entities are withheld differently"),
                ("ledger", "rows of the ledger are wrong"),
                ("routing", "copies are wrong"),
            )
            if self.report[name]
        ]
        if self.report["digest"] != self.report["live_digest"]:
            found.append("replay: its digest is not live's")
        if (self.report["events"], self.report["audited_to"], self.report["unsettled"]) != (events, events, 0):
            found.append(f"replay: read {self.report['events']} events of {events}")
        if self.code != (0 if self.report["equal"] else 1):
            found.append(f"replay: ended with {self.code}")
        return found


async def replayed(pipeline: Pipeline, board: Board, processes: int = 2) -> Replayed:
    """Replay everything and compare."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ATIPS_")}
    environment |= pipeline.environment("reporting")
    command = [sys.executable, "-m", "services.console", "replay", "--compare", "--json"]
    # Nobody decides here: what services would have said is missing, and is not what is asked.
    command += ["--no-decisions", "--processes", str(processes), "--data-dir", str(pipeline.folder / "none")]
    board.say("replaying")
    ended = await asyncio.to_thread(watched, command, environment, ROOT)
    return Replayed(json.loads(ended.output or b"{}"), ended.code, ended.usage, ended.seconds)
