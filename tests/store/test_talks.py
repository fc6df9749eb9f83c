"""Talks: lines in order, one owner at a time, words of the assistant only while the word is its own."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from bottega.errors import TalkUnknown
from bottega.events.event import Event
from bottega.names import EventKind, LineBy, Owner
from bottega.store.store import Store
from bottega.store.talks import Talk, TalkLine

T = 1_700_000_000_000


def begun(store: Store, talk_id: str = "t-1", shopper: str | None = "ana") -> Talk:
    return store.talks.open(talk_id, shopper=shopper, language="en", now_ms=T)


def heard(text: str, **more: Any) -> TalkLine:
    return TalkLine(LineBy.SHOPPER, text, **more)


def said(text: str, **more: Any) -> TalkLine:
    return TalkLine(LineBy.ASSISTANT, text, **more)


def words(text: str, name: str = "Mia") -> TalkLine:
    return TalkLine(LineBy.PERSON, text, name=name)


def told(store: Store, talk_id: str = "t-1") -> list[tuple[str, str]]:
    return [(line.by.value, line.text) for line in store.talks.lines(talk_id)]


def log_in(store: Store, shopper: str, anonymous: str) -> None:
    event = Event(shopper_id=shopper, anonymous_id=anonymous, kind=EventKind.VIEW, product_id="lamp", time_ms=T)
    store.events.add([event])


def test_a_talk_comes_back_with_its_lines_and_its_state(store: Store) -> None:
    talk = begun(store)
    assert (talk.owner, talk.shopper, talk.language, talk.state) == (Owner.ASSISTANT, "ana", "en", {})
    assert begun(store) == talk and store.talks.get("t-2") is None
    command = {"intent": "search", "words": "a lamp", "about": ""}
    talk = store.talks.hear("t-1", heard("a lamp, please", commands=(command,)), now_ms=T + 1)
    assert (talk.turns, talk.lines, talk.changed_ms) == (1, 1, T + 1)
    answer = said("Here are two.", body={"products": ["lamp-1", "lamp/2"]})
    assert store.talks.say("t-1", talk.fence, answer, {"turn": 1, "focus": "lamp-1"}, now_ms=T + 2)
    first, second = store.talks.lines("t-1")
    assert (first.text, first.commands, first.number, first.turn, first.time_ms) == (
        "a lamp, please",
        (command,),
        1,
        1,
        T + 1,
    )
    assert (second.by, second.body, second.turn) == (LineBy.ASSISTANT, {"products": ["lamp-1", "lamp/2"]}, 1)
    assert store.talks.lines("t-1", after=1) == [second]
    found = store.talks.get("t-1")
    assert found is not None and found.state == {"turn": 1, "focus": "lamp-1"} and found.lines == 2


def test_a_persons_first_word_silences_what_the_assistant_had_begun(store: Store) -> None:
    fence = begun(store).fence
    assert store.talks.say("t-1", fence, said("First piece,"), now_ms=T)
    talk = store.talks.speak("t-1", words("Mia here."), now_ms=T + 1)
    assert (talk.owner, talk.agent) == (Owner.PERSON, "Mia") and talk.fence > fence
    for stale in (fence, talk.fence):
        assert not store.talks.say("t-1", stale, said("second piece."), {"turn": 9}, now_ms=T + 2)
        assert not store.talks.wait("t-1", stale, said("I call someone."), why="asked", now_ms=T + 2)
    assert told(store) == [("assistant", "First piece,"), ("owner", "with a person"), ("person", "Mia here.")]
    assert store.talks.hear("t-1", heard("hello"), now_ms=T + 3).owner is Owner.PERSON
    found = store.talks.get("t-1")
    assert found is not None and found.state == {}


def test_the_assistant_answers_again_only_after_it_was_given_the_word(store: Store) -> None:
    old = begun(store).fence
    store.talks.take("t-1", "Mia", now_ms=T)
    talk = store.talks.give_back("t-1", by="Mia", now_ms=T + 1, state={"turn": 0, "misunderstood": 0})
    assert (talk.owner, talk.state) == (Owner.ASSISTANT, {"turn": 0, "misunderstood": 0})
    assert not store.talks.say("t-1", old, said("begun before"), now_ms=T + 2), "an old fence stays old"
    assert store.talks.say("t-1", talk.fence, said("Here I am."), now_ms=T + 2)
    assert told(store) == [
        ("owner", "with a person"),
        ("owner", "back with the assistant"),
        ("assistant", "Here I am."),
    ]
    assert store.talks.give_back("t-1", by="Mia", now_ms=T + 3).fence == talk.fence, "twice changes nothing"


def test_waiting_is_silence_too(store: Store) -> None:
    talk = begun(store)
    assert store.talks.wait("t-1", talk.fence, said("I call someone."), {"turn": 1}, why="asked", now_ms=T + 5)
    found = store.talks.get("t-1")
    assert found is not None and (found.owner, found.why, found.waiting_ms) == (Owner.WAITING, "asked", T + 5)
    assert found.state == {"turn": 1}
    assert not store.talks.say("t-1", found.fence, said("still there?"), now_ms=T + 6)
    assert not store.talks.wait("t-1", talk.fence, why="asked", now_ms=T + 6)
    assert store.talk_tending.claim_telling("t-1", found.fence) and not store.talk_tending.claim_telling(
        "t-1", found.fence
    )
    taken = store.talks.take("t-1", "Mia", now_ms=T + 7)
    assert (taken.owner, taken.waiting_ms) == (Owner.PERSON, None)
    assert not store.talk_tending.claim_telling("t-1", taken.fence), "nobody waits any more"


def test_a_talk_is_given_to_another_person(store: Store) -> None:
    begun(store)
    first = store.talks.take("t-1", "Mia", now_ms=T)
    assert store.talks.take("t-1", "Mia", now_ms=T).fence == first.fence
    second = store.talks.take("t-1", "Ben", now_ms=T, by="Mia")
    assert second.agent == "Ben" and second.fence > first.fence
    assert store.talks.lines("t-1")[-1].body["why"] == "by Mia"


def test_a_note_changes_nobodys_place(store: Store) -> None:
    talk = begun(store)
    noted = store.talks.note("t-1", TalkLine(LineBy.NOTE, "regular customer", name="Mia"), now_ms=T)
    assert (noted.owner, noted.fence) == (Owner.ASSISTANT, talk.fence)
    assert store.talks.say("t-1", talk.fence, said("Hello."), now_ms=T)


def test_a_closed_talk_begins_again_with_the_shoppers_next_line(store: Store) -> None:
    talk = begun(store)
    closed = store.talks.close("t-1", by="Mia", now_ms=T)
    assert closed.owner is Owner.CLOSED and not store.talks.say("t-1", talk.fence, said("more"), now_ms=T)
    assert store.talks.close("t-1", by="Mia", now_ms=T).fence == closed.fence
    again = store.talks.hear("t-1", heard("one more thing"), now_ms=T)
    assert again.owner is Owner.ASSISTANT and again.fence > closed.fence
    assert told(store) == [("owner", "closed"), ("owner", "back with the assistant"), ("shopper", "one more thing")]
    assert store.talks.say("t-1", again.fence, said("Yes?"), now_ms=T)


def test_the_state_of_an_earlier_turn_never_replaces_a_later_one(store: Store) -> None:
    fence = begun(store).fence
    assert store.talks.say("t-1", fence, said("to the second line"), {"turn": 2}, now_ms=T)
    assert store.talks.say("t-1", fence, said("to the first line", turn=1), {"turn": 1}, now_ms=T)
    found = store.talks.get("t-1")
    assert found is not None and found.state == {"turn": 2}


def test_who_waits_longest_comes_first(store: Store) -> None:
    for place, talk_id in enumerate(("t-1", "t-2", "t-3", "t-4", "t-5")):
        store.talks.open(talk_id, shopper=None, language="en", now_ms=T + place)
    for talk_id, at in (("t-3", T + 20), ("t-2", T + 30)):
        assert store.talks.wait(talk_id, 1, why="asked", now_ms=at)
    store.talks.hear("t-2", heard("anybody?"), now_ms=T + 90)
    store.talks.take("t-4", "Mia", now_ms=T + 40)
    store.talks.close("t-5", by="Mia", now_ms=T + 50)
    found = store.talks.inbox([Owner.WAITING, Owner.PERSON, Owner.ASSISTANT], limit=9)
    assert [one.talk_id for one in found] == ["t-3", "t-2", "t-4", "t-1"]
    assert [one.talk_id for one in store.talks.inbox([Owner.WAITING], limit=1)] == ["t-3"]
    assert store.talks.waiting() == 2


def test_a_talk_nobody_has_is_an_error_and_the_assistant_says_nothing_in_it(store: Store) -> None:
    assert not store.talks.say("none", 1, said("hello"), now_ms=T) and store.talks.lines("none") == []
    with pytest.raises(TalkUnknown, match="No talk has the id 'none'"):
        store.talks.hear("none", heard("hello"), now_ms=T)
    with pytest.raises(TalkUnknown):
        store.talks.take("none", "Mia", now_ms=T)
    begun(store)
    assert store.talks.remove("t-1") and not store.talks.remove("t-1") and store.talks.lines("t-1") == []


def test_a_talk_of_nobody_becomes_a_shoppers_and_stays_theirs(store: Store) -> None:
    begun(store, shopper=None)
    store.talks.hear("t-1", heard("hello"), now_ms=T)
    assert begun(store, shopper="ana").shopper == "ana"
    assert begun(store, shopper="bo").shopper == "ana" and begun(store, shopper=None).shopper == "ana"
    record = store.shoppers.record("ana")
    assert record is not None and [row["text"] for row in record.tables["talk_lines"]] == ["hello"]


def test_a_log_in_takes_talks_along_and_forgetting_takes_every_word(store: Store) -> None:
    begun(store, "t-1", "cookie")
    store.talks.hear("t-1", heard("my size is 38"), now_ms=T)
    begun(store, "t-2", "bo")
    store.talks.hear("t-2", heard("stays"), now_ms=T)
    assert store.shoppers.profile("cookie") == "cookie", "who talked is known"
    log_in(store, "ana", "cookie")
    taken = store.talks.get("t-1")
    assert taken is not None and taken.shopper == "ana"
    assert begun(store, "t-3", "cookie").shopper == "ana", "a name that is joined means the profile"
    record = store.shoppers.forget("cookie")
    assert record is not None and [row["talk_id"] for row in record.tables["talks"]] == ["t-1", "t-3"]
    assert [row["text"] for row in record.tables["talk_lines"]] == ["my size is 38"]
    assert store.talks.get("t-1") is None and store.talks.lines("t-1") == []
    assert not store.talks.say("t-1", 1, said("hello"), now_ms=T)
    assert told(store, "t-2") == [("shopper", "stays")]


def test_old_words_go_and_what_was_asked_for_stays(store: Store) -> None:
    fence = begun(store).fence
    asked = {"intent": "ask", "about": "size", "words": "is it for a narrow foot"}
    store.talks.hear("t-1", heard("is it for a narrow foot?", commands=(asked,)), now_ms=T)
    shown = {"products": ["shoe"], "said": {"foot": "narrow"}}
    assert store.talks.say(
        "t-1", fence, said("A narrow foot fits.", body=shown), {"turn": 1, "name": "Ana"}, now_ms=T + 1
    )
    store.talks.take("t-1", "Mia", now_ms=T + 2)
    store.talks.note("t-1", TalkLine(LineBy.NOTE, "narrow", name="Mia"), now_ms=T + 3)
    store.talks.speak("t-1", words("fresh words"), now_ms=T + 10)
    assert store.talk_tending.shorten(T + 5) == 4 and store.talk_tending.shorten(T + 5) == 0
    lines = store.talks.lines("t-1")
    assert [line.text for line in lines] == ["", "", "with a person", "", "fresh words"]
    assert lines[0].commands == ({"intent": "ask", "about": "size"},) and lines[1].body == {"products": ["shoe"]}
    found = store.talks.get("t-1")
    assert found is not None and found.state == {"turn": 1, "name": "Ana"}, "the talk itself is young"
    store.talk_tending.shorten(T + 11)
    found = store.talks.get("t-1")
    assert found is not None and found.state == {} and "narrow" not in str(lines)


def test_of_many_who_speak_at_once_each_line_has_its_number_and_none_is_the_assistants_after_the_person(
    store: Store,
) -> None:
    fence = begun(store).fence
    barrier = threading.Barrier(4)
    kept: list[bool] = []

    def stream() -> None:
        barrier.wait()
        kept.extend(store.talks.say("t-1", fence, said(f"piece {place}"), now_ms=T) for place in range(20))

    def person() -> None:
        barrier.wait()
        store.talks.speak("t-1", words("here"), now_ms=T)

    threads = [threading.Thread(target=stream) for _ in range(3)] + [threading.Thread(target=person)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = store.talks.lines("t-1")
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert sum(kept) == len(lines) - 2 and [line.by for line in lines[-2:]] == [LineBy.OWNER, LineBy.PERSON]


def test_a_talk_is_in_the_language_that_its_last_answer_was_in(store: Store) -> None:
    talk = begun(store)
    assert store.talks.say("t-1", talk.fence, said("Gern."), {"turn": 1, "language": "de"}, now_ms=T + 1)
    found = store.talks.get("t-1")
    assert found is not None and found.language == "de", "whoever takes it over knows in what they are asked"


def test_the_last_words_are_the_shoppers_and_no_button(store: Store) -> None:
    talk = begun(store)
    assert store.talks.last_words("t-1") == ""
    store.talks.hear("t-1", heard("a lamp"), now_ms=T + 1)
    store.talks.hear("t-1", heard("", body={"button": "more"}), now_ms=T + 2)
    assert store.talks.say("t-1", talk.fence, said("Here are two."), now_ms=T + 3)
    assert store.talks.last_words("t-1") == "a lamp"
