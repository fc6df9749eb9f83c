"""Send: everybody who is due a letter now gets one, by the shop's mail server or by the merchant's own mailer.

Each letter is written down before it is handed over, under a name that follows from shopper and cause: two runs at the
same time, or one after a crash, send nothing twice. What was surely not taken is taken back and tried another time.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence

from bottega.actions.messages.causes import Cause, held_back, letters_due
from bottega.actions.messages.compose import compose
from bottega.actions.messages.known import GoodsKnown, Recipient, recipients, with_events
from bottega.actions.messages.look import look_at_products
from bottega.actions.messages.shapes import Letter, LetterResult, SendAnswer, SendRequest
from bottega.actions.messages.ways import Way, way_out
from bottega.errors import LetterNotTaken
from bottega.names import Purpose
from bottega.progress import Progress, silent
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.segments.crowd import Whom
from bottega.shop.shoppers.letter_rules import LetterRules
from bottega.store.letters import SentLetter

__all__ = ["send_messages", "who_is_due"]

FAILURES_MOST = 3
"""After so many failures in a row nobody is there, and the run ends."""
AT_A_TIME = 500
"""Shoppers whose events are read at once."""
FAILURES_TOLD = 3
_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")


def send_messages(shop: OpenShop, request: SendRequest, *, progress: Progress = silent) -> SendAnswer:
    """Write to whoever is due. Raises `SettingsInvalid` where no way out is set; a letter that fails is named."""
    started = time.monotonic()
    now_ms = _now_ms()
    rules = LetterRules.of(shop.settings)
    said, _ = shop.store.traits.consents_since(0, Purpose.MESSAGES)
    agreed = sorted(shopper for shopper, given in said.items() if given)
    del said
    held: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    failures: dict[str, None] = {}
    results: list[LetterResult] = []
    with way_out(shop, dry_run=request.dry_run) as way:
        if way is not None:
            look_at_products(shop, now_ms, progress)
        failed = 0
        for done, found in enumerate(who_is_due(shop, agreed, now_ms, request.segments, request.kind), start=1):
            if isinstance(found, str):
                held[found] += 1
            elif reason := _not_now(recipients(shop, [found[0].state.shopper])[0], rules, _now_ms()):
                held[reason] += 1  # a run takes its time: they said no meanwhile, or their quiet hours began
            elif (letter := compose(shop, *found, now_ms)) is None:
                held["nothing_to_say"] += 1
            else:
                result = _handed_over(shop, way, letter, found[1], _now_ms())
                counts[result.result] += 1
                failed = failed + 1 if result.result == "failed" else 0
                if result.error:
                    failures[_ADDRESS.sub("...", result.error)] = None
                if result.result in ("sent", "would_send"):
                    kinds[letter.kind] += 1
                if not request.counts_only:
                    results.append(result)
            progress("writing letters", done, len(agreed))
            if failed == FAILURES_MOST:
                held["nobody_takes_letters"] += len(agreed) - done
                break
    return SendAnswer(
        shoppers=len(agreed),
        sent=counts["would_send" if request.dry_run else "sent"],
        failed=counts["failed"],
        kinds=dict(sorted(kinds.items())),
        held_back=dict(sorted(held.items())),
        failures=list(failures)[:FAILURES_TOLD],
        letters=results,
        seconds=round(time.monotonic() - started, 2),
    )


def who_is_due(
    shop: OpenShop, agreed: Sequence[str], now_ms: int, segments: Sequence[str] = (), kind: str | None = None
) -> Iterator[tuple[Recipient, Cause] | str]:
    """Of each who agreed, in their order, the letter that is due, or why there is none. With `segments` only to who is
    of any of them; with `kind` that kind alone, though its time has not come."""
    rules = LetterRules.of(shop.settings)
    goods = GoodsKnown(shop)
    for start in range(0, len(agreed), AT_A_TIME):
        some = recipients(shop, agreed[start : start + AT_A_TIME])
        why_not = {one.state.shopper: _not_now(one, rules, now_ms) for one in some}
        with shop.floor() as floor:
            if segments:
                why_not |= {
                    one.state.shopper: "other_segment"
                    for one in some
                    if not why_not[one.state.shopper] and not _is_of(floor, one, segments, now_ms)
                }
            asked = with_events(shop, floor, [one for one in some if not why_not[one.state.shopper]], goods)
        due = {one.state.shopper: (one, letters_due(one.state, rules, now_ms, only=kind)) for one in asked}
        for one in some:
            reason = why_not[one.state.shopper]
            if reason:
                yield reason
                continue
            to, causes = due[one.state.shopper]
            yield (to, causes[0]) if causes else "no_cause"


def _is_of(floor: Floor, to: Recipient, segments: Sequence[str], now_ms: int) -> bool:
    return to.state.personal and Whom(floor, floor.past(to.state.shopper), now_ms).any_of(segments)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _not_now(to: Recipient, rules: LetterRules, now_ms: int) -> str:
    """Why nobody writes to them, whatever they did; empty where nothing speaks against it."""
    if to.state.agreed_ms is None:
        return "no_consent"
    return "no_address" if to.email is None else held_back(to.state, rules, now_ms)


def _handed_over(shop: OpenShop, way: Way | None, letter: Letter, cause: Cause, now_ms: int) -> LetterResult:
    def result(of: str, error: str = "") -> LetterResult:
        told = {"letter_id": letter.letter_id, "shopper": letter.shopper, "kind": letter.kind}
        return LetterResult.model_validate({**told, "subject": letter.subject, "result": of, "error": error})

    if way is None:
        return result("would_send")
    row = SentLetter(
        letter.letter_id,
        letter.shopper,
        letter.kind,
        list(cause.keys),
        [one.product_id for one in letter.products],
        letter.language,
        way.name,
        "sending",
        now_ms,
    )
    if not shop.store.letters.claim(row):
        return result("sent_before")
    try:
        way.hand_over(letter)
    except LetterNotTaken as error:
        if error.again:
            shop.store.letters.release(letter.letter_id)
        return result("failed", str(error))
    shop.store.letters.sent(letter.letter_id)
    return result("sent")
