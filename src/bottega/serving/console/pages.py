"""A page of the console as the navigation knows it."""

from __future__ import annotations

from dataclasses import dataclass

from bottega.names import Role

__all__ = ["ConsolePage"]


@dataclass(frozen=True, slots=True)
class ConsolePage:
    """One page: where it is, what it is called, whom it is open to.

    A page that is listed opens without further fields in its address; one that shows a single thing is not listed and
    says by `under` which listed page leads to it.
    """

    path: str
    title: str
    group: str = ""
    """The heading that it stands under; pages without one come first."""
    role: Role = Role.READ
    under: str = ""
    """Path of the listed page that this one belongs to; empty for one that is listed itself."""
