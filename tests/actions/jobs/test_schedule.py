"""When scheduled work is due on the shop's clock, and that it is asked for once, by whoever looks."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from bottega.actions.jobs.attempt import Terms
from bottega.actions.jobs.schedule import LATE_MS, ask_when_due, set_schedule
from bottega.actions.jobs.worker import Worker
from bottega.errors import SettingsInvalid
from bottega.serving.cli.main import app
from bottega.settings import load_settings
from bottega.shop.folder import ShopFolder
from bottega.shop.platforms import unready
from bottega.shop.schedules import latest_due_ms, next_due_ms

HOUR = 3_600_000


def at(said: str, zone: str = "UTC") -> int:
    return int(datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[ShopFolder]:
    with ShopFolder.open(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("schedule", "zone", "now", "due"),
    [
        ("03:30", "UTC", "2026-05-02T03:29:59", "2026-05-01T03:30"),
        ("03:30", "UTC", "2026-05-02T03:30:00", "2026-05-02T03:30"),
        ("23:50", "UTC", "2026-05-02T00:10:00", "2026-05-01T23:50"),
        ("00:00", "UTC", "2026-01-01T00:00:00", "2026-01-01T00:00"),
        ("nightly", "UTC", "2026-05-02T12:00:00", "2026-05-02T03:00"),
        ("03:30", "Asia/Tokyo", "2026-05-01T18:29:00", "2026-04-30T18:30"),
        ("03:30", "Asia/Tokyo", "2026-05-01T18:31:00", "2026-05-01T18:30"),
        ("23:00", "America/Los_Angeles", "2026-05-02T06:30:00", "2026-05-02T06:00"),
        ("12:00", "Pacific/Kiritimati", "2026-05-01T23:00:00", "2026-05-01T22:00"),
        ("12:00", "Pacific/Pago_Pago", "2026-05-01T23:00:00", "2026-05-01T23:00"),
        ("02:30", "Europe/Berlin", "2026-03-29T12:00:00", "2026-03-29T01:30"),  # clocks skip it: half past three
        ("02:30", "Europe/Berlin", "2026-10-25T12:00:00", "2026-10-25T00:30"),  # clocks show it twice: the first
        ("02:30", "Europe/Berlin", "2026-10-25T01:00:00", "2026-10-25T00:30"),
    ],
)
def test_the_newest_moment_that_was_due(schedule: str, zone: str, now: str, due: str) -> None:
    found = latest_due_ms(schedule, ZoneInfo(zone), at(now))
    assert datetime.fromtimestamp(found / 1000, UTC).isoformat(timespec="minutes") == f"{due}+00:00"


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"])
@pytest.mark.parametrize("schedule", ["00:00", "02:30", "23:59"])
def test_every_day_has_one_moment_the_whole_year(schedule: str, zone: str) -> None:
    clock = ZoneInfo(zone)
    moment, days = latest_due_ms(schedule, clock, at("2026-01-01T12:00")), []
    for _ in range(365):
        following = next_due_ms(schedule, clock, moment)
        assert latest_due_ms(schedule, clock, following - 1) == moment
        assert latest_due_ms(schedule, clock, following) == following and 22 * HOUR < following - moment < 26 * HOUR
        moment = following
        days.append(datetime.fromtimestamp(moment / 1000, clock).date())
    assert len(set(days)) == 365


def test_a_schedule_asks_every_night_and_is_off_when_off(folder: ShopFolder) -> None:
    evening = at("2026-05-01T22:00")
    assert not ask_when_due(folder, evening), "off by default"
    assert set_schedule(folder, "00:30", evening) == at("2026-05-02T00:30")
    assert not ask_when_due(folder, at("2026-05-02T00:29"))
    assert ask_when_due(folder, at("2026-05-02T00:31")) and not ask_when_due(folder, at("2026-05-02T00:32"))
    (job,) = folder.store.jobs.unfinished()
    assert (job.verb, job.request, job.lane) == ("challenge", {}, "train"), "no two trainings at once"
    folder.store.jobs.cancel(job.number, now_ms=evening)
    assert not ask_when_due(folder, at("2026-05-03T00:30") + LATE_MS + 1), "a night that was missed is left out"
    assert ask_when_due(folder, at("2026-05-04T00:30") + LATE_MS)
    set_schedule(folder, "off", at("2026-05-04T12:00"))
    assert not ask_when_due(folder, at("2026-05-05T00:31"))


def test_on_the_shops_own_clock_and_by_its_file(folder: ShopFolder) -> None:
    (folder.root / "bottega.toml").write_text('train_schedule = "03:30"\ntimezone = "Asia/Tokyo"\n')
    assert not ask_when_due(folder, at("2026-05-01T12:00", "Asia/Tokyo")), "seen for the first time: it waits"
    assert not ask_when_due(folder, at("2026-05-02T03:29", "Asia/Tokyo"))
    assert ask_when_due(folder, at("2026-05-02T03:30", "Asia/Tokyo"))
    (folder.root / "bottega.toml").write_text("train_schedule = 3\n")
    assert not ask_when_due(folder, at("2026-05-03T03:30", "Asia/Tokyo")), "told in the log, and nothing else stops"


def test_a_platform_without_its_token_is_not_asked_until_it_has_one(
    folder: ShopFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder.root / "bottega.toml").write_text('connect_schedule = "1h"\n')
    folder.store.connections.put("shopify", "https://a.example", {})
    folder.store.connections.put("woocommerce", "https://b.example", {})
    monkeypatch.setenv("BOTTEGA_SECRET_WOOCOMMERCE_TOKEN", "without-a-colon")
    assert not any(ask_when_due(folder, at(f"2026-05-0{day}T12:00")) for day in (1, 2, 3))
    assert folder.store.jobs.unfinished() == [], "nothing that could only fail"
    assert {name: why.seen for name, why in unready(folder).items()} == {
        "shopify": "The shop has no token for shopify.",
        "woocommerce": "The token of WooCommerce has no colon.",
    }
    monkeypatch.setenv("BOTTEGA_SECRET_SHOPIFY_TOKEN", "hush")
    assert not ask_when_due(folder, at("2026-05-03T12:10")) and ask_when_due(folder, at("2026-05-03T13:00"))
    assert [job.request for job in folder.store.jobs.unfinished()] == [{"platform": "shopify"}]


def test_connected_platforms_are_asked_each_in_its_own_turn(
    folder: ShopFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOTTEGA_SECRET_SHOPIFY_TOKEN", "hush")
    monkeypatch.setenv("BOTTEGA_SECRET_WOOCOMMERCE_TOKEN", "ck:cs")
    (folder.root / "bottega.toml").write_text('connect_schedule = "1h"\n')
    assert not ask_when_due(folder, at("2026-05-01T12:10")), "nothing is connected"
    folder.store.connections.put("shopify", "https://a.example", {})
    assert not ask_when_due(folder, at("2026-05-01T12:20")), "seen for the first time: it waits"
    assert ask_when_due(folder, at("2026-05-01T13:00")) and not ask_when_due(folder, at("2026-05-01T13:01"))
    folder.store.connections.put("woocommerce", "https://b.example", {})
    assert not ask_when_due(folder, at("2026-05-01T13:10")) and ask_when_due(folder, at("2026-05-01T14:00"))
    waiting = folder.store.jobs.unfinished()
    asked = [(job.verb, job.request, job.lane) for job in waiting]
    assert asked == [("connect", {"platform": name}, "connect") for name in ("shopify", "woocommerce")], "once each"


def test_a_worker_asks_and_does_it(folder: ShopFolder) -> None:
    script = "import json, sys; print(json.dumps({'answer': {'by': int(sys.argv[2])}}), flush=True)"
    now = [at("2026-05-01T22:00")]
    terms = Terms(command=(sys.executable, "-c", script), now_ms=lambda: now[0])
    set_schedule(folder, "nightly", now[0])
    assert Worker(folder, terms=terms).run(threading.Event(), once=True) == 0
    now[0] = at("2026-05-02T03:00")
    assert Worker(folder, terms=terms).run(threading.Event(), once=True) == 1
    assert Worker(folder, terms=terms).run(threading.Event(), once=True) == 0
    job = folder.store.jobs.get(1)
    assert job is not None and (job.verb, job.answer) == ("challenge", {"by": 1})


LOOK = """
import sys
from pathlib import Path
from bottega.actions.jobs.schedule import ask_when_due
from bottega.shop.folder import ShopFolder
with ShopFolder.open(Path(sys.argv[1])) as folder:
    print("ready", flush=True)
    sys.stdin.readline()
    print(sum(ask_when_due(folder, int(sys.argv[2])) for _ in range(20)), flush=True)
