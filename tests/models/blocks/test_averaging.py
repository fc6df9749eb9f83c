"""Averaged weights, against a mean worked out by hand."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from bottega.models.blocks.averaging import AveragedWeights


class Small(nn.Module):
    """A weight, and a count of what it saw."""

    def __init__(self, value: float, seen: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(value))
        self.seen: torch.Tensor
        self.register_buffer("seen", torch.tensor(seen))


def at(value: float, *, seen: int = 0) -> Small:
    return Small(value, seen)


def test_the_mean_is_the_one_worked_out_by_hand() -> None:
    averaged = AveragedWeights(0.5)
    for step, value in enumerate((1.0, 2.0, 8.0)):
        averaged.update(at(value, seen=step), step)
    made = at(0.0)
    averaged.put_into(made)
    # the first as it is; then 2/11 kept of 1 and 9/11 of 2; then 3/12 kept of that and 9/12 of 8
    second = 2 / 11 * 1.0 + 9 / 11 * 2.0
    assert made.weight.item() == pytest.approx(0.25 * second + 0.75 * 8.0, rel=1e-6)
    assert made.seen.item() == 2, "counts are the last ones"


def test_late_steps_keep_what_they_were_told_to() -> None:
    averaged = AveragedWeights(0.9)
    averaged.update(at(1.0), 0)
    averaged.update(at(2.0), 100_000)
    made = at(0.0)
    averaged.put_into(made)
    assert made.weight.item() == pytest.approx(0.9 * 1.0 + 0.1 * 2.0, rel=1e-6)


def test_going_on_from_what_was_kept_is_as_if_nothing_had_stopped() -> None:
    whole, first, rest = AveragedWeights(0.7), AveragedWeights(0.7), AveragedWeights(0.7)
    for step, value in enumerate((1.0, 4.0)):
        whole.update(at(value), step)
        first.update(at(value), step)
    rest.go_on({name: value.clone() for name, value in first.state().items()}, torch.device("cpu"))
    for averaged in (whole, rest):
        averaged.update(at(9.0), 2)
    made, again = at(0.0), at(0.0)
    whole.put_into(made)
    rest.put_into(again)
    assert made.weight.item() == again.weight.item() != 9.0
