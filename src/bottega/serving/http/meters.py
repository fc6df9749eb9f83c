"""Prometheus counters of one server. No ids of shoppers or products among the labels."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bottega.serving.http.model_meters import ModelMeters

__all__ = ["Meters"]

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)


class Meters:
    """What /metrics shows."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "bottega_requests_total", "Requests by route and status.", ("route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "bottega_request_seconds",
            "Time from the first byte in to the last byte out.",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.events = Counter("bottega_events_total", "Posted events by result.", ("result",), registry=self.registry)
        self.products = Counter(
            "bottega_products_total", "Posted products by result.", ("result",), registry=self.registry
        )
        self.answers = Counter(
            "bottega_answers_total",
            "Recommendation lists by placement and fallback.",
            ("placement", "fallback"),
            registry=self.registry,
        )
        self.items = Gauge("bottega_recommendable_items", "Items that may be shown.", registry=self.registry)
        self.jobs = Gauge("bottega_jobs", "Jobs by state.", ("state",), registry=self.registry)
        self.stored = Gauge("bottega_stored_events", "Events in the store.", registry=self.registry)
        self.age = Gauge(
            "bottega_model_age_seconds", "Seconds since the model was trained; -1 untrained.", registry=self.registry
        )
        self.models = ModelMeters(self.registry)

    def text(self) -> bytes:
        """The Prometheus text format."""
        return generate_latest(self.registry)
