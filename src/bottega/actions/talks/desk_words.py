"""What comes back from desks: a person's words, and who has the word there. It counts once its signature holds.

What a person does at a desk counts as if they did it here: their first word takes the talk over, an assignment as well,
by hand or by a macro; only an explicit act gives it back. What we said ourselves comes back, too, and is known by its
mark; so is the status that we set.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from bottega.actions.talks.agents import unburdened
from bottega.actions.talks.desks import CHATWOOT, OWN, STATUS
from bottega.connectors.chatwoot import OURS, chatwoot_signed, signed_lately
from bottega.errors import TalkUnknown, WebhookBroken, WebhookRefused
from bottega.names import LineBy, Owner
from bottega.shop.open_shop import OpenShop
from bottega.store.mirrored import Mirrored
from bottega.store.talks import Talk, TalkLine

__all__ = ["DESKS", "take_desk_webhook"]

DESKS = (CHATWOOT, OWN)
_NAME_MOST, _TEXT_MOST = 100, 8_000
_DELIVERY = {CHATWOOT: "x-chatwoot-delivery", OWN: "idempotency-key"}
_ALLOWED = {
    CHATWOOT: "X-Chatwoot-Signature is sha256= and HMAC-SHA256 in hex over X-Chatwoot-Timestamp, a dot and the body, "
    "signed within the last ten minutes",
    OWN: "X-Bottega-Signature is t=SECONDS,v1=HEX, HMAC-SHA256 over SECONDS.BODY, signed within the last ten minutes",
}


def take_desk_webhook(shop: OpenShop, desk: str, headers: Mapping[str, str], raw: bytes) -> tuple[str, str]:
    """Do what one delivery of a desk asks for; returns its topic and what became of it, as webhooks are told.

    Raises `WebhookRefused`, and `WebhookBroken` where it is no JSON object.
    """
    secrets = shop.secrets.of(f"{desk}-webhook")
    holds = chatwoot_signed(headers, raw, secrets) if desk == CHATWOOT else _ours_signed(headers, raw, secrets)
    if not holds:
        raise WebhookRefused(
            "The signature is none of the shop's secrets', or old."
            if secrets
            else f"There is no secret {desk}-webhook.",
            allowed=f"{_ALLOWED[desk]}.",
            next_step=f"Keep the secret that both share: `bottega secrets set {desk}-webhook`.",
        )
    try:
        body = orjson.loads(raw)
    except ValueError as error:
        raise WebhookBroken("The body is no whole JSON.", next_step="Send it again, whole.") from error
    if not isinstance(body, dict):
        raise WebhookBroken("The body is JSON, but no object.", next_step="Send it as the desk makes it.")
    topic = str(body.get("event", ""))[:100]
    delivery, now_ms = headers.get(_DELIVERY[desk], "").strip()[:200], time.time_ns() // 1_000_000
    deliveries = shop.store.deliveries
    if delivery and deliveries.known(desk, delivery):
        return topic, "known"
    try:
        done = (_chatwoot if desk == CHATWOOT else _own)(shop, topic, body, now_ms)
    except TalkUnknown:
        done = "unusable"
    if delivery:
        deliveries.add(desk, delivery, now_ms=now_ms)
    return topic, done


def _chatwoot(shop: OpenShop, topic: str, body: Mapping[str, Any], now_ms: int) -> str:
    if topic == "message_created":
        return _message(shop, body, now_ms)
    if topic not in ("conversation_status_changed", "conversation_updated"):
        return "set_aside"
    mirrored, talk = _named(shop, body.get("id"))
    if mirrored is None or talk is None:
        return "unusable"
    name = _text(_at(body, "meta", "assignee", "name"), _NAME_MOST)
    if topic == "conversation_updated":  # as a macro assigns, too
        changed = body.get("changed_attributes")
        assigned = [one for one in changed if isinstance(one, dict)] if isinstance(changed, list) else []
        if not name or not any(_at(one, "assignee_id", "current_value") for one in assigned):
            return "set_aside"
        return _done(shop, CHATWOOT, shop.store.talks.take(talk.talk_id, name, now_ms=now_ms))
    return _status(shop, mirrored, talk, str(body.get("status", "")), name, now_ms)


def _message(shop: OpenShop, body: Mapping[str, Any], now_ms: int) -> str:
    """Words of an agent. Ours, and what the shopper says, come back as well."""
    kind, sender = body.get("message_type"), body.get("sender")
    ours = isinstance(body.get("content_attributes"), dict) and OURS in body["content_attributes"]
    agent = isinstance(sender, dict) and sender.get("type", "user") == "user"
    if ours or not agent or kind not in ("outgoing", 1):
        return "set_aside"
    _, talk = _named(shop, _at(body, "conversation", "id"))
    text = _text(body.get("content"), _TEXT_MOST)
    if talk is None or not text:
        return "unusable"
    once = f"message {body.get('id')}"
    if shop.store.deliveries.known(CHATWOOT, once):
        return "known"
    name = _text(_at(body, "sender", "name"), _NAME_MOST) or "Chatwoot"
    by = LineBy.NOTE if body.get("private") else LineBy.PERSON
    line = TalkLine(by, text, name=name, body={"desk": CHATWOOT})
    heard = shop.store.talks.note if by is LineBy.NOTE else shop.store.talks.speak
    talk = heard(talk.talk_id, line, now_ms=now_ms)
    shop.store.deliveries.add(CHATWOOT, once, now_ms=now_ms)
    return "done" if by is LineBy.NOTE else _done(shop, CHATWOOT, talk, told=False)


def _status(shop: OpenShop, mirrored: Mirrored, talk: Talk, status: str, name: str, now_ms: int) -> str:
    """pending: the assistant's. open: a person's. resolved: over. What we set ourselves comes back as nothing new."""
    talks = shop.store.talks
    if status == _told_last(shop, mirrored) and not name:
        return "known"
    if status == "open":
        if talk.owner in (Owner.PERSON, Owner.WAITING):  # where one waits it is ours, whoever was assigned before
            return "known"
        return _done(shop, CHATWOOT, talks.take(talk.talk_id, name or "Chatwoot", now_ms=now_ms))
    who = name or "Chatwoot"
    if status == "pending":
        state = unburdened(talk.state)
        return _done(shop, CHATWOOT, talks.give_back(talk.talk_id, by=who, now_ms=now_ms, state=state))
    if status == "resolved":
        return _done(shop, CHATWOOT, talks.close(talk.talk_id, by=who, now_ms=now_ms))
    return "set_aside"


def _told_last(shop: OpenShop, mirrored: Mirrored) -> str:
    """The status that Chatwoot was last told, or told us."""
    changes = [line for line in shop.store.talks.lines(mirrored.talk_id) if line.by is LineBy.OWNER]
    known = [line for line in changes if int(line.body["fence"]) <= mirrored.fence]
    return STATUS[Owner(known[-1].body["owner"])] if known else STATUS[Owner.ASSISTANT]


def _own(shop: OpenShop, topic: str, body: Mapping[str, Any], now_ms: int) -> str:
    """The acts of a desk of the merchant's own, by their names."""
    talks = shop.store.talks
    talk_id, name = _text(body.get("talk_id"), 64), _text(body.get("agent"), _NAME_MOST)
    text, to = _text(body.get("text"), _TEXT_MOST), _text(body.get("to"), _NAME_MOST)
    talk = talks.get(talk_id)
    if topic not in ("reply", "note", "take", "assign", "give_back", "close"):
        return "set_aside"
    if talk is None or not name or (topic in ("reply", "note") and not text) or (topic == "assign" and not to):
        return "unusable"
    said = TalkLine(LineBy.NOTE if topic == "note" else LineBy.PERSON, text, name=name, body={"desk": OWN})
    acts: dict[str, Callable[[], Talk]] = {
        "reply": lambda: talks.speak(talk_id, said, now_ms=now_ms),
        "note": lambda: talks.note(talk_id, said, now_ms=now_ms),
        "take": lambda: talks.take(talk_id, name, now_ms=now_ms),
        "assign": lambda: talks.take(talk_id, to, by=name, now_ms=now_ms),
        "give_back": lambda: talks.give_back(talk_id, by=name, now_ms=now_ms, state=unburdened(talk.state)),
        "close": lambda: talks.close(talk_id, by=name, now_ms=now_ms),
    }
    acts[topic]()
    return "done"


