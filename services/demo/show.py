"""The demo's output as `rich` objects: warning, figures beside printed numbers, changes, addresses, suggestions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from infra.local import connection_settings
from infra.local.cluster import Cluster
from infra.local.data_folder import Folder
from services.demo import page_links_and_check
from services.demo.figures_and_findings import DemoOutcome
from services.demo.moved_figures import MovedNumber
from services.demo.suggestions import Suggestion
from services.presentation.bilingual_text import pluralize
from services.presentation.report_2024_numbers.comparison_with_figures import PERIOD, ComparedLine

WARNING: Final = (
    "Every person, case and session in here is invented; only the sums are\n"
    "those of the Council's report for 2024. This cluster is for looking at,\n"
    "not for production: never publish a true record to it."
)

_MARKS: Final[Mapping[bool | None, Text]] = {
    True: Text("✓", "green"),
    False: Text("✗", "bold red"),
    None: Text("", "dim"),
}
_NOT_PRINTED: Final = "not printed"


def warning() -> Panel:
    """Make the box that warns that the data are invented."""
    return Panel(WARNING, title="invented data", border_style="yellow", expand=False)


def figures(outcome: DemoOutcome) -> Group:
    """Make the table of computed figures beside printed numbers, followed by the numbered notes of its rows."""
    table = Table(box=SIMPLE_HEAD, title=f"{PERIOD}: the report and the pipeline", title_justify="left")
    for heading in ("no.", "figure", "unit"):
        table.add_column(heading)
    for heading in ("printed", "computed"):
        table.add_column(heading, justify="right")
    table.add_column("")
    notes: dict[str, int] = {}
    for number, lines in groupby(outcome.lines, key=lambda line: line.printed.number):
        for position, line in enumerate(lines):
            note = line.printed.note
            mark = Text.assemble(_MARKS[line.agrees])
            if note:
                mark.append(f" {notes.setdefault(note, len(notes) + 1)}", "dim")
            table.add_row("" if position else number, _name(line, first=not position), line.unit, *_amounts(line), mark)
    return Group(table, *(Text(f"{number:>3}  {note}", "dim") for note, number in notes.items()))


def _name(line: ComparedLine, *, first: bool) -> str:
    dimensions = ", ".join(value.replace("_", " ") for value in line.printed.dimensions.values())
    if first:
        name = line.name.replace("_", " ")
        return f"{name}: {dimensions}" if dimensions else name
    return f"  {dimensions}"


def _amounts(line: ComparedLine) -> tuple[str, str]:
    """Return the texts of the printed and of the computed amount. "?" stands for facts without a number."""
    value = line.printed.value
    printed = line.printed.words or _NOT_PRINTED if value is None else f"{value:,}"
    if line.unknown:
        return printed, "?" if line.computed is None else f"{line.computed:,} + ?"
    counted = _number(line.computed)
    return printed, f"{counted} ({line.twice} possibly twice)" if line.twice else counted


def _number(amount: int | None) -> str:
    """Format an amount; a dash for None, such as the median of no duration."""
    return "—" if amount is None else f"{amount:,}"


def moved(moves: Iterable[MovedNumber]) -> Table:
    """Make the table of numbers that changed after publication, with their reasons."""
    table = Table(box=SIMPLE_HEAD, title="What came to light afterwards", title_justify="left")
    for heading in ("no.", "figure"):
        table.add_column(heading)
    for heading in ("as published", "as now known"):
        table.add_column(heading, justify="right")
    table.add_column("")
    table.add_column("because")
    for each in moves:
        before = each.published
        table.add_row(
            before.printed.number,
            _name(before, first=True),
            _number(before.computed),
            _number(each.now),
            _MARKS[each.agrees],
            "; ".join(each.why) or "nothing that was planted",
        )
    return table


def all_agree(lines: Iterable[ComparedLine], moves: Iterable[MovedNumber]) -> bool:
    """Whether no printed number disagrees, and all later changes are exactly the planted ones."""
    return all(line.agrees is not False for line in lines) and all(each.agrees for each in moves)


def verdict(lines: Sequence[ComparedLine], moves: Sequence[MovedNumber], *, as_published: bool) -> Text:
    """Make the sentence that says that all agrees, or names the figures that do not.

    `as_published`: whether an edition of the past equals the figures that were read then.
    """
    differing = [line.printed.number for line in lines if line.agrees is False]
    differing += [each.published.printed.number for each in moves if not each.agrees]
    if differing:
        named = ", ".join(dict.fromkeys(differing))
        return Text(f"These figures differ from the report, or moved otherwise than planted: {named}.", "bold red")
    if not as_published:
        return Text("The past as it is asked for now is not the one that was read then.", "bold red")
    places = {(each.printed.number, *each.printed.dimensions.items()) for each in lines if each.agrees}
    printed = sum(each.published.printed.value is not None for each in moves)
    return Text(
        f"All {len(places)} printed numbers of {PERIOD} agree with the report. What came to light afterwards changed "
        f"{printed} of them and {len(moves) - printed} numbers that are not printed, as it should.",
        "bold green",
    )


def summary(outcome: DemoOutcome, submissions: Mapping[str, int]) -> Text:
    """Make the line with the number of submissions by status, and the event up to which the figures are complete."""
    told = ", ".join(f"{count} {status}" for status, count in submissions.items())
    withheld = f"; {pluralize(outcome.withheld, 'entity', 'entities')} withheld" if outcome.withheld else ""
    return Text(f"{sum(submissions.values())} submissions: {told}; complete to event {outcome.complete_to}{withheld}")


def took(seconds: Mapping[str, float]) -> Text:
    """Make the line with the seconds of each stage."""
    return Text(", ".join(f"{stage} {taken:.1f} s" for stage, taken in seconds.items()), "dim")


def pages(cluster: Cluster) -> Group:
    """Return a printable list of one-time links to the pages: for committees, an officer and a clerk.

    Each call adds these accounts, or resets them, and issues new links.
    """
    return Group(
        Text("Open a page in a browser. Each link opens once:"),
        *(Text(f"{who:<16}{link}") for who, link in _links(cluster)),
    )


def _links(cluster: Cluster) -> Iterator[tuple[str, str]]:
    yield "M&E member", page_links_and_check.link(cluster)
    yield "operations", page_links_and_check.link(cluster, page_links_and_check.OPERATIONS)
    yield "police officer", page_links_and_check.link(cluster, page_links_and_check.OFFICER)
    yield "clerk", page_links_and_check.link(cluster, page_links_and_check.CLERK)


def addresses(cluster: Cluster) -> Table:
    """Make the table of addresses of Kafka and PostgreSQL, and of the files with secrets and client settings."""
    folder = Folder(cluster.data_dir)
    deployment = connection_settings.deployment(cluster.data_dir)
    kafka = cluster.status()["kafka"]
    table = Table.grid(padding=(0, 2))
    table.add_row("Kafka", f"{kafka['bootstrap']}  SASL_SSL, SCRAM-SHA-512; {folder.password_file('<agency>')}")
    table.add_row("", f"{kafka['mtls']}  mTLS; {folder.certificate('<agency>')} and .key")
    table.add_row("CA", str(folder.ca))
    table.add_row(
        "Topics", f"{deployment.inbound('<agency>')} to publish, {deployment.delivery('<agency>')} for receipts"
    )
    table.add_row("PostgreSQL", f"the figures, read only: the DSN in {folder.dsn_file('me_read')}")
    table.add_row("Clients", f"settings for Kafka's own tools and kcat: {folder.clients}/<agency>/")
    return table


def steps(console: Console, to_try: Iterable[Suggestion]) -> None:
    """Print suggestions, with each command on its own line so that it can be copied."""
    console.print("\nTo try, in another terminal:")
    for step in to_try:
        console.print(f"\n  {step.why}", markup=False)
        for command in step.commands:
            console.print(f"    {command}", markup=False, soft_wrap=True, style="bold")


def kept(data_dir: Path | None) -> str:
    """Return the text that says which data remain after Ctrl-C."""
    return "nothing stays" if data_dir is None else f"the data stay in {data_dir}"
