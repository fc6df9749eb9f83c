"""Preview: the letter of one kind that a shopper would get, and whether it would go out now."""

from __future__ import annotations

import time

from bottega.actions.messages.causes import causes_of, held_back, letters_due
from bottega.actions.messages.compose import compose
from bottega.actions.messages.known import recipient
from bottega.actions.messages.shapes import PreviewAnswer, PreviewRequest
from bottega.errors import ShopperUnknown
from bottega.shop.open_shop import OpenShop
from bottega.shop.shoppers.letter_rules import LetterRules

__all__ = ["preview_message"]


def preview_message(shop: OpenShop, request: PreviewRequest) -> PreviewAnswer:
    """The letter, whether or not its time has come; nothing is sent. Raises `ShopperUnknown`."""
    now_ms = time.time_ns() // 1_000_000
    with shop.floor() as floor:
        to = recipient(shop, floor, request.shopper)
    if to is None:
        raise ShopperUnknown(
            f"Nothing is known of a shopper {request.shopper!r}.",
            allowed="A shopper is named by shopper id, anonymous id or session id.",
            next_step="Check the id, or tell of them first: `bottega shopper set`.",
        )
    rules = LetterRules.of(shop.settings)
    causes = causes_of(to.state, rules, now_ms, request.kind, waits=False)
    letter = compose(shop, to, causes[0], now_ms) if causes else None
    due = [cause for cause in letters_due(to.state, rules, now_ms) if cause.kind == request.kind]
    why_not = ""
    if letter is None:
        why_not = "nothing_to_say"
    elif reason := held_back(to.state, rules, now_ms):
        why_not = reason
    elif to.email is None:
        why_not = "no_address"
    elif not due:
        why_not = "not_yet"
    return PreviewAnswer(shopper=to.state.shopper, kind=request.kind, letter=letter, due=not why_not, why_not=why_not)
