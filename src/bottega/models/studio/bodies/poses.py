"""Poses: how a body stands, walks, turns or sits, in degrees that fit every body.

Idea     A pose says where limbs point, not how bones turn: an upper arm by how high it is raised and in which plane, a
         foot by where it stands. The skeleton (skeleton.py) finds the turns of the joints for the body at hand, so
         that feet stand on the floor whoever wears them.
Source   Elevation and plane of elevation of the arm after the recommendation of the International Society of
         Biomechanics (Wu et al. 2005, https://doi.org/10.1016/j.jbiomech.2004.05.042), counted from a hanging arm.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bottega.errors import RequestInvalid

__all__ = ["ArmPose", "LegPose", "Pose", "pose", "pose_names"]

_FILE = Path(__file__).parent / "poses.json"

Degrees = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ArmPose:
    """One arm, seen from the chest."""

    upper: Degrees = (18.0, 8.0)
    """Of the upper arm: how high it is raised (0 hangs, 90 is level, 180 points up), and the plane in which: 0 to the
    side, 90 to the front, 180 across the body, -90 to the back."""
    fore: Degrees = (17.0, 48.0)
    """The same two of the forearm."""
    palm: float = 0.0
    """Turn of the forearm; positive turns the palm to the front when the arm hangs."""
    wrist: float = 0.0
    """Bend of the hand towards its palm."""
    curl: float = 14.0
    """Bend of each joint of the fingers."""


@dataclass(frozen=True, slots=True)
class LegPose:
    """One leg: it stands at a place, or hangs from the hip where `thigh` is given."""

    at: Degrees = (0.09, 0.0)
    """Where the ankle stands, as shares of the length of the leg: away from the middle line, and to the front."""
    turn: float = 9.0
    """How far the foot points outwards."""
    heel: float = 0.0
    """Pitch of the foot: positive lifts the heel, negative the toes."""
    thigh: Degrees | None = None
    """Height and plane of the thigh, as of an arm."""
    shin: Degrees | None = None
    """Height and plane of the shin, where `thigh` is given."""


@dataclass(frozen=True, slots=True)
class Pose:
    """One named pose."""

    name: str
    kind: str
    """standing, walking, turning, seated, arms up or bending."""
    says: str
    """What one sees, in words."""
    facing: float = 0.0
    """The whole body turned to its own left: 90 looks to the right of the picture, and shows its right side."""
    pelvis: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Of the pelvis: bent forward, leant to the own left, turned to the own left."""
    shift: Degrees = (0.0, 0.0)
    """The pelvis moved to the own left and to the front, as shares of the length of the leg."""
    sink: float = 0.0
    """The pelvis lower than the straightest leg allows, as a share of the length of the leg."""
    spine: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Of the chest against the pelvis."""
    head: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Of the head against the chest."""
    left_arm: ArmPose = field(default_factory=ArmPose)
    right_arm: ArmPose = field(default_factory=ArmPose)
    left_leg: LegPose = field(default_factory=LegPose)
    right_leg: LegPose = field(default_factory=LegPose)
    seat: bool = False
    """Whether a plain block stands where the body sits."""


def pose_names() -> tuple[str, ...]:
    """The names of all poses."""
    return tuple(_poses())


def pose(name: str) -> Pose:
    """The pose of a name. Raises `RequestInvalid`."""
    if name not in _poses():
        raise RequestInvalid(
            f"No pose is called {name[:80]!r}.",
            allowed=f"Poses: {', '.join(_poses())}.",
            next_step="Name one of them; docs/studio.md says what each shows.",
        )
    return _poses()[name]


@lru_cache(maxsize=1)
def _poses() -> MappingProxyType[str, Pose]:
    rows: list[dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return MappingProxyType({row["name"]: _pose_of(row) for row in rows})


def _pose_of(row: dict[str, Any]) -> Pose:
    """A pose from its row; `arms` and `legs` stand for both sides."""
    told = dict(row)
    for both, sides, limb in (
        ("arms", ("left_arm", "right_arm"), ArmPose),
        ("legs", ("left_leg", "right_leg"), LegPose),
    ):
        common = told.pop(both, {})
        for side in sides:
            told[side] = limb(**{key: _pair(value) for key, value in (common | told.get(side, {})).items()})
    return Pose(**{key: _pair(value) for key, value in told.items()})


def _pair(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
