"""`atips demo`: start a cluster, publish the invented year, compare its figures with the report, publish changes.

The cluster is attached: it ends whenever this process ends.
"""

import os
import signal
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from infra.local import environment_variables
from infra.local.cluster import Cluster, ClusterError
from infra.local.data_folder import Folder
from infra.local.data_folder_lock import AlreadyRunningError
from services.console import cluster_start, definitions, figure_rates, findings, findings_between_figures
from services.console.options import in_folder, store_data_folder
from services.console.output import emit, err, fail, out
from services.console.up import stages
from services.demo import figures_and_findings, page_links_and_check, present_day_referrals, show, suggestions
from services.demo.agency_publishing import Offices
from services.demo.await_idle import TooLateError
from services.demo.changes_after_report import CHANGES_KNOWN_AT, QUARTERS, REPORT_KNOWN_AT, changes_after_report
from services.demo.figures_and_findings import DemoOutcome, StageClock
from services.demo.invented_year import history
from services.demo.moved_figures import moved
from services.demo.plan_indicators import PLAN_FILE
from services.presentation.bilingual_text import Language
from services.presentation.rates import plain as plain_rate
from services.runtime.errors import Retryable
from services.sheet.http_post import NotReachedError
from services.sheet.verdict import Verdict, VerdictStatus

_FAILURES = (
    ClusterError,
    environment_variables.SettingsError,
    NotReachedError,
    Retryable,
    TooLateError,
    page_links_and_check.PagesDifferError,
    present_day_referrals.NotTakenError,
)
INTERRUPTED = 130
TERMINATED = 143


def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Print the figures and leave; 0 only if all agree.")] = False,
    whole: Annotated[bool, typer.Option("--all", help="Print every figure, and all that there is to try.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs, nothing else.")] = False,
    data_dir: Annotated[
        Path | None,
        typer.Option(
            "--data-dir",
            metavar="D",
            help="Keep the data here; else in a folder that is removed.",
            readable=False,
            callback=store_data_folder,
        ),
    ] = None,
) -> None:
    """Run all of it with an invented 2024 whose figures are the printed report's, until Ctrl-C."""
    _refuse_what_is_not_invented(data_dir)
    # A shell may start a background process with SIGINT ignored; this restores it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _on_terminate)
    shown = False
    try:
        watch = StageClock()
        with stages("starting", lines=True) as progress, watch.stage("start"):
            cluster = cluster_start.start(
                data_dir, detached=False, synthetic=True, clock=QUARTERS[0], plan=PLAN_FILE, progress=progress
            )
        with cluster:
            agree = _present(cluster, watch, once=once, whole=whole, as_json=as_json)
            shown = True
            if not once:
                _stay(cluster, data_dir)
    except KeyboardInterrupt:
        raise typer.Exit(0 if shown else INTERRUPTED) from None
    except AlreadyRunningError as error:
        fail(f"{error}. Stop it (atips down {in_folder(data_dir)}), or give another folder.")
    except _FAILURES as error:
        kept = "" if data_dir is not None else " (with --data-dir D the logs are kept)"
        fail(f"{_reason(error)}{kept}")
    if once and not agree:
        raise typer.Exit(1)


def _reason(error: Exception) -> str:
    """Return the message of an error; for `NotReachedError` an explanation, because its own text is only a code."""
    if isinstance(error, NotReachedError):
        return f"Kafka did not answer in time ({error}). The machine may be too busy: try again when it is less so."
    return str(error)


def _refuse_what_is_not_invented(data_dir: Path | None) -> None:
    """Exit with a message if the environment names existing servers or the folder holds data that are not invented."""
    if environment_variables.existing_kafka(os.environ) or environment_variables.existing_postgres(os.environ):
        fail(
            "The demo did not start: it invents data, and the environment names an existing Kafka or "
            "PostgreSQL. Unset these variables."
        )
    if data_dir is not None:
        folder = Folder(data_dir.absolute())
        if folder.read_state() and not folder.synthetic.exists():
            fail(f"{data_dir} holds data that are not the demo's; give another folder.")


