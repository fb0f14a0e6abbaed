"""What is to change, and the limits on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from wizsync.model.account import Account, Attribute
from wizsync.model.customer import ChildKind
from wizsync.model.desired import Rules
from wizsync.model.table import Reject, Source, SourceRow


class ChangeKind(StrEnum):
    """What a Change does to one customer, in the order in which kinds are applied."""

    CREATE = "create"
    UPDATE = "update"
    RENAME = "rename"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's values before and after.

    Args:
        field: Its camel name; of an attribute `attributes.` and its name.
        before: The account's value as read; "" empty. On a create "".
        after: What is to be sent; "" clears. On a delete "".
    """

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A customer of the account that a create looks like.

    Args:
        customer_id: Its id.
        reference_id: Its referenceId, "" for none.
        name: Its company name.
        why: `the same code but for case`, `the same e-mail, and no referenceId`.
    """

    customer_id: str
    reference_id: str
    name: str
    why: str


class ChildAction(StrEnum):
    """What happens to one address or contact."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class ChildChange:
    """What is to happen to one address or contact of a customer.

    Args:
        kind: What it is.
        action: What happens.
        reference_id: Its own referenceId: the file's where it has one, else the account's, "" for none.
        child_id: Its id in the account; None for one to be added.
        name: What people call it: `12 Main St, Austin`, or `Jane Doe`.
        fields: What changes, in the order of CHILD_FIELDS; of one to be removed, what goes.
        rows: The file's rows behind it; none for one to be removed.
        block: The block of the mapping it comes from, in `Rules.blocks`; None for one to be removed.
        moved: The key of the customer that it leaves, or comes to, where it seems to move between two: it is
            not sent unless allowed; "" otherwise.
    """

    kind: ChildKind
    action: ChildAction
    reference_id: str
    child_id: str | None
    name: str
    fields: tuple[FieldChange, ...]
    rows: tuple[SourceRow, ...] = ()
    block: int | None = None
    moved: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to happen to one customer.

    Args:
        kind: The kind.
        reference_id: Its key.
        customer_id: Its id in the account; None for a create.
        name: Its company name, for people: the new one if known, else the account's, else "".
        fields: What changes, in the order of CUSTOMER_FIELDS; of a delete, what goes.
        rows: The file's rows behind it; none for an absent customer.
        absent: It is here because the file does not name the customer.
        held_for: Whom a create looks like; where there is one, it is not sent unless allowed.
        seen: The account's values by which the change was decided, field to text, for a later look at
            whether they have moved. For a delete, also `status` and `updatedAt`.
        children: What is to happen to its addresses and contacts; of a create, those it begins with.
    """

    kind: ChangeKind
    reference_id: str
    customer_id: str | None
    name: str
    fields: tuple[FieldChange, ...]
    rows: tuple[SourceRow, ...] = ()
    absent: bool = False
    held_for: tuple[LookAlike, ...] = ()
    seen: Mapping[str, str] = field(default_factory=dict)
    children: tuple[ChildChange, ...] = ()

    @property
    def only_moves(self) -> bool:
        """Whether nothing is to be written but children that seem to move between customers."""
        return (
            self.kind is not ChangeKind.CREATE
            and bool(self.children)
            and not self.fields
            and all(child.moved for child in self.children)
        )


@dataclass(frozen=True, slots=True)
class Conflict:
    """A customer that nobody may touch, because the account itself is in two minds about it.

    Args:
        reference_id: The key.
        customer_ids: The customers concerned.
        message: Why.
        rows: The file's rows that name it.
    """

    reference_id: str
    customer_ids: tuple[str, ...]
    message: str
    rows: tuple[SourceRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of a plan, for guards, people and `--json`.

    Args:
        rows: Data rows of the file, broken ones included.
        customers: Customers that the file describes and that can be used.
        rejected: Rows rejected.
        left_out: Rows left out.
        create: Creates to be sent. `update`, `delete`, `rename` likewise.
        update_held: Updates that hold nothing but children that seem to move between customers: not sent
            unless allowed.
        unchanged: Customers in file and account that agree.
        skipped: Rows the mode does not apply to (create of one that exists, delete of one that does not).
        held: Creates held because they look like somebody.
        conflict: Customers that nobody may touch.
        erased: Fields that would be cleared.
        absent: Customers in scope that the file does not name.
        in_scope: Customers of the account in scope; None where nobody counted.
        erased_by_field: Field to values it would lose.
        filled_by_field: Field to the filled values it has now among customers in scope.
        children_add: Addresses and contacts to be added to customers who exist. `children_change`,
            `children_remove` likewise; `children_held` of those that seem to move between customers.
        children_there: Addresses and contacts with a referenceId that customers of the file have now, of the
            kinds of which some may be removed.
        shrunk: Place of a sheet or file ("" the customers' own) to its rows now and at the last run, where it
            has become shorter.
        in_account: Customers of the account, in scope or not, by this read; None where it was not read whole.
        in_account_before: The same by the last count before this read; None where nobody had counted.
    """

    rows: int = 0
    customers: int = 0
    rejected: int = 0
    left_out: int = 0
    create: int = 0
    update: int = 0
    delete: int = 0
    rename: int = 0
    update_held: int = 0
    unchanged: int = 0
    skipped: int = 0
    held: int = 0
    conflict: int = 0
    erased: int = 0
    absent: int = 0
    in_scope: int | None = None
    erased_by_field: Mapping[str, int] = field(default_factory=dict)
    filled_by_field: Mapping[str, int] = field(default_factory=dict)
    children_add: int = 0
    children_change: int = 0
    children_remove: int = 0
    children_held: int = 0
    children_there: int = 0
    shrunk: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    in_account: int | None = None
    in_account_before: int | None = None


