"""Jobs over HTTP: asked for, looked at, ended; imports that bring their file; done by the server's own worker."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PATIENCE_S = 120.0
EVENTS = "event_id,shopper_id,product_id,kind,time\n" + "".join(
    f"e{i},s{i % 3},p{i % 5},view,{1_700_000_000 + i}\n" for i in range(20)
)


def get(door: Any, path: str, status: int = 200) -> dict[str, Any]:
    response = door.client.get(path, headers={"X-API-Key": door.key})
    assert response.status_code == status, response.text
    answer: dict[str, Any] = response.json()
    return answer


def send(door: Any, path: str, status: int = 202, name: str = "events.csv", text: str = EVENTS, **fields: str) -> Any:
    response = door.client.post(path, files={"file": (name, text)}, data=fields, headers={"X-API-Key": door.key})
    assert response.status_code == status, response.text
    return response.json()


def uploads(door: Any) -> list[Path]:
    return list((door.folder / "uploads").glob("*/*"))


def when_over(door: Any, number: int) -> dict[str, Any]:
    """The job once a worker is done with it, within reason."""
    patience = time.monotonic() + PATIENCE_S
    while True:
        job = get(door, f"/v1/jobs/{number}")
        if job["state"] not in ("waiting", "running"):
            return job
        assert time.monotonic() < patience, job
        time.sleep(0.05)


def test_asked_for_listed_shown_and_cancelled(open_door: Callable[..., Any]) -> None:
    door = open_door(None)
    job = door.post("/v1/jobs", {"verb": "train", "request": {"seed": 3}}, 202)
    assert (job["state"], job["request"], job["answer"], job["error"]) == ("waiting", {"seed": 3}, None, None)
    other = door.post("/v1/jobs", {"verb": "tag_catalogue"}, 202)
    assert [one["number"] for one in get(door, "/v1/jobs")["jobs"]] == [other["number"], job["number"]]
    page = get(door, "/v1/jobs?n=1")
    assert [one["number"] for one in get(door, f"/v1/jobs?after={page['next']}")["jobs"]] == [job["number"]]
    assert 'bottega_jobs{state="waiting"} 2.0' in door.client.get("/metrics").text
    assert door.post("/v1/jobs/cancel", {"number": job["number"]})["state"] == "cancelled"
    assert get(door, f"/v1/jobs/{job['number']}")["state"] == "cancelled"
    assert [one["number"] for one in get(door, "/v1/jobs?state=cancelled")["jobs"]] == [job["number"]]


def test_what_is_refused(open_door: Callable[..., Any]) -> None:
    door = open_door(None)
    refusals = {
        "request_invalid": [
            ({"verb": "train", "request": {"seed": "x"}}, "Field 'seed' of train is 'x'"),
            ({"verb": "import_catalogue", "request": {"source": "/etc/passwd"}}, "names a file of the server"),
            ({"verb": "evaluate", "request": {"html": "/srv/x.html"}}, "names a file of the server"),
            ({"verb": "prepare_demo"}, "It may be challenge, check, connect, customise_song, dress_catalogue,"),
            ({"verb": "train", "requests": {}}, "Fields here are verb, request"),
        ]
    }
    for code, bodies in refusals.items():
        for body, message in bodies:
            error = door.post("/v1/jobs", body, 422)["error"]
            assert error["code"] == code and message in error["message"]
    assert door.post("/v1/jobs/cancel", {"number": 9}, 404)["error"]["code"] == "job_unknown"
    assert get(door, "/v1/jobs/9", 404)["error"]["code"] == "job_unknown"
    assert get(door, "/v1/jobs/nine", 422)["error"]["code"] == "request_invalid"
    assert get(door, f"/v1/jobs/{2**70}", 422)["error"]["code"] == "request_invalid"
    assert door.client.get("/v1/jobs").status_code == 401
    assert get(door, "/v1/jobs")["jobs"] == []


@pytest.mark.parametrize(
    ("name", "fields", "message"),
    [
        ("events.csv", {"source": "/etc/passwd"}, "Field 'source' is unknown"),
        (
            "events.csv",
            {"colour": "red"},
            "columns, dates, encoding, format, kind, kinds, product_ids, timezone.",
        ),
        ("events.csv", {"columns": "{"}, "is not JSON"),
        ("events.csv", {"columns": "time=ts"}, "Field 'columns' of import_events is 'time=ts'"),
    ],
)
def test_forms_that_are_refused_leave_no_file(
    open_door: Callable[..., Any], name: str, fields: dict[str, str], message: str
) -> None:
    door = open_door(None)
    assert message in send(door, "/v1/import/events", 422, name, **fields)["error"]["message"]
    assert uploads(door) == []


def test_bodies_that_are_no_form_with_one_file(open_door: Callable[..., Any]) -> None:
    door = open_door(None, max_body_mb=0.01)
    key = {"X-API-Key": door.key}
    for sent in (
        {"json": {"source": "/etc/passwd"}},
        {"data": {"file": "text"}, "files": {"other": ("a.csv", "a")}},
        {"files": [("file", ("a.csv", EVENTS)), ("file", ("b.csv", EVENTS))]},
        {"files": {"file": ("empty.csv", "")}},
    ):
        response = door.client.post("/v1/import/events", headers=key, **sent)
        assert (response.status_code, response.json()["error"]["code"]) == (422, "request_invalid"), response.text
    error = send(door, "/v1/import/events", 413, text=EVENTS * 100)["error"]
    assert error["code"] == "body_too_large"
    assert uploads(door) == []


def test_the_server_imports_what_is_sent_and_its_next_answer_knows_it(open_door: Callable[..., Any]) -> None:
    door = open_door(None, worker=True, refresh_s=0.05)
    feed = "id,name,price\n" + "".join(f"p{i},Mug {i},{i + 1}.50 EUR\n" for i in range(30))
    first = send(door, "/v1/import/catalogue", name="../../feed.csv", text=feed, mapping="title=name", sync="true")
    second = send(door, "/v1/import/events", text=EVENTS + "e99,s1,p1,odd,1700000000\n")
    assert first["request"]["sync"] is True and first["state"] == "waiting"
    job = when_over(door, first["number"])
    assert (job["state"], job["error"]) == ("done", None)
    assert (job["answer"]["source"], job["answer"]["added"]) == ("feed.csv", 30)
    job = when_over(door, second["number"])
    assert (job["answer"]["added"], job["answer"]["rejected"]) == (20, 1)
    assert job["answer"]["rejects_file"].startswith("rejects/events.csv-")
    people = "shopper,name,personalisation\ns1,Ana,yes\n"
    job = when_over(door, send(door, "/v1/import/shoppers", name="people.csv", text=people)["number"])
    assert (job["state"], job["answer"]["added"] + job["answer"]["updated"]) == ("done", 1), job
    assert uploads(door) == []
    refused = door.post("/v1/jobs", {"verb": "train", "request": {"model": "nonsense"}}, 404)
    assert refused["error"]["code"] == "model_unknown", "said when it is asked for, not a minute later"
    failed = when_over(door, door.post("/v1/jobs", {"verb": "train"}, 202)["number"])
    assert (failed["state"], failed["error"]["code"]) == ("failed", "events_too_few")
    patience = time.monotonic() + PATIENCE_S
    while not door.post("/v1/recommendations", {"n": 5})["items"]:
        assert time.monotonic() < patience
        time.sleep(0.05)


def test_a_training_of_the_server_is_taken_over(open_door: Callable[..., Any], trained: Path) -> None:
    door = open_door(trained, worker=True, refresh_s=0.05)
    before = door.ask()["model"]
    job = when_over(door, door.post("/v1/jobs", {"verb": "train", "request": {"model": "popular"}}, 202)["number"])
    assert job["state"] == "done", job["error"]
    patience = time.monotonic() + PATIENCE_S
    while door.ask()["model"]["version"] == before["version"]:
        assert time.monotonic() < patience
        time.sleep(0.05)
    assert door.ask()["model"] | {"version": job["answer"]["version"], "name": "popular"} == door.ask()["model"]


def test_a_server_that_stops_hands_the_job_back(open_door: Callable[..., Any], trained: Path) -> None:
    door = open_door(trained, worker=True)
    number = door.post("/v1/jobs", {"verb": "train", "request": {"model": "popular"}}, 202)["number"]
    patience = time.monotonic() + PATIENCE_S
    while get(door, f"/v1/jobs/{number}")["state"] != "running":
        assert time.monotonic() < patience
        time.sleep(0.01)
    runs = len(door.shop.folder.store.runs.all())
    door.client.__exit__(None, None, None)
    from bottega.shop.folder import ShopFolder

    with ShopFolder.open(door.folder) as shop:
        job = shop.store.jobs.get(number)
        assert job is not None and (job.state.value, job.attempts, job.worker) == ("waiting", 0, None)
        assert len(shop.store.runs.all()) == runs
        assert not list(shop.models.rglob(f".{job.mark}"))
    door.client.__enter__()
