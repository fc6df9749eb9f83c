"""The doctor finds what was broken on purpose, says what to do, and changes nothing."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bottega.actions.doctor import asked_for, machine
from bottega.actions.doctor.doctor import doctor
from bottega.actions.doctor.shapes import DoctorFinding
from bottega.actions.recommend.shapes import TrainRequest
from bottega.actions.recommend.train import train
from bottega.catalogue.product import Product
from bottega.errors import ShopUnknown
from bottega.events.event import Event
from bottega.names import EventKind
from bottega.serving.cli.main import app
from bottega.shop.alone import Alone
from bottega.shop.folder import RUNNING
from bottega.shop.open_shop import OpenShop


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that is well; copy it before you break it."""
    root = tmp_path_factory.mktemp("well") / "nord"
    with OpenShop.open(root) as shop:
        shop.upsert([Product(id=f"p{i}", title=f"Mug {i}") for i in range(8)])
        shop.record(
            [
                Event(event_id=f"e{i}", shopper_id=f"s{i % 5}", kind=EventKind.VIEW, product_id=f"p{i % 8}", time_ms=i)
                for i in range(1, 130)
            ]
        )
        train(shop, TrainRequest(model="popular"))
        shop.secrets.keep("shopify-webhook", "hush")
    return root


@pytest.fixture
def root(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "nord"))


def about(root: Path, what: str) -> list[DoctorFinding]:
    return [one for one in doctor(root).findings if one.about == what]


def only(root: Path, what: str) -> tuple[str, str, str]:
    (found,) = about(root, what)
    return found.level, found.seen, found.next_step


def test_a_shop_that_is_well(root: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file() and "run" not in path.parts}
    report = doctor(root)
    assert not report.ill and not [one for one in report.findings if one.level == "warning"]
    assert {one.about for one in report.findings if one.level == "well"} >= {
        *("folder", "disk", "clock", "database", "shop", "models"),
    }
    after = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file() and "run" not in path.parts}
    assert {path.name for path in after if after[path] != before.get(path)} <= {"shop.db-wal", "shop.db-shm", "shop.db"}
    assert about(root, "worker")[0].level == "hint"
    with Alone(root / RUNNING, "worker") as server:
        assert server.take()
        assert only(root, "worker")[:2] == ("well", "A server of this machine takes jobs up.")


def test_settings_that_cannot_be_read(root: Path) -> None:
    (root / "bottega.toml").write_text("diversty = 1\n")
    level, seen, next_step = only(root, "settings")
    assert level == "error" and "diversty" in seen and "bottega.toml" in next_step
    assert doctor(root).findings[0].level == "error", "the worst stands first"
    assert about(root, "disk"), "what does not need settings is looked at all the same"


@pytest.mark.parametrize(
    ("settings", "level", "seen"),
    [
        ('host = "0.0.0.0"\nrequire_key = false\n', "error", "require_key is false"),
        ('host = "0.0.0.0"\nstorefront = true\n', "warning", "storefront is served without a key"),
        ("several_machines = true\n", "error", "in SQLite, which one machine alone may write"),
        ('letters_schedule = "1h"\n', "warning", "nothing takes letters"),
        ('letters_schedule = "1h"\n', "warning", "public_url is empty"),
        ("fetch_private = true\n", "hint", "inside your network"),
    ],
)
def test_settings_that_hurt(root: Path, settings: str, level: str, seen: str) -> None:
    (root / "bottega.toml").write_text(settings)
    assert [one.level for one in about(root, "settings") if seen in one.seen] == [level]


def test_extras_that_are_asked_for_and_missing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "bottega.toml").write_text('encoder = "meaning"\nlanguage_model_file = "small.gguf"\n')
    monkeypatch.setattr(asked_for, "find_spec", lambda _: None)
    found = about(root, "extras")
    assert [one.level for one in found] == ["error"] * 3
    assert "No such file" in found[0].seen
    assert "pip install 'bottega[meaning]'" in found[1].next_step and "bottega[gguf]" in found[2].next_step
    (root / "bottega.toml").write_text('encoder = "meaning"\n')
    monkeypatch.setattr(asked_for, "find_spec", lambda _: "there")
    assert only(root, "extras")[0] == "well"


