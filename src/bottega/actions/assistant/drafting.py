"""Replies that a person who answers may send: what the assistant would have said, and how a colleague begins.

Nothing is said by this: what a person sends is theirs, and goes through `reply_in_talk`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bottega.actions.assistant.drafting_shapes import SuggestedReplies, SuggestedReply
from bottega.actions.assistant.line_plan import Reads, plan_line
from bottega.actions.assistant.shapes import LINE_MAX, AssistantRequest
from bottega.actions.assistant.speaking import Speaker
from bottega.actions.assistant.turn import carry_out
from bottega.actions.talks.shapes import TalkRequest
from bottega.errors import TalkUnknown
from bottega.models.dialogue.commands import Intent
from bottega.models.dialogue.state import TalkState
from bottega.names import LineBy
from bottega.shop.open_shop import OpenShop
from bottega.store.talks import Talk, TalkLine

__all__ = ["suggest_replies"]

NOT_FOR_ANSWERS = frozenset({Intent.PERSON, Intent.COMPLAINT, Intent.CHAT, Intent.BEYOND, Intent.CANCEL})
"""What the assistant's own sentence is no reply of a person to."""
_WHO_ANSWERS = (LineBy.ASSISTANT, LineBy.PERSON)
READ_MOST = 8
"""Of the lines that nobody answered, so many of the newest are read."""
NAMED_MOST = 3
"""Products that one reply names."""


def suggest_replies(shop: OpenShop, request: TalkRequest, *, reader: Reads | None = None) -> SuggestedReplies:
    """Replies to the shopper's lines that no person has answered; none where every line is.

    First what the assistant finds to the newest line that nobody answered and that asks for something it can answer, by
    the facts and the stock of this moment; then an opening in the person's name, with words of regret after a
    complaint; then that they look it up. Raises `TalkUnknown`.
    """
    talk = shop.store.talks.get(request.talk_id)
    if talk is None:
        raise TalkUnknown.named(request.talk_id)
    lines = shop.store.talks.lines(talk.talk_id)
    told, spoke = (max((line.number for line in lines if line.by is who), default=0) for who in _WHO_ANSWERS)
    heard = [line for line in lines if line.by is LineBy.SHOPPER and line.number > spoke]
    if not heard:
        return SuggestedReplies(replies=[])
    state = TalkState.from_json(talk.state)
    speaker = Speaker(state.language or talk.language, talk.talk_id, shop.settings.currency)
    replies = _answers(shop, talk, [line for line in heard if line.number > told and line.text][-READ_MOST:], reader)
    if request.agent and not spoke:
        complained = any(one.get("intent") == Intent.COMPLAINT for line in heard for one in line.commands)
        name = state.name if talk.shopper is not None and shop.consents.personal(talk.shopper) else ""
        how = "reply.sorry" if complained else "reply.hello.name" if name else "reply.hello"
        replies.append(SuggestedReply(text=speaker.say(how, agent=request.agent, name=name)))
    replies.append(SuggestedReply(text=speaker.say("reply.look")))
    return SuggestedReplies(replies=replies)


def _answers(shop: OpenShop, talk: Talk, lines: Sequence[TalkLine], reader: Reads | None) -> list[SuggestedReply]:
    """What the assistant finds to the newest of some lines that it could answer; nothing where it knows nothing."""
    for line in reversed(lines):
        request = AssistantRequest(talk_id=talk.talk_id, text=line.text[:LINE_MAX], n=NAMED_MOST)
        planned = plan_line(shop, request, replace(talk, turns=talk.turns - 1), reader=reader)
        wanted = {one.intent for one in planned.made.understood}
        if not wanted or wanted & NOT_FOR_ANSWERS:
            continue
        work, answer = carry_out(shop, request, talk, planned, draft=True)
        if work.wants_person or work.unsaid or not (answer.sources or answer.products):
            return []
        shown = [one for one in answer.products if not one.close] or answer.products
        named = [" ".join(filter(None, (f"{one.title}, {one.price}".rstrip(", "), one.url))) for one in shown]
        products = [one.product_id for one in shown]
        return [SuggestedReply(text="\n".join([*answer.text, *named]), products=products, sources=answer.sources)]
    return []
