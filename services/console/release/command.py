"""`atips release prepare · show · approve · publish · verify · withdraw`: releases of figures, by two accounts."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from infra.local.data_folder import Folder
from infra.local.protected_files import write_new
from schemas.times import Period
from services.console import local_cluster
from services.console.as_of_and_known_at import open_ledger_pool, parse_known_at
from services.console.consistent_figure_reads import note_look_without_snapshot
from services.console.figure_arguments import leave_without_figures, parsed
from services.console.new_output_file import new_file
from services.console.options import DEFAULT, KNOWN_AT_HELP, AsJson, DataDir, PeriodText
from services.console.output import emit, fail, fail_wrong_usage, out
from services.console.release import preparing, publishing, release_text, signing
from services.console.release.disclosure_in_force import PolicyFile, policy_in_force
from services.console.release.releasing_account import TokenFile, token_from
from services.reporting.domain.disclosure.outlets import Outlet
from services.reporting.domain.disclosure.policy import DisclosurePolicy
from services.reporting.read.exact_look_log import exact_look
from services.reporting.release.artefact import ReleaseEdition, ReleaseWithdrawal, RevisionReason
from services.reporting.release.registry import KeptRelease, ReleaseRegistry
from services.reporting.release.signature import WrongSignature, key_id, verify_release
from services.runtime.postgres import borrow_connection

release = typer.Typer(
    no_args_is_help=True, help="Freeze figures, have a second account approve them, publish them, withdraw them."
)

ReleaseNumber: TypeAlias = Annotated[
    int, typer.Argument(metavar="RELEASE", help="Its number, as atips release show lists it.")
]

AccountStep: TypeAlias = Callable[[Folder, str, DisclosurePolicy, int], Coroutine[Any, Any, KeptRelease]]
"""Coroutine function of a release's step. Arguments: data folder, account's token, disclosure policy, its number."""


@release.command()
def prepare(
    *,
    period: PeriodText = "",
    edition: Annotated[ReleaseEdition, typer.Option("--edition", help="council: exact; public: protected.")],
    known_at: Annotated[str, typer.Option("--known-at", metavar="N|T", help=KNOWN_AT_HELP)] = "",
    revises: Annotated[
        int | None, typer.Option("--revises", metavar="RELEASE", help="The release that this one takes the place of.")
    ] = None,
    reason: Annotated[RevisionReason | None, typer.Option("--reason", help="Why it is made again.")] = None,
    token_file: TokenFile = None,
    policy: PolicyFile = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Freeze the figures of a period as they are known, or were at a moment. Nothing leaves by that."""
    if (revises is None) != (reason is None):
        fail_wrong_usage("--revises and --reason go together.")
    asked = _months(parsed(period, data_dir))
    known = parse_known_at(known_at) if known_at else None
    folder, token = Folder(local_cluster.running_cluster(data_dir).data_dir), token_from(token_file)
    with leave_without_figures():
        rules = policy_in_force(folder, policy, Outlet.RELEASE_STEP)
        order = preparing.ReleaseOrder(edition, asked, known, revises, reason)
        made = asyncio.run(preparing.prepare_release(folder, token, rules, order))
    _told(folder, "prepare", _of(_read(folder), made.head.release), as_json=as_json)


@release.command()
def show(
    number: Annotated[int | None, typer.Argument(metavar="[RELEASE]", help="Its number; without it: all.")] = None,
    *,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Write the release, as it was frozen, into a new file.")
    ] = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """List the releases, or show one. Exits with 1 where the bytes are not those that were frozen."""
    folder = Folder(local_cluster.running_cluster(data_dir).data_dir)
    found = _read(folder)
    if number is not None:
        found = [_of(found, number)]
    looked_at = found if number is not None else [each for each in found if as_json and each.artefact.head.changes]
    _note_exact(folder, "show", looked_at)
    if to is not None:
        if number is None:
            fail_wrong_usage("--to writes one release: name its number.")
        with new_file(to, "--to"):
            write_new(to, found[0].document)
        if not as_json:
            out().print(str(to), markup=False, soft_wrap=True)
    if as_json:
        emit({"releases": [release_text.plain(each) for each in found]})
    elif number is not None:
        release_text.show_release(found[0])
    else:
        release_text.listed(found)
    if not all(each.unchanged for each in found):
        raise typer.Exit(1)