def test_databases_that_do_not_answer_are_newer_older_or_not_there_yet(root: Path, tmp_path: Path) -> None:
    with sqlite3.connect(root / "shop.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    level, seen, next_step = only(root, "database")
    assert level == "error" and "9999" in seen and "Upgrade Bottega" in next_step
    with sqlite3.connect(root / "shop.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    assert only(root, "database")[0] == "hint" and "backup" in only(root, "database")[2]
    (root / "bottega.toml").write_text('database_url = "postgresql://u:hush@127.0.0.1:1/none"\n')
    level, seen, next_step = only(root, "database")
    assert level == "error" and "hush" not in seen and "BOTTEGA_DATABASE_URL" in next_step
    (tmp_path / "empty").mkdir()
    assert only(tmp_path / "empty", "database")[0] == "hint"
    assert not (tmp_path / "empty" / "shop.db").exists(), "nothing was made"
    (root / "bottega.toml").unlink()
    (root / "shop.db").write_bytes(b"this is no database" * 1000)
    assert only(root, "database")[0] == "error"


def test_a_store_of_files(root: Path) -> None:
    (root / "bottega.toml").write_text('files_url = "memory://doctor"\n')
    assert only(root, "files")[:2] == ("well", "memory://doctor may be written and read.")
    (root / "bottega.toml").write_text('files_url = "ftps4://x"\n')
    level, seen, next_step = only(root, "files")
    assert level == "error" and "ftps4" in seen and "bottega[s3]" in next_step


def test_models_whose_files_are_broken_or_gone(root: Path) -> None:
    (model,) = (root / "models").glob("*/*/*/model")
    for path in model.rglob("*"):
        path.write_bytes(b"?") if path.is_file() else None
    level, _, next_step = only(root, "models")
    assert level == "error" and "rain" in next_step
    shutil.rmtree(model.parent)
    assert any("are not in" in one.seen and one.level == "error" for one in about(root, "models"))


def test_jobs_that_nobody_takes_up_and_jobs_that_failed(root: Path) -> None:
    with OpenShop.open(root) as shop:
        job = shop.store.jobs.add("train", {}, now_ms=1)
    level, seen, next_step = only(root, "worker")
    assert level == "error" and f"job {job.number} (train)" in seen and "Start the server" in next_step
    (root / "bottega.toml").write_text("worker = false\n")
    assert "start `bottega worker`" in only(root, "worker")[2]
    with OpenShop.open(root) as shop:
        taken = shop.store.jobs.claim("ann", now_ms=2, lease_ms=10**15)
        assert taken is not None and only(root, "worker")[:2] == ("well", f"Job {job.number} (train) runs: ann.")
        shop.store.jobs.fail(taken, {"code": "bug", "message": "Something."}, now_ms=10**15)
    level, seen, next_step = only(root, "jobs")
    assert level == "warning" and "Something." in seen and "bottega jobs dead" in next_step


def test_little_room_a_network_drive_and_clocks_that_differ(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(root)
    for free, level in ((10, "error"), (10**8, "warning"), (10**10, "well")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: usage._replace(free=free))
        assert only(root, "disk")[0] == level
    monkeypatch.setattr(machine, "_file_system", lambda _: "nfs4")
    assert any("network drive (nfs4)" in one.seen for one in about(root, "disk"))
    assert [one.level for one in machine.clock(root, 1_000)] == ["error"]
    monkeypatch.setattr(time, "time", lambda: 1_000_000.0)
    assert "1970-01-12" in only(root, "clock")[1]


def test_who_may_read_and_write(root: Path) -> None:
    (root / "secret.key").chmod(0o644)
    assert only(root, "secrets")[0] == "warning" and "chmod 600" in only(root, "secrets")[2]
    if os.getuid() == 0:
        pytest.skip("root may write everything")
    (root / "models").chmod(0o500)
    assert any("may not write models" in one.seen for one in about(root, "folder"))


def test_the_command(root: Path) -> None:
    done = CliRunner().invoke(app, ["doctor", "--shop", str(root)])
    assert done.exit_code == 0 and "Nothing is broken." in done.output
    (root / "bottega.toml").write_text("several_machines = true\n")
    done = CliRunner().invoke(app, ["doctor", "--shop", str(root)])
    assert done.exit_code == 1 and done.output.startswith("error") and "1 thing does not work." in done.output
    told = json.loads(CliRunner().invoke(app, ["doctor", "--json", "--shop", str(root)]).output)
    assert told["findings"][0]["level"] == "error"
    with pytest.raises(ShopUnknown):
        doctor(root / "nowhere")


def test_a_schedule_of_connections_that_lack_their_token(root: Path) -> None:
    with OpenShop.open(root) as shop:
        shop.store.connections.put("shopify", "https://a.example", {})
    assert about(root, "connections") == [], "nothing asks it by itself"
    (root / "bottega.toml").write_text('connect_schedule = "1h"\n')
    level, seen, next_step = only(root, "connections")
    assert (level, "no token for shopify" in seen) == ("error", True) and "secrets set shopify-token" in next_step
    with OpenShop.open(root) as shop:
        shop.secrets.keep("shopify-token", "hush")
    assert about(root, "connections") == []
