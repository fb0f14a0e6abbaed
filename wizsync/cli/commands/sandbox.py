"""`sandbox`: a server that behaves like WizCommerce, in the foreground."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import typer

from wizsync.cli.answers import of_result
from wizsync.cli.output import Answer, Output
from wizsync.errors import Exit, MachineError, UsageError


def sandbox(
    *,
    output: Output,
    port: Annotated[
        int, typer.Option("--port", metavar="P", help="The port; 0 takes a free one.")
    ] = 8080,
    customers: Annotated[
        int, typer.Option("--customers", metavar="N", help="Made-up customers to begin with.")
    ] = 100,
    dialect: Annotated[
        Literal["snake", "camel"],
        typer.Option("--dialect", metavar="camel|snake", help="How it spells its names."),
    ] = "snake",
    rate: Annotated[
        str | None,
        typer.Option("--rate", metavar="R", help="Requests a second before it answers 429."),
    ] = None,
    latency: Annotated[
        int, typer.Option("--latency", metavar="MS", help="Milliseconds until it answers.")
    ] = 0,
    db: Annotated[
        Path | None,
        typer.Option(
            "--db", metavar="FILE", help="Keep its data in this file. Default: in memory."
        ),
    ] = None,
    assume: Annotated[
        list[str] | None,
        typer.Option(
            "--assume",
            metavar="NAME=VALUE",
            help="Behave otherwise where the API is not documented, such as delete=soft. "
            "May be given several times.",
        ),
    ] = None,
    account: Annotated[
        list[str] | None,
        typer.Option(
            "--account",
            metavar="NAME=N",
            help="One more account with N customers and a key of its own, sandbox-key-NAME. "
            "May be given several times.",
        ),
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            "--fault",
            metavar="NAME:share=N%,…",
            help="Something that goes wrong on purpose, such as 500:share=20%. "
            "May be given several times.",
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="What the chances of faults are drawn from.")
    ] = 0,
    control: Annotated[
        bool, typer.Option("--control", help="Open the control address for tests.")
    ] = False,
) -> Answer:
    """Run a WizCommerce stand-in on this machine.

    A server with made-up customers that behaves like WizCommerce, for rehearsals. Ctrl-C ends it.

    It accepts the key in WIZSYNC_API_KEY, else `sandbox-key`, and says which at the start.

    For example:

      wizsync sandbox --customers 500 --dialect camel

      wizsync sandbox --db rehearsal.db --rate 10 --latency 50

      wizsync sandbox --fault 503_html:share=5% --fault reset_done:on=create,nth=3
    """
    from wizsync.sandbox import (  # noqa: PLC0415 - heavy
        AccountOptions,
        Assumptions,
        Fault,
        SandboxOptions,
        serve,
    )
    from wizsync.settings import KEY_VARIABLE, SANDBOX_KEY, parse_limit  # noqa: PLC0415 - not for --help

    _check_number("--port", port, 65_535)
    _check_number("--customers", customers, 1_000_000)
    _check_number("--latency", latency, 60_000)
    key = os.environ.get(KEY_VARIABLE, "").strip()
    options = SandboxOptions(
        dialect=dialect,
        customers=customers,
        key=key or SANDBOX_KEY,
        db=db,
        rate=parse_limit(rate) if rate is not None else None,
        latency_ms=latency,
        assumptions=Assumptions.parse(assume or ()),
        control=control,
        port=port,
        accounts=tuple(AccountOptions.parse(word) for word in account or ()),
        faults=tuple(Fault.of(word) for word in fault or ()),
        seed=seed,
    )
    addresses: list[str] = []

    def tell(url: str) -> None:
        addresses.append(url)
        keys = {more.name: more.api_key for more in options.accounts}
        output.show(_greeting(url, keys, own_key=bool(key)))

    try:
        serve(options, tell)
    except MachineError as error:
        # The port: whoever started the command chose it, and can choose another.
        if isinstance(error.__cause__, OSError):
            raise UsageError(error.message, where=error.where, hint=error.hint) from error
        raise
    return Answer(
        Exit.DONE,
        last_line="The sandbox has ended.",
        fields=of_result({"url": addresses[0] if addresses else None, "dialect": dialect}),
    )


def _greeting(url: str, other_keys: Mapping[str, str], *, own_key: bool) -> str:
    from wizsync.settings import KEY_VARIABLE, SANDBOX_KEY  # noqa: PLC0415 - not for --help

    if os.name == "nt":
        key = "" if own_key else f"\n  $env:{KEY_VARIABLE} = '{SANDBOX_KEY}'"
    else:
        key = "" if own_key else f"\n  export {KEY_VARIABLE}={SANDBOX_KEY}"
    which = f"the one in {KEY_VARIABLE}" if own_key else SANDBOX_KEY
    others = "".join(f"Key of {name}: {other}\n" for name, other in other_keys.items())
    return (
        f"Sandbox: {url}\n"
        f"Key:     {which}\n"
        f"{others}"
        f"Try, in another terminal:{key}\n"
        f"  wizsync doctor --target {url}\n"
        "Ctrl-C ends it."
    )


def _check_number(option: str, number: int, most: int) -> None:
    if not 0 <= number <= most:
        raise UsageError(
            f"{option} takes a number from 0 to {most:,}, and not {number}.", where=option
        )
