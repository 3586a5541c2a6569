"""As an agency, from the command line: an ordinary event through intake's HTTP door, and its receipt."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
import typer
from uuid6 import uuid7

from infra.local.folder import Folder
from schemas.agencies import PUBLISHING
from schemas.codec import decode_strict
from schemas.errors import BadMessage
from services.client.http import Http
from services.console import local
from services.console.publish import post
from services.console.publish.lines import Line
from services.console.publish.verdict import GOOD, Status, Verdict
from services.console.publish.wire import NotReachedError
from services.console.say import emit, err, fail, out, wrong

# The longest silence from intake that is waited out.
_RECEIPT_SECONDS: Final = 30.0


def published(data_dir: Path, agency: str, lines: Sequence[Line], timeout: float) -> Iterator[Verdict]:
    """Send lines with the key in the agency's folder; leaves where there is none. Raises what `post.publish` does."""
    path = Folder(data_dir).client(agency)
    try:
        door = Http.read(path)
    except FileNotFoundError:
        fail(f"{agency} has no key for intake's door here: {path}")
    try:
        yield from post.publish(door, lines, timeout=timeout)
    finally:
        door.close()


def say(data_dir: Path, agency: str, name: str, data: Mapping[str, Any], *, subject: str, **envelope: Any) -> Verdict:  # noqa: ANN401
    """Publish an event that happened now, as the agency; `name` is the type's without prefix and version.

    What is None or empty is left out. It is judged here first: what no door would take is not sent, and we leave.
    Where intake does not answer that is said, and the verdict is that nothing is confirmed.
    """
    if agency not in PUBLISHING:
        wrong(f"There is no agency {agency}.")
    root = local.running(data_dir).data_dir
    now = local.now(root).isoformat(timespec="milliseconds")
    event = {
        "specversion": "1.0",
        "id": str(uuid7()),
        "source": f"{agency}/console",
        "type": f"bz.atips.{name}.v1",
        "subject": subject,
        "time": now,
        "recordedtime": now,
        "data": {key: value for key, value in data.items() if value not in (None, [])},
        **{key: value for key, value in envelope.items() if value is not None},
    }
    try:
        value = orjson.dumps(event)
    except TypeError:
        wrong("What was typed is not UTF-8: nothing was sent.")
    try:
        decode_strict(value)
    except BadMessage as bad:
        fail(f"{bad.reason.value} at {bad.pointer or 'the whole'}: nothing was sent")
    try:
        (verdict,) = published(root, agency, [Line(1, value)], _RECEIPT_SECONDS)
    except NotReachedError as error:
        err().print(f"{agency} does not reach intake: {error}", style="red", markup=False)
        return Verdict(1, Status.UNCONFIRMED, str(event["id"]))
    return verdict


def show(verdict: Verdict, *, as_json: bool, **about: str | None) -> None:
    """Show the receipt, for programs with the ids that it is `about`; leaves with 1 where it was not accepted."""
    if as_json:
        emit(verdict.plain() | about)
    elif verdict.status is not Status.UNCONFIRMED:  # people were told
        out().print(verdict.text())
    if verdict.status not in GOOD:
        raise typer.Exit(1)
