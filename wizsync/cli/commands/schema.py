"""`schema`: the mapping's JSON Schema, for editors; or a mapping with all that it extends."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wizsync.cli.answers import of_result
from wizsync.cli.output import Answer, Output


def schema(
    output: Output,
    resolved: Annotated[
        Path | None,
        typer.Option(
            "--resolved",
            metavar="MAPPING",
            help="Print this mapping instead, with what it takes over from the one that it extends.",
        ),
    ] = None,
) -> Answer:
    """Print the mapping's JSON Schema, for editors.

    With it editors complete and check mappings while you type.

    For example:

      wizsync schema > wizsync-mapping.schema.json

      wizsync schema --resolved customers.yaml
    """
    import json  # noqa: PLC0415 - not for --help

    from wizsync.mapping import json_schema, load, resolved_text  # noqa: PLC0415 - heavy

    if resolved is not None:
        mapping = load(resolved)
        output.raw(resolved_text(mapping).rstrip("\n"))
        return Answer(fields=of_result(mapping.document.data))
    content = json_schema()
    output.raw(json.dumps(content, indent=2))
    return Answer(fields=of_result(content))