def _taking(name: str, step: AccountStep) -> Callable[..., None]:
    """Build the command `name`, which runs `step` on a frozen release as the token's account."""

    def command(
        number: ReleaseNumber,
        *,
        token_file: TokenFile = None,
        policy: PolicyFile = None,
        data_dir: DataDir = DEFAULT,
        as_json: AsJson = False,
    ) -> None:
        folder, token = Folder(local_cluster.running_cluster(data_dir).data_dir), token_from(token_file)
        with leave_without_figures():
            rules = policy_in_force(folder, policy, Outlet.RELEASE_STEP)
        _done(folder, name, step(folder, token, rules, number), as_json=as_json)

    return command


release.command("approve", help="Approve a release that another account prepared.")(
    _taking("approve", publishing.approve_release)
)
release.command(
    "publish",
    help="Publish an approved release: the Council's system says so in an event, and its file lies in `releases`.",
)(_taking("publish", publishing.publish_release))


@release.command()
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The signed release: release-….json.dsse.")],
    *,
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="The public key of the deployment: releases.pub.")],
    as_json: AsJson = False,
) -> None:
    """Check the signature of a release with the public key alone. Exits with 1 where it is not right."""
    public = signing.read_public_key(key)
    try:
        found = verify_release(file.read_bytes(), public)
    except OSError as error:
        fail_wrong_usage(f"{file} cannot be read: {error.strerror}")
    except WrongSignature as refused:
        fail(f"{file} is not right: {refused}. Do not use it; ask the Council for the release again.")
    head = found.head
    if as_json:
        emit({"valid": True, "key": key_id(public), "sha256": found.sha256, **head.model_dump(mode="json")})
    else:
        out().print(
            f"Release {head.release}, {head.edition.value} edition of {head.period}, known at event {head.known_at}, "
            f"is signed by the key {key_id(public)[:16]}. SHA-256 {found.sha256}",
            markup=False,
            soft_wrap=True,
        )


@release.command()
def withdraw(
    number: ReleaseNumber,
    *,
    reason: Annotated[ReleaseWithdrawal, typer.Option("--reason", help="Why it is withdrawn.")],
    token_file: TokenFile = None,
    policy: PolicyFile = None,
    data_dir: DataDir = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Withdraw a release, also when the policy's review is overdue.

    Its copies remain with their holders, so audits of later releases still count it.
    """
    folder, token = Folder(local_cluster.running_cluster(data_dir).data_dir), token_from(token_file)
    with leave_without_figures():
        rules = policy_in_force(folder, policy, Outlet.WITHDRAWAL)
    _done(folder, "withdraw", publishing.withdraw_release(folder, token, rules, number, reason), as_json=as_json)


def _done(folder: Folder, name: str, step: Coroutine[Any, Any, KeptRelease], *, as_json: bool) -> None:
    with leave_without_figures():
        kept = asyncio.run(step)
    _told(folder, name, kept, as_json=as_json)


def _told(folder: Folder, name: str, kept: KeptRelease, *, as_json: bool) -> None:
    """Print a release after the step `name`. If it shows changed amounts, the look at exact amounts is noted first."""
    _note_exact(folder, name, [kept] if kept.artefact.head.changes else [])
    if as_json:
        emit(release_text.plain(kept))
    else:
        release_text.show_release(kept)


def _note_exact(folder: Folder, name: str, shown: Iterable[KeptRelease]) -> None:
    """Note a look at those of the releases that are of the Council's edition, whose amounts are exact.

    `name`: the subcommand. Exits with 1 if the look cannot be noted.
    """
    numbers = [str(each.number) for each in shown if each.artefact.head.edition is ReleaseEdition.COUNCIL]
    if numbers:
        with leave_without_figures():
            asyncio.run(
                note_look_without_snapshot(
                    folder, exact_look(f"atips release {name}", moment=f"release {','.join(numbers)}")
                )
            )


def _read(folder: Folder) -> list[KeptRelease]:
    async def every() -> list[KeptRelease]:
        async with open_ledger_pool(folder.root) as pool, borrow_connection(pool) as connection:
            return await ReleaseRegistry(connection).all()

    with leave_without_figures():
        return asyncio.run(every())


def _of(found: list[KeptRelease], number: int) -> KeptRelease:
    kept = next((each for each in found if each.number == number), None)
    if kept is None:
        fail(f"There is no release {number}. List them: atips release show")
    return kept


def _months(period: Period) -> Period:
    """Return the period if it is of whole months or years, as an event can name; exits with 2 for any other."""
    if len(str(period).partition("..")[0]) > len("2024-04"):
        fail_wrong_usage("--period: a release is of whole months or years")
    return period


def register(app: typer.Typer) -> None:
    """Add the command group `release` to the app."""
    app.add_typer(release, name="release")
