"""What talks were about, and what they led to: products opened, put aside and bought by way of them."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from bottega.actions.talks.shapes import TalksReport, TalksReportRequest, TalkTopic, UnreadLine
from bottega.names import DAY_MS
from bottega.shop.open_shop import OpenShop
from bottega.store.talks import ShoppersLine

__all__ = ["talks_led"]

_LINES_MOST = 20_000
_TOPICS_MOST = 30
_UNREAD_MOST = 20
_LEFT_OUT = frozenset({"", "chat"})


def talks_led(shop: OpenShop, request: TalksReportRequest) -> TalksReport:
    """Talks of the last days: what was wanted, what was not understood, and what they led to."""
    since_ms = time.time_ns() // 1_000_000 - request.days * DAY_MS
    talks = shop.store.talks
    heard = talks.heard(since_ms, most=_LINES_MOST)
    lost = [line for line in heard if not line.commands and not line.body.get("button") and not line.body.get("photo")]
    return TalksReport(
        days=request.days,
        **asdict(talks.led(since_ms)),
        lines=len(heard),
        topics=_topics(heard),
        not_understood=len(lost),
        unread=[_unread(line) for line in [one for one in lost if one.text][:_UNREAD_MOST]],
        to_persons=talks.waited_for(since_ms),
    )


def _topics(heard: Sequence[ShoppersLine]) -> list[TalkTopic]:
    lines: Counter[tuple[str, str]] = Counter()
    talks: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in heard:
        wanted = {(str(one.get("intent") or ""), str(one.get("about") or "")) for one in line.commands}
        for topic in wanted:
            if topic[0] not in _LEFT_OUT:
                lines[topic] += 1
                talks[topic].add(line.talk_id)
    order = sorted(lines, key=lambda topic: (-lines[topic], topic))
    return [
        TalkTopic(intent=intent, about=about, lines=lines[intent, about], talks=len(talks[intent, about]))
        for intent, about in order[:_TOPICS_MOST]
    ]


def _unread(line: ShoppersLine) -> UnreadLine:
    at = datetime.fromtimestamp(line.time_ms / 1000, UTC).isoformat("T", "seconds")
    return UnreadLine(talk_id=line.talk_id, text=line.text, at=at)
