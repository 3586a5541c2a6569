"""Publishing of the demo's entries: each agency sends to its own topic and waits for its receipts."""

from collections.abc import Callable, Sequence
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final, Self

from infra.local import connection_settings
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from services.console.publish import kafka_publishing
from services.demo.await_idle import TooLateError, wait_until_idle
from services.demo.register_entries import RegisterEntry
from services.sheet import json_lines as read
from services.sheet.http_post import NotReachedError
from services.sheet.verdict import Verdict

Progress = Callable[[str], None]

# Longest wait for the next receipt of intake.
RECEIPT_SECONDS: Final = 60.0

# Suppresses librdkafka's messages on the terminal, such as retried connections. Failures are raised anyway.
_SILENT: Final = 0


class Offices:
    """The agencies' connections, each opened when its agency first sends. Agencies send in parallel threads.

    As a context manager, it closes them after a normal exit. After an error or Ctrl-C it does not wait for them.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._deployment = connection_settings.deployment(cluster.data_dir)
        self._wires: dict[str, kafka_publishing.InboundTopic] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            for each in self._wires.values():
                each.close()

    def publish(self, entries: Sequence[RegisterEntry], progress: Progress) -> list[Verdict]:
        """Send each agency's entries in their order, as that agency and to its own topic.

        Returns the verdicts in the order of the entries. Raises `TooLateError` if a receipt does not come in time, and
        `NotReachedError` if the broker cannot be reached. `progress` is called with a text before each verdict.
        """
        by_agency: dict[str, list[tuple[int, RegisterEntry]]] = {}
        for position, entry in enumerate(entries):
            by_agency.setdefault(entry.agency, []).append((position, entry))
        answers: SimpleQueue[Verdict | NotReachedError] = SimpleQueue()
        for agency, own in by_agency.items():
            # Daemon threads, so that Ctrl-C does not wait for receipts.
            Thread(target=self._send, args=(agency, own, answers), name=f"agency-{agency}", daemon=True).start()
        verdicts: dict[int, Verdict] = {}
        while len(verdicts) < len(entries):
            progress(f"publishing: {len(verdicts)} of {len(entries)} answered")
            verdict = _next(answers)
            verdicts[verdict.line] = verdict
        answered = [verdicts[position] for position in range(len(entries))]
        if missing := sum(verdict.n is None for verdict in answered):
            message = (
                f"{missing} of {len(entries)} submissions have no receipt after {RECEIPT_SECONDS:.0f} seconds. "
                "The machine may be too busy: try again when it is less so."
            )
            raise TooLateError(message)
        return answered

    def _send(
        self, agency: str, own: Sequence[tuple[int, RegisterEntry]], answers: "SimpleQueue[Verdict | NotReachedError]"
    ) -> None:
        records = [read.FileLine(position, entry.value) for position, entry in own]
        try:
            if agency not in self._wires:
                config = {**connection_settings.client(self._cluster.data_dir, agency), "log_level": _SILENT}
                self._wires[agency] = kafka_publishing.InboundTopic(
                    config, self._deployment, agency, timeout=RECEIPT_SECONDS
                )
            for verdict in self._wires[agency].publish(records):
                answers.put(verdict)
        except NotReachedError as error:
            answers.put(error)

    def live_through(self, entries: Sequence[RegisterEntry], ends: Sequence[str], progress: Progress) -> list[Verdict]:
        """Publish the entries period by period, with the services' clock at each period's end.

        `entries`: sorted by `leaves_at`. `ends`: sorted instants (RFC 3339). An entry whose `leaves_at` is after the
        last end is not published. The clock is set to the next end after the services have published all decisions
        due by the current one. Returns the verdicts in the order of the entries. Raises the errors of `publish`, and
        `TooLateError` if the services do not finish a period in time.
        """
        folder = Folder(self._cluster.data_dir)
        verdicts: list[Verdict] = []
        begun = 0
        for end in ends:
            reached = begun + sum(entry.leaves_at <= datetime.fromisoformat(end) for entry in entries[begun:])
            folder.set_clock(end)
            if reached > begun:
                verdicts += self.publish(entries[begun:reached], progress)
                wait_until_idle(self._cluster, max(verdict.n or 0 for verdict in verdicts))
            begun = reached
        return verdicts


def _next(answers: "SimpleQueue[Verdict | NotReachedError]") -> Verdict:
    try:
        answer = answers.get(timeout=kafka_publishing.CONNECT_SECONDS + RECEIPT_SECONDS)
    except Empty:
        message = f"no receipt in {RECEIPT_SECONDS:.0f} s"
        raise TooLateError(message) from None
    if isinstance(answer, NotReachedError):
        raise answer
    return answer
