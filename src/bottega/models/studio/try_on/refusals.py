"""How trying on says no."""

from __future__ import annotations

from bottega.errors import PhotoRefused

__all__ = ["refused"]


def refused(seen: str, next_step: str) -> PhotoRefused:
    """What cannot be worn on this photo."""
    return PhotoRefused(
        seen, allowed="A piece takes the place of one like it, and bares neither thighs nor the trunk.",
        next_step=next_step,
    )  # fmt: skip
