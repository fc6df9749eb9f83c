"""Report: when letters go out by themselves, what became of the last run, and what letters of the last days led to."""

from __future__ import annotations

import time
from typing import Any

from bottega.actions.messages.shapes import LettersAnswer, LettersRequest, LettersRun, SentKind
from bottega.names import DAY_MS
from bottega.settings import load_settings
from bottega.shop.open_shop import OpenShop
from bottega.shop.schedules import LETTERS, OFF, next_due_ms

__all__ = ["letters_sent"]


def letters_sent(shop: OpenShop, request: LettersRequest) -> LettersAnswer:
    """The schedule, the last run and what the letters of the last days led to."""
    now_ms = time.time_ns() // 1_000_000
    settings = load_settings(shop.folder.root)  # as whoever asks for jobs reads it: a running server needs no restart
    schedule = settings.letters_schedule
    counts = shop.store.letters.counts(since_ms=now_ms - request.days * DAY_MS)
    return LettersAnswer(
        schedule=schedule,
        next_run_ms=None if schedule == OFF else next_due_ms(schedule, settings.zone, now_ms),
        last_run=_last_run(shop),
        days=request.days,
        kinds=[SentKind.model_validate(one._asdict()) for one in counts],
    )


def _last_run(shop: OpenShop) -> LettersRun | None:
    job = shop.store.jobs.newest(LETTERS.verb)
    if job is None or job.started_ms is None:
        return None
    answer: dict[str, Any] = job.answer or {}
    return LettersRun(
        number=job.number,
        state=job.state.value,
        started_ms=job.started_ms,
        ended_ms=job.ended_ms,
        stage=job.stage,
        done=job.done,
        total=job.total,
        sent=answer.get("sent"),
        failed=answer.get("failed"),
        held_back=answer.get("held_back", {}),
        failures=answer.get("failures", []),
        error=(job.error or {}).get("message", ""),
    )
