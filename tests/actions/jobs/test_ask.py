"""Asking for jobs: what may be asked from where, and what becomes of files that were sent."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bottega.actions.jobs.ask import (
    LATER,
    cancel_job,
    count_jobs,
    list_jobs,
    path_fields,
    retry_job,
    show_job,
    start_job,
)
from bottega.actions.jobs.import_sent import import_sent
from bottega.actions.jobs.perform import perform
from bottega.actions.jobs.process import without_folders
from bottega.actions.jobs.shapes import JobRequest, JobsRequest, StartJobRequest
from bottega.actions.jobs.uploads import FAILED_DAYS, UPLOADS, keep_upload, sweep_uploads, upload_name
from bottega.actions.verb import Kind
from bottega.actions.verbs import VERBS, verb
from bottega.errors import BottegaError, JobUnknown, MappingInvalid, RequestInvalid, SourceUnreadable
from bottega.shop.open_shop import OpenShop
from bottega.store.jobs import Job

EVENTS = "event_id,shopper_id,product_id,kind,time\n" + "".join(
    f"e{i},s{i % 3},p{i % 5},view,{1_700_000_000 + i}\n" for i in range(20)
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    with OpenShop.open(tmp_path / "shop") as opened:
        yield opened


def claim(shop: OpenShop) -> Job:
    job = shop.folder.store.jobs.claim("ann", now_ms=1, lease_ms=1)
    assert job is not None
    return job


def test_what_a_worker_may_do_later_is_a_job() -> None:
    assert LATER and all(one.kind is Kind.JOB for one in LATER.values())
    assert set(LATER) == {one.name for one in VERBS if one.later}
    assert {"train", "train_vision", "train_outfits", "tag_catalogue", "import_catalogue", "import_events"} <= set(
        LATER
    )


def test_from_asking_to_showing(shop: OpenShop) -> None:
    started = start_job(shop, StartJobRequest(verb="train", request={"seed": 3}))
    assert (started.state, started.request, started.answer) == ("waiting", {"seed": 3}, None)
    assert start_job(shop, StartJobRequest(verb="train", request={"seed": 3})).number == started.number
    other = start_job(shop, StartJobRequest(verb="train", request={"seed": 4}))
    page = list_jobs(shop, JobsRequest(n=1))
    assert ([job.number for job in page.jobs], page.next, page.counts["waiting"]) == ([other.number], other.number, 2)
    page = list_jobs(shop, JobsRequest(n=1, after=page.next))
    assert ([job.number for job in page.jobs], page.next) == ([started.number], None)
    assert cancel_job(shop, JobRequest(number=started.number)).state == "cancelled"
    assert show_job(shop, JobRequest(number=started.number)).ended_ms is not None
    assert count_jobs(shop)["cancelled"] == 1
    with pytest.raises(JobUnknown, match=r"There is no job 77. `bottega jobs list` shows"):
        cancel_job(shop, JobRequest(number=77))


@pytest.mark.parametrize(
    ("name", "request_", "message"),
    [
        (
            "prepare_demo",
            {},
            r"A job was asked to do 'prepare_demo'. It may be challenge, check, connect, customise_song, dress_",
        ),
        ("recommend", {}, r"A job was asked to do 'recommend'"),
        ("train", {"sed": 3}, r"Field 'sed' of train is 3: there is no such field. Fields here are model, seed"),
        ("train", {"seed": -1}, r"Field 'seed' of train is -1: it must be at least 0"),
        ("import_events", {}, r"Field 'source' of import_events is missing"),
    ],
)
def test_what_cannot_be_asked(shop: OpenShop, name: str, request_: dict[str, object], message: str) -> None:
    with pytest.raises(RequestInvalid, match=message):
        start_job(shop, StartJobRequest(verb=name, request=request_))
    assert count_jobs(shop)["waiting"] == 0


@pytest.mark.parametrize(
    ("name", "request_", "message"),
    [
        ("train", {"model": "nonsense"}, r"There is no recommender 'nonsense'. The recommenders are"),
        ("challenge", {"model": "nonsense"}, r"There is no recommender 'nonsense'"),
        ("evaluate", {"split": "zz"}, r"There is no split 'zz'. A split is 'last'"),
        ("evaluate", {"models": ["nonsense"]}, r"There is no recommender 'nonsense'"),
        ("evaluate", {"shoppers": 3}, r"3 shoppers are too few"),
        ("import_events", {"source": "/nonexistent"}, r"/nonexistent does not exist"),
        ("import_shoppers", {"source": "/nonexistent"}, r"/nonexistent does not exist"),
        ("import_catalogue", {"source": "/nonexistent"}, r"/nonexistent does not exist"),
        ("import_events", {"source": "/", "kind": "lick"}, r"There is no kind of event 'lick'"),
        ("import_events", {"source": "/", "format": "xls"}, r"There is no event format 'xls'"),
    ],
)
def test_what_would_fail_later_is_refused_at_once(
    shop: OpenShop, name: str, request_: dict[str, object], message: str
) -> None:
    with pytest.raises(BottegaError, match=message):
        start_job(shop, StartJobRequest(verb=name, request=request_), here=True)
    assert count_jobs(shop)["waiting"] == 0


def test_an_error_calls_files_by_their_own_names(shop: OpenShop) -> None:
    root = shop.folder.root
    error = SourceUnreadable(
        f"{root}/uploads/0f3/feed.csv does not exist, nor does '/etc/ssl/key.pem'; see https://x.de/a/b and /v1/jobs."
    )
    told = without_folders(error.as_dict() | {"next_step": f"The database {root}/shop.db did not do its work."}, root)
    assert told["message"] == "feed.csv does not exist, nor does 'key.pem'; see https://x.de/a/b and /v1/jobs."
    assert told["next_step"] == "The database shop.db did not do its work." and told["code"] == error.code


PATHS = [(one.name, field) for one in LATER.values() for field in sorted(path_fields(one.takes))]


@pytest.mark.parametrize(("name", "field"), PATHS)
def test_from_afar_nobody_names_a_file_of_the_server(shop: OpenShop, name: str, field: str) -> None:
    for path in ("/etc/passwd", "uploads/0/x.csv", "", None):
        with pytest.raises(RequestInvalid, match=f"Field '{field}' of {name} names a file of the server"):
            start_job(shop, StartJobRequest(verb=name, request={field: path}))


def test_paths_are_found_whatever_their_type_says() -> None:
    assert ("import_catalogue", "source") in PATHS and ("evaluate", "html") in PATHS


def test_from_here_an_address_stays_one(shop: OpenShop) -> None:
    request: dict[str, object] = {"source": "https://a.example/feed.csv"}
    job = start_job(shop, StartJobRequest(verb="import_catalogue", request=request), here=True)
    assert job.request == request


def test_from_here_a_path_is_made_absolute(shop: OpenShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "events.csv").write_text(EVENTS)
    monkeypatch.chdir(tmp_path)
    job = start_job(shop, StartJobRequest(verb="import_events", request={"source": "events.csv"}), here=True)
    monkeypatch.chdir("/")
    assert job.request["source"] == str(tmp_path / "events.csv")
    assert perform(shop, claim(shop))["added"] == 20


def test_an_import_that_was_sent_and_taken_up_twice_adds_nothing_twice(shop: OpenShop) -> None:
    bad = EVENTS + "e99,s1,p1,no such kind,1700000000\n"
    job = import_sent(shop, verb("import_events"), "July/ordérs (1).csv", io.BytesIO(bad.encode()), {"kind": "view"})
    assert job.request["source"].startswith(f"{UPLOADS}/") and job.request["source"].endswith("/ordérs_1_.csv")
    taken = claim(shop)
    first = perform(shop, taken)
    second = perform(shop, taken)
    assert (first["added"], second["added"], second["duplicates"]) == (20, 0, 20)
    assert shop.folder.store.events.count() == 20
    assert first["rejects_file"] == second["rejects_file"]
    assert len(list(shop.folder.rejects.iterdir())) == 1, "the list of a second attempt takes the first one's place"
    assert not Path(first["rejects_file"]).is_absolute()


def test_a_cancelled_import_keeps_no_file(shop: OpenShop) -> None:
    job = import_sent(shop, verb("import_events"), "events.csv", io.BytesIO(EVENTS.encode()), {})
    assert (shop.folder.root / job.request["source"]).read_text() == EVENTS
    cancel_job(shop, JobRequest(number=job.number))
    assert not list((shop.folder.root / UPLOADS).iterdir())


def test_a_refused_import_keeps_no_file(shop: OpenShop) -> None:
    with pytest.raises(RequestInvalid, match="Field 'colour' of import_events"):
        import_sent(shop, verb("import_events"), "events.csv", io.BytesIO(b"x"), {"colour": "red"})
    assert not list((shop.folder.root / UPLOADS).iterdir())


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("feed.csv", "feed.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\feed.xml.gz", "feed.xml.gz"),
        ("..", "upload"),
        (".bottega.toml", "bottega.toml"),
        ("", "upload"),
        (None, "upload"),
        ("a\0b\n.csv", "a_b_.csv"),
        ("x" * 300 + ".jsonl", "x" * 94 + ".jsonl"),
    ],
)
def test_names_of_files_are_made_harmless(said: str | None, kept: str) -> None:
    assert upload_name(said) == kept


def test_uploads_that_no_job_waits_for_go_after_a_while(shop: OpenShop) -> None:
    root = shop.folder.root
    waiting = import_sent(shop, verb("import_events"), "a.csv", io.BytesIO(b"a"), {}).request["source"]
    lost, fresh = (keep_upload(shop.folder, name, io.BytesIO(b"b")) for name in ("b.csv", "c.csv"))
    for source, at_s in ((waiting, 100), (lost, 100), (fresh, 300)):
        os.utime((root / source).parent, (at_s, at_s))
    sweep_uploads(shop.folder, before_s=200)
    assert [(root / source).exists() for source in (waiting, lost, fresh)] == [True, False, True]


def test_the_file_of_a_job_that_failed_waits_for_its_retry_and_not_for_ever(shop: OpenShop) -> None:
    root, jobs = shop.folder.root, shop.folder.store.jobs
    number = import_sent(shop, verb("import_events"), "a.csv", io.BytesIO(b"a"), {}).number
    job = claim(shop)
    source = root / str(job.request["source"])
    ended_s = 1_000_000
    os.utime(source.parent, (100, 100))
    jobs.fail(job, {"code": "bug"}, now_ms=ended_s * 1000)
    sweep_uploads(shop.folder, before_s=ended_s + FAILED_DAYS * 86_400)
    assert source.exists()
    again = retry_job(shop, JobRequest(number=number))
    assert (again.state, again.attempts) == ("waiting", 0)
    jobs.fail(claim(shop), {"code": "bug"}, now_ms=ended_s * 1000)
    sweep_uploads(shop.folder, before_s=ended_s + FAILED_DAYS * 86_400 + 1)
    assert not source.exists()
    with pytest.raises(RequestInvalid, match=r"no longer kept.*for 7 days.*Send it again"):
        retry_job(shop, JobRequest(number=number))


def test_a_job_that_is_done_is_not_retried(shop: OpenShop) -> None:
    number = start_job(shop, StartJobRequest(verb="train")).number
    shop.folder.store.jobs.finish(claim(shop), {}, now_ms=2)
    with pytest.raises(RequestInvalid, match=f"Job {number} is done."):
        retry_job(shop, JobRequest(number=number))
    with pytest.raises(JobUnknown):
        retry_job(shop, JobRequest(number=99))


@pytest.mark.parametrize("source", ["uploads/../shop.db", "/etc/passwd", "shop.db", "uploads/x", 7, None])
def test_nothing_but_uploads_is_ever_discarded(shop: OpenShop, source: object) -> None:
    from bottega.actions.jobs.uploads import drop_upload

    before = sorted(shop.folder.root.rglob("*"))
    drop_upload(shop.folder, source)
    assert sorted(shop.folder.root.rglob("*")) == before and Path("/etc/passwd").exists()


def test_a_sent_file_of_no_kind_is_refused_and_not_kept(shop: OpenShop) -> None:
    with pytest.raises(MappingInvalid, match="There is no kind of event 'lick'"):
        import_sent(shop, verb("import_events"), "events.csv", io.BytesIO(EVENTS.encode()), {"kind": "lick"})
    assert not list((shop.folder.root / UPLOADS).iterdir())
