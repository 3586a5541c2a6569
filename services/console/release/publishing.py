"""`atips release approve · publish · withdraw`: steps of a frozen release. None of them changes its bytes.

Publishing sends an event of the Council's system to intake. The event is stored before it is sent, and an interrupted
step sends it again unchanged: intake counts it once.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from infra.local.data_folder import Folder
from infra.local.protected_files import write_new
from schemas.governance.releases import release_of
from services.client.event_builder import statement
from services.console import local_cluster
from services.console.as_of_and_known_at import open_ledger_pool
from services.console.output import fail
from services.console.release.preparing import release_means
from services.console.release.releasing_account import account_of
from services.console.release.signing import write_signed
from services.console.send_as_agency import publish_lines
from services.reporting.domain.disclosure.policy import DisclosurePolicy
from services.reporting.release.artefact import ReleaseWithdrawal
from services.reporting.release.making import Unreleasable, check_again
from services.reporting.release.registry import KeptRelease, ReleaseRegistry, ReleaseStep, StepRefused, TakenStep
from services.runtime.postgres import borrow_connection
from services.sheet.http_post import NotReachedError
from services.sheet.json_lines import FileLine
from services.sheet.verdict import GOOD, Verdict

COUNCIL: Final = "council"
_RECEIPT_SECONDS: Final = 30.0
_RETRACTED: Final = {ReleaseWithdrawal.ERROR_IN_RELEASE: "entry_error"}


async def approve_release(folder: Folder, token: str, policy: DisclosurePolicy, number: int) -> KeptRelease:
    """Record the approval by a second account. Exits with 1 if its role may not approve, or it prepared the release."""
    account = await account_of(folder, token, policy.steps.approve)
    async with open_ledger_pool(folder.root) as pool, borrow_connection(pool) as connection:
        registry = ReleaseRegistry(connection)
        kept = await _release(registry, number)
        prepared = kept.taken(ReleaseStep.PREPARED)
        if prepared is not None and prepared.account == account.name:
            fail(f"{account.name} prepared release {number}: somebody else approves it.")
        async with registry.exclusive_transaction():
            await _take(registry, number, TakenStep(ReleaseStep.APPROVED, account.name, local_cluster.now(folder.root)))
        return await _release(registry, number)


async def publish_release(folder: Folder, token: str, policy: DisclosurePolicy, number: int) -> KeptRelease:
    """Publish an approved release, or finish a publication that was interrupted, and write the release's files.

    Exits with 1 if the account may not publish, or the release is in another state or changed. Exits with 1 too if
    disclosure rules or intake refuse it, or intake does not answer.
    """
    account = await account_of(folder, token, policy.steps.publish)
    async with open_ledger_pool(folder.root) as pool, borrow_connection(pool) as connection:
        registry = ReleaseRegistry(connection)
        async with registry.exclusive_transaction():
            kept = await _release(registry, number)
            if kept.state is ReleaseStep.APPROVED:
                try:
                    check_again(release_means(policy), kept, await registry.all())
                except Unreleasable as refused:
                    fail(f"Release {number} is not published: {refused}.")
                now = local_cluster.now(folder.root)
                event = statement(COUNCIL, "report.published", event_data_of(kept), subject=_subject(kept), at=now)
                await _take(registry, number, TakenStep(ReleaseStep.SENT, account.name, now, event=event))
        kept = await _release(registry, number)
        step = kept.taken(ReleaseStep.SENT)
        if step is None or step.event is None or kept.state is ReleaseStep.WITHDRAWN:
            fail(f"Release {number} is {kept.state.value}: only an approved one is published.")
        if kept.state is ReleaseStep.SENT:
            verdict = _published(folder.root, step.event)
            now = local_cluster.now(folder.root)
            await _take(registry, number, TakenStep(ReleaseStep.PUBLISHED, account.name, now, n=verdict.n))
        _export(folder.root, kept)
        return await _release(registry, number)


async def withdraw_release(
    folder: Folder, token: str, policy: DisclosurePolicy, number: int, reason: ReleaseWithdrawal
) -> KeptRelease:
    """Withdraw a release; if its event was sent, retract the event first.

    Exits with 1 if the account may not withdraw, the release was withdrawn before, or intake refuses or is away.
    """
    account = await account_of(folder, token, policy.steps.withdraw)
    async with open_ledger_pool(folder.root) as pool, borrow_connection(pool) as connection:
        registry = ReleaseRegistry(connection)
        kept = await _release(registry, number)
        step = kept.taken(ReleaseStep.SENT)
        if kept.state is ReleaseStep.WITHDRAWN:
            fail(f"Release {number} is withdrawn already.")
        if step is not None and step.event is not None:
            _published(folder.root, step.event)  # the event must be accepted before it can be retracted
            said = {"reason": _RETRACTED.get(reason, "other")}
            target = f"{step.event['source']}/{step.event['id']}"
            at = local_cluster.now(folder.root)
            event = statement(COUNCIL, "event.retracted", said, subject=_subject(kept), at=at, supersedes=target)
            _published(folder.root, event)
        now = local_cluster.now(folder.root)
        await _take(registry, number, TakenStep(ReleaseStep.WITHDRAWN, account.name, now, reason.value))
        return await _release(registry, number)


def event_data_of(kept: KeptRelease) -> Mapping[str, Any]:
    """Return the data of the event `report.published` about a release."""
    artefact = kept.artefact
    return {
        "period": artefact.head.period,
        "known_at": artefact.head.known_at,
        "definitions": artefact.definitions(),
        "release": kept.number,
        "artefact": kept.sha256,
    }


def name_of(kept: KeptRelease) -> str:
    """Return the file name of a release, such as release-3-public-2024.json."""
    head = kept.artefact.head
    return f"release-{kept.number}-{head.edition.value}-{head.period}.json"


def _subject(kept: KeptRelease) -> str:
    return release_of(kept.artefact.head.period, kept.artefact.head.known_at)


def _published(root: Path, event: Mapping[str, Any]) -> Verdict:
    try:
        (verdict,) = publish_lines(root, COUNCIL, [FileLine(1, orjson.dumps(event))], _RECEIPT_SECONDS)
    except NotReachedError as error:
        fail(
            f"{COUNCIL} does not reach intake: {error}. Run the command again: "
            "it sends the same event, which counts once."
        )
    if verdict.status not in GOOD:
        fail(
            f"Intake did not confirm the event of the release: {verdict.status.value} ({verdict.reason}). "
            "Remove the cause, then run the command again."
        )
    return verdict


async def _release(registry: ReleaseRegistry, number: int) -> KeptRelease:
    found = next((each for each in await registry.all() if each.number == number), None)
    if found is None:
        fail(f"There is no release {number}. List them: atips release show")
    if not found.unchanged:
        fail(f"Release {number} is not as it was frozen: its hash differs. Nothing is done with it.")
    return found


async def _take(registry: ReleaseRegistry, number: int, step: TakenStep) -> None:
    try:
        await registry.take(number, step)
    except StepRefused as refused:
        fail(f"Release {number}: {refused}.")


def _export(root: Path, kept: KeptRelease) -> None:
    """Write the release's file and its signed envelope into the folder `releases`, unless they are there."""
    folder = root / "releases"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name_of(kept)
    if not path.exists():
        write_new(path, kept.document)
    write_signed(Folder(root), folder, kept, name_of(kept))
