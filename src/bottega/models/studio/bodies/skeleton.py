"""The skeleton: from a pose in words of limbs to the turn of every bone of one body.

Idea     Each bone gets its turn in the world, relative to how it rests. The trunk spreads its bend over five vertebrae;
         an arm first points where it is told and then turns about itself until its elbow bends the way an elbow
         bends; a leg that stands is found from where its foot stands, by the two sides and the angle of a triangle.
Shapes   B bones; turns are [B, 3, 3], points [.., 3] in metres (body.py says which way they go).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bottega.models.studio.bodies.body import PARTS, BodyMesh
from bottega.models.studio.bodies.poses import ArmPose, Degrees, LegPose, Pose
from bottega.names import FloatArray

__all__ = ["Stance", "rotation", "stance"]

Turns = NDArray[np.float64]

_FORWARD = np.array([0.0, -1.0, 0.0])
_UP = np.array([0.0, 0.0, 1.0])
_STRAIGHT = 0.996
"""How far a leg that stands is stretched at most: a knee is never quite straight."""
_FLOOR_FINGERS = ("1", "2", "3", "4", "5")


@dataclass(frozen=True, slots=True, eq=False)
class Stance:
    """A body in a pose, as its bones: where each begins and how it is turned against its rest."""

    turns: FloatArray
    """[B, 3, 3]"""
    heads: FloatArray
    """[B, 3]; the floor is found by the skin (skinning.py)."""


def rotation(axis: NDArray[np.float64], degrees: float) -> Turns:
    """The turn [3, 3] by so many degrees about an axis, right-handed (Rodrigues' formula)."""
    x, y, z = axis / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.radians(degrees)
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross, np.float64)


def stance(body: BodyMesh, pose: Pose) -> Stance:
    """The bones of a body in a pose."""
    solver = _Solver(body)
    solver.trunk(pose)
    for side in ("L", "R"):
        solver.arm(side, pose.left_arm if side == "L" else pose.right_arm)
    solver.legs(pose)
    return solver.found()


