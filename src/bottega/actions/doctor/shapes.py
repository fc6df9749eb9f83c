"""What the doctor says."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from bottega.shop.shape import Shape

__all__ = ["DoctorFinding", "DoctorReport"]


class DoctorFinding(Shape):
    """What one look found."""

    about: str = Field(description="What was looked at, as in `database`.")
    level: Literal["well", "hint", "warning", "error"] = Field(
        description="`error`: it does not work; `warning`: it works, and something is worse off; `hint`: worth knowing."
    )
    seen: str
    next_step: str = Field(default="", description="What to do; empty where all is well.")


class DoctorReport(Shape):
    """Everything that was looked at, what is wrong first."""

    shop: Path
    version: str = Field(description="Of Bottega.")
    findings: list[DoctorFinding]

    @property
    def ill(self) -> bool:
        """Whether something does not work."""
        return any(one.level == "error" for one in self.findings)
