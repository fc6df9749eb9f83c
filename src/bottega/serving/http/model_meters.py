"""Gauges of how good the model in use still is: drift, hit rate, the newest challenger.

They come from the store, where the nightly job wrote them: every process of a server shows the same. What was not found
is not shown.
"""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Gauge

from bottega.shop.trained.judgements import DriftInfo, JudgementInfo

__all__ = ["ModelMeters"]


class ModelMeters:
    """What /metrics shows of models beside their age."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._share = Gauge(
            "bottega_drift_share", "Share of events since the training.", ("input", "period"), registry=registry
        )
        self._index = Gauge(
            "bottega_drift_index",
            "Population stability index of an input against the training period; above 0.2 is alarming.",
            ("input",),
            registry=registry,
        )
        self._alarm = Gauge(
            "bottega_drift_alarm",
            "1 where an input or the hit rate is beyond its bounds.",
            ("input",),
            registry=registry,
        )
        self._hits = Gauge(
            "bottega_hit_rate",
            "Share of the newest first choices among the first ten of the model in use; expected: when it came.",
            ("of",),
            registry=registry,
        )
        self._ahead = Gauge(
            "bottega_challenger_ahead",
            "The newest challenger less the model in use: mean and ends of the 95% interval.",
            ("measure", "of"),
            registry=registry,
        )
        self._served = Gauge(
            "bottega_challenger_served", "1 where the newest challenger was served.", registry=registry
        )
        self._judged = Gauge(
            "bottega_challenger_age_seconds", "Seconds since a challenger was judged; -1 never.", registry=registry
        )

    def set(self, judgement: JudgementInfo | None, drift: DriftInfo | None) -> None:
        """Show what was found last."""
        for gauge in (self._share, self._index, self._alarm, self._hits, self._ahead):
            gauge.clear()
        for one in drift.inputs if drift else ():
            self._alarm.labels(one.input).set(one.alarm)
            if one.psi is not None:
                self._index.labels(one.input).set(one.psi)
            for period, share in (("training", one.before), ("now", one.now)):
                if share is not None and one.input != "hit_rate":
                    self._share.labels(one.input, period).set(share)
            if one.input == "hit_rate":
                for of, share in (("expected", one.before), ("now", one.now)):
                    if share is not None:
                        self._hits.labels(of).set(share)
        for figures in judgement.compared if judgement else ():
            for of, value in (("low", figures.low), ("mean", figures.ahead), ("high", figures.high)):
                self._ahead.labels(figures.measure, of).set(value)
        self._served.set(judgement is not None and judgement.served)
        self._judged.set(-1 if judgement is None else time.time() - judgement.time_ms / 1000)
