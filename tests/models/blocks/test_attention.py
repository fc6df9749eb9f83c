"""What comes later never changes what was said before."""

from __future__ import annotations

import torch

from bottega.models.blocks.attention import CausalBlock


def test_a_later_position_changes_no_earlier_one() -> None:
    torch.manual_seed(0)
    block = CausalBlock(16, 2, max_length=12, dropout=0.0).eval()
    torch.nn.init.normal_(block.distance_bias)
    states = torch.randn(3, 12, 16)
    changed = states.clone()
    changed[:, 7:] += 5.0
    before, after = block(states), block(changed)
    torch.testing.assert_close(before[:, :7], after[:, :7])
    assert not torch.allclose(before[:, 7:], after[:, 7:])


def test_a_prefix_alone_gives_the_same_states() -> None:
    torch.manual_seed(0)
    block = CausalBlock(16, 2, max_length=12, dropout=0.0).eval()
    states = torch.randn(2, 12, 16)
    torch.testing.assert_close(block(states)[:, :5], block(states[:, :5]))


def test_distances_are_heard() -> None:
    torch.manual_seed(0)
    block = CausalBlock(16, 2, max_length=12, dropout=0.0).eval()
    states = torch.randn(1, 6, 16)
    before = block(states)[0, 5]
    with torch.no_grad():
        block.distance_bias[:, 5] = 4.0
    moved = block(states)
    assert not torch.allclose(before, moved[0, 5])
    torch.testing.assert_close(block(states[:, :5]), moved[:, :5])