"""


def test_two_processes_ask_for_one_job(folder: ShopFolder) -> None:
    set_schedule(folder, "03:00", at("2026-05-01T22:00"))
    command = [sys.executable, "-c", LOOK, str(folder.root), str(at("2026-05-02T03:00"))]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(2)]
    for one in processes:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"
    for one in processes:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    said = [int(one.communicate(timeout=120)[0].splitlines()[-1]) for one in processes]
    assert sum(said) == 1 == len(folder.store.jobs.unfinished())


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == code, done.output
    return " ".join((done.output + done.stderr).split())


def test_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "bottega.toml"
    file.write_text('# ours\ncurrency = "EUR"\ntimezone = "Europe/Lisbon"\n')
    shop = ("--shop", str(tmp_path))
    assert "every day at 03:00 (Europe/Lisbon), for the first time on 20" in run("train", "--schedule", *shop)
    assert load_settings(tmp_path).train_schedule == "nightly"
    assert "every day at 04:45 (Europe/Lisbon)" in run("train", *shop, "--schedule", "04:45")
    assert file.read_text() == 'train_schedule = "04:45"\n# ours\ncurrency = "EUR"\ntimezone = "Europe/Lisbon"\n'
    assert "Trained by schedule: 04:45 Europe/Lisbon." in run("models", *shop)
    assert "Nothing is trained by schedule any more" in run("train", "--schedule", "off", *shop)
    assert load_settings(tmp_path).train_schedule == "off"
    before = file.read_text()
    assert "Setting 'train_schedule' is '25:00'" in run("train", "--schedule", "25:00", *shop, code=2)
    assert "A schedule was asked for vision" in run("train", "--schedule", "vision", *shop, code=2)
    monkeypatch.setenv("BOTTEGA_TRAIN_SCHEDULE", "05:00")
    assert "BOTTEGA_TRAIN_SCHEDULE is '05:00', and wins" in run("train", "--schedule", *shop, code=2)
    assert file.read_text() == before and [one.name for one in tmp_path.glob(".bottega*")] == []


def test_a_time_zone_nobody_knows(tmp_path: Path) -> None:
    (tmp_path / "bottega.toml").write_text('timezone = "Europe/Atlantis"\n')
    with pytest.raises(SettingsInvalid, match=r"Setting 'timezone' is 'Europe/Atlantis': .*no time zone"):
        load_settings(tmp_path)


def test_a_look_costs_next_to_nothing(folder: ShopFolder) -> None:
    set_schedule(folder, "03:00", at("2026-05-01T22:00"))
    ask_when_due(folder, at("2026-05-01T23:00"))
    started = time.process_time()
    for _ in range(20):
        ask_when_due(folder, at("2026-05-01T23:00"))
    assert (time.process_time() - started) / 20 < 0.05
