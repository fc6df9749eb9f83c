"""The inbox of persons who answer shoppers: who waits, and one talk with all that is needed to go on with it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from bottega.actions.shoppers.known import AboutRequest, about_shopper
from bottega.actions.talks.presence import AGENT_GONE_MS
from bottega.actions.talks.shapes import LineInfo, TalkAnswer, TalkInfo, TalkQuery, TalksAnswer, TalksRequest
from bottega.actions.talks.summary import summary_of
from bottega.errors import TalkUnknown
from bottega.names import Owner
from bottega.shop.open_shop import OpenShop
from bottega.store.talks import Talk, TalkLine

__all__ = ["info_of", "list_talks", "show_talk"]

OPEN = (Owner.WAITING, Owner.PERSON, Owner.ASSISTANT)
EVENTS_SHOWN = 12


def list_talks(shop: OpenShop, request: TalksRequest) -> TalksAnswer:
    """Talks, who waits longest first. A person who asks counts as there for two minutes."""
    store, now_ms = shop.store, time.time_ns() // 1_000_000
    if request.agent:
        store.agents.seen(request.agent, now_ms=now_ms)
    owners = OPEN if request.owner is None else (request.owner,)
    whose = None if request.shopper is None else shop.profile(request.shopper)
    return TalksAnswer(
        talks=[info_of(one, now_ms) for one in store.talks.inbox(owners, limit=request.n, shopper=whose)],
        waiting=store.talks.waiting(),
        agents=store.agents.there(now_ms - AGENT_GONE_MS),
    )


def show_talk(shop: OpenShop, request: TalkQuery) -> TalkAnswer:
    """A talk: what was said, what it was about, what the shopper did before. Raises `TalkUnknown`."""
    now_ms = time.time_ns() // 1_000_000
    if request.agent:
        shop.store.agents.seen(request.agent, now_ms=now_ms)
    talk = shop.store.talks.get(request.talk_id)
    if talk is None:
        raise TalkUnknown.named(request.talk_id)
    lines = shop.store.talks.lines(request.talk_id)
    taste, history = _known(shop, talk.shopper)
    return TalkAnswer(
        talk=info_of(talk, now_ms),
        transcript=[_line(one) for one in lines if one.number > request.after],
        summary=summary_of(lines),
        taste=taste,
        history=history,
    )


def info_of(talk: Talk, now_ms: int) -> TalkInfo:
    """A talk as answers have it."""
    waits_s = None if talk.waiting_ms is None else max(0, now_ms - talk.waiting_ms) // 1000
    return TalkInfo(
        talk_id=talk.talk_id,
        owner=talk.owner,
        why=talk.why,
        agent=talk.agent,
        shopper=talk.shopper,
        language=talk.language,
        turns=talk.turns,
        lines=talk.lines,
        waits_s=waits_s,
        changed_at=_moment(talk.changed_ms),
    )


def _known(shop: OpenShop, shopper: str | None) -> tuple[list[str], list[str]]:
    """A shopper's taste and what they did, of those who agreed to being known."""
    if shopper is None or not shop.consents.personal(shopper):
        return [], []
    about = about_shopper(shop, AboutRequest(shopper=shopper, n=EVENTS_SHOWN))
    titles = {
        product_id: product.title
        for product_id, product in shop.store.products.get(
            [one.product_id for one in about.events if one.product_id]
        ).items()
    }
    told = [
        f"{_moment(one.time_ms)[:10]} {one.kind.value.replace('_', ' ')} "
        f"{titles.get(one.product_id or '', one.product_id) or one.query or ''}".rstrip()
        for one in about.events
    ]
    return about.taste, told


def _line(line: TalkLine) -> LineInfo:
    return LineInfo(
        number=line.number,
        by=line.by,
        name=line.name,
        text=line.text,
        sent=next((f"{one} {line.body[one]}" for one in ("button", "photo") if line.body.get(one)), None),
        kept=not line.shortened,
        products=[str(one) for one in line.body.get("products", ())],
        at=_moment(line.time_ms),
    )


def _moment(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat("T", "seconds")
