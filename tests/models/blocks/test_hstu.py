"""The block is the formula of its paper, and what comes later never changes what was said before."""

from __future__ import annotations

import torch
from torch.nn import functional

from bottega.models.blocks.hstu import HstuBlock


def block(heads: int = 2) -> HstuBlock:
    torch.manual_seed(0)
    made = HstuBlock(16, heads, max_length=12, dropout=0.0).eval()
    torch.nn.init.normal_(made.distance_bias)
    return made


def test_it_is_the_formula_of_the_paper_one_position_at_a_time() -> None:
    """Zhai et al. 2024, equations 1 to 3 with one head, written out with loops."""
    made, states = block(heads=1), torch.randn(1, 5, 16)
    normed = functional.layer_norm(states[0], [16])
    gate, value, query, key = functional.silu(made.gate_value_query_key(normed)).chunk(4, dim=-1)
    for t in range(5):
        heard = torch.zeros(16)
        for s in range(t + 1):
            heard += functional.silu(query[t] @ key[s] + made.distance_bias[0, t - s]) * value[s]
        expected = states[0, t] + made.project(functional.layer_norm(heard, [16]) * gate[t])
        torch.testing.assert_close(made(states)[0, t], expected, rtol=1e-4, atol=1e-5)


def test_a_later_position_changes_no_earlier_one() -> None:
    made, states = block(), torch.randn(3, 12, 16)
    changed = states.clone()
    changed[:, 7:] += 5.0
    before, after = made(states), made(changed)
    torch.testing.assert_close(before[:, :7], after[:, :7])
    assert not torch.allclose(before[:, 7:], after[:, 7:])
    torch.testing.assert_close(made(states[:, :5]), before[:, :5])


def test_hearing_a_thing_twice_is_not_hearing_it_once() -> None:
    """Softmax attention over equal keys gives the same whatever their number; sums grow. Normalisation is left out."""
    made = block(heads=1)
    made.norm_sum = torch.nn.Identity()  # type: ignore[assignment]
    torch.nn.init.zeros_(made.distance_bias)
    once, thrice = torch.ones(1, 1, 16), torch.ones(1, 3, 16)
    thrice[:, :, 0] = once[:, :, 0] = 3.0
    heard_once = made(once)[0, 0] - once[0, 0] - made.project.bias
    heard_thrice = made(thrice)[0, 2] - thrice[0, 2] - made.project.bias
    torch.testing.assert_close(heard_thrice, 3 * heard_once, rtol=1e-4, atol=1e-5)
