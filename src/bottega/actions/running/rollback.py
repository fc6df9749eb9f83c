"""Roll back: the training before takes its place back, from the next refresh of every server on."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from bottega.errors import ModelMissing
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Request, Shape
from bottega.shop.trained.models_in_use import RECOMMEND, WORDING
from bottega.shop.trained.shipped_models import EYE, OUTFITS

__all__ = ["RollBackAnswer", "RollBackRequest", "roll_back"]

_ABILITIES = {"recommend": RECOMMEND, "vision": EYE.name, "outfits": OUTFITS.name, "wording": WORDING}
"""What `bottega train` calls it, and what `bottega wording learn` made -> the ability of its runs."""


class RollBackRequest(Request):
    """Take the newest training out of use."""

    EXAMPLES: ClassVar = {"The recommender of before": {"room": "recommend"}}

    room: Literal["recommend", "vision", "outfits", "wording"] = Field(
        default="recommend",
        description="Whose training: recommend, vision or outfits as in `bottega train`, or wording.",
    )


class RollBackAnswer(Shape):
    """What is in use from the next refresh on."""

    room: str
    rolled_back: str = Field(description="Version that was in use until now; its files stay.")
    in_use: str | None = Field(description="Version in use now; null where the one that comes with Bottega is.")
    name: str | None = Field(description="Name of that model.")


def roll_back(shop: OpenShop, request: RollBackRequest) -> RollBackAnswer:
    """Give the run before its place back; of the others, what comes with Bottega where there was none.

    A scheduled training comes into use after that only if it beats both, the model in use and the one rolled back; a
    training by hand as ever. Raises `ModelMissing`.
    """
    ability = _ABILITIES[request.room]
    runs = shop.store.runs
    used, before = runs.two_newest(ability)
    if used is None:
        raise ModelMissing(
            f"Nothing of {request.room} was trained by this shop that could be rolled back.",
            next_step="`bottega models` lists the models in use.",
        )
    if before is None and ability == RECOMMEND:
        raise ModelMissing(
            f"There is no training of {request.room} before version {used.version}.",
            allowed="A roll back needs one to go back to.",
            next_step="Train another with `bottega train`.",
        )
    if before is not None and not shop.folder.of_run(before.folder).is_dir():
        raise ModelMissing(
            f"The files of the training before, version {before.version}, are gone from {before.folder}.",
            next_step="Put them back, or train anew with `bottega train`.",
        )
    if not runs.roll_back(used.version, ability):
        raise ModelMissing(
            f"Version {used.version} is not in use any more: somebody else was faster.",
            next_step="Look at `bottega models` before you roll back again.",
        )
    return RollBackAnswer(
        room=request.room,
        rolled_back=used.version,
        in_use=None if before is None else before.version,
        name=None if before is None else before.name,
    )
