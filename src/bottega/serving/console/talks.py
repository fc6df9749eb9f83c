"""Conversations: who waits for a person, one talk with what is needed to go on with it, what shoppers asked in vain."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from bottega.actions.assistant.drafting import suggest_replies
from bottega.actions.assistant.question_shapes import (
    DeleteQuestionsRequest,
    QuestionReplyRequest,
    QuestionsRequest,
)
from bottega.actions.assistant.unanswered import delete_questions, list_questions, reply_to_question
from bottega.actions.talks.agents import (
    assign_talk,
    close_talk,
    give_back_talk,
    note_in_talk,
    reply_in_talk,
    take_talk,
)
from bottega.actions.talks.inbox import list_talks, show_talk
from bottega.actions.talks.report import talks_led
from bottega.actions.talks.shapes import (
    AssignRequest,
    NoteRequest,
    ReplyRequest,
    TalkQuery,
    TalkRequest,
    TalksReportRequest,
    TalksRequest,
)
from bottega.errors import RequestInvalid
from bottega.names import Role
from bottega.serving.console.frame import Page, Visit, form_of, made_of, visit_of
from bottega.texts import shown

__all__ = ["PAGES", "router"]

router = APIRouter(include_in_schema=False)
_GROUP = "Conversations"
INBOX = Page("/console/talks", "Inbox", group=_GROUP, role=Role.MANAGE)
TALK = Page("/console/talks/talk", "Conversation", group=_GROUP, role=Role.MANAGE, under=INBOX.path)
QUESTIONS = Page("/console/talks/questions", "Questions", group=_GROUP, role=Role.MANAGE)
REPORT = Page("/console/talks/report", "What shoppers ask for", group=_GROUP, role=Role.MANAGE)
PAGES = (INBOX, QUESTIONS, REPORT)
_NOBODY = "The shop"
"""Who answers where the shop does without keys and nobody is logged in."""
_OWNERS = (("", "Open"), ("waiting", "Waiting"), ("person", "With a person"), ("closed", "Closed"))
_WHY = {
    "asked": "asked for a person",
    "complaint": "something went wrong",
    "words": "said one of the words for a person",
    "misunderstood": "was not understood twice",
}
_WANTED = {
    "search": "Looking for something",
    "refine": "The same, but different",
    "compare": "How products differ",
    "ask": "A question about a product",
    "suggest": "Something for them",
    "more": "The next ones",
    "look": "What goes with a product",
    "closet": "What they own",
    "order": "Delivery, returns, an order",
    "person": "A person",
    "complaint": "Something went wrong",
    "correction": "It was understood wrongly",
    "cancel": "Forget it",
}
"""What lines were read as, in a merchant's words."""


@router.get(INBOX.path)
async def inbox(request: Request) -> Response:
    """Talks, who waits longest first."""
    visit = await visit_of(request, INBOX.role)
    owner = request.query_params.get("owner", "")
    asked = made_of(TalksRequest, {"owner": owner, "n": "100", "agent": visit.name}, "owner", "n", "agent")
    found = await visit.ask(list_talks, asked)
    tabs = [(title, visit.url(INBOX.path, owner=one)) for one, title in _OWNERS]
    return visit.page(
        "talks.html",
        INBOX,
        talks=found.talks,
        waiting=found.waiting,
        there=found.agents,
        tabs=tabs,
        why=_WHY,
        current=dict(_OWNERS).get(owner, ""),
        owner=owner,
    )


@router.get(TALK.path)
async def talk(request: Request) -> Response:
    """One talk: what was said, what it is about, and what may be answered."""
    visit = await visit_of(request, TALK.role)
    given = {**request.query_params, "agent": visit.name}
    found = await visit.ask(show_talk, made_of(TalkQuery, given, "talk_id", "agent"))
    one = found.talk
    replies: list[Any] = []
    if one.owner.value != "closed":
        replies = (await visit.ask(suggest_replies, TalkRequest(talk_id=one.talk_id, agent=_who(visit)))).replies
    chosen = request.query_params.get("reply", "")
    text = replies[int(chosen)].text if chosen.isdecimal() and int(chosen) < len(replies) else ""
    return visit.page(
        "talk.html",
        TALK,
        talk=one,
        told=found,
        replies=replies,
        text=text,
        why=_WHY,
        who=_who(visit),
        moving=one.owner.value != "closed",
    )


