"""Keeps the customers of a WizCommerce account in step with a spreadsheet.

The stages, in the order in which the data flows; `model` holds what they exchange:

    intake    a file, as a Table of text cells
    mapping   the customers that should exist, and the rows that cannot be used
    observed  the customers that do exist, read with few requests
    plan      the difference, field by field; limits on it; the plan file
    push      the plan applied: journalled, paced, each lost answer looked up
    report    what happened, in the spreadsheet's own terms

`wizsync.pipeline` calls them: its `check`, `plan`, `apply` and `sync` are what the command line and a
library user both call. `wizsync.api` is a client of the API and usable by itself, `wizsync.sandbox` a
server to rehearse against, `wizsync.errors` all that may be raised.
"""

from wizsync.version import __version__

__all__ = ["__version__"]
