"""Where what must last is kept, and where reports are copied to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePath

from wizsync.errors import MachineError
from wizsync.settings.config_file import find_config, read_config

# Words in a path that give away a service which copies the folder to other machines.
_SYNCED = (
    ("OneDrive", re.compile(r"onedrive", re.IGNORECASE)),
    ("Dropbox", re.compile(r"dropbox\b", re.IGNORECASE)),
    ("Google Drive", re.compile(r"google ?drive|my drive$", re.IGNORECASE)),
    ("iCloud", re.compile(r"icloud|mobile documents$|com~apple~clouddocs", re.IGNORECASE)),
    ("a cloud service", re.compile(r"cloudstorage$", re.IGNORECASE)),
)

# Kinds of file systems, as Linux names them, that are other machines' disks.
_SHARED = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "fuse.sshfs", "fuse.rclone"),
        *("ceph", "fuse.ceph", "glusterfs", "fuse.glusterfs", "lustre", "gfs2", "ocfs2"),
        *("davfs", "fuse.davfs2", "fuse.gvfsd-fuse", "fuse.s3fs"),
    }
)


def resolve_state_dir(option: Path | None, *, environ: Mapping[str, str], directory: Path) -> Path:
    """The folder for what must last: absolute, the same wherever in a project a command is run.

    Args:
        option: `--state-dir`.
        environ: The environment.
        directory: The current folder.
    """
    chosen = option or _path(environ.get("WIZSYNC_STATE_DIR"))
    if chosen is not None:
        return (directory / _expanded(chosen)).resolve()
    config = find_config(directory)
    if config is not None:
        return config.parent / ".wizsync"
    from platformdirs import user_data_path  # noqa: PLC0415 - a project's commands do not need it

    return user_data_path("wizsync", appauthor=False)


def resolve_report_dir(
    option: Path | None, *, environ: Mapping[str, str], directory: Path
) -> Path | None:
    """The folder for a copy of the reports, absolute, or None where nobody asked for one.

    Raises:
        UsageError: wizsync.toml is wrong.
    """
    chosen = option or _path(environ.get("WIZSYNC_REPORT_DIR"))
    if chosen is not None:
        return (directory / _expanded(chosen)).resolve()
    config = read_config(directory)
    named = _path(config.defaults.get("report_dir"))
    if config.path is None or named is None:
        return None
    return (config.path.parent / _expanded(named)).resolve()


def make_state_dir(folder: Path) -> None:
    """Create the state folder, for its owner's eyes only, and out of reach of version control.

    Raises:
        MachineError: It cannot be created.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if folder.name == ".wizsync" and not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise MachineError(
            f"The folder for wizsync's own data cannot be used: {error.strerror}.",
            where=str(folder),
            hint="Name another with --state-dir, or mend its permissions.",
        ) from error


def read_mounts() -> str:
    """What is mounted where, as Linux lists it; "" on another system."""
    try:
        return Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def state_dir_warnings(folder: PurePath, mounts: str = "") -> tuple[str, ...]:
    """What is unsafe about where the state folder lies, a sentence each.

    Args:
        folder: The state folder, absolute.
        mounts: As `read_mounts` has it.
    """
    if str(folder).startswith(("\\\\", "//")) or _is_shared(folder, mounts):
        warning = (
            f"wizsync's own data lies on a network drive ({folder}), where files can be damaged and "
            "locks do not hold. Name a folder on this machine with --state-dir."
        )
        return (warning,)
    for name, pattern in _SYNCED:
        if any(pattern.search(part) for part in folder.parts):
            warning = (
                f"wizsync's own data lies in a folder that {name} copies to other machines "
                f"({folder}), where files can be damaged and two runs cannot see each other. "
                "Name another with --state-dir."
            )
            return (warning,)
    return ()


def _is_shared(folder: PurePath, mounts: str) -> bool:
    """Whether a folder lies on another machine's disk."""
    kinds: dict[PurePath, str] = {}
    for line in mounts.splitlines():
        _device, place, kind, *_ = line.split(" ")
        # Blanks in a name are written in octal.
        place = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), place)
        kinds[type(folder)(place)] = kind
    nearest = next((kinds[place] for place in (folder, *folder.parents) if place in kinds), "")
    return nearest in _SHARED


def _expanded(path: Path) -> Path:
    """A path with `~` replaced; where nobody's home folder is meant, as it is, as shells do."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
