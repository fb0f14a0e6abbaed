"""The statuses of customers. Lists show one at a time, and only the active ones unless asked."""

from __future__ import annotations

# Those that the API documents; what an account has besides is met and remembered (`Facts.statuses`).
DOCUMENTED_STATUSES = ("active", "inactive")
