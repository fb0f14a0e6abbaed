"""`schema`: the mapping's JSON Schema, for editors."""

from __future__ import annotations

import json

from wizsync.cli.answers import of_result
from wizsync.cli.output import Answer, Output


def schema(output: Output) -> Answer:
    """Print the mapping's JSON Schema, for editors.

    With it editors complete and check mappings while you type.

    For example:

      wizsync schema > wizsync-mapping.schema.json
    """
    from wizsync.mapping import json_schema  # noqa: PLC0415 - heavy

    content = json_schema()
    output.raw(json.dumps(content, indent=2))
    return Answer(fields=of_result(content))
