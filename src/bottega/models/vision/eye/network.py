"""The trunk with its heads: what is trained and saved as one."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn

from bottega.models.blocks.device import full_precision
from bottega.models.vision.eye.config import TrunkConfig
from bottega.models.vision.eye.trunk import Trunk

__all__ = ["EyeNetwork"]


class EyeNetwork(nn.Module):
    """Pictures [N, 3, P, P] in 0..1 to logits by head, each [N, C], and unit vectors [N, E]."""

    def __init__(self, config: TrunkConfig, heads: Mapping[str, int]) -> None:
        super().__init__()
        self.trunk = Trunk(config)
        self.heads = nn.ModuleDict(
            {f"{name}_head": nn.Linear(self.trunk.n_features, size) for name, size in heads.items()}
        )

    def forward(self, pictures: Tensor) -> tuple[dict[str, Tensor], Tensor]:
        logits, vectors, _ = self.see(pictures)
        return logits, vectors

    def see(self, pictures: Tensor) -> tuple[dict[str, Tensor], Tensor, Tensor]:
        """The same, and the features [N, F] that the heads read."""
        features, vectors = self.trunk(pictures)
        with full_precision(features.device):
            logits = {name.removesuffix("_head"): head(features.float()) for name, head in self.heads.items()}
        return logits, vectors, features
