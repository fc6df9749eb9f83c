"""Forget one talk: the way for somebody who gave no id, and whose talk no shopper's `forget` reaches."""

from __future__ import annotations

from bottega.actions.talks.shapes import ForgetTalkAnswer, ForgetTalkRequest
from bottega.errors import TalkUnknown
from bottega.shop.open_shop import OpenShop

__all__ = ["forget_talk"]


def forget_talk(shop: OpenShop, request: ForgetTalkRequest) -> ForgetTalkAnswer:
    """Delete every word of a talk. A desk elsewhere keeps what it was told. Raises `TalkUnknown`."""
    talk = shop.store.talks.get(request.talk_id)
    if talk is None or not shop.store.talks.remove(request.talk_id):
        raise TalkUnknown.named(request.talk_id)
    return ForgetTalkAnswer(talk_id=talk.talk_id, lines=talk.lines)
