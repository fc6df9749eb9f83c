"""What is believed of a taste before its history: the standard normal, or RecVAE's composite prior.

Idea     The composite prior is a mixture: the standard normal, a wide normal, and the posterior that the network of an
         epoch ago gave for the same history, so that a taste is not forgotten while the network changes.
Source   Liang et al. 2018, https://arxiv.org/abs/1802.05814, equation 5; Shenbin et al. 2020,
         https://arxiv.org/abs/1912.11160, section 3.3, with the mixture weights of its published code.
Shapes   ... any, D width, K draws.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

__all__ = ["FIXED", "REMEMBERED", "Part", "divergence", "fixed_prior", "log_marginal", "mixture_log_density"]

Part = tuple[float, Tensor, Tensor]
"""One normal of a mixture: its share, mean and log-variance."""

FIXED = {"normal": ((1.0, 0.0),), "composite": ((0.15, 0.0), (0.10, 10.0))}
"""Shares and log-variances of the parts of each prior that know no history; their mean is zero."""
REMEMBERED = 0.75
"""Share of the old posterior in the composite prior."""


def fixed_prior(name: str) -> list[Part]:
    """The parts of a prior that know no history."""
    return [(share, torch.tensor(0.0), torch.tensor(log_variance)) for share, log_variance in FIXED[name]]


def divergence(means: Tensor, log_variances: Tensor) -> Tensor:
    """KL [...] from a normal [..., D] to the standard normal, in nats."""
    return 0.5 * (means.square() + log_variances.exp() - 1.0 - log_variances).sum(dim=-1)


def mixture_log_density(tastes: Tensor, parts: Sequence[Part]) -> Tensor:
    """Log density [...] of a mixture of normals with diagonal covariances at the tastes [..., D]."""
    logs = []
    for share, means, log_variances in parts:
        squares = (tastes - means).square() * torch.exp(-log_variances)
        logs.append(math.log(share) - 0.5 * (squares + log_variances + math.log(2 * math.pi)).sum(dim=-1))
    return torch.logsumexp(torch.stack(logs), dim=0)


def log_marginal(
    log_likelihood: Callable[[Tensor], Tensor], noise_KD: Tensor, prior: Sequence[Part], posterior: Part
) -> Tensor:
    """log of the integral of likelihood * prior over tastes: a scalar, in nats.

    The mean over K draws of likelihood * prior / proposal (Burda et al. 2016, https://arxiv.org/abs/1509.00519,
    equation 8). The proposal is half posterior, half prior, so that no weight explodes where the posterior is thin
    ("defensive" sampling, Hesterberg 1995, https://doi.org/10.1080/00401706.1995.10484303). Its log is a lower bound
    in expectation and rises to the truth with K. `log_likelihood` maps tastes [K, D] to [K]; `noise_KD` is standard
    normal; the shares of the prior are scaled to sum to 1.
    """
    draws, total = len(noise_KD), sum(share for share, _, _ in prior)
    prior = [(share / total, mean, log_variance) for share, mean, log_variance in prior]
    proposal = [posterior, *prior]
    ends = [round(end * draws) for end in _running([0.5, *(0.5 * share for share, _, _ in prior)])]
    tastes, parts = [], []
    for start, end, (_, mean, log_variance) in zip([0, *ends], ends, proposal, strict=False):
        if end > start:
            tastes.append(mean + noise_KD[start:end] * (0.5 * log_variance).exp())
            parts.append(((end - start) / draws, mean, log_variance))
    tastes_KD = torch.cat(tastes)
    weights_K = mixture_log_density(tastes_KD, prior) - mixture_log_density(tastes_KD, parts)
    return torch.logsumexp(log_likelihood(tastes_KD) + weights_K, dim=0) - math.log(draws)


def _running(shares: list[float]) -> list[float]:
    return [sum(shares[: count + 1]) for count in range(len(shares))]
