"""A turn worked out: the verbs of a plan are called, and an answer is made of what they found. Nothing is said here.

Idea     `done` finds products, `answered` their words, `carry_out` is both. What is to become of the answer is for
         whoever asked for it: said to the shopper (assistant.py), or laid before a person who may say it (drafting.py).
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from bottega.actions.assistant.doing import Doing
from bottega.actions.assistant.line_plan import LinePlan, understood_of
from bottega.actions.assistant.shapes import (
    AssistantAnswer,
    AssistantRequest,
    Button,
    TalkProduct,
)
from bottega.actions.assistant.speaking import Speaker
from bottega.actions.assistant.spoken_currency import spoken_currency
from bottega.actions.assistant.turn_plan import VerbCall
from bottega.models.dialogue.commands import Command, Intent, Mood
from bottega.models.dialogue.handing_over import holds_words
from bottega.store.talks import Talk

if TYPE_CHECKING:
    from bottega.shop.open_shop import OpenShop

__all__ = ["answered", "carry_out", "done", "took_ms"]


def carry_out(
    shop: OpenShop, request: AssistantRequest, talk: Talk, line: LinePlan, *, draft: bool = False
) -> tuple[Doing, AssistantAnswer]:
    """Do what was planned for a line that `talk` has heard, and answer. Raises what `done` raises."""
    work, products = done(shop, request, talk, line, draft=draft)
    return work, answered(work, talk, line, products)


def done(
    shop: OpenShop, request: AssistantRequest, talk: Talk, line: LinePlan, *, draft: bool = False
) -> tuple[Doing, list[TalkProduct]]:
    """What was planned for a line that `talk` has heard, and the products that came of it; their words are still to be
    found. A `draft` leaves no trace: what cannot be answered is not noted for the merchant again. Raises what
    `search_photo` raises for a photo."""
    state = line.made.state
    currency = spoken_currency(shop, [one.product_id for one in state.shown])
    speaker = Speaker(state.language, f"{talk.talk_id}\x1f{state.turn}", currency)
    work = Doing(shop, speaker, state, request.n, line.personal, request.photo, draft=draft)
    if request.photo is not None:
        work.look_at_photo(request.text.strip())
    else:
        work.do(line.made)
    if holds_words(request.text, shop.settings.handover_words):
        work.person(VerbCall("person", Command(Intent.PERSON)))
    products = _shown(shop, work)
    if work.lists:
        shown = work.shown([one.product_id for one in products])
        just = [one.product_id for one in products if not one.close]  # "it" is the only one that is all of the wish
        focus = just[0] if len(just) == 1 else shown[0].product_id if len(shown) == 1 else work.state.focus
        work.state = replace(work.state, shown=shown, focus=focus)
    return work, products


def answered(work: Doing, talk: Talk, line: LinePlan, products: list[TalkProduct]) -> AssistantAnswer:
    """The whole answer of what was done: what is said of the products, and what may be pressed."""
    text, reading = _in_tone(work, line), line.reading
    buttons = list(work.buttons)
    if work.lists and work.state.next is not None:
        buttons.append(Button(value="more", label=work.speaker.say("button.more")))
    if work.state.asked is not None and work.state.asked.what == "person":
        buttons += [Button(value=one, label=work.speaker.say(f"button.{one}")) for one in ("yes", "no")]
    elif work.state.asked is not None and work.state.asked.what == "intent":
        options = work.state.asked.options
        buttons += [
            Button(value=f"choose:{place}", label=work.speaker.say(f"intent.{one}"))
            for place, one in enumerate(options, start=1)
        ]
    elif reading.mood is Mood.ANNOYED:
        buttons.append(Button(value="person", label=work.speaker.say("button.person")))
    return AssistantAnswer(
        talk_id=talk.talk_id,
        turn=talk.turns,
        owner="assistant",
        language=work.state.language,
        understood=understood_of(line.made),
        mood=reading.mood.value,
        text=text,
        products=products,
        compared=work.compared,
        total=work.total,
        buttons=buttons,
        sources=work.sources,
        took_ms=took_ms(line),
    )


def took_ms(line: LinePlan) -> float:
    """Milliseconds since a line was begun."""
    return round((time.perf_counter() - line.started) * 1000, 3)


def _in_tone(work: Doing, line: LinePlan) -> list[str]:
    """The same sentences, with one before them that answers the mood, unless they are sorry by themselves; it changes
    nothing else."""
    text, mood = work.tell(), line.reading.mood
    sorry = any(one.intent in (Intent.COMPLAINT, Intent.CORRECTION) for one in line.made.understood)
    if mood is Mood.ANNOYED and not sorry:
        return [work.speaker.say("mood.annoyed"), *text]
    return [work.speaker.say("mood.joking"), *text] if mood is Mood.JOKING else text


def _shown(shop: OpenShop, work: Doing) -> list[TalkProduct]:
    """What was found, as the shelf has it at this moment; what can no longer be shown is left out."""
    found = list({one.product_id: one for one in work.found}.values())
    with shop.floor() as floor:
        products = [(one, floor.shelf.get(one.product_id)) for one in found]
    shown: list[TalkProduct] = []
    for one, product in products:
        if product is None or not product.recommendable or len(shown) == work.n:
            continue
        shown.append(
            TalkProduct(
                product_id=product.id,
                place=len(shown) + 1,
                title=product.title,
                price_minor=product.price_minor,
                currency=product.currency,
                price=work.speaker.price_of(product),
                availability=product.availability.value,
                close=one.close,
                reasons=one.reasons,
                image=next(iter(product.images), None),
                url=product.url,
            )
        )
    return shown
