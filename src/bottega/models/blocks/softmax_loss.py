"""Cross-entropy over a whole catalogue without ever holding the (tokens x catalogue) matrix.

Idea     Rows go through in chunks that stay in the processor's cache; a chunk's gradient is made in the same pass as
         its loss, while its scores are still there. Backward only hands out what forward has made.
         Above a size the catalogue is sampled: in-batch targets plus uniform negatives, scores corrected by log Q.
Source   Cut cross-entropy (Wijmans et al. 2024, https://arxiv.org/abs/2411.09009, section 4) for the chunks;
         Yi et al. 2019 (https://doi.org/10.1145/3298689.3346996, section 4) for the log-Q correction.
Differs  Scores must be bounded (cosine / temperature), so no running maximum is kept.
Shapes   N tokens, I items, D width, C tokens of a chunk, M sampled items.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from bottega.models.blocks.device import CPU, gains_from_bfloat16

__all__ = ["SCORE_MAX", "full_softmax_loss", "product_dtype", "sampled_softmax_loss"]

SCORE_MAX = 60.0
"""Largest absolute score allowed: exp(60) times a million items is still far inside float32 and bfloat16."""


def product_dtype(device: torch.device = CPU) -> torch.dtype:
    """bfloat16 where this device multiplies it in hardware, else float32."""
    fast = _processor_is_fast() if device.type == "cpu" else gains_from_bfloat16(device)
    return torch.bfloat16 if fast else torch.float32


@cache
def _processor_is_fast() -> bool:
    capable = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return any(capable.get(name, False) for name in ("avx512_bf16", "amx_bf16", "bf16"))


class _FullSoftmax(torch.autograd.Function):
    """Mean of -log softmax(states @ vectors.T)[target], with both gradients made on the way forward."""

    @staticmethod
    def forward(
        ctx: Any, states_ND: Tensor, vectors_ID: Tensor, targets_N: Tensor, chunk: int, dtype: torch.dtype
    ) -> Tensor:
        n, width = states_ND.shape
        # A column of ones behind the vectors makes the second product return the row sums as well.
        ones_I1 = torch.ones(len(vectors_ID), 1, dtype=dtype, device=vectors_ID.device)
        products_ID = vectors_ID.to(dtype)
        summed_IE = torch.cat([products_ID, ones_I1], dim=1)
        target_vectors_ND = vectors_ID[targets_N]
        grad_states_ND = torch.empty_like(states_ND)
        grad_vectors_ID = torch.zeros_like(vectors_ID)
        log_sum = torch.zeros((), dtype=torch.float64, device=states_ND.device)
        for start in range(0, n, chunk):
            states_CD = states_ND[start : start + chunk]
            weights_IC = torch.mm(products_ID, states_CD.to(dtype).t()).exp_()
            mixed_CE = torch.mm(weights_IC.t(), summed_IE).float()
            sums_C1 = mixed_CE[:, width:]
            grad_states_ND[start : start + chunk] = mixed_CE[:, :width] / sums_C1
            grad_vectors_ID += torch.mm(weights_IC, (states_CD / (sums_C1 * n)).to(dtype))
            log_sum += sums_C1.log().sum()
        loss = (log_sum - (states_ND * target_vectors_ND).sum(dtype=torch.float64)) / n
        grad_states_ND -= target_vectors_ND
        grad_vectors_ID.index_add_(0, targets_N, states_ND, alpha=-1.0 / n)
        ctx.save_for_backward(grad_states_ND.div_(n), grad_vectors_ID)
        return loss.to(states_ND.dtype)

    @staticmethod
    def backward(ctx: Any, grad_output: Tensor) -> tuple[Tensor, Tensor, None, None, None]:
        grad_states_ND, grad_vectors_ID = ctx.saved_tensors
        if float(grad_output) != 1.0:  # a loss that is stepped on directly saves two passes over the catalogue
            grad_states_ND, grad_vectors_ID = grad_states_ND * grad_output, grad_vectors_ID * grad_output
        return grad_states_ND, grad_vectors_ID, None, None, None


def full_softmax_loss(
    states_ND: Tensor, vectors_ID: Tensor, targets_N: Tensor, *, chunk: int = 512, dtype: torch.dtype | None = None
) -> Tensor:
    """Mean cross-entropy of `targets_N` under softmax(states @ vectors.T), a scalar.

    No score may exceed `SCORE_MAX`. `dtype` is that of the catalogue products (default: `product_dtype` of the device);
    float32 is exact, bfloat16 errs by about 0.3% of a gradient. Peak memory is about chunk * I * 2 bytes above the
    gradients.
    """
    loss: Tensor = _FullSoftmax.apply(states_ND, vectors_ID, targets_N, chunk, dtype or product_dtype(states_ND.device))  # type: ignore[no-untyped-call]
    return loss


def sampled_softmax_loss(
    states_ND: Tensor, vectors_MD: Tensor, targets_N: Tensor, items_M: Tensor, log_expected_M: Tensor
) -> Tensor:
    """Cross-entropy over a sample of the catalogue, a scalar.

    `items_M` are the distinct item codes of the sample and hold every target; `vectors_MD` their vectors;
    `log_expected_M` the log of how often each was expected in the sample, subtracted from its scores so that frequent
    items are not punished for being drawn often. `targets_N` are positions in `items_M`.
    """
    assert len(items_M) == len(vectors_MD) == len(log_expected_M)
    scores_NM = states_ND @ vectors_MD.t() - log_expected_M
    return functional.cross_entropy(scores_NM, targets_N)