def _done(shop: OpenShop, desk: str, talk: Talk, *, told: bool = True) -> str:
    """Where the desk changed the owner itself, it knows of it."""
    if told:
        shop.store.mirrored.note(desk, talk.talk_id, fence=talk.fence)
    return "done"


def _named(shop: OpenShop, foreign_id: object) -> tuple[Mirrored | None, Talk | None]:
    if foreign_id is None or isinstance(foreign_id, dict | list | bool):
        return None, None
    mirrored = shop.store.mirrored.named(CHATWOOT, str(foreign_id))
    return mirrored, shop.store.talks.get(mirrored.talk_id) if mirrored is not None else None


def _ours_signed(headers: Mapping[str, str], body: bytes, secrets: tuple[str, ...]) -> bool:
    told, _, given = headers.get("x-bottega-signature", "").partition(",v1=")
    moment = told.removeprefix("t=")
    right = [hmac.new(one.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest() for one in secrets]
    return sum(hmac.compare_digest(given.encode(), one.encode()) for one in right) > 0 and signed_lately(moment)


def _at(body: Any, *path: str) -> Any:
    for step in path:
        body = body.get(step) if isinstance(body, Mapping) else None
    return body


def _text(value: object, most: int) -> str:
    return value.replace("\0", "").strip()[:most] if isinstance(value, str) else ""