class _Solver:
    def __init__(self, body: BodyMesh) -> None:
        self.at = {name: index for index, name in enumerate(body.bones)}
        self.rest = body.heads.astype(np.float64)
        self.parents = body.parents
        self.turns: Turns = np.repeat(np.eye(3)[None], len(body.bones), 0)
        self.root_at = self.rest[0].copy()
        self.facing = np.eye(3)
        self.feet = {
            side: (body.vertices[body.vertex_parts == PARTS.index(part)] - self.head(f"foot.{side}")).astype(np.float64)
            for side, part in (("L", "left_foot"), ("R", "right_foot"))
        }

    def head(self, bone: str) -> NDArray[np.float64]:
        return np.asarray(self.rest[self.at[bone]], np.float64)

    def put(self, turn: Turns, *bones: str) -> None:
        for bone in bones:
            self.turns[self.at[bone]] = turn

    def trunk(self, pose: Pose) -> None:
        self.facing = rotation(_UP, pose.facing)
        pelvis = self.facing @ _bent(pose.pelvis)
        self.put(pelvis, "root", "pelvis.L", "pelvis.R")
        for step, bone in enumerate(("spine05", "spine04", "spine03", "spine02", "spine01"), 1):
            self.put(pelvis @ _bent(pose.spine, step / 5), bone)
        chest = self.turns[self.at["spine01"]]
        for step, bone in enumerate(("neck01", "neck02", "neck03", "head"), 1):
            self.put(chest @ _bent(pose.head, step / 4), bone)

    def arm(self, side: str, told: ArmPose) -> None:
        outward = 1.0 if side == "L" else -1.0
        chest = self.turns[self.at["spine01"]]
        shoulder, elbow, wrist = (self.head(f"{bone}.{side}") for bone in ("upperarm01", "lowerarm01", "wrist"))
        upper_rest, fore_rest = _unit(elbow - shoulder), _unit(wrist - elbow)
        # At rest the elbow would bend to the front; about this axis, then.
        hinge_rest = _square(np.cross(upper_rest, _FORWARD), upper_rest)
        upper, fore = _pointed(told.upper, outward), _pointed(told.fore, outward)
        swing = _shortest(upper_rest, upper)
        straight = swing @ hinge_rest
        bend = np.degrees(np.arccos(np.clip(upper @ fore, -1, 1)))
        share = np.clip((bend - 6) / 24, 0, 1)
        hinge = straight
        if share > 0:
            bent = _unit(np.cross(upper, fore))
            hinge = _square((1 - share) * straight + share * bent, upper)
        whole = _frame(upper, hinge) @ _frame(upper_rest, hinge_rest).T
        lower = _frame(fore, _square(hinge, fore)) @ _frame(fore_rest, _square(hinge_rest, fore_rest)).T
        twist = _about(whole @ swing.T, upper)
        # The shoulder blade goes along with a raised arm, by about a third of its way (scapulohumeral rhythm).
        axis, angle = _axis_angle(swing)
        lifted = told.upper[0] > 45
        for bone, along in (("clavicle", 0.16 if lifted else 0.06), ("shoulder01", 0.36 if lifted else 0.16)):
            self.put(chest @ rotation(axis, angle * along), f"{bone}.{side}")
        self.put(chest @ rotation(upper, 0.45 * twist) @ swing, f"upperarm01.{side}")
        self.put(chest @ rotation(upper, twist) @ swing, f"upperarm02.{side}")
        palm = -outward * told.palm
        self.put(chest @ rotation(fore, 0.3 * palm) @ lower, f"lowerarm01.{side}")
        self.put(chest @ rotation(fore, 0.75 * palm) @ lower, f"lowerarm02.{side}")
        self._hand(side, outward, chest @ rotation(fore, palm) @ lower, told)

    def _hand(self, side: str, outward: float, turn: Turns, told: ArmPose) -> None:
        wrist = self.head(f"wrist.{side}")
        palm_side = -outward * np.cross(self.head(f"finger2-1.{side}") - wrist, self.head(f"finger5-1.{side}") - wrist)
        along = self.head(f"finger3-1.{side}") - wrist
        hand = turn @ rotation(np.cross(along, palm_side), told.wrist)
        self.put(hand, f"wrist.{side}")
        for finger in _FLOOR_FINGERS:
            joints = [self.head(f"finger{finger}-{joint}.{side}") for joint in (1, 2, 3)]
            axis = np.cross(joints[2] - joints[0], palm_side)
            curl = told.curl * (0.45 if finger == "1" else 1.0)
            for joint in (1, 2, 3):
                self.put(hand @ rotation(axis, curl * joint), f"finger{finger}-{joint}.{side}")

    def legs(self, pose: Pose) -> None:
        told = {"L": pose.left_leg, "R": pose.right_leg}
        pelvis = self.turns[0]
        ankle = self.head("foot.L")
        length = float(
            np.linalg.norm(self.head("lowerleg01.L") - self.head("upperleg01.L"))
            + np.linalg.norm(ankle - self.head("lowerleg01.L"))
        )
        feet: dict[str, tuple[Turns, NDArray[np.float64]]] = {}
        self.root_at = self.facing @ np.array([pose.shift[0] * length, -pose.shift[1] * length, 0.0])
        heights = []
        for side, leg in told.items():
            if leg.thigh is None:
                feet[side] = self._foot(side, leg, length)
                hip = self.root_at + pelvis @ (self.head(f"upperleg01.{side}") - self.rest[0])
                reach = max((_STRAIGHT * length) ** 2 - float(np.sum((feet[side][1] - hip)[:2] ** 2)), 0.0)
                heights.append(float(feet[side][1][2] + np.sqrt(reach) - hip[2]))
        self.root_at[2] = min(heights) - pose.sink * length if heights else self.rest[0, 2]
        for side, leg in told.items():
            if leg.thigh is None:
                self._standing(side, *feet[side])
            else:
                self._hanging(side, leg)

    def _foot(self, side: str, leg: LegPose, length: float) -> tuple[Turns, NDArray[np.float64]]:
        """How a standing foot is turned, and where its ankle is."""
        outward = 1.0 if side == "L" else -1.0
        pitch = rotation(np.array([1.0, 0, 0]), leg.heel)
        turn = self.facing @ rotation(_UP, outward * leg.turn) @ pitch
        # As high as lets the lowest point of the foot touch the floor; toes do not bend.
        lowest = float((self.feet[side] @ pitch[2]).min())
        x, y = outward * leg.at[0] * length, -leg.at[1] * length
        return turn, self.facing @ np.array([x, y, 0.0]) + np.array([0.0, 0.0, -lowest])

    def _standing(self, side: str, foot: Turns, ankle: NDArray[np.float64]) -> None:
        hip_rest, knee_rest, ankle_rest = (self.head(f"{bone}.{side}") for bone in ("upperleg01", "lowerleg01", "foot"))
        hip = self.root_at + self.turns[0] @ (hip_rest - self.rest[0])
        thigh, shin = float(np.linalg.norm(knee_rest - hip_rest)), float(np.linalg.norm(ankle_rest - knee_rest))
        way = ankle - hip
        far = min(float(np.linalg.norm(way)), (thigh + shin) * 0.9999)
        way = _unit(way)
        ahead = _square(foot @ _FORWARD if abs((foot @ _FORWARD)[2]) < 0.9 else self.facing @ _FORWARD, way)
        cosine = np.clip((thigh**2 + far**2 - shin**2) / (2 * thigh * far), -1, 1)
        knee = hip + thigh * (cosine * way + np.sqrt(1 - cosine**2) * ahead)
        upper, lower = _unit(knee - hip), _unit(hip + far * way - knee)
        self._leg(side, upper, lower, np.cross(ahead, way), foot)

    def _hanging(self, side: str, leg: LegPose) -> None:
        assert leg.thigh is not None
        outward = 1.0 if side == "L" else -1.0
        upper, lower = (self.facing @ _pointed(told, outward) for told in (leg.thigh, leg.shin or leg.thigh))
        foot = self.facing @ rotation(_UP, outward * leg.turn) @ rotation(np.array([1.0, 0, 0]), leg.heel)
        bent = np.cross(upper, lower)
        # A knee that lies aside, seen from the front, has not bent as knees do: the leg does not turn for it.
        bends = np.linalg.norm(bent) > 0.1 and abs(_unit(bent) @ self.facing @ _FORWARD) < 0.95
        self._leg(side, upper, lower, bent if bends else foot @ np.array([1.0, 0, 0]), foot)

    def _leg(
        self, side: str, upper: NDArray[np.float64], lower: NDArray[np.float64], hinge: NDArray[np.float64], foot: Turns
    ) -> None:
        """Turns of a leg whose thigh and shin point so, and whose knee bends about `hinge`."""
        hip, knee, ankle = (self.head(f"{bone}.{side}") for bone in ("upperleg01", "lowerleg01", "foot"))
        across = np.array([1.0, 0.0, 0.0])
        upper_rest, lower_rest = _unit(knee - hip), _unit(ankle - knee)
        thigh = _frame(upper, _square(hinge, upper)) @ _frame(upper_rest, _square(across, upper_rest)).T
        shin = _frame(lower, _square(hinge, lower)) @ _frame(lower_rest, _square(across, lower_rest)).T
        pelvis = self.turns[0]
        axis, angle = _axis_angle(thigh @ pelvis.T)
        self.put(rotation(axis, angle * 0.18) @ pelvis, f"pelvis.{side}")
        swing = _shortest(pelvis @ upper_rest, upper) @ pelvis
        twist = _about(thigh @ swing.T, upper)
        self.put(rotation(upper, 0.5 * twist) @ swing, f"upperleg01.{side}")
        self.put(thigh, f"upperleg02.{side}")
        self.put(shin, f"lowerleg01.{side}", f"lowerleg02.{side}")
        self.put(foot, f"foot.{side}")

    def found(self) -> Stance:
        heads = np.zeros_like(self.rest)
        for bone, parent in enumerate(self.parents):
            if parent < 0:
                heads[bone] = self.root_at
            else:
                heads[bone] = heads[parent] + self.turns[parent] @ (self.rest[bone] - self.rest[parent])
        return Stance(np.asarray(self.turns, np.float32), np.asarray(heads, np.float32))


