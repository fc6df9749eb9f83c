"""Unsubscribe: out of all letters by the link of one. Looking at the page does nothing; the button does it."""

from __future__ import annotations

from bottega.actions.messages.compose import language_of
from bottega.actions.messages.shapes import UnsubscribeAnswer, UnsubscribeRequest
from bottega.events.times import now_ms
from bottega.events.traits import Consent, Traits
from bottega.models.wording.letter_words import LetterWords
from bottega.shop.open_shop import OpenShop
from bottega.shop.shop_name import shop_name
from bottega.shop.shoppers.letter_links import shopper_of
from bottega.store.traits import Telling

__all__ = ["unsubscribe"]

SOURCE = "unsubscribe"
"""Where the no was said."""


def unsubscribe(shop: OpenShop, request: UnsubscribeRequest) -> UnsubscribeAnswer:
    """Say no to letters for whoever the link is of. Safe to repeat; who was forgotten does not come back by it."""
    shopper = shopper_of(shop.secrets, request.token)
    found = None if shopper is None else shop.store.traits.of(shopper)
    language = language_of(shop, str((found.fields.get("language") if found else "") or "").partition("-")[0])
    words, name = LetterWords(language), shop_name(shop.folder)
    if shopper is None:
        return UnsubscribeAnswer(known=False, done=False, language=language, words=words.say("page.unknown"), button="")
    if not request.confirm:
        ask, button = words.say("page.ask", shop=name), words.say("page.button")
        return UnsubscribeAnswer(known=True, done=False, language=language, words=ask, button=button)
    if found is not None:
        told = Traits(consent=Consent(messages="no"))
        shop.store.traits.tell([Telling(found.shopper, told, source=SOURCE)], now_ms=now_ms())
        shop.consented()
    done = words.say("page.done", shop=name)
    return UnsubscribeAnswer(known=True, done=True, language=language, words=done, button="")
