"""Keeps the customers of a WizCommerce account in step with a spreadsheet."""

from wizsync.version import __version__

__all__ = ["__version__"]
