"""A course ends with its steps or with its seconds, and everything on the way follows whichever is further."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.train_loop import Schedule, train

SHARES = (0.35, 0.45, 0.2)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_by_steps_the_parts_have_their_shares_of_them() -> None:
    course, parts = Course(20), []
    course.begin()
    while not course.over:
        parts.append(course.part(SHARES))
        course.advance()
    assert [parts.count(part) for part in range(3)] == [7, 9, 4]


def test_seconds_end_a_course_that_has_steps_left_and_every_part_gets_its_time() -> None:
    clock = Clock()
    course, parts = Course(1000, 10.0, clock=clock), []
    course.begin()
    while not course.over:
        parts.append(course.part(SHARES))
        clock.now += 0.5
        course.advance()
    assert course.step == 20 and [parts.count(part) for part in range(3)] == [7, 9, 4] and course.share == 1.0


def test_steps_end_a_course_that_has_seconds_left() -> None:
    clock = Clock()
    course = Course(5, 10.0, clock=clock)
    course.begin()
    while not course.over:
        clock.now += 0.1
        course.advance()
    assert course.step == 5


def test_one_step_is_made_however_short_the_time() -> None:
    course = Course(5, 1e-9, clock=Clock())
    course.begin()
    assert not course.over
    course.advance()
    assert not course.over, "no time has gone by"


def test_a_busy_machine_makes_the_least_steps_and_walks_through_all_parts() -> None:
    clock = Clock()
    course, parts = Course(1000, 1.0, least=10, clock=clock), []
    course.begin()
    while not course.over:
        parts.append(course.part(SHARES))
        clock.now += 100.0
        course.advance()
    assert course.step == 10 and sorted(set(parts)) == [0, 1, 2] and course.share == 1.0


def test_what_is_prepared_is_no_learning() -> None:
    clock = Clock()
    course = Course(100, 10.0, clock=clock)
    course.begin()
    clock.now = 2.0
    with course.paused():
        clock.now = 50.0
    assert course.spent_s == 2.0
    clock.now = 51.0
    assert course.spent_s == 3.0


class Stopped(Exception):
    """What stands for a machine that goes away."""


def learn(folder: Path, stop_at: int | None = None) -> tuple[nn.Module, Course]:
    """Twelve steps on numbers drawn by two generators, written down after each; stopped before one of them."""
    rng = np.random.default_rng(0)
    torch.manual_seed(0)
    network, course = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5), nn.Linear(4, 1)), Course(12)
    averaged: dict[str, Tensor] = {"sum": torch.zeros(())}
    checkpoint = Checkpoint(folder / "checkpoint.pt", rng=rng, every_s=0.0)
    checkpoint.also("averaged", lambda: averaged, averaged.update)

    def batches() -> Iterator[Tensor]:
        while True:
            yield torch.from_numpy(rng.standard_normal((8, 4)).astype(np.float32))

    def loss_of(batch: Tensor) -> Tensor:
        if course.step == stop_at:
            raise Stopped
        averaged["sum"] = averaged["sum"] + batch.sum()
        loss: Tensor = network(batch).square().mean()
        return loss

    train(
        network, batches, loss_of, steps_an_epoch=12, schedule=Schedule(epochs=1), course=course, checkpoint=checkpoint
    )
    checkpoint.done()
    network.register_buffer("sum", averaged["sum"])
    return network, course


def test_a_training_that_was_stopped_goes_on_to_the_same_end(tmp_path: Path) -> None:
    whole, _ = learn(tmp_path / "whole")
    with pytest.raises(Stopped):
        learn(tmp_path / "stopped", stop_at=7)
    assert (tmp_path / "stopped" / "checkpoint.pt").exists()
    again, course = learn(tmp_path / "stopped")
    assert course.step == 12 and not list((tmp_path / "stopped").iterdir())
    for name, value in whole.state_dict().items():
        torch.testing.assert_close(again.state_dict()[name], value, rtol=0, atol=0, msg=name)


def test_what_was_spent_before_the_stop_counts(tmp_path: Path) -> None:
    clock = Clock()
    course = Course(100, 10.0, clock=clock)
    course.begin()
    clock.now = 6.0
    network = nn.Linear(1, 1)
    optimiser = torch.optim.SGD(network.parameters())
    Checkpoint(tmp_path / "c.pt", rng=np.random.default_rng(0)).keep(network, [optimiser], course, now=True)
    later = Course(100, 10.0, clock=clock)
    Checkpoint(tmp_path / "c.pt", rng=np.random.default_rng(0)).resume(network, [optimiser], later)
    assert later.spent_s == 6.0
    clock.now = 10.0
    assert later.spent_s == 10.0
