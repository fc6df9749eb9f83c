"""Heads learnt once more from features, mixed and calibrated; nothing else of the eye moves."""

from __future__ import annotations

import numpy as np

from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.heads_recipe import HEADS, Lessons, with_heads
from bottega.models.vision.eye.tasks import PhotoSet

CLASSES = ("Blue", "Green", "Red")
PX = 32


def squares(codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Photos of one colour each, with noise; uint8 RGBA."""
    colours = np.array([(30, 40, 200), (30, 180, 40), (210, 30, 30)])
    photos = np.full((len(codes), PX, PX, 4), 255, dtype=np.uint8)
    noise = rng.normal(0, 25, (len(codes), PX, PX, 3))
    photos[..., :3] = (colours[codes][:, None, None] + noise).clip(0, 255)
    return photos


def test_heads_learn_what_features_tell() -> None:
    rng = np.random.default_rng(0)
    eye = Eye.fresh(dict.fromkeys(HEADS, CLASSES), (), rng=rng, image_px=PX)
    codes, rest = rng.integers(3, size=240), rng.integers(3, size=90).astype(np.int32)
    learnt, aside = squares(codes, rng)[..., :3], squares(rest, rng)
    named = tuple(CLASSES[code] for code in codes)
    lessons = Lessons(eye.features(np.ascontiguousarray(learnt)), dict.fromkeys(HEADS, named))
    made = with_heads(eye, lessons, PhotoSet("catalogue", aside, labels=dict.fromkeys(HEADS, rest)))
    photos = np.ascontiguousarray(squares(rest, rng)[..., :3])
    before, after = eye.look_at_squares(photos), made.look_at_squares(photos)
    for head in HEADS:
        right = (after.probabilities[head].argmax(1) == rest).mean()
        assert right > 0.9 and right > (before.probabilities[head].argmax(1) == rest).mean()
        assert made.config.kept_aside[head] > 0.9 and made.config.thresholds[head] >= 0.5
    assert (before.vectors == after.vectors).all() and made.version == eye.version, "search sees what it saw"
    assert (eye.look_at_squares(photos).probabilities["type"] == before.probabilities["type"]).all()


def test_what_gains_nothing_stays() -> None:
    rng = np.random.default_rng(1)
    eye = Eye.fresh(dict.fromkeys(HEADS, CLASSES), (), rng=rng, image_px=PX)
    aside = squares(rng.integers(3, size=90), rng)
    noise = rng.normal(size=(60, eye.features(np.ascontiguousarray(aside[:1, ..., :3])).shape[1])).astype(np.float32)
    nonsense = Lessons(30 * noise, dict.fromkeys(HEADS, tuple(rng.choice(CLASSES, 60).tolist())))
    seen = eye.look_at_squares(np.ascontiguousarray(aside[..., :3])).probabilities
    labels = {head: seen[head].argmax(1).astype(np.int32) for head in HEADS}
    made = with_heads(eye, nonsense, PhotoSet("catalogue", aside, labels=labels))
    weights = [one.network.state_dict()["heads.color_head.weight"] for one in (eye, made)]
    assert (weights[0] == weights[1]).all()
