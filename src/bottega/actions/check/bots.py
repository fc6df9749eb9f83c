"""Bots: who is left out of models and counts, and who is taken back in."""

from __future__ import annotations

from bottega.actions.check.report import found_bots
from bottega.actions.check.shapes import BotsAnswer, BotsRequest, ReadmitRequest
from bottega.errors import ShopperUnknown
from bottega.shop.open_shop import OpenShop

__all__ = ["list_bots", "readmit_bots"]


def list_bots(shop: OpenShop, request: BotsRequest) -> BotsAnswer:
    """Everyone whom the last training or check took for a bot."""
    wanted = {"all": (True, False), "left_out": (False,), "readmitted": (True,)}[request.state]
    return BotsAnswer(bots=found_bots(one for one in shop.store.bots.all() if one.readmitted in wanted))


def readmit_bots(shop: OpenShop, request: ReadmitRequest) -> BotsAnswer:
    """Take shoppers back into the next training, or leave them out again.

    Raises `ShopperUnknown`; then nothing is done.
    """
    known = {one.shopper for one in shop.store.bots.all()}
    if strange := [name for name in request.shoppers if name not in known]:
        raise ShopperUnknown(
            f"{strange[0]!r} is not among the bots.",
            allowed=f"There are {len(known)}.",
            next_step="`bottega bots list` names them.",
        )
    shop.store.bots.readmit(request.shoppers, back=not request.leave_out)
    return BotsAnswer(bots=found_bots(one for one in shop.store.bots.all() if one.shopper in set(request.shoppers)))
