"""A run of any size, as a report tells it: changes with children, their outcomes, and rejects."""

from __future__ import annotations

from wizsync.model import (
    Account,
    Block,
    Change,
    ChangeKind,
    ChildAction,
    ChildChange,
    ChildKind,
    ChildOutcome,
    Ending,
    FieldChange,
    Outcome,
    Plan,
    Reject,
    Requests,
    Result,
    Rules,
    RunRecord,
    Source,
    SourceRow,
    Tally,
)

_COLUMNS = ("Cust No", "Company", "E-mail", "Phone", "Terms", "Street", "City", "Zip", "Given name")
_MAPPED = {
    "referenceId": "Cust No",
    "companyName": "Company",
    "email": "E-mail",
    "phone": "Phone",
    "paymentTerm": "Terms",
}
_BLOCKS = (
    Block(ChildKind.ADDRESSES, "", {"addressLine1": "Street", "city": "City", "zipCode": "Zip"}),
    Block(ChildKind.CONTACTS, "", {"firstName": "Given name", "email": "E-mail"}),
)


def made_run(changes: int) -> RunRecord:
    """A finished run.

    Args:
        changes: How many updates there are, each with an address and a contact, and how many rejects:
            every one another bad phone.
    """
    updates = tuple(_update(number) for number in range(changes))
    rejects = tuple(_reject(number) for number in range(changes, 2 * changes))
    plan = Plan(
        created="2026-03-04T02:00:00+00:00",
        account=Account("https://api.example.com/v1", "5a17", "f1e2d3c4b5a6978877", "production"),
        dialect="camel",
        source=Source("customers.csv", "d1", encoding="utf-8", delimiter=","),
        columns=_COLUMNS,
        rules=Rules(columns=_MAPPED, mapping_name="customers.yaml", blocks=_BLOCKS),
        changes=updates,
        rejects=rejects,
        conflicts=(),
        absent=(),
        tally=Tally(
            rows=2 * changes,
            customers=changes,
            rejected=changes,
            update=changes,
            children_add=changes,
            children_change=changes,
        ),
    )
    return RunRecord(
        run="2026-03-04_0200_customers",
        command="sync",
        started="2026-03-04T02:00:00+00:00",
        seconds=12.4,
        plan=plan,
        outcomes=tuple(map(_outcome, updates)),
        requests=Requests(list=3, update=changes, child=2 * changes),
        ending=Ending.FINISHED,
    )


def _row(number: int, phone: str) -> SourceRow:
    cells = (
        f"C-{number}",
        f"Company {number}",
        f"{number}@example.com",
        phone,
        "N30",
        f"{number} Main St",
        "Austin",
        f"{number % 100_000:05}",
        f"Jane {number}",
    )
    return SourceRow(number + 2, number + 2, cells)


def _update(number: int) -> Change:
    rows = (_row(number, f"+1206555{number % 10_000:04}"),)
    fields = (
        FieldChange("companyName", f"Firm {number}", f"Company {number}"),
        FieldChange("phone", "", f"+1206555{number % 10_000:04}"),
    )
    address = ChildChange(
        ChildKind.ADDRESSES,
        ChildAction.CHANGE,
        "",
        f"a-{number}",
        f"{number} Main St, Austin",
        (FieldChange("addressLine1", f"{number} Main Street", f"{number} Main St"),),
        rows,
        0,
    )
    contact = ChildChange(
        ChildKind.CONTACTS,
        ChildAction.ADD,
        "",
        None,
        f"Jane {number}",
        (
            FieldChange("firstName", "", f"Jane {number}"),
            FieldChange("email", "", f"{number}@example.com"),
        ),
        rows,
        1,
    )
    return Change(
        ChangeKind.UPDATE,
        f"C-{number}",
        f"id-{number}",
        f"Company {number}",
        fields,
        rows,
        seen={field.field: field.before for field in fields},
        children=(address, contact),
    )


def _reject(number: int) -> Reject:
    phone = f"call {number}"
    return Reject(
        "bad_phone",
        '"Phone" is not a phone number',
        "Write it with its country code, such as +1 555 0100.",
        (_row(number, phone),),
        "Phone",
        phone,
        f"C-{number}",
    )


def _outcome(change: Change) -> Outcome:
    children = tuple(
        ChildOutcome(
            one.kind,
            one.reference_id,
            one.child_id or f"k-{change.reference_id}",
            Result.APPLIED,
            "done",
        )
        for one in change.children
    )
    return Outcome(
        change.kind,
        change.reference_id,
        Result.APPLIED,
        "done",
        customer_id=change.customer_id,
        children=children,
    )
