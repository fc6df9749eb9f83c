"""Undo: a thing stands as an earlier version has it. What was undone is a version, too, and can be put back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bottega.errors import NotFound
from bottega.store.kept_versions import KeptVersion

__all__ = ["changed", "put_back"]


def put_back(
    versions: Sequence[KeptVersion], number: int | None, *, called: str, shown_by: str, unknown: type[NotFound]
) -> KeptVersion | None:
    """Of the versions of a thing, the newest first, the one that it shall stand as: that of a number, else the one
    before the last change; None: before its first version there was none. Raises `unknown` for a number of no version:
    `called` is the thing in a sentence, `shown_by` the command that shows its versions."""
    if number is None:
        return versions[1] if len(versions) > 1 else None
    found = next((one for one in versions if one.number == number), None)
    if found is None:
        raise unknown(
            f"{called} has no version {number}.",
            allowed=f"It has {', '.join(str(one.number) for one in versions[:10])}.",
            next_step=f"Name one of these; `{shown_by}` says what each was.",
        )
    return found


def changed(one: KeptVersion, before: KeptVersion | None) -> list[str]:
    """Fields that differ; all that are given where it was not there before."""
    now: dict[str, Any] = one.state or {}
    then: dict[str, Any] = (before.state if before is not None else None) or {}
    return sorted(name for name in {*now, *then} if now.get(name) != then.get(name))
