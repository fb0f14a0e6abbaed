"""What a mapping says beyond the values themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizsync.errors import MappingError, UsageError
from wizsync.mapping.field_schema import ColumnField, TemplateField
from wizsync.mapping.problems import suggestion
from wizsync.mapping.schema import KEY, MIRROR, MODES, AbsentSet
from wizsync.model.customer import CUSTOMER_FIELDS
from wizsync.model.desired import Absent, AbsentPolicy, Compare, Mode, Rules, Scope
from wizsync.model.table import RUN_COLUMN, Table
from wizsync.nearest import nearest_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wizsync.mapping.field_schema import CustomerField
    from wizsync.mapping.load import MappingFile


def rules(mapping: MappingFile, table: Table, *, mode: str | None = None) -> Rules:
    """The rules for the diff, the guards and push.

    Args:
        mapping: The mapping.
        table: The file it is used with; one that carries RUN_COLUMN is our own file of rejected rows:
            absent customers are ignored, and it runs as an upsert where the mapping creates anybody.
        mode: The command line's mode, which wins over the mapping's; None: the mapping's.

    Raises:
        MappingError: The file lacks a column that the mapping names, or the mode needs a scope that
            the mapping does not give.
        UsageError: There is no such mode.
    """
    check_columns(mapping, table)
    chosen, absent = _mode_and_absent(mapping, mode)
    if RUN_COLUMN in table.columns:
        # Where the mapping creates nobody, a row that was not mended must not be the first.
        creates = chosen not in (Mode.UPDATE, Mode.DELETE_LISTED)
        chosen, absent = Mode.UPSERT if creates else chosen, Absent()
    schema = mapping.schema
    return Rules(
        mode=chosen,
        absent=absent,
        scope=mapping.scope or Scope(),
        compare=Compare(
            ignore=frozenset(schema.compare.ignore),
            casefold=frozenset(schema.compare.casefold),
            equal=dict(schema.compare.equal),
        ),
        limits=schema.guard.limits,
        required=frozenset(
            name
            for name, each in schema.customer.items()
            if isinstance(each, ColumnField) and each.required
        ),
        columns={name: ", ".join(columns_of(schema.customer, name)) for name in schema.customer},
        mapping_name=mapping.name,
        mapping_digest=mapping.digest,
    )


def check_mode(mode: str | None) -> None:
    """Check the command line's mode; None is none.

    Raises:
        UsageError: There is no such mode.
    """
    if mode is not None and mode not in MODES:
        raise UsageError(
            f'There is no mode "{mode}".',
            where="--mode",
            hint=suggestion(mode, MODES, what="The modes are"),
        )


def _mode_and_absent(mapping: MappingFile, mode: str | None) -> tuple[Mode, Absent]:
    check_mode(mode)
    schema = mapping.schema
    chosen = mode or schema.mode
    if chosen == MIRROR:
        if mapping.scope is None:
            raise MappingError(
                "Mode mirror deletes customers that the file does not name, and the mapping does not say "
                "which customers are its own.",
                where=mapping.name,
                hint='Add `scope: all` to it, or scope: {referenceId: {prefix: "ERP-"}}.',
            )
        return Mode.UPSERT, Absent(AbsentPolicy.DELETE)
    # A file of customers to delete says nothing about the others; and a mirror that the command line
    # turns into another mode is no mirror any more.
    if chosen == Mode.DELETE_LISTED or schema.absent is None:
        return Mode(chosen), Absent()
    if isinstance(schema.absent, AbsentSet):
        _check_settable(mapping, schema.absent)
        return Mode(chosen), Absent(AbsentPolicy.SET, dict(schema.absent.set))
    return Mode(chosen), Absent(schema.absent)


def _check_settable(mapping: MappingFile, absent: AbsentSet) -> None:
    """Check that absent customers lose nothing they need, and that what is to be set is looked at.

    Raises:
        MappingError: It is not so.
    """
    for name, text in absent.set.items():
        where = mapping.document.where("absent", "set", name)
        if CUSTOMER_FIELDS[name].required and not text.strip():
            raise MappingError(
                f'"absent" would empty {name}, and no customer can be without it.',
                where=where,
                hint="Give it a text, or set another field.",
            )
        if name in mapping.schema.compare.ignore:
            raise MappingError(
                f'"absent" sets {name}, which `compare: ignore` says is never compared: it would not be set.',
                where=where,
                hint=f"Take {name} out of one of the two.",
            )


def columns_of(customer: Mapping[str, CustomerField], name: str) -> tuple[str, ...]:
    """The file's columns that a field's value comes from, each once; none for a constant."""
    each = customer[name]
    if isinstance(each, ColumnField):
        return (each.column,)
    if isinstance(each, TemplateField):
        found = [column for part in each.template.fields for column in columns_of(customer, part)]
        return tuple(dict.fromkeys(found))
    return ()


def check_columns(mapping: MappingFile, table: Table) -> None:
    """Check that the file has every column that the mapping names.

    Raises:
        MappingError: It lacks one; with the nearest that it has.
    """
    there = set(table.columns)
    missing = [(name, where) for name, where in _named_columns(mapping) if name not in there]
    if not missing:
        return
    name, where = missing[0]
    near = nearest_of(name, table.columns, limit=3)
    names = ", ".join(f'"{each}"' for each in near or table.columns[:12])
    others = list(dict.fromkeys(f'"{other}"' for other, _ in missing[1:] if other != name))
    raise MappingError(
        f'The file has no column "{name}".'
        + (f" Nor has it: {', '.join(others)}." if others else ""),
        where=f"{table.source.path}, header in row {table.header.number}; {where}",
        hint=(f"Did you mean {names}?" if near else f"Its columns are: {names}.")
        + " A header is written as in the file, capitals and spaces too.",
    )


def _named_columns(mapping: MappingFile) -> list[tuple[str, str]]:
    """Each column that the mapping names, and where it does."""
    schema, where = mapping.schema, mapping.document.where
    named = [
        (each.column, where("customer", name, "column"))
        for name, each in sorted(schema.customer.items(), key=lambda item: item[0] != KEY)
        if isinstance(each, ColumnField)
    ]
    named += [(column, where("source", "where", column)) for column in schema.source.where]
    if schema.source.action_column is not None:
        named.append((schema.source.action_column, where("source", "action_column")))
    return named