@router.post("/console/talks/do")
async def act(request: Request) -> Response:
    """Take a talk, answer, leave a note, give it on or back, close it: in the name of who is logged in."""
    visit, form = await form_of(request, Role.MANAGE)
    given, what = {**form, "agent": _who(visit)}, str(form.get("do", ""))
    deeds: dict[str, tuple[Any, Any, tuple[str, ...], str]] = {
        "take": (take_talk, TalkRequest, (), "It is yours: the assistant says nothing more in it."),
        "reply": (reply_in_talk, ReplyRequest, ("text",), "Your words are sent."),
        "note": (note_in_talk, NoteRequest, ("text",), "The note is kept; no shopper sees it."),
        "assign": (assign_talk, AssignRequest, ("to",), f"It is with {form.get('to', '')} now."),
        "give-back": (give_back_talk, TalkRequest, (), "The assistant answers the shopper's next line."),
        "close": (
            close_talk,
            TalkRequest,
            (),
            "It is closed; the shopper's next line begins again with the assistant.",
        ),
    }
    if what not in deeds:
        raise RequestInvalid(
            f"A conversation was asked to {shown(what)}.",
            allowed=f"It may be {', '.join(deeds)}.",
            next_step="Use the buttons of the page.",
        )
    function, shape, names, words = deeds[what]
    asked = made_of(shape, given, "talk_id", "agent", *names)
    await visit.ask(function, asked)
    undo = ("/console/talks/do", {"talk_id": asked.talk_id, "do": "give-back"}) if what == "take" else None
    path = visit.url(TALK.path, talk_id=asked.talk_id).removeprefix(visit.root)
    return visit.done(path, words, undo=undo)


@router.get(QUESTIONS.path)
async def questions(request: Request) -> Response:
    """Questions that no listing answers, those asked most first; or those that were answered."""
    visit = await visit_of(request, QUESTIONS.role)
    given = {**request.query_params, "n": "20"}
    asked = made_of(QuestionsRequest, given, "answered", "product_id", "after", "n")
    found = await visit.ask(list_questions, asked)
    if visit.wants_csv:
        heads = ("product", "title", "question", "times", "answer")
        rows = (
            (one.product_id, one.title, " / ".join(one.wordings), one.times, one.answer or "")
            for one in found.questions
        )
        return visit.csv("questions", heads, rows)
    tabs = [("Not answered", visit.url(QUESTIONS.path)), ("Answered", visit.url(QUESTIONS.path, answered="true"))]
    here = {"answered": "true" if asked.answered else "", "product_id": asked.product_id}
    return visit.page(
        "questions.html",
        QUESTIONS,
        found=found,
        asked=asked,
        tabs=tabs,
        before=visit.url(QUESTIONS.path, **here) if asked.after else "",
        next=visit.url(QUESTIONS.path, **here, after=found.next) if found.next else "",
        csv=visit.url(QUESTIONS.path, **here, after=asked.after or "", form="csv"),
    )


@router.post("/console/talks/questions")
async def answer(request: Request) -> Response:
    """Answer a question once."""
    visit, form = await form_of(request, Role.MANAGE)
    found = await visit.ask(reply_to_question, made_of(QuestionReplyRequest, form, "number", "answer"))
    title = found.question.title or found.question.product_id
    return visit.done(QUESTIONS.path, f"Whoever asks this of {title} is told so from now on.")


@router.post("/console/talks/questions/delete")
async def delete(request: Request) -> Response:
    """Take a question out of the list, with its answer."""
    visit, form = await form_of(request, Role.MANAGE)
    number = str(form.get("number", ""))
    if not number.isdecimal() or len(number) > 15:
        raise RequestInvalid(f"A question is named by {shown(number)}.", next_step="Use the buttons of the page.")
    gone = await visit.ask(delete_questions, DeleteQuestionsRequest(numbers=[int(number)]))
    return visit.done(
        QUESTIONS.path, "The question is out of the list." if gone.deleted else "It was out of the list already."
    )


@router.get(REPORT.path)
async def report(request: Request) -> Response:
    """What talks were about, what was not understood, and what they led to."""
    visit = await visit_of(request, REPORT.role)
    asked = made_of(TalksReportRequest, request.query_params, "days")
    found = await visit.ask(talks_led, asked)
    if visit.wants_csv:
        rows = ((_wanted(one.intent), one.about, one.lines, one.talks) for one in found.topics)
        return visit.csv("topics", ("wanted", "about", "lines", "talks"), rows)
    unanswered = await visit.ask(list_questions, QuestionsRequest(n=10))
    tabs = [(f"{days} days", visit.url(REPORT.path, days=days)) for days in (7, 30, 90)]
    return visit.page(
        "talks_report.html",
        REPORT,
        led=found,
        questions=unanswered,
        tabs=tabs,
        current=f"{asked.days} days",
        wanted=_wanted,
        why=_WHY,
    )


def _who(visit: Visit) -> str:
    """In whose name a person speaks here."""
    return visit.name or _NOBODY


def _wanted(intent: str) -> str:
    return _WANTED.get(intent, intent.replace("_", " ").capitalize())
