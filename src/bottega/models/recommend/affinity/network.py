"""The network of `affinity`: an LSTM over what a shopper's products are, and what the counts already say.

Idea     The logit of a value is its share in the shop, plus what the shopper's own counts of it say against that share,
         plus what the LSTM makes of the order, kinds and times of the events. The last part starts at zero, so that
         learning starts from the counts, which are a strong answer already.
Source   Hochreiter & Schmidhuber 1997, https://doi.org/10.1162/neco.1997.9.8.1735 (LSTM). log(1 + count / (strength *
         share)) is, up to a constant, the logarithm of a count smoothed towards the shop by a Dirichlet prior of that
         strength (MacKay & Peto 1995, https://doi.org/10.1017/S1351324900000218).
Shapes   B shoppers, T events, V values of G groups, C ways of counting, H heads (next view, next purchase), D width.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from bottega.models.recommend.sequence.gaps import GAP_CODES
from bottega.names import KINDS_LEARNT, KindCode

__all__ = ["DECAYS", "HEADS", "AffinityNetwork", "ValueEvents"]

HEADS = ("view", "purchase")
DECAYS = (1.0, 0.8, 0.0)
"""What an event counts for each younger one, in each way of counting: all alike, recent ones more, the last alone.
A fourth way counts purchases alone."""

TRUST = (0.5, 0.5, 0.0, 0.0)
"""What each way of counting says before anything is learnt, found on Beauty's validation items."""
STRENGTH = 20.0
"""How many events the shop's average is worth before anything is learnt."""

PACE = 5.0
"""How much faster than the weights of the LSTM these few numbers move: they have far to go and much to go by."""


class ValueEvents:
    """A batch of histories, padding at the end: `values_BTV` 1 where the product of an event has a value,
    `kinds_BT`, `gaps_BT` buckets of the time since the event before."""

    def __init__(self, values_BTV: Tensor, kinds_BT: Tensor, gaps_BT: Tensor) -> None:
        self.values_BTV, self.kinds_BT, self.gaps_BT = values_BTV, kinds_BT, gaps_BT

    def to(self, device: torch.device) -> ValueEvents:
        """The same on another device."""
        return ValueEvents(self.values_BTV.to(device), self.kinds_BT.to(device), self.gaps_BT.to(device))


class AffinityNetwork(nn.Module):
    """Logits of every value for the next view and the next purchase, after every event."""

    group_V: Tensor
    share_HV: Tensor
    """The shop's average, which learning starts from; filled before it."""

    def __init__(self, lengths: Sequence[int], *, width: int, dropout: float) -> None:
        """`lengths` [G]: how many values each group has."""
        super().__init__()
        self.lengths = list(lengths)
        n_values, n_groups = sum(lengths), len(lengths)
        self.value_vectors = nn.Linear(max(1, n_values), width)  # a shop without attributes has no values at all
        self.kind_vectors = nn.Embedding(KINDS_LEARNT, width)
        self.gap_vectors = nn.Embedding(GAP_CODES, width)
        self.lstm = nn.LSTM(width, width, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.out = nn.Linear(width, len(HEADS) * max(1, n_values))
        nn.init.normal_(self.kind_vectors.weight, std=0.02)
        nn.init.normal_(self.gap_vectors.weight, std=0.02)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)
        self.trust = nn.Parameter(torch.zeros(len(HEADS), len(TRUST), n_groups))
        self.strength = nn.Parameter(torch.zeros(len(TRUST), n_groups))
        group_V = torch.repeat_interleave(torch.arange(n_groups), torch.tensor(self.lengths, dtype=torch.int64))
        self.register_buffer("group_V", group_V, persistent=False)
        self.register_buffer("share_HV", torch.full((len(HEADS), n_values), 1.0 / max(n_values, 1)))

    def states(self, events: ValueEvents) -> Tensor:
        """What the LSTM holds after every event [B, T, D]."""
        values_BTV = events.values_BTV
        inputs_BTD = self.value_vectors(values_BTV / values_BTV.sum(dim=2, keepdim=True).clamp(min=1.0).sqrt())
        inputs_BTD = inputs_BTD + self.kind_vectors(events.kinds_BT) + self.gap_vectors(events.gaps_BT)
        states_BTD: Tensor = self.dropout(self.lstm(self.dropout(inputs_BTD))[0])
        return states_BTD

    def counts(self, events: ValueEvents) -> Tensor:
        """How often each value came up to every event, in each way of counting [C, B, T, V]."""
        values_BTV = events.values_BTV
        position_T = torch.arange(values_BTV.shape[1], device=values_BTV.device)
        age_TT = position_T[:, None] - position_T
        weights = [torch.where(age_TT >= 0, torch.tensor(decay) ** age_TT.clamp(min=0), 0.0) for decay in DECAYS]
        bought_BTV = values_BTV * (events.kinds_BT == int(KindCode.PURCHASE))[:, :, None]
        return torch.stack([weight_TT @ values_BTV for weight_TT in weights] + [weights[0] @ bought_BTV])

    def strengths(self) -> Tensor:
        """How many events the shop's average of each value is worth, in each way of counting [C, V]."""
        return STRENGTH * (PACE * self.strength).exp()[:, self.group_V] * self.share_HV[0]

    def trusts(self) -> Tensor:
        """What each way of counting says of each value [H, C, V]."""
        trust_HCG = torch.tensor(TRUST).to(self.share_HV.device)[None, :, None] + PACE * self.trust
        return trust_HCG[:, :, self.group_V]

    def logits(self, states_ND: Tensor, counts_CNV: Tensor) -> Tensor:
        """[H, N, V] at some positions N."""
        share_HV = self.share_HV
        evidence_CNV = torch.log1p(counts_CNV / self.strengths()[:, None, :])
        from_counts_HNV = torch.einsum("cnv,hcv->hnv", evidence_CNV, self.trusts())
        from_lstm_HNV = self.out(states_ND).view(len(states_ND), len(HEADS), -1).transpose(0, 1)
        logits_HNV: Tensor = share_HV.log()[:, None, :] + from_counts_HNV + from_lstm_HNV
        return logits_HNV

    def log_probabilities(self, logits_HNV: Tensor) -> Tensor:
        """Log of the softmax over each group's values [H, N, V]."""
        parts = torch.split(logits_HNV, self.lengths, dim=2)
        return torch.cat([functional.log_softmax(part, dim=2) for part in parts], dim=2)

    def loss(self, logits_HNV: Tensor, targets_HNV: Tensor) -> Tensor:
        """Cross-entropy, a group's target spread over the values of the product that came: the mean over positions and
        heads that have a target, summed over groups. `targets_HNV` sums to 1 in each group, or to 0 without a target.
        """
        known = (targets_HNV.sum(dim=2) > 0).sum().clamp(min=1)
        return -(targets_HNV * self.log_probabilities(logits_HNV)).sum() / known
