"""Of the machine and the folder: whether files may be written, how much room there is, what the clock says."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bottega.actions.doctor.shapes import DoctorFinding
from bottega.shop.folder import ROOM_BYTES
from bottega.shop.secrets import KEY_FILE

__all__ = ["clock", "permissions", "room"]

_ENOUGH_BYTES = 1_000_000_000
"""Less free disk than that is told: a training or an import may need as much."""
_SKEW_S = 60.0
"""By so much may the clocks of machine, disk and database differ: leases of jobs are 30 seconds."""
_BEFORE_S = 1_767_225_600
"""2026-01-01: a clock that shows less was never set."""
_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p"})


def permissions(root: Path) -> Iterator[DoctorFinding]:
    """Whether the shop's folder and what is in it may be read and written, and who may read its key."""
    if not os.access(root, os.R_OK | os.W_OK | os.X_OK):
        yield DoctorFinding(
            about="folder",
            level="error",
            seen=f"{root} may not be written by this user.",
            next_step="Run Bottega as who owns it, or give it to this user (chown -R).",
        )
        return
    closed = [
        path
        for path in sorted(root.iterdir())
        if not os.access(path, os.R_OK | os.W_OK | (os.X_OK if path.is_dir() else 0))
    ]
    if closed:
        named = ", ".join(path.name for path in closed[:5])
        yield DoctorFinding(
            about="folder",
            level="error",
            seen=f"In {root} this user may not write {named}.",
            next_step="Somebody else made them, as a command run by root: give them to this user (chown -R).",
        )
    else:
        yield DoctorFinding(about="folder", level="well", seen=f"{root} may be read and written.")
    with suppress(FileNotFoundError):
        mode = stat.S_IMODE((root / KEY_FILE).stat().st_mode)
        if mode & 0o077:
            yield DoctorFinding(
                about="secrets",
                level="warning",
                seen=f"Others than its owner may read {KEY_FILE} (mode {mode:o}), which opens the shop's secrets.",
                next_step=f"chmod 600 {root / KEY_FILE}",
            )


def room(root: Path, *, local_database: bool) -> Iterator[DoctorFinding]:
    """How much room the disk of the folder has, and whether SQLite's locks work there."""
    free = shutil.disk_usage(root).free
    seen = f"{free / 1e9:,.1f} GB are free on the disk of {root}."
    if free < ROOM_BYTES:
        yield DoctorFinding(about="disk", level="error", seen=seen, next_step="Make room: nothing more can be kept.")
    elif free < _ENOUGH_BYTES:
        yield DoctorFinding(
            about="disk", level="warning", seen=seen, next_step="Make room: a training or an import may need as much."
        )
    else:
        yield DoctorFinding(about="disk", level="well", seen=seen)
    kind = _file_system(root)
    if local_database and kind in _NETWORK:
        yield DoctorFinding(
            about="disk",
            level="error",
            seen=f"shop.db lies on a network drive ({kind}), where SQLite's locks do not work.",
            next_step="Put the folder on a local disk, or the rows into PostgreSQL (docs/store.md).",
        )


def clock(root: Path, database_ms: int | None) -> Iterator[DoctorFinding]:
    """Whether this machine's clock goes with those of its disk and its database."""
    now_s = time.time()
    if now_s < _BEFORE_S:
        yield DoctorFinding(
            about="clock",
            level="error",
            seen=f"This machine's clock shows {time.strftime('%Y-%m-%d %H:%M', time.gmtime(now_s))} UTC.",
            next_step="Set it, and have it kept by a time server.",
        )
        return
    others: dict[str, float] = {}
    with suppress(OSError), tempfile.NamedTemporaryFile(dir=root, prefix=".doctor-") as file:
        file.write(b"?")
        file.flush()
        others["disk"] = os.fstat(file.fileno()).st_mtime
    if database_ms is not None:
        others["database"] = database_ms / 1000
    apart = {name: at - now_s for name, at in others.items() if abs(at - now_s) > _SKEW_S}
    for name, seconds in apart.items():
        yield DoctorFinding(
            about="clock",
            level="error",
            seen=f"The clock of the {name} is {abs(seconds):,.0f} seconds {'ahead' if seconds > 0 else 'behind'}.",
            next_step="Have all machines' clocks kept by a time server: jobs are held by leases of 30 seconds.",
        )
    if not apart:
        yield DoctorFinding(about="clock", level="well", seen="The clock goes with those of disk and database.")


def _file_system(path: Path) -> str:
    """The kind of file system that a path lies on; empty where the system does not say."""
    if not sys.platform.startswith("linux"):
        return ""
    real, found = path.resolve(), ("", "")
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    for line in lines:
        _, place, kind, *_ = line.split(" ")
        place = place.replace("\\040", " ")
        if real.is_relative_to(place) and len(place) >= len(found[0]):
            found = place, kind
    return found[1]
