"""What a mapping says beyond the values themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from wizsync.errors import MappingError, UsageError
from wizsync.mapping.attributes import resolved
from wizsync.mapping.field_schema import ColumnField, FileLookup, TemplateField
from wizsync.mapping.lookups import place_of
from wizsync.mapping.problems import suggestion
from wizsync.mapping.schema import KEY, MIRROR, MODES, AbsentSet
from wizsync.model.customer import ATTRIBUTES, CUSTOMER_FIELDS, ChildKind, attribute_of
from wizsync.model.desired import Absent, AbsentPolicy, Compare, Mode, Rules, Scope, Write
from wizsync.model.desired import Block as BlockRules
from wizsync.model.table import RUN_COLUMN, Table
from wizsync.nearest import nearest_of

if TYPE_CHECKING:
    from wizsync.mapping.field_schema import CustomerField
    from wizsync.mapping.load import MappingFile
    from wizsync.model.account import Lists

NO_TABLES: Mapping[str, Table] = MappingProxyType({})


def rules(
    mapping: MappingFile,
    table: Table,
    *,
    others: Mapping[str, Table] = NO_TABLES,
    mode: str | None = None,
    lists: Lists | None = None,
) -> Rules:
    """The rules for the diff, the guards and push.

    Args:
        mapping: The mapping.
        table: The file it is used with; one that carries RUN_COLUMN is our own file of rejected rows:
            absent customers are ignored, and it runs as an upsert where the mapping creates anybody.
        others: The other sheets and files that the mapping names, by place.
        mode: The command line's mode, which wins over the mapping's; None: the mapping's.
        lists: What `mapping.needs` of the account, by which attributes have the account's names; None
            offline: the mapping's.

    Raises:
        MappingError: A table lacks a column that the mapping names, the account an attribute, or the mode
            needs a scope that the mapping does not give.
        UsageError: There is no such mode.
    """
    check_columns(mapping, table, others)
    chosen, absent = _mode_and_absent(mapping, mode)
    if RUN_COLUMN in table.columns:
        # Where the mapping creates nobody, a row that was not mended must not be the first.
        creates = chosen not in (Mode.UPDATE, Mode.DELETE_LISTED)
        chosen, absent = Mode.UPSERT if creates else chosen, Absent()
    schema = mapping.schema
    own = resolved(schema.attributes, "customer", lists, mapping.document).fields
    fields = {**schema.customer, **own}
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
        required=_required(fields),
        columns=_columns(fields),
        write=_write(fields),
        blocks=tuple(_blocks(mapping, lists)),
        mapping_name=mapping.name,
        mapping_digest=mapping.digest,
    )


def _blocks(mapping: MappingFile, lists: Lists | None) -> Iterator[BlockRules]:
    for kind in ChildKind:
        for number, block in enumerate(getattr(mapping.schema, kind.value)):
            at = (kind.value, number)
            own = resolved(block.attributes, kind.one, lists, mapping.document, at).fields
            fields = {**block.plain_fields, **own}
            yield BlockRules(kind, block.place, _columns(fields), _write(fields), _required(fields))


def _columns(fields: Mapping[str, CustomerField]) -> dict[str, str]:
    return {name: ", ".join(columns_of(fields, name)) for name in fields}


def _write(fields: Mapping[str, CustomerField]) -> dict[str, Write]:
    return {name: each.write for name, each in fields.items() if each.write is not Write.ALWAYS}


def _required(fields: Mapping[str, CustomerField]) -> frozenset[str]:
    return frozenset(
        name for name, each in fields.items() if isinstance(each, ColumnField) and each.required
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


def columns_of(fields: Mapping[str, CustomerField], name: str) -> tuple[str, ...]:
    """The columns that a field's value comes from, each once; none for a constant.

    Of a template in a block those of the block's own fields; the customer's key has a column elsewhere.
    """
    each = fields.get(name)
    if isinstance(each, ColumnField):
        return (each.column,)
    if isinstance(each, TemplateField):
        parts = [part for part in each.template.fields if part != name]
        found = [column for part in parts for column in columns_of(fields, part)]
        return tuple(dict.fromkeys(found))
    return ()


def check_columns(mapping: MappingFile, table: Table, others: Mapping[str, Table]) -> None:
    """Check that every sheet and file has each column that the mapping names of it.

    Raises:
        MappingError: One lacks one; with the nearest that it has.
    """
    named: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for place, column, where in _named_columns(mapping):
        named[place].append((column, where))
    for place, columns in named.items():
        of = table if not place else others.get(place)
        if of is not None:
            _check_columns(of, columns)


def _check_columns(table: Table, named: Sequence[tuple[str, str]]) -> None:
    there = set(table.columns)
    missing = [(name, where) for name, where in named if name not in there]
    if not missing:
        return
    name, where = missing[0]
    near = nearest_of(name, table.columns, limit=3)
    names = ", ".join(f'"{each}"' for each in near or table.columns[:12])
    others = list(dict.fromkeys(f'"{other}"' for other, _ in missing[1:] if other != name))
    holder = (
        f'The sheet "{table.source.sheet}"' if table.source.sheet and table.place else "The file"
    )
    sheet = f", sheet {table.source.sheet}" if table.source.sheet else ""
    raise MappingError(
        f'{holder} has no column "{name}".'
        + (f" Nor has it: {', '.join(others)}." if others else ""),
        where=f"{table.source.path}{sheet}, header in row {table.header.number}; {where}",
        hint=(f"Did you mean {names}?" if near else f"Its columns are: {names}.")
        + _spelt(name, there),
    )


def _spelt(name: str, columns: Collection[str]) -> str:
    if any(column.startswith(f"{name} #") for column in columns):
        return " In a mapping a # after a space begins a remark: write the header in quotes."
    return " A header is written as in the file, capitals and spaces too."


def _named_columns(mapping: MappingFile) -> Iterator[tuple[str, str, str]]:
    """Each column that the mapping names: of which place, and where it does."""
    schema, where = mapping.schema, mapping.document.where
    for name, each in sorted(schema.fields.items(), key=lambda item: item[0] != KEY):
        yield from _of_field("", each, where, _at(("customer",), name))
    for column in schema.source.where:
        yield "", column, where("source", "where", column)
    if schema.source.action_column is not None:
        yield "", schema.source.action_column, where("source", "action_column")
    for kind in ChildKind:
        for number, block in enumerate(getattr(schema, kind)):
            at = (kind.value, number)
            for key in ("join", "when"):
                if getattr(block, key) is not None:
                    yield block.place, getattr(block, key), where(*at, key)
            for column in block.where:
                yield block.place, column, where(*at, "where", column)
            for name, each in block.fields.items():
                yield from _of_field(block.place, each, where, _at(at, name))


def _at(above: tuple[Hashable, ...], name: str) -> tuple[Hashable, ...]:
    attribute = attribute_of(name)
    if attribute is None:
        return (*above, name)
    return (*(() if above == ("customer",) else above), ATTRIBUTES, attribute)


def _of_field(
    place: str, each: CustomerField, where: Callable[..., str], at: tuple[Hashable, ...]
) -> Iterator[tuple[str, str, str]]:
    if not isinstance(each, ColumnField):
        return
    yield place, each.column, where(*at, "column")
    if each.country_column is not None:
        yield place, each.country_column, where(*at, "transforms")
    if isinstance(each.lookup, FileLookup):
        for column in (each.lookup.key, each.lookup.value):
            yield place_of(each.lookup), column, where(*at, "lookup")
