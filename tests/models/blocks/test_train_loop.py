"""The loop learns, stops when nothing gets better, keeps the best epoch and minds the clock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from bottega.models.blocks.train_loop import Schedule, train


def line() -> tuple[nn.Linear, Tensor, Tensor]:
    torch.manual_seed(0)
    inputs = torch.randn(64, 3)
    return nn.Linear(3, 1), inputs, inputs @ torch.tensor([[1.0], [-2.0], [0.5]])


def test_it_learns_a_line() -> None:
    network, inputs, wanted = line()
    report = train(
        network,
        lambda: iter([None] * 20),
        lambda _: (network(inputs) - wanted).square().mean(),
        steps_an_epoch=20,
        schedule=Schedule(epochs=10, learning_rate=0.1, weight_decay=0.0),
    )
    assert report.epochs == report.best_epoch == 10 and not network.training
    torch.testing.assert_close(network.weight.data, torch.tensor([[1.0, -2.0, 0.5]]), atol=0.02, rtol=0)


def test_it_keeps_the_best_epoch_and_stops() -> None:
    network, inputs, wanted = line()
    marks = iter([0.1, 0.5, 0.4, 0.3, 0.9])
    states: list[Tensor] = []

    def judge() -> float:
        states.append(network.weight.detach().clone())
        return next(marks)

    report = train(
        network,
        lambda: iter([None] * 2),
        lambda _: (network(inputs) - wanted).square().mean(),
        steps_an_epoch=2,
        schedule=Schedule(epochs=10, learning_rate=0.01, patience=2),
        judge=judge,
    )
    assert report.marks == (0.1, 0.5, 0.4, 0.3)
    assert report.best_epoch == report.epochs - 2
    torch.testing.assert_close(network.weight.data, states[1])


@pytest.mark.parametrize(("most_steps", "steps", "epochs"), [(7, 7, 1), (100, 100, 3), (10_000, 200, 5)])
def test_most_steps_end_the_last_epoch_early(most_steps: int, steps: int, epochs: int) -> None:
    network, inputs, wanted = line()
    taken: list[int] = []

    def loss_of(batch: int) -> Tensor:
        taken.append(batch)
        return torch.as_tensor((network(inputs) - wanted).square().mean())

    schedule = Schedule(epochs=5, most_steps=most_steps)
    report = train(network, lambda: iter(range(40)), loss_of, steps_an_epoch=40, schedule=schedule)
    assert (len(taken), report.epochs) == (steps, epochs)


def test_sparse_rows_that_no_batch_touches_stay() -> None:
    torch.manual_seed(0)
    table = nn.Embedding(10, 2, sparse=True)
    before = table.weight.detach().clone()

    def batches() -> Iterator[Tensor]:
        yield torch.tensor([2, 5])

    train(
        table,
        batches,
        lambda items: table(items).square().sum(),
        steps_an_epoch=1,
        schedule=Schedule(epochs=3, learning_rate=0.1),
        sparse=[table.weight],
    )
    moved = (table.weight.detach() != before).any(dim=1)
    assert moved.nonzero().flatten().tolist() == [2, 5]
