"""The sample files and ready mappings that come with wizsync."""

from __future__ import annotations

from pathlib import Path

from wizsync.errors import WizsyncError

_PACKAGE = Path(__file__).parent


def sample(name: str) -> Path:
    """A file of `sample_data/`, by its name.

    Raises:
        WizsyncError: The installation lacks it.
    """
    return _find("sample_data", name)


def mapping(name: str) -> Path:
    """A file of `mappings/`, by its name.

    Raises:
        WizsyncError: The installation lacks it.
    """
    return _find("mappings", name)


def _find(folder: str, name: str) -> Path:
    # In a wheel they lie inside the package, in a source checkout beside it.
    for place in (_PACKAGE / "_shipped", _PACKAGE.parent):
        if (place / folder / name).is_file():
            return place / folder / name
    raise WizsyncError(
        f"This installation of wizsync lacks its file {folder}/{name}.",
        where=str(_PACKAGE),
        hint="Install wizsync again.",
    )
