"""The log of answers, written beside the answering: an answer costs a place in a queue, a thread does the rest.

Every quarter of a second the thread reads what went out, finds whose it was, and writes it in one transaction. Lists of
who said no to analytics are not written; of strangers and of who may not be answered personally, they are written under
nobody. A queue that is full drops what comes, and counts it: answers never wait for their log. Once a day, one process
of all deletes what is older than the setting `answers_kept_days`; with 0 nothing is written.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, Protocol

import orjson
import structlog

from bottega.errors import BottegaError
from bottega.names import Purpose
from bottega.shop.open_shop import OpenShop
from bottega.shop.shoppers.consents import PurposeConsents
from bottega.store.answers import LoggedAnswer
from bottega.store.experiments import Exposure

__all__ = ["AnswerLog", "ListRequest"]

log = structlog.get_logger("bottega")
WAITING_MOST = 10_000
"""Answers in the queue; more are dropped."""
AT_ONCE = 500
"""Answers in one transaction."""
FLUSH_S = 0.25
GIVEN_MOST = 200_000
"""Shoppers of whom it is remembered that they were given a variant."""
LOOK_S = 600.0
"""Seconds between two looks whether a day is over."""
DAY_MS = 86_400_000
NO_CONSENT = "no_consent"
"""The fallback of who may not be answered personally."""


class ListRequest(Protocol):
    """What is read of a request for a list."""

    @property
    def placement(self) -> str: ...
    @property
    def strategy(self) -> str | None: ...
    @property
    def shopper(self) -> str | None: ...
    @property
    def session_id(self) -> str | None: ...
    @property
    def validate_only(self) -> bool: ...


class _Noted(NamedTuple):
    """An answer as it went out."""

    request: ListRequest
    body: bytes
    time_ms: int


class AnswerLog:
    """The log of one process. `count` is told what became of answers: written, refused (no consent), dropped."""

    def __init__(self, shop: OpenShop, count: Callable[[str, int], None]) -> None:
        self._shop = shop
        self._count = count
        self._days = shop.settings.answers_kept_days
        self._analytics = PurposeConsents(shop.store, shop.folder.versions, "assumed", Purpose.ANALYTICS)
        self._waiting: deque[_Noted] = deque()
        self._forgotten = shop.store.shoppers.forgotten()
        self._given: set[tuple[int, str]] = set()
        """Experiments and shoppers of whom it is written already."""
        self._looked_s = -LOOK_S
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to write, until it is closed."""
        self._stop.clear()
        self._shop.experiments.noting = self._days > 0
        self._thread = threading.Thread(target=self._run, name="answers")
        self._thread.start()

    def note(self, request: ListRequest, body: bytes) -> None:
        """An answer just went out, as these bytes of JSON. Never waits."""
        if not self._days or request.validate_only:
            return
        if len(self._waiting) < WAITING_MOST:
            self._waiting.append(_Noted(request, body, time.time_ns() // 1_000_000))
        else:
            self._count("dropped", 1)

    def close(self) -> None:
        """Write what waits, and end."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(FLUSH_S):
            self._flush()
            if time.monotonic() - self._looked_s > LOOK_S:
                self._looked_s = time.monotonic()
                self._tell(self._prune, 0)
        self._flush()

    def _flush(self) -> None:
        while count := min(len(self._waiting), AT_ONCE):
            noted = [self._waiting.popleft() for _ in range(count)]
            self._tell(partial(self._write, noted), count)
        if given := self._shop.experiments.noted():
            self._tell(partial(self._expose, given), 0)

    def _tell(self, work: Callable[[], None], count: int) -> None:
        """Do some work; where it fails, say so, and count so many answers as dropped."""
        try:
            work()
        except BottegaError as error:
            log.warning("answers", code=error.code, message=str(error))
            self._count("dropped", count)
        except Exception as error:
            log.error("answers", exc_info=error)
            self._count("dropped", count)

    def _write(self, noted: Sequence[_Noted]) -> None:
        exposed: list[Exposure] = []
        rows = [row for one in noted if (row := self._row(one, exposed)) is not None]
        self._keep(rows, exposed)
        self._count("written", len(rows))
        self._count("refused", len(noted) - len(rows))

    def _expose(self, given: Sequence[tuple[str, dict[str, str], int]]) -> None:
        """Write down whose searches were of which variants."""
        exposed: list[Exposure] = []
        for shopper, variants, time_ms in given:
            if self._analytics.agreed(shopper):
                self._given_to(shopper, variants, time_ms, exposed)
        if exposed:
            self._keep([], exposed)

    def _keep(self, rows: Sequence[LoggedAnswer], exposed: Sequence[Exposure]) -> None:
        forgotten = self._shop.store.answers.add(rows, forgotten=self._forgotten, exposed=exposed)
        if forgotten != self._forgotten or len(self._given) > GIVEN_MOST:
            self._given.clear()  # who was forgotten begins anew
        else:
            self._given |= {(one.experiment, one.shopper) for one in exposed}
        self._forgotten = forgotten

    def _given_to(self, shopper: str, variants: dict[str, str], time_ms: int, exposed: list[Exposure]) -> None:
        for name, variant in variants.items():
            trial = self._shop.experiments.trial(name)
            if trial is not None and variant in trial.variants and (trial.number, shopper) not in self._given:
                exposed.append(Exposure(trial.number, shopper, trial.variants.index(variant), time_ms))

    def _row(self, noted: _Noted, exposed: list[Exposure]) -> LoggedAnswer | None:
        request, answer = noted.request, orjson.loads(noted.body)
        names = [name for name in (request.shopper, request.session_id) if name is not None]
        profiles = [self._shop.profile(name, session_id=request.session_id) for name in names]
        if profiles and not self._analytics.agreed(*profiles):
            return None
        if answer["experiments"]:
            self._given_to(profiles[0], answer["experiments"], noted.time_ms, exposed)
        known = names and self._shop.known_profile(names[0], session_id=request.session_id)
        return LoggedAnswer(
            recommendation_id=answer["recommendation_id"],
            shopper=known if known and answer["fallback"] != NO_CONSENT else None,
            time_ms=noted.time_ms,
            placement=request.placement,
            strategy=request.strategy,
            fallback=answer["fallback"],
            model=answer["model"]["version"],
            products=[item["product_id"] for item in answer["items"]],
            scores=[item["score"] for item in answer["items"]],
            rules={
                rule: [place for place, item in enumerate(answer["items"]) if rule in item["rules"]]
                for rule in answer["rules"]
            }
            or None,
            explored=answer["explored"] or None,
        )

    def _prune(self) -> None:
        now_ms = time.time_ns() // 1_000_000
        if self._shop.store.turns.take("prune answers", due_ms=now_ms - now_ms % DAY_MS, now_ms=now_ms):
            gone = self._shop.store.answers.prune(now_ms - self._days * DAY_MS)
            log.info("answers", pruned=gone)