def _bent(degrees: tuple[float, float, float], share: float = 1.0) -> Turns:
    """Bent forward, leant to the own left, turned to the own left."""
    bend, lean, turn = (one * share for one in degrees)
    return np.asarray(
        rotation(_UP, turn) @ rotation(np.array([0.0, 1, 0]), lean) @ rotation(np.array([1.0, 0, 0]), bend), np.float64
    )


def _pointed(told: Degrees, outward: float) -> NDArray[np.float64]:
    """The direction of a limb that is raised so far in such a plane; `outward` is 1 on the left side, else -1."""
    raised, plane = np.radians(told)
    return np.array([outward * np.sin(raised) * np.cos(plane), -np.sin(raised) * np.sin(plane), -np.cos(raised)])


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(vector / np.linalg.norm(vector), np.float64)


def _square(vector: NDArray[np.float64], to: NDArray[np.float64]) -> NDArray[np.float64]:
    """What of a vector is square to a unit vector, as a unit vector."""
    return _unit(vector - (vector @ to) * to)


def _frame(along: NDArray[np.float64], hinge: NDArray[np.float64]) -> Turns:
    return np.stack([along, hinge, np.cross(along, hinge)], 1)


def _shortest(a: NDArray[np.float64], b: NDArray[np.float64]) -> Turns:
    """The smallest turn from one direction to another."""
    axis = np.cross(a, b)
    if np.linalg.norm(axis) < 1e-8:
        return np.eye(3)
    return rotation(axis, float(np.degrees(np.arctan2(np.linalg.norm(axis), a @ b))))


def _axis_angle(turn: Turns) -> tuple[NDArray[np.float64], float]:
    axis = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
    size = float(np.linalg.norm(axis))
    if size < 1e-9:
        return _UP, 0.0
    return axis / size, float(np.degrees(np.arctan2(size, np.trace(turn) - 1)))


def _about(turn: Turns, axis: NDArray[np.float64]) -> float:
    """Degrees of a turn that is all about `axis`."""
    found, angle = _axis_angle(turn)
    return angle if found @ axis >= 0 else -angle
