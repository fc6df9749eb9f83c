"""Questions are counted over their wordings, answered once, and taken out; over both databases."""

from __future__ import annotations

import threading

from bottega.store.store import Store


def test_wordings_of_one_question_are_counted_together(store: Store) -> None:
    kept = store.asked_questions
    first = kept.note("mug", "weight", "weight", "how heavy is it?", 1)
    for time_ms, words in enumerate(["what does it weigh", "how heavy is it?", "weight?", "heavy?", "kg?", "lb?"], 2):
        assert kept.note("mug", "weight", "weight", words, time_ms) == first
    kept.note("cup", "weight", "weight", "how heavy is it?", 9)
    page, total = kept.page(answered=False)
    assert total == 2
    assert [(one.product_id, one.times, one.first_ms, one.last_ms) for one in page] == [
        ("mug", 7, 1, 7),
        ("cup", 1, 9, 9),
    ]
    assert page[0].wordings == ("how heavy is it?", "what does it weigh", "weight?", "heavy?", "kg?")
    assert kept.page(answered=False, product_ids=["cup"])[1] == 1
    assert [one.product_id for one in kept.page(answered=False, after=1, n=1)[0]] == ["cup"]


def test_an_answer_is_known_from_then_on(store: Store) -> None:
    kept = store.asked_questions
    number = kept.note("mug", "weight", "weight", "how heavy is it?", 1)
    answered = kept.answer(number, "300 g", 5)
    assert answered is not None
    assert (answered.answer, answered.answered_ms) == ("300 g", 5)
    assert [one.answer for one in kept.of_product(["mug", "other"])] == ["300 g"]
    assert kept.page(answered=False)[1] == 0
    assert kept.page(answered=True)[1] == 1
    kept.note("mug", "weight", "weight", "how heavy?", 6)
    assert [one.answer for one in kept.of_product(["mug"])] == ["300 g"]
    assert kept.answer(number + 1, "none", 7) is None
    assert kept.remove([number, number + 1]) == [number]
    assert kept.of_product(["mug"]) == []


def test_many_who_ask_at_once_are_all_counted(store: Store) -> None:
    def ask() -> None:
        for place in range(5):
            store.asked_questions.note("mug", "weight", "weight", f"wording {place}", place)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    page, total = store.asked_questions.page(answered=False)
    assert (total, page[0].times) == (1, 20)
