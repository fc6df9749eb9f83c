"""Residual quantisation: a vector becomes a short tuple of codes, coarse first.

Idea     The first codebook names the nearest of K centres; the next one quantises what is left over, and so on.
         Two ways to learn the codebooks: balanced k-means, where every code stands for as many vectors as any other,
         level by level; and an RQ-VAE, where an encoder is learnt together with the codebooks.
Source   RQ-VAE: Rajput et al. 2023 (TIGER), https://arxiv.org/abs/2305.05065, section 3.1. Straight-through gradient
         and commitment loss: van den Oord et al. 2017, https://arxiv.org/abs/1711.00937, section 3.2.
         Balance by proposals and refusals: Gale & Shapley 1962, https://doi.org/10.2307/2312726.
Differs  Codes of the RQ-VAE that nobody uses are moved to vectors of the batch after every epoch.
Costs    k-means: iterations * M * K * D operations a level, on at most `sample` vectors. RQ-VAE: epochs over all.
Shapes   M vectors, D their width, L levels, K codes a level, E width of the codebooks (D for k-means).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from bottega.models.blocks.arrays_io import Saved
from bottega.models.blocks.device import device_of
from bottega.names import FloatArray, IntArray, LongArray
from bottega.progress import Progress, silent

__all__ = ["Codebooks", "RqVae", "balanced_assignment", "fit_rqvae", "residual_kmeans"]


@dataclass(frozen=True, slots=True)
class Codebooks:
    """`centres` [L, K, E]; `layers`: matrices [in, out] and biases [out] of an encoder in front, none for k-means."""

    centres: FloatArray
    layers: tuple[tuple[FloatArray, FloatArray], ...] = ()

    def encode(self, vectors_MD: FloatArray) -> IntArray:
        """The nearest code of each level [M, L]."""
        rest_ME = self.project(vectors_MD)
        codes = np.empty((len(rest_ME), len(self.centres)), dtype=np.int32)
        for level, centres_KE in enumerate(self.centres):
            codes[:, level] = _distances(rest_ME, centres_KE).argmin(axis=1)
            rest_ME = rest_ME - centres_KE[codes[:, level]]
        return codes

    def project(self, vectors_MD: FloatArray) -> FloatArray:
        """What the codebooks quantise [M, E]: the vectors, or what the encoder makes of them."""
        states = vectors_MD.astype(np.float32)
        for position, (matrix, bias) in enumerate(self.layers):
            states = states @ matrix + bias
            if position + 1 < len(self.layers):
                states = np.maximum(states, 0.0)
        return states

    def rebuild(self, codes_ML: IntArray) -> FloatArray:
        """The sum of the codes' centres [M, E]."""
        return np.asarray(sum(centres[codes_ML[:, level]] for level, centres in enumerate(self.centres)))

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """What `load` needs, by name."""
        found = {"codebooks.centres": self.centres}
        for position, (matrix, bias) in enumerate(self.layers):
            found |= {f"codebooks.matrix{position}": matrix, f"codebooks.bias{position}": bias}
        return found

    @classmethod
    def load(cls, saved: Saved) -> Self:
        """Read what `arrays` gave; `ModelFileBroken` when it is incomplete."""
        count = sum(name.startswith("codebooks.matrix") for name in saved.arrays)
        layers = tuple(
            (saved.array(f"codebooks.matrix{position}", ndim=2), saved.array(f"codebooks.bias{position}"))
            for position in range(count)
        )
        return cls(saved.array("codebooks.centres", ndim=3), layers)


def _distances(vectors_MD: FloatArray, centres_KD: FloatArray) -> FloatArray:
    """Squared distances [M, K], less the vectors' own length, which is the same for every centre."""
    lengths_K = np.square(centres_KD).sum(axis=1)
    return np.asarray(lengths_K - 2.0 * (vectors_MD @ centres_KD.T), dtype=np.float32)


def balanced_assignment(costs_MK: FloatArray) -> LongArray:
    """A code for each vector [M], none used more than ceil(M / K) times, cheap ones preferred.

    Each vector asks for its cheapest code that has not refused it; a full code keeps the vectors it is cheapest for.
    In the end no vector and code would both rather have each other (a stable matching).
    """
    n, n_codes = costs_MK.shape
    room = -(-n // n_codes)
    costs = costs_MK.astype(np.float32, copy=True)
    chosen: LongArray = costs.argmin(axis=1).astype(np.int64)
    while True:
        price = costs[np.arange(n), chosen]
        order = np.lexsort((price, chosen))
        first = np.searchsorted(chosen[order], np.arange(n_codes))
        place = np.arange(n) - first[chosen[order]]
        refused = order[place >= room]
        if not len(refused):
            return chosen
        costs[refused, chosen[refused]] = np.inf
        chosen[refused] = costs[refused].argmin(axis=1)


def residual_kmeans(
    vectors_MD: FloatArray,
    *,
    levels: int,
    codes: int,
    rng: np.random.Generator,
    balanced: bool = True,
    iterations: int = 12,
    sample: int = 50_000,
    progress: Progress = silent,
) -> tuple[Codebooks, IntArray]:
    """Codebooks, and the codes [M, L] of the vectors they were learnt from.

    Those beyond `sample` vectors take the nearest code. With `balanced` no code is used by more than its share; that
    holds for the vectors learnt from, while `encode` always takes the nearest.
    """
    learnt = rng.permutation(len(vectors_MD))[:sample]
    rest = vectors_MD[learnt].astype(np.float32)
    centres_LKD = np.zeros((levels, codes, vectors_MD.shape[1]), dtype=np.float32)
    own = np.empty((len(learnt), levels), dtype=np.int32)
    for level in range(levels):
        centres = rest[rng.permutation(len(rest))[np.arange(codes) % len(rest)]]
        for _ in range(iterations):
            costs = _distances(rest, centres)
            chosen = balanced_assignment(costs) if balanced else costs.argmin(axis=1)
            counts = np.bincount(chosen, minlength=codes)
            sums = np.zeros_like(centres)
            np.add.at(sums, chosen, rest)
            centres = np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], centres).astype(np.float32)
        own[:, level] = chosen
        centres_LKD[level] = centres
        rest = rest - centres[chosen]
        progress("quantising products", level + 1, levels)
    found = Codebooks(centres_LKD)
    all_codes = found.encode(vectors_MD) if len(learnt) < len(vectors_MD) else np.empty_like(own)
    all_codes[learnt] = own
    return found, all_codes


