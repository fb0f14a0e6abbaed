"""The mapping's schema, value transforms, and a Table made into Desired and Rejects.

    mapping = load("customers.yaml")
    desired = to_desired(mapping, table)      # what should exist, and the rows that cannot be used
    rule = rules(mapping, table)              # what the diff, the guards and push must know

What a mapping may say is in `schema`; what becomes of a cell in `cells` and `transforms`.
"""

from __future__ import annotations

from wizsync.mapping.desired import to_desired
from wizsync.mapping.editor_schema import json_schema
from wizsync.mapping.load import MappingFile, load, resolved_text
from wizsync.mapping.needs import Needs, OtherTable
from wizsync.mapping.rules import check_mode, rules

__all__ = [
    "MappingFile",
    "Needs",
    "OtherTable",
    "check_mode",
    "json_schema",
    "load",
    "resolved_text",
    "rules",
    "to_desired",
]
