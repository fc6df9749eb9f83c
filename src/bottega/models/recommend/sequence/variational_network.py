"""The encoder of `variational`: recency-weighted means of a history become a normal distribution over tastes.

Idea     Each channel is a mean of the event vectors so far whose weights by age are learnt: one may hear the newest
         event alone, another the whole past. A small network turns the channels into the mean of the taste. Queries
         are directions, so how long the mean is says how sure it is; the log-variance is a linear map of it.
Shapes   B shoppers, T positions, C channels, D width. A batch has T or, for whole histories, 1 taste a shopper.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from bottega.models.recommend.sequence.inputs import Events
from bottega.models.recommend.sequence.item_vectors import ItemVectors
from bottega.models.recommend.sequence.network import SequenceNetwork

__all__ = ["TasteDraws", "TasteEncoder"]


class TasteEncoder(nn.Module):
    """Event vectors [B, T, D] -> mean of the taste after each event [B, T, D], from that event and those before."""

    def __init__(self, width: int, *, channels: int, hidden: int, max_length: int, dropout: float) -> None:
        super().__init__()
        # The first channel starts with the newest event nearly alone, each further one hears four times as far back.
        rates_C = 2.0 * 0.25 ** torch.arange(channels)
        self.age_weights = nn.Parameter(-rates_C[:, None] * torch.arange(max_length))
        self.shares = nn.Parameter(torch.full((channels,), 1.0 / channels))
        self.change = nn.Sequential(
            nn.LayerNorm(channels * width),
            nn.Linear(channels * width, hidden),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, width),
        )
        self.log_variance = nn.Linear(width, width)
        # Draws start close to their means; with the spread of the prior from the start, noise is all there is to hear.
        nn.init.constant_(self.log_variance.bias, -5.0)

    def forward(self, inputs_BTD: Tensor, kept_BT: Tensor | None = None) -> Tensor:
        """Means of the taste; events that are not kept count nothing."""
        channels_BTCD = self._means(inputs_BTD, kept_BT)
        change_BTD: Tensor = self.change(channels_BTCD.flatten(2))
        return torch.einsum("c,btcd->btd", self.shares, channels_BTCD) + change_BTD

    def _means(self, inputs_BTD: Tensor, kept_BT: Tensor | None) -> Tensor:
        position_T = torch.arange(inputs_BTD.shape[1], device=inputs_BTD.device)
        age_TS = position_T[:, None] - position_T
        weights_CTS = self.age_weights[:, age_TS.clamp(0, self.age_weights.shape[1] - 1)].exp() * (age_TS >= 0)
        if kept_BT is None:
            weights_CTS = weights_CTS / weights_CTS.sum(dim=2, keepdim=True)
            return torch.einsum("cts,bsd->btcd", weights_CTS, inputs_BTD)
        weights_BCTS = weights_CTS * kept_BT[:, None, None]
        weights_BCTS = weights_BCTS / weights_BCTS.sum(dim=3, keepdim=True).clamp(min=1e-9)
        return torch.einsum("bcts,bsd->btcd", weights_BCTS, inputs_BTD)


class TasteDraws:
    """What the losses are given for a network while `variational` learns: its queries are draws of the taste.

    Afterwards `tastes`, `means` and `log_variances` [B, T, D] ([B, 1, D] where one taste explains a `whole` history)
    are those of the batch.
    """

    def __init__(
        self, network: SequenceNetwork, real_BT: Tensor, *, whole: bool, noise: bool, dropout: float = 0.0
    ) -> None:
        assert isinstance(network.encoder, TasteEncoder)
        self.network, self.encoder = network, network.encoder
        self.real_BT, self.whole, self.noise, self.dropout = real_BT, whole, noise, dropout

    @property
    def items(self) -> ItemVectors:
        return self.network.items

    def queries(self, vectors_BTD: Tensor, events_BT: Events) -> Tensor:
        """Queries [B, T, D] of one draw a taste; events dropped at random are not heard."""
        kept_BT = torch.rand(self.real_BT.shape, device=self.real_BT.device) >= self.dropout if self.dropout else None
        means: Tensor = self.encoder(self.network.inputs(vectors_BTD, events_BT), kept_BT)
        if self.whole:
            means = means[torch.arange(len(means), device=means.device), self.real_BT.sum(dim=1) - 1][:, None]
        self.means, self.log_variances = means, self.encoder.log_variance(means)
        self.tastes = means + torch.randn_like(means) * (0.5 * self.log_variances).exp() if self.noise else means
        return self.network.point(self.tastes).expand_as(vectors_BTD)
