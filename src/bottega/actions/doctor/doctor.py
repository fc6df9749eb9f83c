"""Look a shop's installation over: what is wrong with it, and what to do next.

It changes nothing (of a bucket: it writes a file and removes it), and goes on where one thing does not work: a database
that cannot be reached says nothing of the disk.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from bottega import __version__
from bottega.actions.doctor.asked_for import extras, harm
from bottega.actions.doctor.machine import clock, permissions, room
from bottega.actions.doctor.shapes import DoctorFinding, DoctorReport
from bottega.errors import BottegaError, SettingsInvalid, ShopUnknown, StoreUnavailable
from bottega.settings import load_server_settings, load_settings
from bottega.shop.alone import Alone
from bottega.shop.files import files_at
from bottega.shop.folder import RUNNING, database_of, files_url_of
from bottega.shop.open_shop import OpenShop
from bottega.shop.platforms import unready
from bottega.shop.schedules import OFF
from bottega.store.jobs import JobState
from bottega.store.look import DatabaseLook, look_at
from bottega.store.runs import READY

__all__ = ["doctor"]

_LEVELS = ("error", "warning", "hint", "well")
_WAITED_MS = 120_000
"""A job that waits for longer, while nothing runs, is one that nobody takes up."""
_DAY_MS = 86_400_000


def doctor(root: Path) -> DoctorReport:
    """What is wrong with the shop in a folder, worst first. Raises `ShopUnknown` where there is no folder."""
    if not root.is_dir():
        raise ShopUnknown(
            f"There is no folder {root}.",
            next_step="Name the shop's folder with --shop; `bottega import` and `bottega demo` make one.",
        )
    found = list(_looked(root.absolute()))
    found.sort(key=lambda one: _LEVELS.index(one.level))
    return DoctorReport(shop=root.absolute(), version=__version__, findings=found)


def _looked(root: Path) -> Iterator[DoctorFinding]:
    yield from permissions(root)
    try:
        settings, server = load_settings(root), load_server_settings(root)
        url, schema = database_of(root, settings, server)
        files_url = files_url_of(root, settings, server)
    except SettingsInvalid as error:
        yield _wrong("settings", error)
        yield from room(root, local_database=True)
        yield from clock(root, None)
        return
    yield from harm(settings, server)
    yield from extras(root, settings)
    yield from _files(files_url, root)
    yield from room(root, local_database=url.startswith("sqlite"))
    try:
        seen = look_at(url, schema)
    except StoreUnavailable as error:
        yield _wrong("database", error)
        yield from clock(root, None)
        return
    yield from clock(root, seen.now_ms)
    yield _of_tables(seen)
    if seen.state == "current":
        yield from _inside(root, own_worker=server.worker)


def _files(url: str, root: Path) -> Iterator[DoctorFinding]:
    """Whether the bucket, where the settings name one, may be listed, written and read."""
    if not url:
        return
    try:
        files = files_at(url, root)
        probe, said = f"uploads/doctor-{secrets.token_hex(8)}", b"well?"
        files.write(probe, said)
        heard = files.read(probe)
        files.remove(probe)
    except BottegaError as error:
        yield _wrong("files", error)
        return
    if heard == said:
        yield DoctorFinding(about="files", level="well", seen=f"{url} may be written and read.")
    else:
        next_step = "Take a store that is consistent: models and pictures are read right after they are written."
        yield DoctorFinding(
            about="files", level="error", seen=f"{url} gives back other than was written.", next_step=next_step
        )


def _of_tables(seen: DatabaseLook) -> DoctorFinding:
    if seen.state == "newer":
        return DoctorFinding(
            about="database",
            level="error",
            seen=f"{seen.name} has tables of version {seen.version}, which this Bottega does not know.",
            next_step="Upgrade Bottega (pip install --upgrade bottega).",
        )
    if seen.state == "older":
        return DoctorFinding(
            about="database",
            level="hint",
            seen=f"{seen.name} has tables of version {seen.version}, and {seen.newest} is the newest.",
            next_step="Take a backup; the next command or server upgrades them.",
        )
    if seen.state == "empty":
        return DoctorFinding(
            about="database",
            level="hint",
            seen=f"{seen.name} can be reached, and holds no shop yet.",
            next_step="Import a catalogue: bottega import catalogue products.csv",
        )
    return DoctorFinding(
        about="database", level="well", seen=f"{seen.name} answers; its tables are of the newest version."
    )


def _inside(root: Path, *, own_worker: bool) -> Iterator[DoctorFinding]:
    try:
        with OpenShop.open(root) as shop:
            yield from _stock(shop)
            yield from _models(shop)
            yield from _connections(shop)
            yield from _jobs(shop, own_worker=own_worker)
    except BottegaError as error:
        yield _wrong("database", error)


def _stock(shop: OpenShop) -> Iterator[DoctorFinding]:
    products, events = shop.store.products.count(), shop.store.events.count()
    if not products:
        next_step = "Import a catalogue: bottega import catalogue products.csv"
        yield DoctorFinding(about="shop", level="hint", seen="There are no products yet.", next_step=next_step)
    elif not events:
        next_step = "Import events, or put the pixel into the shop's pages (docs/pixel.md)."
        yield DoctorFinding(
            about="shop", level="hint", seen=f"{products:,} products, no events yet.", next_step=next_step
        )
    else:
        yield DoctorFinding(about="shop", level="well", seen=f"{products:,} products, {events:,} events.")


def _models(shop: OpenShop) -> Iterator[DoctorFinding]:
    """Whether the recommender in use loads, and whether the files of the others are there."""
    run = shop.models.newest()
    if run is None:
        yield DoctorFinding(
            about="models",
            level="hint",
            seen="No recommender was trained: answers are what most shoppers chose.",
            next_step="bottega train",
        )
    else:
        try:
            shop.models.trained_shop(run).recommender  # noqa: B018 - what answers need, and what they need no more
        except BottegaError as error:
            yield _wrong("models", error)
        else:
            yield DoctorFinding(about="models", level="well", seen=f"{run.name} {run.version} loads.")
    newest = {one.ability: one for one in shop.store.runs.all() if one.state == READY}
    for one in newest.values():
        if f"{one.folder}/card.json" not in shop.folder.files.names(one.folder):
            yield DoctorFinding(
                about="models",
                level="error",
                seen=f"The files of {one.name} {one.version} are not in {one.folder}.",
                next_step="Bring them back from a backup, or train again.",
            )


def _connections(shop: OpenShop) -> Iterator[DoctorFinding]:
    """Whether what `connect_schedule` asks can be asked."""
    if shop.settings.connect_schedule == OFF:
        return
    for platform, why in unready(shop.folder).items():
        seen = f"connect_schedule is {shop.settings.connect_schedule!r}, and {platform} is not asked: {why.seen}"
        yield DoctorFinding(about="connections", level="error", seen=seen, next_step=why.next_step)


def _jobs(shop: OpenShop, *, own_worker: bool) -> Iterator[DoctorFinding]:
    now_ms = time.time_ns() // 1_000_000
    jobs = shop.store.jobs
    open_jobs = jobs.unfinished()
    running = [job for job in open_jobs if job.state is JobState.RUNNING and (job.lease_ms or 0) > now_ms]
    waiting = [job for job in open_jobs if job.state is JobState.WAITING and (job.next_ms or 0) <= now_ms]
    lying = [job for job in open_jobs if job.state is JobState.RUNNING and (job.lease_ms or 0) <= now_ms]
    with Alone(shop.folder.root / RUNNING, "worker") as alone:
        served = not alone.take()
    late = [job for job in (*waiting, *lying) if now_ms - (job.lease_ms or job.created_ms) > _WAITED_MS]
    if late and not running:
        who = "Start the server" if own_worker else "The setting worker is false: start `bottega worker`"
        yield DoctorFinding(
            about="worker",
            level="error" if not served else "warning",
            seen=f"{len(late):,} jobs wait, the first of them job {late[0].number} ({late[0].verb}), and nobody works.",
            next_step=f"{who}, or look into its log." if not served else "Look into the log of the server.",
        )
    elif running:
        yield DoctorFinding(
            about="worker", level="well", seen=f"Job {running[0].number} ({running[0].verb}) runs: {running[0].worker}."
        )
    elif served:
        yield DoctorFinding(about="worker", level="well", seen="A server of this machine takes jobs up.")
    else:
        yield DoctorFinding(
            about="worker",
            level="hint",
            seen="No job waits, and no server of this machine would take one up.",
            next_step="bottega serve" if own_worker else "bottega worker",
        )
    failed = jobs.failed_since(now_ms - _DAY_MS)
    if failed:
        last = failed[-1]
        yield DoctorFinding(
            about="jobs",
            level="warning",
            seen=f"{len(failed):,} jobs failed within a day, at last job {last.number} ({last.verb}): "
            f"{(last.error or {}).get('message', '')}",
            next_step="`bottega jobs dead` lists them; `bottega jobs retry NUMBER` tries one again.",
        )


def _wrong(about: str, error: BottegaError) -> DoctorFinding:
    seen = " ".join(part for part in (error.seen, error.allowed) if part)
    return DoctorFinding(about=about, level="error", seen=seen, next_step=error.next_step)
