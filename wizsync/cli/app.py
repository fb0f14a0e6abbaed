"""The program: its commands, in the order in which a newcomer meets them."""

from __future__ import annotations

from typing import Annotated

import typer

from wizsync.cli.commands.again import resume, undo
from wizsync.cli.commands.check import check
from wizsync.cli.commands.demo import demo
from wizsync.cli.commands.doctor import doctor
from wizsync.cli.commands.history import report, runs
from wizsync.cli.commands.run import apply, plan, sync
from wizsync.cli.commands.sandbox import sandbox
from wizsync.cli.commands.schema import schema
from wizsync.cli.invocation import command
from wizsync.version import __version__

app = typer.Typer(
    add_completion=False,
    # Plain help: rich would take longer to start than everything else together.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
for function in (
    demo,
    check,
    plan,
    apply,
    sync,
    resume,
    undo,
    runs,
    report,
    sandbox,
    doctor,
    schema,
):
    app.command(name=function.__name__)(command(function))


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"wizsync {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def program(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """Keeps the customers of a WizCommerce account in step with a spreadsheet.

    Begin with `wizsync demo`: the whole job, on this machine, on made-up customers.
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
