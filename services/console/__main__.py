"""`atips`, and `python -m services.console`: the literal list of commands."""

import typer

from services.console import (
    agency,
    case,
    demo,
    diff,
    figures,
    findings,
    grid,
    publish,
    quarantine,
    referral,
    replay,
    run,
    status,
    up,
    why,
)
from services.console.sheet import template

app = typer.Typer(
    name="atips",
    help="The event pipeline of Belize's Anti-Trafficking-in-Persons Council.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a trace shows values
    context_settings={"help_option_names": ["-h", "--help"]},
)
up.register(app)
status.register(app)
run.register(app)
template.register(app)
publish.register(app)
figures.register(app)
why.register(app)
diff.register(app)
findings.register(app)
case.register(app)
grid.register(app)
quarantine.register(app)
agency.register(app)
referral.register(app)
replay.register(app)
app.command()(demo.demo)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
