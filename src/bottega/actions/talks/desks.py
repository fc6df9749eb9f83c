"""Desks elsewhere at which persons answer: what is said in a talk goes there, line by line.

A line goes out once it is in the store, beside the answering, in the order of its numbers. What came from a desk does
not go back to it. Where a desk does not answer, its lines wait.
"""

from __future__ import annotations

import json
from typing import Protocol

from bottega.connectors.chatwoot import Chatwoot, Status
from bottega.connectors.letter_webhook import SignedWebhook
from bottega.errors import BottegaError, SettingsInvalid
from bottega.names import DAY_MS, LineBy, Owner
from bottega.shop.open_shop import OpenShop
from bottega.store.talks import Talk, TalkLine

__all__ = ["CHATWOOT", "OWN", "TalkDesk", "desks_of", "mirror_talks"]

CHATWOOT, OWN = "chatwoot", "talks"
LEASE_MS = 120_000
LOOK_BACK_MS = 7 * DAY_MS
"""A talk that nobody has said anything in for so long is told to no new desk."""
AT_ONCE = 50
PAUSE_MS = 60_000
"""A talk that a desk does not take waits so long, and lets others go first."""
FAILURES_MOST = 3
"""After so many talks that it did not take, a desk is left in peace for a while."""
STATUS: dict[Owner, Status] = {
    Owner.ASSISTANT: "pending",
    Owner.WAITING: "open",
    Owner.PERSON: "open",
    Owner.CLOSED: "resolved",
}
"""What Chatwoot calls each owner."""


class TalkDesk(Protocol):
    """Where persons answer. Calls raise errors of the house where it does not take what it is told."""

    name: str

    def begin(self, talk: Talk) -> str:
        """A place for a talk; what the desk calls it."""
        ...

    def tell(self, foreign_id: str, talk: Talk, line: TalkLine) -> None:
        """One line."""
        ...

    def hand(self, foreign_id: str, owner: Owner) -> None:
        """Who has the word now."""
        ...


class ChatwootDesk:
    """Conversations of an inbox there."""

    name = CHATWOOT

    def __init__(self, client: Chatwoot) -> None:
        self._client = client

    def begin(self, talk: Talk) -> str:
        return self._client.begin(talk.talk_id, talk.shopper or "A visitor")

    def tell(self, foreign_id: str, talk: Talk, line: TalkLine) -> None:
        if line.by is LineBy.OWNER:
            return
        text = line.text
        if line.by in (LineBy.PERSON, LineBy.NOTE) and line.name:
            text = f"{line.name}: {text}"
        if products := line.body.get("products"):
            text = f"{text}\n[{', '.join(map(str, products))}]"
        incoming, private = line.by is LineBy.SHOPPER, line.by is LineBy.NOTE
        self._client.say(foreign_id, text or "...", incoming=incoming, private=private, line=line.number)

    def hand(self, foreign_id: str, owner: Owner) -> None:
        self._client.set_status(foreign_id, STATUS[owner])


class OwnDesk:
    """An address of the merchant's own, which is sent each line as JSON, signed."""

    name = OWN

    def __init__(self, webhook: SignedWebhook) -> None:
        self._webhook = webhook

    def begin(self, talk: Talk) -> str:
        return talk.talk_id

    def tell(self, foreign_id: str, talk: Talk, line: TalkLine) -> None:
        said = {
            "talk_id": talk.talk_id,
            "shopper": talk.shopper,
            "language": talk.language,
            "number": line.number,
            "by": line.by.value,
            "name": line.name,
            "text": line.text,
            "products": list(line.body.get("products", ())),
            "owner": line.body.get("owner"),
            "why": line.body.get("why"),
            "time_ms": line.time_ms,
        }
        self._webhook.hand_over(json.dumps(said, ensure_ascii=False).encode(), f"{talk.talk_id}:{line.number}")

    def hand(self, foreign_id: str, owner: Owner) -> None:
        """Its lines say so."""


def desks_of(shop: OpenShop) -> list[TalkDesk]:
    """The desks that the settings name. Raises `SettingsInvalid` where a secret of one is missing."""
    settings = shop.settings
    found: list[TalkDesk] = []
    if settings.chatwoot_url:
        token = _secret(shop, "chatwoot-token", "set")
        inbox = settings.chatwoot_account, settings.chatwoot_inbox
        found.append(ChatwootDesk(Chatwoot(settings.chatwoot_url, *inbox, token, shop.folder.reach)))
    if settings.talks_webhook:
        secret = _secret(shop, "talks-webhook", "new")
        webhook = SignedWebhook(settings.talks_webhook, secret, setting="talks_webhook", reach=shop.folder.reach)
        found.append(OwnDesk(webhook))
    return found


def mirror_talks(shop: OpenShop, desk: TalkDesk, now_ms: int) -> int:
    """Tell a desk what it has not been told; how many lines went out.

    A talk that it does not take (its conversation was deleted there, say) is tried again later, and holds up no other.
    Raises what the first of those raised, once the others are told.
    """
    count, failed = 0, dict[str, BottegaError]()
    for talk_id in shop.store.mirrored.due(desk.name, since_ms=now_ms - LOOK_BACK_MS, now_ms=now_ms, limit=AT_ONCE):
        try:
            count += _mirror(shop, desk, talk_id, now_ms)
        except BottegaError as error:
            failed[talk_id] = error
            if len(failed) == FAILURES_MOST:
                break
    if count or len(failed) == FAILURES_MOST:
        for talk_id in failed:
            shop.store.mirrored.note(desk.name, talk_id, claimed_ms=now_ms + PAUSE_MS)
    if failed:
        raise next(iter(failed.values()))
    return count


def _mirror(shop: OpenShop, desk: TalkDesk, talk_id: str, now_ms: int) -> int:
    """Tell it one talk; how many lines went out."""
    mirrored, count = shop.store.mirrored, 0
    claimed = mirrored.claim(desk.name, talk_id, until_ms=now_ms + LEASE_MS, now_ms=now_ms)
    talk = shop.store.talks.get(talk_id)
    if claimed is None or talk is None:
        return 0
    try:
        foreign_id = claimed.foreign_id
        if not foreign_id:
            foreign_id = desk.begin(talk)
            mirrored.note(desk.name, talk_id, foreign_id=foreign_id)
        lines = shop.store.talks.lines(talk_id, after=claimed.sent)
        for line in lines:
            if line.body.get("desk") != desk.name:
                desk.tell(foreign_id, talk, line)
                count += 1
            mirrored.note(desk.name, talk_id, sent=line.number)
        changes = [line for line in lines if line.by is LineBy.OWNER]
        if changes and int(changes[-1].body["fence"]) > claimed.fence:
            desk.hand(foreign_id, Owner(changes[-1].body["owner"]))
            mirrored.note(desk.name, talk_id, fence=int(changes[-1].body["fence"]))
    finally:
        mirrored.note(desk.name, talk_id, claimed_ms=0)
    return count


def _secret(shop: OpenShop, purpose: str, how: str) -> str:
    found = next(iter(shop.secrets.of(purpose)), "")
    if not found:
        raise SettingsInvalid(
            f"There is no secret {purpose}.",
            allowed="Talks go to no desk without one.",
            next_step=f"Keep one: `bottega secrets {how} {purpose}` (docs/talks.md).",
        )
    return found
