"""What runs, by clicks: jobs, models, connections, conversations. Each test leaves the shop's queue as it was."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from bottega.actions.jobs.ask import LATER
from bottega.actions.recommend.shapes import EvaluateAnswer, FindingInfo, TableInfo
from bottega.names import LineBy, Owner, Role
from bottega.serving.console.job_kinds import KINDS, OFFERED, asked_for
from bottega.shop.trained.models_in_use import RECOMMEND
from bottega.store.jobs import JobState
from bottega.store.talks import TalkLine

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
FAILURE = {"code": "x", "message": "m", "seen": "The token is wrong.", "allowed": "Another.", "next_step": "Set it."}


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def number_of(answer: Any) -> int:
    return int(str(answer.url).rpartition("number=")[2])


def failed(shop: Any, verb: str, request: dict[str, Any], error: dict[str, str]) -> int:
    """The number of a job that was taken up and failed."""
    number: int = shop.store.jobs.add(verb, request, now_ms=now_ms()).number
    job = shop.store.jobs.claim("till:1", now_ms=now_ms(), lease_ms=60_000, verbs=[verb])
    assert job is not None and job.number == number
    shop.store.jobs.beat(job, now_ms=now_ms(), lease_ms=60_000, stage="asking", done=1, total=4)
    shop.store.jobs.fail(job, error, now_ms=now_ms())
    return number


@pytest.fixture
def talk(merchant: Any) -> Iterator[str]:
    """A talk that waits for a person."""
    talks = merchant.shop.store.talks
    opened = talks.open("t-console", shopper=None, language="en", now_ms=now_ms())
    talks.hear("t-console", TalkLine(LineBy.SHOPPER, "hmpf grmbl"), now_ms=now_ms())
    talks.wait("t-console", opened.fence, TalkLine(LineBy.ASSISTANT, "One moment."), why="asked", now_ms=now_ms())
    yield "t-console"
    talks.remove("t-console")


def test_what_is_offered_is_a_job_that_its_verb_takes() -> None:
    assert KINDS.keys() <= LATER.keys()
    for kind in OFFERED:
        LATER[kind.verb].takes.model_validate(asked_for(kind.verb, {}))


def test_a_job_is_asked_for_followed_ended_and_tried_again(merchant: Any) -> None:
    asked = merchant.submit("/console/jobs/start", verb="evaluate", split="time")
    number = number_of(asked)
    jobs = merchant.shop.store.jobs
    assert "Evaluate the recommenders" in asked.text and jobs.get(number).request == {"split": "time"}
    ended = merchant.submit("/console/jobs/cancel", number=number)
    assert f"Job {number} will not be done." in ended.text and "Undo" in ended.text
    again = merchant.submit("/console/jobs/retry", number=number)
    assert "waits for its next try" in again.text and jobs.get(number).state is JobState.WAITING
    assert "asked for again" in again.text, "the log of the job"
    merchant.submit("/console/jobs/cancel", number=number)
    refused = merchant.submit("/console/jobs/start", back="/console/jobs/new", verb="prepare_demo")
    assert refused.status_code == 422 and "prepare_demo" in refused.text and "Train and compare" in refused.text
    wrong = merchant.submit("/console/jobs/start", back="/console/jobs/new", verb="evaluate", split="never")
    assert wrong.status_code == 422 and "everything after one day" in wrong.text


def test_what_failed_says_why_and_what_to_do(merchant: Any) -> None:
    number = failed(merchant.shop, "connect", {"platform": "shopify"}, FAILURE)
    one = merchant.get(f"/console/jobs/job?number={number}").text
    for words in ("The token is wrong.", "What to do: Set it.", "taken up by till:1", "asking", "failed: m"):
        assert words in one, words
    dead = merchant.get("/console/jobs?state=failed").text
    assert "The token is wrong." in dead and f'name="number" value="{number}"' in dead
    table = merchant.get("/console/jobs?state=failed&form=csv")
    assert table.headers["content-type"].startswith("text/csv") and f"\n{number},connect,failed," in table.text
    try:
        merchant.log_in(Role.READ)
        assert "Try again" not in merchant.get(f"/console/jobs/job?number={number}").text
        assert merchant.submit("/console/jobs/retry", number=number).status_code == 403
    finally:
        merchant.log_in(Role.ADMIN)
    assert merchant.get("/console/jobs/job?number=987654").status_code == 404


def test_models_say_what_they_are_and_are_trained(merchant: Any) -> None:
    used = merchant.shop.store.runs.latest(RECOMMEND)
    page = merchant.get("/console/models").text
    assert used.version in page and "your own" in page and "bars reached" in page
    card = merchant.get("/console/models/card?ability=eye").text
    assert "missed" in card and "reached" in card and "Type of product right" in card
    own = merchant.get("/console/models/card").text
    assert f"{used.events_seen:,}" in own and "trained by hand" in own
    assert merchant.get("/console/models/card?ability=recommend&version=never").status_code in (404, 409)
    asked = merchant.submit("/console/models/train", verb="challenge")
    assert merchant.shop.store.jobs.get(number_of(asked)).verb == "challenge"
    merchant.submit("/console/jobs/cancel", number=number_of(asked))
    assert "Go back to the one before" not in page, "there is none"
    alone = merchant.submit("/console/models/rollback", back="/console/models", room="recommend")
    assert alone.status_code in (409, 422) and "There is no training of recommend before" in alone.text
    assert "There is one version at most" in merchant.get("/console/models/compare").text


def test_an_evaluation_is_read_as_it_was_answered(merchant: Any) -> None:
    answer = EvaluateAnswer(
        split="last", seed=0, shop="x", asked=9, items=5, events=70, shoppers=9, unseen_targets=None, cuts_ms=None,
        findings=[FindingInfo(tone="good", text="Knowing the shopper helps.")], models=[], robustness=[],
        scalability=[], sampled=None, facts=[("Shoppers asked", "9")],
        tables=[
            TableInfo(
                title="Accuracy", columns=("model", "ndcg@10"), rows=(("popular", "0.031"), ("blend", "0.269")),
                best=frozenset({(1, 1)}), note="Half the interval.",
            )
        ],
    )  # fmt: skip
    jobs = merchant.shop.store.jobs
    other = failed(merchant.shop, "connect", {"platform": "shopify"}, FAILURE)
    number = jobs.add("evaluate", {"seed": 1}, now_ms=now_ms()).number
    job = jobs.claim("till:1", now_ms=now_ms(), lease_ms=60_000, verbs=["evaluate"])
    jobs.finish(job, answer.model_dump(mode="json"), now_ms=now_ms())
    page = merchant.get("/console/models/evaluation").text
    assert f"Job {number}" in page and "Knowing the shopper helps." in page and "<strong>0.269</strong>" in page
    assert "Accuracy,blend,0.269" in merchant.get(f"/console/models/evaluation?number={number}&form=csv").text
    refused = merchant.get(f"/console/models/evaluation?number={other}")
    assert refused.status_code == 422 and "is no evaluation" in refused.text


def test_connections_say_what_is_broken_and_are_asked(merchant: Any) -> None:
    store = merchant.shop.store
    store.connections.put("shopify", "https://my-shop.myshopify.com", {})
    page = merchant.get("/console/feeds").text
    assert "The token for Shopify is missing." in page and "bottega secrets set shopify-token" in page
    merchant.shop.secrets.keep("shopify-token", "shpat_1")
    failed(merchant.shop, "connect", {"platform": "shopify"}, FAILURE)
    page = merchant.get("/console/feeds").text
    assert "What to do: Set it." in page and "needs you" in page and "shpat_1" not in page
    asked = merchant.submit("/console/feeds/connect", platform="shopify", how="again")
    assert store.jobs.get(number_of(asked)).request == {"platform": "shopify", "again": True}
    merchant.submit("/console/jobs/cancel", number=number_of(asked))
    refused = merchant.submit("/console/feeds/connect", back="/console/feeds", platform="etsy")
    assert refused.status_code == 422 and "etsy" in refused.text
    sent = merchant.post("/v1/webhooks/shopify", content=b"{}")
    assert sent.status_code == 401
    assert "1 not signed with the secret that is kept here" in merchant.get("/console/feeds").text
    exported = merchant.get("/v1/catalogue/export?format=google")
    assert exported.status_code == 200, "the link of the page opens with the session"


def test_a_person_answers_in_their_own_name(merchant: Any, talk: str) -> None:
    talks = merchant.shop.store.talks
    assert "1 waits for a person" in merchant.get("/console/talks").text
    taken = merchant.submit("/console/talks/do", talk_id=talk, do="take")
    assert "with Mia admin" in taken.text and talks.get(talk).owner is Owner.PERSON
    merchant.submit("/console/talks/do", talk_id=talk, do="reply", text="I look it up.")
    noted = merchant.submit("/console/talks/do", talk_id=talk, do="note", text="For Ben.")
    assert "I look it up." in noted.text and "Note of Mia admin" in noted.text
    empty = merchant.submit("/console/talks/do", back=f"/console/talks/talk?talk_id={talk}", talk_id=talk, do="reply")
    assert empty.status_code == 422 and "text" in empty.text
    merchant.submit("/console/talks/do", talk_id=talk, do="give-back")
    assert talks.get(talk).owner is Owner.ASSISTANT
    merchant.submit("/console/talks/do", talk_id=talk, do="close")
    assert talks.get(talk).owner is Owner.CLOSED
    report = merchant.get("/console/talks/report?days=7").text
    assert "hmpf grmbl" in report and "asked for a person: 1" in report


def test_a_question_is_answered_once_and_taken_out(merchant: Any) -> None:
    kept = merchant.shop.store.asked_questions
    number = kept.note("lamp-9", "weight", "weight", "How heavy is it?", now_ms())
    assert "How heavy is it?" in merchant.get("/console/talks/questions").text
    merchant.submit("/console/talks/questions", number=number, answer="Two kilos.")
    assert "Two kilos." in merchant.get("/console/talks/questions?answered=true").text
    gone = merchant.submit("/console/talks/questions/delete", number=number)
    assert "out of the list" in gone.text and kept.page(answered=True)[1] == 0


def test_hostile_words_stay_words(hostile: Any) -> None:
    store = hostile.shop.store
    error = dict.fromkeys(("code", "message", "seen", "allowed", "next_step"), HOSTILE)
    number = failed(hostile.shop, "connect", {"platform": "shopify", "address": HOSTILE}, error)
    store.connections.put("shopify", HOSTILE, {})
    store.talks.open("t-bad", shopper=HOSTILE, language="en", now_ms=now_ms())
    read_as = ({"intent": HOSTILE, "about": HOSTILE, "words": HOSTILE},)
    store.talks.hear("t-bad", TalkLine(LineBy.SHOPPER, HOSTILE, read_as), now_ms=now_ms())
    store.talks.hear("t-bad", TalkLine(LineBy.SHOPPER, HOSTILE), now_ms=now_ms())
    store.asked_questions.note(HOSTILE, HOSTILE, HOSTILE, HOSTILE, now_ms())
    pages = ["/console/jobs?state=failed", f"/console/jobs/job?number={number}", "/console/feeds", "/console/talks"]
    pages += ["/console/talks/talk?talk_id=t-bad", "/console/talks/questions", "/console/talks/report"]
    for path in pages:
        answer = hostile.get(path)
        assert answer.status_code == 200, (path, answer.text[-2000:])
        assert "alert(1)" in answer.text and "<script>alert" not in answer.text and "<img src=x" not in answer.text
