"""Poses at random: limbs of several known poses put together, each turned a little further.

Idea     What a network learns joints from has to hold arms and legs as people do, and not only as a library has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from bottega.models.studio.bodies.poses import ArmPose, LegPose, Pose, pose

__all__ = ["drawn_pose", "one_of"]

Kept = TypeVar("Kept")

_KINDS = {"standing": 0.42, "walking": 0.22, "turning": 0.1, "arms up": 0.1, "seated": 0.08, "bending": 0.08}
"""How often a pose of each kind is drawn, of those that there are."""


def drawn_pose(names: Sequence[str], rng: np.random.Generator, *, bent: float = 1.0) -> Pose:
    """A pose whose limbs come from several of these poses, each turned a little further; `bent` 0 for one as it is."""
    known = [pose(name) for name in names]
    kinds = [kind for kind in _KINDS if any(one.kind == kind for one in known)]
    chances = np.array([_KINDS[kind] for kind in kinds])
    kind = kinds[int(rng.choice(len(kinds), p=chances / chances.sum()))]
    base = one_of([one for one in known if one.kind == kind], rng)
    if not bent:
        return base
    arms = [arm for one in known for arm in (one.left_arm, one.right_arm)]
    left, right = (_arm(own, arms, rng, bent) for own in (base.left_arm, base.right_arm))
    return replace(
        base,
        name="drawn",
        facing=base.facing + float(rng.normal(0, 22) if rng.random() < 0.8 else rng.uniform(-180, 180)) * bent,
        pelvis=_moved(base.pelvis, (4, 4, 6), rng, bent),
        spine=_moved(base.spine, (6, 5, 8), rng, bent),
        head=_moved(base.head, (9, 7, 22), rng, bent),
        left_arm=left,
        right_arm=right,
        left_leg=_leg(base.left_leg, rng, bent),
        right_leg=_leg(base.right_leg, rng, bent),
        sink=base.sink + float(abs(rng.normal(0, 0.015))) * bent,
    )


def one_of(found: Sequence[Kept], rng: np.random.Generator) -> Kept:
    """One of them, at random."""
    return found[int(rng.integers(len(found)))]


def _arm(own: ArmPose, others: Sequence[ArmPose], rng: np.random.Generator, bent: float) -> ArmPose:
    other = one_of(others, rng) if rng.random() < 0.5 else own
    share = float(rng.choice([0.0, 1.0, rng.random()], p=[0.3, 0.3, 0.4]))

    def mixed(a: tuple[float, float], b: tuple[float, float], spread: float) -> tuple[float, float]:
        height = a[0] + (b[0] - a[0]) * share + float(rng.normal(0, spread)) * bent
        plane = a[1] + ((b[1] - a[1] + 180) % 360 - 180) * share + float(rng.normal(0, 1.6 * spread)) * bent
        return max(height, 3.0), plane

    return replace(
        own,
        upper=mixed(own.upper, other.upper, 8),
        fore=mixed(own.fore, other.fore, 12),
        palm=own.palm + float(rng.normal(0, 25)) * bent,
        curl=float(rng.uniform(4, 45)),
    )


def _leg(own: LegPose, rng: np.random.Generator, bent: float) -> LegPose:
    told = replace(own, turn=own.turn + float(rng.normal(0, 9)) * bent, heel=own.heel + float(rng.normal(0, 8)) * bent)
    if told.thigh is None:
        away, ahead = told.at
        return replace(told, at=(away + float(rng.normal(0, 0.06)) * bent, ahead + float(rng.normal(0, 0.07)) * bent))
    shin = told.shin or told.thigh
    return replace(
        told,
        thigh=(told.thigh[0] + float(rng.normal(0, 7)) * bent, told.thigh[1] + float(rng.normal(0, 9)) * bent),
        shin=(max(2.0, shin[0] + float(rng.normal(0, 8)) * bent), shin[1] + float(rng.normal(0, 9)) * bent),
    )


def _moved(
    degrees: tuple[float, float, float], by: tuple[float, float, float], rng: np.random.Generator, bent: float
) -> tuple[float, float, float]:
    a, b, c = (one + float(rng.normal(0, spread)) * bent for one, spread in zip(degrees, by, strict=True))
    return a, b, c
