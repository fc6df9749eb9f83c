"""Letters by themselves: when they are due, that a moment is asked for once, what is said of it, and of whom."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.actions.messages.mail_stand_in import Post, mail_stand_in
from tests.actions.messages.test_letters import opened, send_all, tell
from typer.testing import CliRunner

from bottega.actions.jobs.attempt import Terms
from bottega.actions.jobs.perform import perform
from bottega.actions.jobs.schedule import ask_when_due, set_schedule
from bottega.actions.jobs.worker import Worker
from bottega.actions.messages.causes import KINDS
from bottega.actions.messages.known import GoodsKnown, recipient, recipients, with_events
from bottega.actions.messages.report import letters_sent
from bottega.actions.messages.send import send_messages, who_is_due
from bottega.actions.messages.shapes import LettersRequest, SendRequest
from bottega.errors import SettingsInvalid
from bottega.events.event import Event
from bottega.names import EventKind
from bottega.serving.cli.main import app
from bottega.settings import load_settings
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.schedules import LETTERS, latest_due_ms, next_due_ms, times_of_day

HOUR = 3_600_000


def at(said: str, zone: str = "UTC") -> int:
    return int(datetime.fromisoformat(said).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    with opened(tmp_path) as one:
        yield one


def test_what_a_schedule_means() -> None:
    assert times_of_day("6h") == ("00:00", "06:00", "12:00", "18:00") and len(times_of_day("15m")) == 96
    assert times_of_day("17:30, 09:00,09:00") == ("09:00", "17:30")


@pytest.mark.parametrize(
    ("schedule", "zone", "now", "due", "then"),
    [
        ("1h", "UTC", "2026-05-02T03:29:59", "2026-05-02T03:00", "2026-05-02T04:00"),
        ("30m", "Asia/Kathmandu", "2026-05-02T03:20:00", "2026-05-02T03:15", "2026-05-02T03:45"),
        ("09:00, 17:30", "Europe/Lisbon", "2026-05-02T08:00:00", "2026-05-02T08:00", "2026-05-02T16:30"),
        ("09:00,17:30", "UTC", "2026-05-02T08:59:59", "2026-05-01T17:30", "2026-05-02T09:00"),
        ("2h", "Europe/Berlin", "2026-03-29T01:30:00", "2026-03-29T01:00", "2026-03-29T02:00"),  # 2 o'clock is skipped
    ],
)
def test_the_moments_around_now(schedule: str, zone: str, now: str, due: str, then: str) -> None:
    found = latest_due_ms(schedule, ZoneInfo(zone), at(now)), next_due_ms(schedule, ZoneInfo(zone), at(now))
    assert [datetime.fromtimestamp(one / 1000, UTC).isoformat(timespec="minutes")[:16] for one in found] == [due, then]


@pytest.mark.parametrize("schedule", ["every hour", "5h", "25:00", "09:00;17:00", "0m", "09:00,"])
def test_what_is_no_schedule(tmp_path: Path, schedule: str) -> None:
    (tmp_path / "bottega.toml").write_text(f'letters_schedule = "{schedule}"\n')
    with pytest.raises(SettingsInvalid, match="letters_schedule"):
        load_settings(tmp_path)


def test_it_is_off_until_it_is_turned_on_and_waits_for_the_next_moment(tmp_path: Path) -> None:
    with ShopFolder.open(tmp_path) as folder:
        evening = at("2026-05-01T22:10")
        assert not ask_when_due(folder, evening), "off by default"
        assert set_schedule(folder, "1h", evening, of=LETTERS) == at("2026-05-01T23:00")
        assert not ask_when_due(folder, at("2026-05-01T22:59"))
        assert ask_when_due(folder, at("2026-05-01T23:00")) and not ask_when_due(folder, at("2026-05-01T23:40"))
        (job,) = folder.store.jobs.unfinished()
        assert (job.verb, job.request, job.lane) == ("send_messages", {"counts_only": True}, "send_messages")
        assert ask_when_due(folder, at("2026-05-02T00:00"))
        assert len(folder.store.jobs.unfinished()) == 1, "who waits already is not asked for twice"
        (tmp_path / "bottega.toml").write_text('letters_schedule = "12:00"\ntrain_schedule = "12:00"\n')
        assert ask_when_due(folder, at("2026-05-02T12:01")), "the training has yet to wait for its first moment"
        assert not ask_when_due(folder, at("2026-05-02T12:02"))
        assert [job.verb for job in folder.store.jobs.unfinished()] == ["send_messages"]
        assert ask_when_due(folder, at("2026-05-03T12:01"))
        assert sorted(job.verb for job in folder.store.jobs.unfinished()) == ["challenge", "send_messages"]


def work(folder: ShopFolder, terms: Terms) -> None:
    Worker(folder, terms=terms).run(threading.Event(), once=True)


def test_a_worker_sends_what_is_due_and_the_report_says_so(shop: OpenShop) -> None:
    """Two workers at once, one moment: one run, one letter; the job names nobody, the report says whom it held back."""
    root = shop.folder.root
    tell(shop, "bob")
    report = letters_sent(shop, LettersRequest())
    assert (report.schedule, report.next_run_ms, report.last_run) == ("off", None, None)
    with mail_stand_in() as post:
        toml = (root / "bottega.toml").read_text()
        way = f'letters_smtp = "smtp://127.0.0.1:{post.port}"\nletters_from = "shop@nord.example"\n'
        (root / "bottega.toml").write_text(f'{toml}{way}timezone = "Europe/Lisbon"\n')
        began = time.time_ns() // 1_000_000
        set_schedule(shop.folder, "1h", began, of=LETTERS)
        terms = Terms(now_ms=lambda: began + HOUR)
        workers = [threading.Thread(target=work, args=(shop.folder, terms)) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert not ask_when_due(shop.folder, began + HOUR)
        assert [mail["To"] for mail in post.letters] == ["ana@x.example"]
    page, _ = shop.store.jobs.page()
    assert [(job.verb, job.state.value) for job in page] == [("send_messages", "done")]
    assert [(job.answer or {})["sent"] for job in page] == [1]
    assert "ana" not in json.dumps([job.answer for job in page])
    report = letters_sent(shop, LettersRequest())
    assert report.schedule == "1h" and report.last_run is not None and report.next_run_ms is not None
    assert report.next_run_ms > began and report.next_run_ms % HOUR == 0
    assert (report.last_run.state, report.last_run.done, report.last_run.total) == ("done", 2, 2)
    assert (report.last_run.sent, report.last_run.held_back) == (1, {"no_address": 1})
    assert [(one.kind, one.sent) for one in report.kinds] == [("cart", 1)]


def test_what_failed_is_told_without_the_address(shop: OpenShop) -> None:
    answer = send_all(shop, Post(refuse_with="450 <ana@x.example> try later"))
    assert answer.failed == 1 and answer.sent == 0
    assert len(answer.failures) == 1 and "try later" in answer.failures[0] and "ana@" not in answer.failures[0]
    assert send_messages(shop, SendRequest(dry_run=True, counts_only=True)).letters == []


def test_who_says_no_in_the_middle_of_a_run_is_not_written_to(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(shop, "bob", email="bob@x.example")

    def says_no(task: str, done: int, total: int | None = None, note: str = "") -> None:
        if (task, done) == ("writing letters", 1):
            tell(shop, "bob", messages="no", consent_time=datetime.now(UTC).isoformat())

    answer = send_messages(shop, SendRequest(dry_run=True), progress=says_no)
    assert [one.shopper for one in answer.letters] == ["ana"] and answer.held_back == {"no_consent": 1}


def test_many_at_once_are_read_as_one_by_one(shop: OpenShop) -> None:
    """The same states, whoever has events, earlier letters, no consent, or said no to personalisation."""
    send_all(shop, Post())
    for who, more in (("cy", {"country": "US"}), ("dee", {}), ("eve", {"messages": "no"})):
        tell(shop, who, email=f"{who}@x.example", **more)
    hour_ago = time.time_ns() // 1_000_000 - HOUR
    told: list[dict[str, Any]] = [
        {"shopper_id": "cy", "kind": EventKind.PURCHASE, "product_id": "mug", "time_ms": hour_ago - 20 * 24 * HOUR},
        {"shopper_id": "cy", "kind": EventKind.VIEW, "product_id": "gone", "time_ms": hour_ago},
        {"shopper_id": "dee", "kind": EventKind.VIEW, "product_id": "lamp", "time_ms": hour_ago},
        {"shopper_id": "dee", "kind": EventKind.VIEW, "product_id": "lamp", "time_ms": hour_ago - 1},
    ]
    shop.record([Event.model_validate(one) for one in told])
    names = ["ana", "bob", "cy", "dee", "eve", "nobody"]
    with shop.floor() as floor:
        many = with_events(shop, floor, recipients(shop, names), GoodsKnown(shop))
        one_by_one = [recipient(shop, floor, name) for name in names[:-1]]
    assert many[:-1] == one_by_one and recipients(shop, ["nobody"])[0].state.agreed_ms is None
    assert [len(one.state.events) for one in many] == [2, 1, 2, 2, 0, 0] and set(many[2].state.products) == {"mug"}
    found = list(who_is_due(shop, names, time.time_ns() // 1_000_000))
    assert found[:2] == ["enough_written", "no_consent"] and found[4:] == ["no_consent", "no_consent"]
    assert all(isinstance(one, str) or one[1].kind in KINDS for one in found)


def test_the_newest_events_of_each(shop: OpenShop) -> None:
    batch = shop.store.events.of_shoppers(["bob", "ana", "nobody"], 1)
    assert {name: [one.product_id for one in found] for name, found in batch.items()} == {
        "bob": ["mug"],
        "ana": ["lamp"],
    }
    assert shop.store.events.of_shoppers(["ana"], 9)["ana"] == shop.store.events.of_shopper("ana", 9)


def test_on_the_command_line(tmp_path: Path) -> None:
    opened(tmp_path).close()

    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, ["messages", *words, "--shop", str(tmp_path)])
        assert done.exit_code == code, done.output
        return " ".join((done.output + done.stderr).split())

    assert "neither is set" in run("schedule", "1h", code=2), "nothing is scheduled that could not go out"
    assert "letters_schedule" not in (tmp_path / "bottega.toml").read_text()
    assert "not sent by themselves" in run("report")
    with (tmp_path / "bottega.toml").open("a") as file:
        file.write('letters_smtp = "smtp://127.0.0.1:1"\nletters_from = "shop@nord.example"\n')
    assert "Letters are sent every 1h (UTC) by a running server or worker, first at 20" in run("schedule", "1h")
    assert load_settings(tmp_path).letters_schedule == "1h"
    assert "'letters_schedule' is '7h'" in run("schedule", "7h", code=2)
    assert "every day at 09:00, 17:30 (UTC)" in run("schedule", "09:00, 17:30")
    shown = run("report")
    assert "Sent every day at 09:00, 17:30 (UTC); next at 20" in shown and "Last run" not in shown
    with ShopFolder.open(tmp_path) as folder:
        began = time.time_ns() // 1_000_000
        folder.store.jobs.add("send_messages", {"counts_only": True}, now_ms=began)
        job = folder.store.jobs.claim("ann", now_ms=began, lease_ms=60_000)
        assert job is not None
        with OpenShop.open(tmp_path) as shop:
            folder.store.jobs.finish(job, perform(shop, job), now_ms=began)
    shown = run("report")
    assert "Last run (job 1) at 20" in shown and "done: 0 sent, 1 failed" in shown and "Not taken:" in shown
    assert "Nobody sends letters by themselves any more" in run("schedule", "off")