def _present(cluster: Cluster, watch: StageClock, *, once: bool, whole: bool, as_json: bool) -> bool:
    """Publish the year, the later changes and today's referrals; print the results; return whether all is as expected.

    That is: every printed number agrees, the later changes are exactly the planted ones, and the past is unchanged.
    `once`: check the pages too, and print no links.
    """
    with stages("publishing", lines=True) as progress, Offices(cluster) as offices:
        with watch.stage("publish"):
            verdicts = offices.live_through(history(), QUARTERS, progress)
        progress("counting")
        with watch.stage("count"):
            published = figures_and_findings.count(cluster, REPORT_KNOWN_AT)
        progress("publishing what comes to light afterwards")
        with watch.stage("publish changes"):
            entries = [each.entry for each in changes_after_report()]
            later = offices.live_through(entries, [CHANGES_KNOWN_AT], progress)
            now = figures_and_findings.count(cluster, CHANGES_KNOWN_AT[:10])
        progress("asking what was known when the report was written")
        with watch.stage("known at"):
            known = figures_and_findings.read_figures_known_at(cluster, REPORT_KNOWN_AT)
        if any(verdict.status is VerdictStatus.DUPLICATE for verdict in later):
            published = known  # the folder already held the changes, so compare the report with the earlier state
        Folder(cluster.data_dir).set_clock("")  # from here on the clock shows the real time
        progress("sending referrals of today")
        present_day_referrals.publish(cluster, offices)
        if once:
            progress("looking at the pages")
            with watch.stage("pages"):
                page_links_and_check.compare(cluster, now.lines, now.rates)
    # The earlier state, read from an edition now, must equal the one that was read before the changes.
    moves = moved(known.lines, now.lines, changes_after_report())
    as_published = [line.plain() for line in known.lines] == [line.plain() for line in published.lines]
    if as_json:
        first = {"figures": [line.plain() for line in published.lines], **_plain(published, verdicts)}
        second = {"moved": [each.plain() for each in moves], **_plain(now, later)}
        emit({**first, "afterwards": second, "seconds": watch.seconds})
    else:
        console = out()
        console.print(show.warning())
        if whole:
            _figures(console, published, verdicts)
            console.print(show.moved(moves), show.summary(now, _said(later)))
        console.print(show.verdict((*published.lines, *known.lines), moves, as_published=as_published))
        console.print(show.took(watch.seconds))
        if not once:
            _invite(cluster, console, whole=whole)
    return show.all_agree((*published.lines, *known.lines), moves) and as_published


def _figures(console: Console, published: DemoOutcome, verdicts: Sequence[Verdict]) -> None:
    """Print every figure beside the printed number, the courts' definitions, rates and findings."""
    console.print(show.figures(published), show.summary(published, _said(verdicts)))
    console.print(definitions.trial_rule_sentence(Language.EN), markup=False)
    for share in published.rates:
        figure_rates.show(console, share, Language.EN)
    console.print("What does not go together", markup=False)
    findings.show(findings_between_figures.plain(published.listed))


def _invite(cluster: Cluster, console: Console, *, whole: bool) -> None:
    """Print links to the pages and the first suggestion. Write the others and all addresses to try/README.txt.

    `whole`: print this file too.
    """
    first, *others = suggestions.steps(cluster, suggestions.write(cluster))
    console.print("", show.pages(cluster))
    show.steps(console, [first])
    more = cluster.data_dir / "try" / "README.txt"
    with more.open("w", encoding="utf-8") as file:
        show.steps(Console(file=file, width=120), others)
        Console(file=file, width=120).print("", show.addresses(cluster))
    if whole:
        console.print(more.read_text(encoding="utf-8"), markup=False, highlight=False, soft_wrap=True)
    else:
        console.print(f"\nAddresses, and more to try: {more}", markup=False, soft_wrap=True)


def _said(verdicts: Sequence[Verdict]) -> dict[str, int]:
    said = Counter(verdict.status.value for verdict in verdicts)
    return {
        status.value: said[status.value]
        for status in (VerdictStatus.ACCEPTED, VerdictStatus.DUPLICATE, VerdictStatus.REFUSED)
    }


def _plain(outcome: DemoOutcome, verdicts: Sequence[Verdict]) -> dict[str, object]:
    return {
        "complete_to": outcome.complete_to,
        "withheld": outcome.withheld,
        "submissions": _said(verdicts),
        "rates": [plain_rate(each) for each in outcome.rates],
        "findings": findings_between_figures.plain(outcome.listed),
    }


def _stay(cluster: Cluster, data_dir: Path | None) -> None:
    """Wait until Ctrl-C (`KeyboardInterrupt`). Raises `ClusterError` if the cluster ends by itself."""
    err().print(f"\nRunning; Ctrl-C ends it: {show.kept(data_dir)}.", markup=False)
    while cluster.running:
        time.sleep(0.5)
    message = f"the cluster ended; see {cluster.data_dir}/log"
    raise ClusterError(message)


def _on_terminate(_number: int, _frame: object) -> NoReturn:
    raise SystemExit(TERMINATED)


def register(app: typer.Typer) -> None:
    """Add the command `demo` to the app."""
    app.command()(demo)
