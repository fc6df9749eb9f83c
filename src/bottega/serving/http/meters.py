"""Prometheus counters of one server, all its processes together. No ids of shoppers or products among the labels."""

from __future__ import annotations

import os
from collections.abc import Iterator

import orjson
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Metric, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from bottega.actions.intake.shapes import IngestAnswer, UpsertAnswer
from bottega.actions.webhooks.platforms import PLATFORMS
from bottega.serving.http.model_meters import ModelMeters

__all__ = ["Meters"]

SHARED_COUNTERS = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder where the processes of one server count; absent where there is one process."""
_NO_FALLBACK = b'"fallback":null'
_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)


class Meters:
    """What /metrics shows of a server, or of one of its shops."""

    registry: CollectorRegistry
    requests: Counter
    seconds: Histogram
    events: Counter
    products: Counter
    answers: Counter
    logged: Counter
    webhooks: Counter

    def __init__(self, *, of: Meters | None = None, shop: str | None = None) -> None:
        """`shop`: where a server has several, the one whose these are, "" for the server itself; `of` are then the
        server's, in which all of them count."""
        self._label = () if shop is None else (shop,)
        self._server = of
        self.registry = of.registry if of else CollectorRegistry()
        """What requests count."""
        self.state = CollectorRegistry()
        """How the shop is, set by whichever process is asked."""
        self.items = Gauge("bottega_recommendable_items", "Items that may be shown.", registry=self.state)
        self.jobs = Gauge("bottega_jobs", "Jobs by state.", ("state",), registry=self.state)
        self.stored = Gauge("bottega_stored_events", "Events in the store.", registry=self.state)
        self.age = Gauge(
            "bottega_model_age_seconds", "Seconds since the model was trained; -1 untrained.", registry=self.state
        )
        self.models = ModelMeters(self.state)
        if of is None:
            self._count(("shop",) if shop is not None else ())
        else:
            self.requests, self.seconds, self.events = of.requests, of.seconds, of.events
            self.products, self.answers, self.logged, self.webhooks = of.products, of.answers, of.logged, of.webhooks

    def _count(self, more: tuple[str, ...]) -> None:
        """Make what requests count, with these labels more."""
        self.requests = Counter(
            "bottega_requests_total",
            "Requests by route and status.",
            ("route", "status", *more),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "bottega_request_seconds",
            "Time from the first byte in to the last byte out.",
            ("route", *more),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.events = Counter(
            "bottega_events_total", "Posted events by result.", ("result", *more), registry=self.registry
        )
        self.products = Counter(
            "bottega_products_total", "Posted products by result.", ("result", *more), registry=self.registry
        )
        self.answers = Counter(
            "bottega_answers_total",
            "Recommendation lists by placement and fallback.",
            ("placement", "fallback", *more),
            registry=self.registry,
        )
        self.logged = Counter(
            "bottega_answers_logged_total",
            "Lists for the log of answers: written, refused (no consent to analytics), dropped (the queue was full).",
            ("result", *more),
            registry=self.registry,
        )
        self.webhooks = Counter(
            "bottega_webhooks_total",
            "Webhooks by platform and result, or the code of what refused them.",
            ("platform", "result", *more),
            registry=self.registry,
        )

    def served(self, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self.requests.labels(route, str(status), *self._label).inc()
        self.seconds.labels(route, *self._label).observe(seconds)

    def answered(self, placement: str, body: bytes) -> None:
        """A list went out, as these bytes."""
        plain = _NO_FALLBACK in body  # a text that holds it has its quotation marks escaped
        fallback = "none" if plain else orjson.loads(body)["fallback"] or "none"
        self.answers.labels(placement, fallback, *self._label).inc()

    def wrote(self, result: str, count: int) -> None:
        """Something became of answers on their way into the log."""
        self.logged.labels(result, *self._label).inc(count)

    def recorded(self, answer: IngestAnswer) -> None:
        """Events came in."""
        results = {"accepted": answer.accepted, "duplicate": answer.duplicates, "rejected": len(answer.rejected)}
        for result, count in results.items():
            self.events.labels(result, *self._label).inc(count)

    def upserted(self, answer: UpsertAnswer) -> None:
        """Products came in."""
        results = {"added": answer.added, "updated": answer.updated, "unchanged": answer.unchanged}
        for result, count in {**results, "rejected": len(answer.rejected)}.items():
            self.products.labels(result, *self._label).inc(count)

    def webhook(self, platform: str, result: str) -> None:
        """A webhook came; names of platforms that nobody knows are one."""
        self.webhooks.labels(platform if platform in PLATFORMS else "other", result, *self._label).inc()

    def webhooks_counted(self) -> dict[str, dict[str, int]]:
        """Platform -> result, or the code of what refused them -> webhooks since the server's start."""
        found: dict[str, dict[str, int]] = {}
        for metric in self._counted().collect():
            for sample in metric.samples if metric.name == "bottega_webhooks" else ():
                if sample.name.endswith("_total") and sample.value:
                    of_platform = found.setdefault(sample.labels["platform"], {})
                    result = sample.labels["result"]
                    of_platform[result] = of_platform.get(result, 0) + int(sample.value)
        return found

    def text(self) -> bytes:
        """The Prometheus text format."""
        return generate_latest(self._counted()) + generate_latest(self.state)

    def _counted(self) -> CollectorRegistry:
        """What was counted: by all processes of the server, of this shop."""
        counted = self.registry
        if SHARED_COUNTERS in os.environ:
            counted = CollectorRegistry()
            counted.register(_Everybody(MultiProcessCollector(None)))  # type: ignore[no-untyped-call]
        if self._server is not None:
            everybodys, counted = counted, CollectorRegistry()
            counted.register(_OfOneShop(everybodys, *self._label))
        return counted


class _Everybody(Collector):
    """What all processes of a server counted, without the gauges that each of them set when it was asked."""

    def __init__(self, files: MultiProcessCollector) -> None:
        self._files = files

    def collect(self) -> Iterator[Metric]:
        found: list[Metric] = self._files.collect()  # type: ignore[no-untyped-call]
        return (metric for metric in found if metric.type != "gauge")


class _OfOneShop(Collector):
    """What all shops of a server counted, without the others."""

    def __init__(self, everybodys: CollectorRegistry, shop: str) -> None:
        self._everybodys, self._shop = everybodys, shop

    def collect(self) -> Iterator[Metric]:
        for metric in self._everybodys.collect():
            metric.samples = [one for one in metric.samples if one.labels.get("shop") == self._shop]
            yield metric
