"""What talks need beside the answering: who is told that a shopper waits, desks told what was said, old words gone.

Links to shared pictures that expired go the same way, with their pictures.

All of it is asked of the store again and again by one thread of one process of the machine, and done once however many
ask: a telling and a line are claimed before they go out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from functools import partial
from threading import Event

import structlog

from bottega.actions.closet.shares import drop_expired
from bottega.actions.search.learning import take_votes, work_out_meanings
from bottega.actions.talks.desks import TalkDesk, desks_of, mirror_talks
from bottega.actions.talks.summary import summary_of
from bottega.connectors.mail import MailServer
from bottega.errors import BottegaError, StoreUnavailable
from bottega.names import DAY_MS, LineBy
from bottega.shop.open_shop import OpenShop
from bottega.shop.shop_name import shop_name
from bottega.store.talks import Talk

__all__ = ["tend_talks", "tend_until_told", "waiting_mail"]

log = structlog.get_logger("bottega")
LOOK_S = 1.0
AILING_S = 30.0
"""Seconds until the next try, after somebody could not be told."""
AT_ONCE = 20
MINUTE_MS = 60_000
SMTP_PASSWORD = "smtp-password"


def tend_until_told(shop: OpenShop, stop: Event) -> None:
    """Tend to the talks of a shop until `stop` is set."""
    while not stop.is_set():
        try:
            well = tend_talks(shop, time.time_ns() // 1_000_000, stop=stop)
        except StoreUnavailable as error:
            log.warning("talks", code=error.code, message=str(error))
            well = False
        except Exception as error:
            log.error("talks", exc_info=error)
            well = False
        stop.wait(LOOK_S if well else AILING_S)


def tend_talks(shop: OpenShop, now_ms: int, *, stop: Event | None = None) -> bool:
    """Do once all that waits to be done; whether all of it could be. Old words go first, whatever else fails.

    `stop`: once it is set, what is long is left for the next time.
    """
    if shop.store.turns.take("shorten talks", due_ms=now_ms - now_ms % DAY_MS, now_ms=now_ms):
        gone = shop.store.talk_tending.shorten(now_ms - shop.settings.talks_kept_days * DAY_MS)
        if gone:
            log.info("talks", shortened=gone)
        if dropped := shop.store.audit.drop(now_ms - shop.settings.audit_kept_days * DAY_MS):
            log.info("audit", dropped=dropped)
    well = _tried(lambda: _tell_of_waiting(shop))
    desks: list[TalkDesk] = []
    well &= _tried(lambda: desks.extend(desks_of(shop)))
    for desk in desks:
        well &= _tried(partial(mirror_talks, shop, desk, now_ms))
    if shop.store.turns.take("drop shares", due_ms=now_ms - now_ms % MINUTE_MS, now_ms=now_ms):
        well &= _tried(partial(drop_expired, shop, now_ms))
    if shop.store.turns.take("learn meanings", due_ms=now_ms - now_ms % MINUTE_MS, now_ms=now_ms):
        well &= _tried(partial(_learn_meanings, shop, now_ms, stop))
    return well


def _learn_meanings(shop: OpenShop, now_ms: int, stop: Event | None) -> None:
    """What shoppers went on to after words; once a day anew, for who was a bot, or what the shop sells, may change."""
    day_over = shop.store.turns.take("work out meanings", due_ms=now_ms - now_ms % DAY_MS, now_ms=now_ms)
    if take_votes(shop, stop=stop) or day_over:
        work_out_meanings(shop)


def _tried(work: Callable[[], object]) -> bool:
    """Whether it could be done; where not, the log says why."""
    try:
        work()
    except BottegaError as error:
        log.warning("talks", code=error.code, message=str(error))
        return False
    return True


def _tell_of_waiting(shop: OpenShop) -> None:
    """One mail for each talk that begins to wait. Who reads it is at a desk, or not; nobody is written to twice."""
    settings, tending = shop.settings, shop.store.talk_tending
    if not (settings.talks_email and settings.letters_smtp and settings.letters_from):
        return
    waiting = tending.untold(limit=AT_ONCE)
    if not waiting:
        return
    password = next(iter(shop.secrets.of(SMTP_PASSWORD)), "")
    with MailServer(settings.letters_smtp, password, reach=shop.folder.reach) as server:
        for talk in waiting:
            if not tending.claim_telling(talk.talk_id, talk.fence):
                continue
            try:
                server.hand_over(waiting_mail(shop, talk))
            except BottegaError:
                tending.release_telling(talk.talk_id, talk.fence)
                raise


def waiting_mail(shop: OpenShop, talk: Talk) -> EmailMessage:
    """What is told of a talk that waits: why, what it was about, and where to answer; none of its words."""
    settings = shop.settings
    lines = shop.store.talks.lines(talk.talk_id)
    intents = [one.partition(":")[0] for one in summary_of(lines)]
    count = sum(line.by is LineBy.SHOPPER for line in lines)
    where = f"{settings.public_url}/agent#{talk.talk_id}" if settings.public_url else "the page /agent of the server"
    message = EmailMessage()
    message["From"] = settings.letters_from
    message["To"] = settings.talks_email
    message["Subject"] = f"{shop_name(shop.folder)}: a shopper waits for a person ({talk.why})"
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{talk.talk_id}.{talk.fence}@{parseaddr(settings.letters_from)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        f"Talk {talk.talk_id} waits for a person: {talk.why}.\n"
        f"Language: {talk.language}. Lines of the shopper: {count}. About: {', '.join(intents) or 'nothing yet'}.\n\n"
        f"Answer at {where}.\n"
    )
    return message
