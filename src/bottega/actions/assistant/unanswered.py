"""Questions that no listing answers: listed for the merchant, answered once, known from then on."""

from __future__ import annotations

import time
from collections.abc import Sequence

from bottega.actions.assistant.question_shapes import (
    DeleteQuestionsAnswer,
    DeleteQuestionsRequest,
    QuestionReply,
    QuestionReplyRequest,
    QuestionsAnswer,
    QuestionsRequest,
    ShoppersQuestion,
)
from bottega.errors import RequestInvalid
from bottega.shop.open_shop import OpenShop
from bottega.store.asked_questions import KeptQuestion

__all__ = ["delete_questions", "list_questions", "reply_to_question"]


def list_questions(shop: OpenShop, request: QuestionsRequest) -> QuestionsAnswer:
    """What shoppers asked and no listing says, those asked most first."""
    names = [request.product_id] if request.product_id else []
    if request.product_id:
        found = shop.store.products.get(names).get(request.product_id)
        names += [found.group_id] if found and found.group_id else []
    page, total = shop.store.asked_questions.page(
        answered=request.answered, product_ids=names, after=request.after, n=request.n
    )
    end = request.after + len(page)
    return QuestionsAnswer(questions=_shown(shop, page), total=total, next=end if end < total else None)


def reply_to_question(shop: OpenShop, request: QuestionReplyRequest) -> QuestionReply:
    """Answer a question once; whoever asks it of the product from now on is told so. Raises `RequestInvalid`."""
    kept = shop.store.asked_questions.answer(request.number, request.answer, time.time_ns() // 1_000_000)
    if kept is None:
        raise RequestInvalid(
            f"There is no question {request.number}.",
            allowed="Numbers of the list (`GET /v1/questions`, `bottega questions list`).",
            next_step="Look at the list again: somebody may have taken it out.",
        )
    return QuestionReply(question=_shown(shop, [kept])[0])


def delete_questions(shop: OpenShop, request: DeleteQuestionsRequest) -> DeleteQuestionsAnswer:
    """Take questions out of the list, with their answers."""
    return DeleteQuestionsAnswer(deleted=shop.store.asked_questions.remove(request.numbers))


def _shown(shop: OpenShop, page: Sequence[KeptQuestion]) -> list[ShoppersQuestion]:
    names = sorted({one.product_id for one in page})
    titles = shop.store.products.titles(names)
    found = sorted(shop.store.products.in_groups(names).values(), key=lambda one: one.id, reverse=True)
    groups = {one.group_id: one.title for one in found if one.group_id}
    return [
        ShoppersQuestion(
            number=one.number,
            product_id=one.product_id,
            title=titles.get(one.product_id) or groups.get(one.product_id, ""),
            key=one.key,
            wordings=list(one.wordings),
            times=one.times,
            last_ms=one.last_ms,
            answer=one.answer,
        )
        for one in page
    ]
