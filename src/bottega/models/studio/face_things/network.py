"""The network that says where the points of a face are: a square round one in, points, turn and sureness out.

Idea     It looks twice: at a square that is roughly right, and at one that was laid anew by what it said; the second
         look is at a face that is upright and of the size that it knows best.
Source   Cascaded regression: Dollar et al. 2010, https://doi.org/10.1109/CVPR.2010.5540094; by convolutions: Sun et al.
         2013, https://doi.org/10.1109/CVPR.2013.446.
Differs  One network for both looks. Seven layers, so that a browser runs it many times a second in plain JavaScript.
Shapes   N squares, 64 pixels a side, 3 colours.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from bottega.models.studio.face_things.layout import HIDDEN, LAYERS, SQUARE_PX
from bottega.models.studio.face_things.points import POINTS

__all__ = ["FacePointsNetwork"]


class FacePointsNetwork(nn.Module):
    """Squares [N, 3, 64, 64], each of mean 0 and spread 1, to 46 points [N, 46, 2] in shares of the square, -0.5 to
    0.5, turn [N] (sine of the yaw) and sureness [N] (log odds)."""

    def __init__(self, *, trained: bool = True) -> None:
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(i, o, 3, stride=s, padding=1) for i, o, s in LAYERS)
        self.norms = nn.ModuleList(nn.Identity() if trained else nn.BatchNorm2d(o) for _, o, _ in LAYERS)
        self.hidden = nn.Linear(LAYERS[-1][1] * (SQUARE_PX // 16) ** 2, HIDDEN)
        self.said = nn.Linear(HIDDEN, 2 * len(POINTS) + 2)

    def forward(self, squares: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = squares
        for conv, norm in zip(self.convs, self.norms, strict=True):
            x = torch.relu(norm(conv(x)))
        said = self.said(torch.relu(self.hidden(x.flatten(1))))
        return said[:, :-2].unflatten(1, (len(POINTS), 2)), said[:, -2], said[:, -1]

    @torch.no_grad()
    def folded(self) -> FacePointsNetwork:
        """The same network with its norms made part of the convolutions before them."""
        out = FacePointsNetwork()
        pairs: Any = zip(self.convs, self.norms, out.convs, strict=True)
        for conv, norm, kept in pairs:
            gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            kept.weight.copy_(conv.weight * gain[:, None, None, None])
            kept.bias.copy_((conv.bias - norm.running_mean) * gain + norm.bias)
        out.hidden.load_state_dict(self.hidden.state_dict())
        out.said.load_state_dict(self.said.state_dict())
        return out.eval()