@dataclass(frozen=True)
class Plan:
    """The Changes of one comparison, self-contained.

    Args:
        created: When, ISO 8601 UTC.
        account: Whose customers.
        dialect: `camel` or `snake`.
        source: The file.
        columns: The file's columns.
        rules: What the mapping says.
        changes: Ordered by kind, then hash bucket, then referenceId: the order of the file's rows
            changes nothing.
        rejects: Rows that cannot be used.
        conflicts: Customers that nobody may touch.
        absent: referenceId and name of customers in scope that the file does not name.
        tally: The counts.
        notes: What a person should know, a sentence each.
        attributes: Of each entity that the mapping has attributes of, their definitions.
        childless: Kind to the keys of customers of the file without any row in a sheet by which children are
            removed: they lose none.
        tables: The other sheets and files that rows come from: place to columns.
        counts: The data rows of each sheet and file used, by place ("" the customers' own).
        names: Of the fields that hold ids and were looked up, field to id to what people call it.
        undoes: The run that it puts back, "" where it comes from a file.
    """

    created: str
    account: Account
    dialect: str
    source: Source
    columns: tuple[str, ...]
    rules: Rules
    changes: tuple[Change, ...]
    rejects: tuple[Reject, ...]
    conflicts: tuple[Conflict, ...]
    absent: tuple[tuple[str, str], ...]
    tally: Tally
    notes: tuple[str, ...] = ()
    attributes: Mapping[str, tuple[Attribute, ...]] = field(default_factory=dict)
    childless: Mapping[ChildKind, tuple[str, ...]] = field(default_factory=dict)
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    undoes: str = ""

    @property
    def about(self) -> str:
        """What it comes from, for people: the file's name, or the run that it puts back."""
        return f"undo of the run {self.undoes}" if self.undoes else self.source.name


@dataclass(frozen=True, slots=True)
class Breach:
    """A guard's limit that a plan exceeds.

    Args:
        guard: Its name without `max_`, as `--allow` takes it.
        number: What the plan holds.
        limit: What is allowed, as a number.
        message: One sentence: number, limit, of how many.
        examples: At most ten customers or rows it is about.
        allow: The exact words that let this plan through, such as `--allow deletes=12`.
    """

    guard: str
    number: int
    limit: int
    message: str
    examples: tuple[str, ...]
    allow: str