class RqVae(nn.Module):
    """Encoder, L codebooks over residuals, decoder. The loss is that of a batch [B, D]."""

    def __init__(self, width: int, *, levels: int, codes: int, hidden: int = 128, latent: int = 32) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(width, hidden), nn.ReLU(), nn.Linear(hidden, latent))
        self.decoder = nn.Sequential(nn.Linear(latent, hidden), nn.ReLU(), nn.Linear(hidden, width))
        self.centres = nn.Parameter(torch.randn(levels, codes, latent) * 0.1)

    def forward(self, vectors_BD: Tensor, commitment: float) -> Tensor:
        """Mean squared error of the rebuilt vectors, plus codebook and commitment losses."""
        latent_BE = self.encoder(vectors_BD)
        rest_BE, sum_BE = latent_BE, torch.zeros_like(latent_BE)
        loss: Tensor = latent_BE.new_zeros(())
        for centres_KE in self.centres:
            with torch.no_grad():
                chosen_B = torch.cdist(rest_BE, centres_KE).argmin(dim=1)
            quantised_BE = functional.embedding(chosen_B, centres_KE)
            loss = loss + functional.mse_loss(quantised_BE, rest_BE.detach())
            loss = loss + commitment * functional.mse_loss(rest_BE, quantised_BE.detach())
            sum_BE = sum_BE + quantised_BE
            rest_BE = rest_BE - quantised_BE.detach()
        rebuilt_BD = self.decoder(latent_BE + (sum_BE - latent_BE).detach())
        return loss + functional.mse_loss(rebuilt_BD, vectors_BD)

    def codebooks(self) -> Codebooks:
        """Encoder and centres as plain arrays."""
        linear = [layer for layer in self.encoder if isinstance(layer, nn.Linear)]
        layers = tuple((_array(layer.weight).T.copy(), _array(layer.bias).copy()) for layer in linear)
        return Codebooks(_array(self.centres).copy(), layers)


def _array(tensor: Tensor) -> FloatArray:
    return np.asarray(tensor.detach().cpu().numpy())


def fit_rqvae(
    vectors_MD: FloatArray,
    *,
    levels: int,
    codes: int,
    rng: np.random.Generator,
    epochs: int = 60,
    batch: int = 1024,
    learning_rate: float = 2e-3,
    commitment: float = 0.25,
    device: str = "auto",
    progress: Progress = silent,
) -> tuple[Codebooks, IntArray]:
    """Codebooks with an encoder, and the codes [M, L] of the vectors they were learnt from.

    The codebooks start from k-means over the untrained encoder's output; after each epoch but the last, codes that no
    vector has are moved to residuals of random vectors. Vectors are brought to unit variance overall by the caller.
    """
    torch.manual_seed(int(rng.integers(2**31)))
    network = RqVae(vectors_MD.shape[1], levels=levels, codes=codes)
    where = device_of(device)
    vectors = torch.from_numpy(vectors_MD.astype(np.float32)).to(where)
    start = network.codebooks().project(vectors_MD)
    first, _ = residual_kmeans(start, levels=levels, codes=codes, rng=rng, balanced=False, iterations=5)
    network.centres.data.copy_(torch.from_numpy(first.centres))
    network.to(where)
    optimiser = torch.optim.AdamW(network.parameters(), lr=learning_rate, weight_decay=0.0)
    for epoch in range(epochs):
        for index in np.array_split(rng.permutation(len(vectors)), -(-len(vectors) // batch)):
            optimiser.zero_grad(set_to_none=True)
            network(vectors[index], commitment).backward()
            optimiser.step()
        if epoch + 1 < epochs:
            _restart_dead_codes(network, vectors_MD, rng)
        progress("quantising products", epoch + 1, epochs)
    found = network.codebooks()
    return found, found.encode(vectors_MD)


def _restart_dead_codes(network: RqVae, vectors_MD: FloatArray, rng: np.random.Generator) -> None:
    """Move each unused centre to the residual, at its level, of a vector drawn at random."""
    found = network.codebooks()
    rest = found.project(vectors_MD)
    codes = found.encode(vectors_MD)
    for level, centres in enumerate(found.centres):
        dead = np.flatnonzero(np.bincount(codes[:, level], minlength=len(centres)) == 0)
        drawn = rest[rng.integers(0, len(rest), len(dead))]
        held = network.centres.data
        held[level, torch.from_numpy(dead).to(held.device)] = torch.from_numpy(drawn).to(held.device)
        rest = rest - centres[codes[:, level]]
