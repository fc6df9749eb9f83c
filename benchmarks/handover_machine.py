"""A talk between a shopper with two tabs, an assistant on two workers, and persons, in every order that chance brings.

Idea     A state machine of Hypothesis is the scheduler: one step is one act of somebody, and nothing else moves. Two
         workers, each with its own connection to the store, answer in pieces; a worker that restarts loses what it
         had in memory. Beside the store a model of two variables (owner, fence) says what must come of each step: a
         piece is kept exactly if the assistant has the word and the piece was begun under the fence of now.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bottega.actions.talks.speaking import Ended, spoken
from bottega.names import LineBy, Owner
from bottega.store.database import Database
from bottega.store.store import Store
from bottega.store.talks import TalkLine

__all__ = ["TALLY", "TalkMachine", "spoken_out_of_turn"]

TALLY: Counter[str] = Counter()
"""What happened in all runs of this process."""
_numbers = itertools.count(1)
T = 1_780_000_000_000
WORKERS = st.integers(0, 1)
LOOK_EVERY = 4
"""Steps between two looks from outside; each step that changes something is checked by itself."""
NAMES = st.sampled_from(("Mia", "Ben"))


@dataclass
class Stream:
    """An answer that comes in pieces."""

    worker: int
    fence: int
    pieces: Iterator[TalkLine | Ended]


@dataclass
class Worker:
    """A process: its store, and what is in its memory alone."""

    store: Store
    streams: list[Stream] = field(default_factory=list)
    timers: list[tuple[int, str]] = field(default_factory=list)
    """Words for later, with the fence under which they were thought of."""


def spoken_out_of_turn(lines: list[TalkLine]) -> int:
    """Lines of the assistant that came while somebody else had the word, by the lines themselves."""
    owner, count = Owner.ASSISTANT.value, 0
    for line in lines:
        if line.by is LineBy.OWNER:
            owner = str(line.body["owner"])
        count += line.by is LineBy.ASSISTANT and owner != Owner.ASSISTANT.value
    return count


class TalkMachine(RuleBasedStateMachine):
    """One talk. Set `url` to an empty database first."""

    url = ""
    shared: list[Store] = []  # noqa: RUF012 - for all talks of a run, until a worker restarts

    @initialize()
    def begin(self) -> None:
        self.talk_id = f"t-{next(_numbers)}"
        if not self.shared:
            self.shared.extend(Store.open(self.url) for _ in range(2))  # the first one makes the tables
        self.workers = [Worker(store) for store in self.shared]
        self.owner, self.fence = Owner.ASSISTANT, 1
        self.heard: list[str] = []
        self.persons: list[str] = []
        self.tried: list[tuple[int, str]] = []
        self.steps = 0
        self.workers[0].store.talks.open(self.talk_id, shopper=None, language="en", now_ms=T)

    def teardown(self) -> None:
        if not hasattr(self, "talk_id"):
            return
        lines = self.workers[0].store.talks.lines(self.talk_id)
        assert [line.number for line in lines] == list(range(1, len(lines) + 1))
        assert [line.text for line in lines if line.by is LineBy.SHOPPER] == self.heard, "no line of a shopper is lost"
        assert [line.text for line in lines if line.by is LineBy.PERSON] == self.persons
        after = spoken_out_of_turn(lines)
        TALLY.update(talks=1, after=after, lines=len(lines))
        assert after == 0

    def _step(self, name: str) -> int:
        TALLY[name] += 1
        self.steps += 1
        return T + self.steps

    def _changes(self, owner: Owner) -> None:
        self.owner, self.fence = owner, self.fence + 1

    def _may(self, fence: int) -> bool:
        return self.owner is Owner.ASSISTANT and fence == self.fence

    def _says(self, worker: int, fence: int, text: str, name: str) -> None:
        """One word of the assistant: kept exactly if it may be."""
        expected = self._may(fence)
        kept = self.workers[worker].store.talks.say(
            self.talk_id, fence, TalkLine(LineBy.ASSISTANT, text), {"turn": len(self.heard)}, now_ms=self._step(name)
        )
        self.tried.append((fence, text))
        TALLY["kept" if kept else "turned down"] += 1
        assert kept is expected, (name, fence, self.fence, self.owner)

    def _hear(self, worker: int, pieces: int, body: dict[str, Any], name: str) -> None:
        mine = self.workers[worker]
        text = f"line {len(self.heard)}"
        talk = mine.store.talks.hear(self.talk_id, TalkLine(LineBy.SHOPPER, text, body=body), now_ms=self._step(name))
        if self.owner is Owner.CLOSED:
            self._changes(Owner.ASSISTANT)
        self.heard.append(text)
        assert (talk.owner, talk.fence) == (self.owner, self.fence)
        if talk.owner is not Owner.ASSISTANT:
            return
        answer = (TalkLine(LineBy.ASSISTANT, f"answer to {text}, piece {piece}") for piece in range(pieces))
        stream = spoken(mine.store.talks, self.talk_id, talk.fence, answer, clock_ms=lambda: T)
        mine.streams.append(Stream(worker, talk.fence, stream))

    @rule(worker=WORKERS, pieces=st.integers(1, 4), button=st.booleans())
    def shopper_acts(self, worker: int, pieces: int, button: bool) -> None:
        """In either tab: each may be answered by another worker."""
        if button:
            self._hear(worker, 1, {"button": "more"}, "button")
        else:
            self._hear(worker, pieces, {"tab": worker}, "line")

    @rule(worker=WORKERS, act=st.sampled_from(("piece", "piece", "timer", "second try")), which=st.integers(0, 11))
    def what_was_begun_goes_on(self, worker: int, act: str, which: int) -> None:
        """A piece more of an answer; a timer that fires; a word tried a second time."""
        if act == "timer" and any(one.timers for one in self.workers):
            self._timer_fires(which)
        elif act == "second try" and self.tried:
            self._word_is_tried_again(worker, which)
        elif any(one.streams for one in self.workers):
            self._stream_goes_on(which)
        else:
            self._timer_is_set(worker)

    @rule(worker=WORKERS, name=NAMES, act=st.sampled_from(("word", "word", "macro", "back", "back", "note", "close")))
    def person_acts(self, worker: int, name: str, act: str) -> None:
        if act == "word":
            self._person_speaks(worker, name)
        elif act == "macro":
            self._macro_assigns(worker, name)
        elif act == "back":
            self._person_gives_back(worker)
        elif act == "note":
            self._person_leaves_a_note(worker)
        else:
            self._person_closes(worker)

    @rule(worker=WORKERS, act=st.sampled_from(("restart", "timer", "timer", "hand over")))
    def worker_acts(self, worker: int, act: str) -> None:
        if act == "restart":
            self._worker_restarts(worker)
        elif act == "timer":
            self._timer_is_set(worker)
        else:
            self._assistant_asks_for_a_person(worker)

    def _stream_goes_on(self, which: int) -> None:
        there = [one for worker in self.workers for one in worker.streams]
        stream = there[which % len(there)]
        expected = self._may(stream.fence)
        self._step("piece")
        piece = next(stream.pieces)
        if isinstance(piece, Ended):
            self.workers[stream.worker].streams.remove(stream)
            assert piece.how == "said" or not expected, "nobody is silenced who has the word"
            TALLY["turned down"] += piece.how == "silenced"
            return
        assert expected, ("a piece was shown", stream.fence, self.fence, self.owner)
        TALLY["kept"] += 1
        self.tried.append((stream.fence, piece.text))

    def _timer_is_set(self, worker: int) -> None:
        """A word for later: "are you still there?"."""
        self._step("timer set")
        talk = self.workers[worker].store.talks.get(self.talk_id)
        assert talk is not None
        self.workers[worker].timers.append((talk.fence, "still there?"))

    def _timer_fires(self, which: int) -> None:
        there = [place for place, one in enumerate(self.workers) if one.timers]
        worker = there[which % len(there)]
        fence, text = self.workers[worker].timers.pop(0)
        self._says(worker, fence, text, "timer")

    def _word_is_tried_again(self, worker: int, which: int) -> None:
        """A second try of any word of before, as a worker makes that did not hear of the first."""
        fence, text = self.tried[which % len(self.tried)]
        self._says(worker, fence, text, "second try")

    def _assistant_asks_for_a_person(self, worker: int) -> None:
        """With the fence of now, as a line does that asks for one."""
        store = self.workers[worker].store
        talk = store.talks.get(self.talk_id)
        assert talk is not None
        line = TalkLine(LineBy.ASSISTANT, "I call someone.")
        expected = self._may(talk.fence)
        waits = store.talks.wait(self.talk_id, talk.fence, line, why="asked", now_ms=self._step("hand-over"))
        assert waits is expected
        if waits:
            self._changes(Owner.WAITING)

    def _person_speaks(self, worker: int, name: str) -> None:
        """The first word takes the talk over."""
        text = f"{name}'s words {len(self.persons)}"
        before = self.workers[worker].store.talks.get(self.talk_id)
        assert before is not None
        line = TalkLine(LineBy.PERSON, text, name=name)
        self.workers[worker].store.talks.speak(self.talk_id, line, now_ms=self._step("person's word"))
        if (before.owner, before.agent) != (Owner.PERSON, name):
            self._changes(Owner.PERSON)
        self.persons.append(text)

    def _macro_assigns(self, worker: int, name: str) -> None:
        talks = self.workers[worker].store.talks
        before = talks.get(self.talk_id)
        assert before is not None
        talks.take(self.talk_id, name, by="a macro", now_ms=self._step("macro"))
        if (before.owner, before.agent) != (Owner.PERSON, name):
            self._changes(Owner.PERSON)

    def _person_leaves_a_note(self, worker: int) -> None:
        line = TalkLine(LineBy.NOTE, "a note", name="Mia")
        self.workers[worker].store.talks.note(self.talk_id, line, now_ms=self._step("note"))

    def _person_gives_back(self, worker: int) -> None:
        """And the assistant answers again at once: it is not silent for good."""
        talks = self.workers[worker].store.talks
        talk = talks.give_back(self.talk_id, by="Mia", now_ms=self._step("given back"))
        if self.owner is not Owner.ASSISTANT:
            self._changes(Owner.ASSISTANT)
        assert (talk.owner, talk.fence) == (Owner.ASSISTANT, self.fence)

    def _person_closes(self, worker: int) -> None:
        self.workers[worker].store.talks.close(self.talk_id, by="Mia", now_ms=self._step("closed"))
        if self.owner is not Owner.CLOSED:
            self._changes(Owner.CLOSED)

    def _worker_restarts(self, place: int) -> None:
        """All that was in its memory is gone: streams, timers, connections."""
        self._step("restart")
        self.shared[place].close()
        self.shared[place] = Store(Database.connect(self.url))
        self.workers[place] = Worker(self.shared[place])

    @invariant()
    def the_store_knows_who_has_the_word(self) -> None:
        if hasattr(self, "talk_id") and self.steps % LOOK_EVERY == 0:
            talk = self.workers[self.steps // LOOK_EVERY % 2].store.talks.get(self.talk_id)
            assert talk is not None
            assert (talk.owner, talk.fence) == (self.owner, self.fence)
