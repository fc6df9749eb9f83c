"""Ask: one question about products, or about the shop's rules, with the places that say so."""

from __future__ import annotations

from bottega.actions.assistant.ask_shapes import AskAnswer, AskRequest, AskSource
from bottega.actions.assistant.fact_answers import answer_question
from bottega.errors import ProductUnknown
from bottega.models.dialogue.commands import Command, Intent
from bottega.shop.open_shop import OpenShop

__all__ = ["ask"]


def ask(shop: OpenShop, request: AskRequest) -> AskAnswer:
    """What is known, or that it is not said; without a product, by the shop's rules of delivery, returns and payment.

    Raises `ProductUnknown` for an id that nothing visible has, and `SourceUnreadable` for rules that cannot be read.
    """
    found = shop.store.products.get(request.product_ids)
    if missing := next((one for one in request.product_ids if one not in found or found[one].hidden), None):
        raise ProductUnknown.named(missing)
    about = Intent.ASK if request.product_ids else Intent.ORDER
    answer = answer_question(shop, request.product_ids, Command(about, words=request.question), request.language)
    sources = [
        AskSource(kind=one.kind, product_id=one.product_id or None, place=one.place, said=one.said)
        for one in answer.sources
    ]
    return AskAnswer(text=answer.text, known=answer.known, sources=sources)
