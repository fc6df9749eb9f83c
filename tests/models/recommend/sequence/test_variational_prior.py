"""KL and mixtures against torch.distributions, the marginal likelihood against an integral on a grid."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal, kl_divergence

from bottega.models.recommend.sequence.variational_prior import (
    divergence,
    fixed_prior,
    log_marginal,
    mixture_log_density,
)

GENERATOR = torch.Generator().manual_seed(3)


def noise(*shape: int) -> Tensor:
    return torch.randn(shape, generator=GENERATOR)


def test_divergence_is_torch_s() -> None:
    means, log_variances = noise(4, 3), noise(4, 3)
    wanted = kl_divergence(Normal(means, (0.5 * log_variances).exp()), Normal(0.0, 1.0)).sum(dim=1)
    torch.testing.assert_close(divergence(means, log_variances), wanted)
    assert float(divergence(torch.zeros(2), torch.zeros(2))) == 0.0


def test_mixture_density_is_torch_s() -> None:
    tastes, means, log_variances = noise(5, 2), noise(2, 2), noise(2, 2)
    shares = torch.tensor([0.3, 0.7])
    parts = Independent(Normal(means, (0.5 * log_variances).exp()), 1)
    wanted = MixtureSameFamily(Categorical(shares), parts).log_prob(tastes)  # type: ignore[no-untyped-call]
    listed = [(float(shares[part]), means[part], log_variances[part]) for part in range(2)]
    torch.testing.assert_close(mixture_log_density(tastes, listed), wanted)


@pytest.mark.parametrize("name", ["normal", "composite"])
@pytest.mark.parametrize("posterior", [(0.6, -1.0), (-3.0, -6.0)], ids=["good proposal", "thin proposal elsewhere"])
def test_log_marginal_is_the_integral(name: str, posterior: tuple[float, float]) -> None:
    """Two choices among three items whose scores are linear in a taste of one number."""
    slopes = torch.tensor([-1.0, 0.0, 2.0])

    def log_likelihood(tastes: Tensor) -> Tensor:
        return (tastes * slopes).log_softmax(dim=1)[:, [2, 1]].sum(dim=1)

    parts = fixed_prior(name)
    total = sum(share for share, _, _ in parts)
    prior = [(share / total, mean, log_variance) for share, mean, log_variance in parts]
    width = 0.01
    grid = torch.arange(-900.0, 900.0, width)[:, None]
    wanted = torch.logsumexp(log_likelihood(grid) + mixture_log_density(grid, prior), dim=0) + math.log(width)
    place = (1.0, torch.tensor([posterior[0]]), torch.tensor([posterior[1]]))
    found = log_marginal(log_likelihood, noise(200_000, 1), parts, place)
    assert float(found) == pytest.approx(float(wanted), abs=0.02)


def test_few_draws_give_a_lower_bound_that_rises() -> None:
    def log_likelihood(tastes: Tensor) -> Tensor:
        return -4.0 * (tastes - 1.5).square().sum(dim=1)

    # The integral of exp(-4 (z - 1.5)^2) times the standard normal, for each of two dimensions.
    truth = 2 * (-0.5 * math.log(9.0) - 4.0 * 1.5**2 / 9.0)
    place = (1.0, torch.zeros(2), torch.zeros(2))
    few, many = (
        float(
            torch.stack(
                [log_marginal(log_likelihood, noise(k, 2), fixed_prior("normal"), place) for _ in range(200)]
            ).mean()
        )
        for k in (2, 2000)
    )
    assert few < many < truth + 0.02 and many == pytest.approx(truth, abs=0.05)
