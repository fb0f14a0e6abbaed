"""What is in the account, learned with the fewest requests.

`walk` reads a status from end to end; `lookup` asks for single referenceIds; `reader` chooses between
them, adds the details that lists do not show, and answers both the plan and the look before writing.
"""

from wizsync.observed.reader import AccountReader

__all__ = ["AccountReader"]
