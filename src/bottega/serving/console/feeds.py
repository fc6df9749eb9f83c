"""Feeds and connections: what comes in from where, what is broken and how to mend it, what other places may fetch."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import NamedTuple

from fastapi import APIRouter, Request, Response

from bottega.actions.connections.connections import list_connections
from bottega.actions.connections.shapes import ConnectionInfo, ConnectionsRequest
from bottega.actions.jobs.ask import list_jobs, start_job
from bottega.actions.jobs.shapes import JobsRequest, JobSummary, StartJobRequest
from bottega.errors import RequestInvalid
from bottega.names import Role
from bottega.serving.console.asked import COUNTED_WEBHOOKS
from bottega.serving.console.frame import Page, Visit, form_of, visit_of
from bottega.serving.console.job_kinds import named, told
from bottega.shop.schedules import CONNECTING, FOLDING, LETTERS, OFF, REPORTS, TRAINING, Scheduled, next_due_ms
from bottega.texts import shown

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
PAGE = Page("/console/feeds", "Feeds and connections", group="Running")
PAGES = (PAGE,)
_IMPORTS = ("import_catalogue", "import_events", "import_shoppers", "import_reviews")
_NAMES = {"shopify": "Shopify", "woocommerce": "WooCommerce", "bigcommerce": "BigCommerce", "tiendanube": "Tiendanube"}
_TOKENS = {
    "shopify": "In Shopify make a custom app (Settings, Apps, Develop apps) with the rights read_products and "
    "read_orders, and copy its Admin API access token.",
    "woocommerce": "In WooCommerce make a key with the right Read (Settings, Advanced, REST API), and copy consumer "
    "key and secret as ck_...:cs_...",
    "bigcommerce": "In BigCommerce make an API account with Products and Orders read-only, and copy its access token.",
}
_OUT = (
    ("google", "Google Merchant Center"),
    ("meta", "Facebook and Instagram (Meta)"),
    ("shopify", "Shopify"),
    ("woocommerce", "WooCommerce"),
    ("bigcommerce", "BigCommerce"),
)
"""What the catalogue is written for."""
_SCHEDULES: tuple[tuple[Scheduled, str], ...] = (
    (CONNECTING, "Ask connected platforms what changed"),
    (TRAINING, "Train a model, compare it, use it if it is not worse"),
    (LETTERS, "Write letters to who is due one"),
    (REPORTS, "Write the report of the week"),
    (FOLDING, "Fold old events into counts"),
)
_TAKEN = {
    "done": "stored",
    "queued": "kept to be fetched",
    "known": "had come before",
    "older": "overtaken by a newer one",
}
_ASIDE = {"set_aside": "of no use here", "ping": "a test of the platform", "unusable": "nothing in it could be used"}
_REFUSED = {
    "webhook_refused": "not signed with the secret that is kept here",
    "webhook_broken": "cut off on the way",
    "platform_unknown": "of a platform that is not known",
    "body_too_large": "larger than 10 MB",
    "store_unavailable": "the database could not be reached; the platform sends it again",
}


class _Mending(NamedTuple):
    """What is broken, and how to mend it."""

    seen: str
    do: str


@router.get(PAGE.path)
async def show(request: Request) -> Response:
    """Connections, imports, files for others, webhooks and schedules."""
    from bottega.serving.console.routes import PAGES as EVERY  # which lists this page, too

    visit = await visit_of(request, PAGE.role)
    found = await visit.ask(list_connections, ConnectionsRequest())
    imports: list[JobSummary] = []
    for verb in _IMPORTS:
        imports += (await visit.ask(list_jobs, JobsRequest(verb=verb, n=5))).jobs
    counted = request.scope[COUNTED_WEBHOOKS]()
    return visit.page(
        "feeds.html",
        PAGE,
        connections=[one for one in found.connections if one.address],
        others=[one for one in found.connections if one.fetches and not one.address],
        webhooks=[(one, _results(counted.get(one.platform, {}))) for one in found.connections if one.pushes],
        stray=_results(counted.get("other", {})),
        deliveries_days=found.deliveries_days,
        next_at=found.next_at,
        imports=sorted(imports, key=lambda one: -one.number)[:10],
        out=_OUT,
        schedules=_schedules(visit),
        names=_NAMES,
        tokens=_TOKENS,
        named=named,
        there={page.path for page in EVERY if visit.may(page.role)},
        mending=_mending,
        came=_came,
    )


@router.post("/console/feeds/connect")
async def connect(request: Request) -> Response:
    """Ask a platform what changed, or for everything, or tell it what was accepted here."""
    visit, form = await form_of(request, Role.MANAGE)
    platform, how = str(form.get("platform", "")), str(form.get("how", "changes"))
    if platform not in _NAMES or how not in ("changes", "again", "push"):
        raise RequestInvalid(
            f"The platform {shown(platform)} was asked for {shown(how)}.",
            allowed="Platforms that are connected, for changes, for everything again, or to be told.",
            next_step="Use the buttons of the page.",
        )
    asked = {"platform": platform, **({} if how == "changes" else {how: True})}
    job = await visit.ask(start_job, StartJobRequest(verb="connect", request=asked))
    return visit.done(f"/console/jobs/job?number={job.number}", f"Job {job.number} asks {_NAMES[platform]}.")


def _mending(one: ConnectionInfo) -> _Mending | None:
    """What is wrong with a connection; None where nothing is."""
    name = _NAMES[one.platform]
    if not one.token:
        keep = f"Then whoever runs the server keeps it: bottega secrets set {one.platform}-token."
        return _Mending(f"The token for {name} is missing.", f"{_TOKENS[one.platform]} {keep}")
    run = one.last_run
    if run is not None and run.error is not None and run.state in ("failed", "waiting"):
        return _Mending(f"{run.error.seen} {run.error.allowed}".strip(), run.error.next_step)
    if run is not None and run.answer is not None and run.answer.products is not None and run.answer.products.held:
        return _Mending(run.answer.products.held, "Look at the shop there, then fetch everything again.")
    return None


def _came(one: ConnectionInfo) -> list[tuple[str, str]]:
    """What the last run brought."""
    if one.last_run is None or one.last_run.answer is None:
        return []
    answer = one.last_run.answer
    parts = [("products", answer.products), ("orders", answer.orders), ("pushed", answer.pushed)]
    found = [(name, told(part.model_dump())) for name, part in parts if part is not None]
    return [(name, ", ".join(f"{figure} {value}" for figure, value in rows if value != "0")) for name, rows in found]


def _results(counted: Mapping[str, int]) -> list[tuple[str, int, str]]:
    """Webhooks since the server's start: in words, how many, and good, plain or bad."""
    found: list[tuple[str, int, str]] = []
    for result, count in sorted(counted.items(), key=lambda one: -one[1]):
        kind = "good" if result in _TAKEN else "plain" if result in _ASIDE else "bad"
        words = _TAKEN.get(result) or _ASIDE.get(result) or _REFUSED.get(result) or result.replace("_", " ")
        found.append((words, count, kind))
    return found


def _schedules(visit: Visit) -> list[tuple[str, str, str, int | None]]:
    """What is done by itself: words, setting, when, and the next moment, UTC milliseconds."""
    settings, now_ms = visit.shop.settings, time.time_ns() // 1_000_000
    found: list[tuple[str, str, str, int | None]] = []
    for one, words in _SCHEDULES:
        when = str(getattr(settings, one.setting))
        found.append((words, one.setting, when, None if when == OFF else next_due_ms(when, settings.zone, now_ms)))
    return found
