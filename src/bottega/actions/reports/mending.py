"""What to mend first in the catalogue, and what shoppers asked for in vain: of check, eye, imports, searches, talks."""

from __future__ import annotations

import csv
import io
from collections import Counter

from bottega.actions.assistant.question_shapes import QuestionsRequest
from bottega.actions.assistant.unanswered import list_questions
from bottega.actions.check.check import check
from bottega.actions.check.shapes import CheckReport, CheckRequest
from bottega.actions.reports.saying import column, counted, page, row, section
from bottega.actions.reports.shapes import NextStep, ReportSection
from bottega.actions.reports.sold import Days
from bottega.actions.search.report import search_report
from bottega.actions.search.report_shapes import SearchReportRequest
from bottega.actions.vision.shapes import SuggestionQuery
from bottega.actions.vision.suggestions import list_suggestions
from bottega.progress import Progress
from bottega.shop.open_shop import OpenShop

__all__ = ["asked_in_vain", "catalogue_of"]

RULES, QUESTIONS, SEARCHES = 12, 10, 20
_DECIDED = {
    "doubt": "Labels that look wrong on the photo",
    "fill": "Values that the photo shows and the listing lacks",
    "text": "Texts written from facts",
    "picture": "Better main pictures",
}


def catalogue_of(shop: OpenShop, days: Days, progress: Progress) -> tuple[CheckReport, ReportSection, list[NextStep]]:
    """What breaks a rule of the check now, what waits to be decided, and what imports of the week refused."""
    found = check(shop, CheckRequest(examples=1), progress=progress)
    columns = [
        column("what", "What"),
        column("level", "level"),
        column("count", "times", "count"),
        column("example", "as in"),
        column("fix", "what to do"),
    ]
    rows, steps = [], []
    for one in found.rules[:RULES]:
        at = one.examples[0]
        seen = f"{at.place}, {at.field}: {at.seen}" if at.field else f"{at.place}: {at.seen}"
        rows.append(row(page("quality"), one.meaning, one.level.value, one.count, seen[:160], one.fix))
    if found.rules and found.errors:
        first = found.rules[0]
        words = f"{first.meaning} ({counted(first.count, 'time')}): {first.fix}"
        steps.append(NextStep(words=words, link=page("quality")))
    counts = list_suggestions(shop, SuggestionQuery(n=1)).counts
    for kind, words in _DECIDED.items():
        if waits := counts.get(f"{kind} open", 0):
            rows.append(row(page("suggestions", kind=kind), words, "to decide", waits, None, "Accept or reject them."))
    for (source, rule), (count, fix) in _rejected(shop, days).items():
        rows.append(row(page("rejects", file=source), f"Rows of {source}: {rule}", "rejected", count, None, fix))
    told = counted(found.errors, "error"), counted(found.warnings, "warning"), counted(found.hints, "hint")
    words = f"{counted(found.products, 'product')}: {told[0]}, {told[1]} and {told[2]}, as things stand now."
    return (
        found,
        section(
            "catalogue",
            "What to mend in the catalogue first",
            columns,
            rows,
            link=page("quality"),
            words=[words],
            empty="Nothing breaks a rule, and nothing waits to be decided.",
        ),
        steps,
    )


def _rejected(shop: OpenShop, days: Days) -> dict[tuple[str, str], tuple[int, str]]:
    """Rows that imports of the week could not use: by list and rule, how many, and what mends the first of them."""
    counts: Counter[tuple[str, str]] = Counter()
    fixes: dict[tuple[str, str], str] = {}
    for name in shop.folder.files.names(shop.folder.rejects.name):
        written = shop.folder.files.changed_s(name) * 1000
        if name.endswith("-warnings.csv") or not days.since_ms <= written < days.until_ms:
            continue
        text = (shop.folder.files.read(name) or b"").decode(errors="replace")
        for one in csv.DictReader(io.StringIO(text)):
            key = (name.rpartition("/")[2], one.get("rule") or "")
            counts[key] += 1
            fixes.setdefault(key, one.get("fix") or "")
    return {key: (count, fixes[key]) for key, count in counts.most_common(RULES)}


def asked_in_vain(shop: OpenShop, days: Days) -> tuple[list[ReportSection], list[NextStep]]:
    """Searches of the week that find nothing now, and questions that no listing answers."""
    searches = search_report(shop, SearchReportRequest(show="nothing_found", days=7, until=days.until, n=SEARCHES))
    questions = list_questions(shop, QuestionsRequest(n=QUESTIONS))
    steps = []
    if searches.queries:
        first = searches.queries[0]
        words = (
            f"{counted(first.shoppers, 'shopper')} searched for “{first.query}” and the shop has nothing for it: say "
            "what it means (a synonym), or sell it."
        )
        steps.append(NextStep(words=words, link=page("search", query=first.query)))
    if questions.questions:
        asked = questions.questions[0]
        said = asked.wordings[0] if asked.wordings else asked.key
        words = f"Answer a question that was asked {counted(asked.times, 'time')}: “{said}” ({asked.title})."
        steps.append(NextStep(words=words, link=page("questions")))
    return [
        section(
            "searches",
            "What shoppers searched for in vain",
            [
                column("query", "Search"),
                column("shoppers", "shoppers", "count"),
                column("searches", "searches", "count"),
                column("close", "products come close", "count"),
            ],
            [
                row(page("search", query=one.query), one.query, one.shoppers, one.searches, one.close)
                for one in searches.queries
            ],
            link=page("searches"),
            words=[f"{counted(searches.searches, 'search', 'searches')} by {counted(searches.shoppers, 'shopper')}."],
            empty="Everything that several shoppers searched for is found now." if searches.searches else "",
            note="Searches of this week that find nothing now; what fewer than three shoppers typed may name somebody, "
            "and is told to nobody.",
        ),
        section(
            "questions",
            "What shoppers asked and no listing says",
            [
                column("question", "Question"),
                column("product", "product"),
                column("times", "times", "count"),
            ],
            [
                row(page("questions"), one.wordings[0] if one.wordings else one.key, one.title, one.times)
                for one in questions.questions
            ],
            link=page("questions"),
            words=[f"Waiting for an answer: {counted(questions.total, 'question')}."] if questions.total else [],
            empty="No question waits for an answer.",
        ),
    ], steps
