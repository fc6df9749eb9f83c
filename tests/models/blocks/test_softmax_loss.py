"""The chunked loss says what plain cross-entropy says, and so do its gradients."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from bottega.models.blocks.softmax_loss import full_softmax_loss, product_dtype, sampled_softmax_loss


def case(n: int = 37, n_items: int = 53, width: int = 8) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    torch.manual_seed(3)
    states = functional.normalize(torch.randn(n, width), dim=1) * 10
    vectors = functional.normalize(torch.randn(n_items, width), dim=1)
    return states, vectors, torch.randint(0, n_items, (n,))


@pytest.mark.parametrize("chunk", [1, 10, 37, 500])
def test_loss_and_gradients_equal_plain_cross_entropy(chunk: int) -> None:
    states, vectors, targets = case()
    grads = []
    losses = []
    for chunked in (True, False):
        s, v = states.clone().requires_grad_(), vectors.clone().requires_grad_()
        loss = (
            full_softmax_loss(s, v, targets, chunk=chunk, dtype=torch.float32)
            if chunked
            else functional.cross_entropy(s @ v.t(), targets)
        )
        (3.0 * loss).backward()  # type: ignore[no-untyped-call]
        assert s.grad is not None and v.grad is not None
        losses.append(loss.detach())
        grads.append((s.grad, v.grad))
    torch.testing.assert_close(losses[0], losses[1], rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(grads[0], grads[1], rtol=1e-4, atol=1e-6)


def test_bfloat16_products_stay_within_a_percent() -> None:
    states, vectors, targets = case(200, 300, 32)
    exact = vectors.clone().requires_grad_()
    rough = vectors.clone().requires_grad_()
    full_softmax_loss(states, exact, targets, dtype=torch.float32).backward()  # type: ignore[no-untyped-call]
    full_softmax_loss(states, rough, targets, dtype=torch.bfloat16).backward()  # type: ignore[no-untyped-call]
    assert exact.grad is not None and rough.grad is not None
    assert float((exact.grad - rough.grad).norm() / exact.grad.norm()) < 0.01


def test_the_processor_decides_the_dtype() -> None:
    assert product_dtype() in (torch.bfloat16, torch.float32)


def test_a_sample_of_everything_is_the_full_loss() -> None:
    states, vectors, targets = case()
    items = torch.arange(len(vectors))
    sampled = sampled_softmax_loss(states, vectors, targets, items, torch.zeros(len(items)))
    torch.testing.assert_close(sampled, functional.cross_entropy(states @ vectors.t(), targets))


def test_an_item_expected_more_often_counts_less_as_a_negative() -> None:
    states, vectors, targets = case()
    items = torch.arange(len(vectors))
    often = torch.zeros(len(items))
    often[0] = 5.0
    others = targets != 0
    plain = sampled_softmax_loss(states[others], vectors, targets[others], items, torch.zeros(len(items)))
    assert sampled_softmax_loss(states[others], vectors, targets[others], items, often) < plain
