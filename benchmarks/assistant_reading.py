"""How well lines of shoppers are read: intents, what is asked about, mood, who asks for a person, slots.

    python benchmarks/assistant_reading.py [--half b] [--encoder floor]

Lines: `lines/half_a.tsv` and `half_b.tsv` (some 300 each in five languages; half B was read by nobody who built the
reader), `half_c.tsv` (151, written before the reader was changed), `half_d.tsv` (350, by somebody who had seen neither
patterns nor code), `half_e.tsv` and `half_f.tsv` (30 each for slots alone, by who built them; F was not looked at while
they were built) and `moods_d.tsv` (100 for moods alone, by the hand of D); where `BOTTEGA_DATA` has it, a set by
other hands; and the shoppers' turns of `conversation/assistant_dialogues.jsonl.gz`, in which nobody asks for a person.
"""

from __future__ import annotations

import csv
import gzip
import json
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from assistant_slots import flat_intent, line_slots
from bottega.models.blocks.other_encoders import encoder_called
from bottega.models.dialogue.commands import Intent
from bottega.models.dialogue.reader import TalkReader
from bottega.models.dialogue.state import TalkState
from bottega.models.search.listing import Listing
from bottega.models.search.word_search import WordSearch
from common import DATA, machine

HERE = Path(__file__).parent
MOODS = {"-": "plain", "A": "annoyed", "H": "hurried", "J": "joking"}
FEWER = 4
"""One product of so many makes the shop whose words the slots are read by."""


PEOPLE = frozenset({"Men", "Women", "Boys", "Girls", "Unisex", "Kids", "Men's", "Women's", "Boy's", "Girl's"})
BRAND_WORDS = 4
"""Words of a brand at most."""


class Line(NamedTuple):
    language: str
    wants: frozenset[str]
    mood: str
    slots: dict[str, Any]
    text: str


def lines_of(half: str) -> Iterator[Line]:
    for row in (HERE / "lines" / f"half_{half}.tsv").read_text("utf-8").splitlines():
        language, wants, mood, slots, text = row.split("\t")
        told = {} if slots == "-" else dict(one.split("=", 1) for one in slots.split(";"))
        yield Line(language, frozenset(wants.split("+")), MOODS[mood], {k: _value(k, v) for k, v in told.items()}, text)


def _value(name: str, said: str) -> object:
    if name == "ref":
        places = [int(one) for one in said.split(",")]
        return places if len(places) > 1 else places[0]
    return int(said) if name in ("price_max", "price_min") else said


def brand_in(title: str) -> str:
    """The brand, which titles of this shop begin with: what stands before "Men", "Women" and the like, else one word.

    >>> brand_in("Peter England Men Party Blue Jeans"), brand_in("Nike Blue Backpack")
    ('Peter England', 'Nike')
    """
    words = title.split()
    until = next((at for at, word in enumerate(words) if word in PEOPLE), 1)
    return " ".join(words[: until if 0 < until <= BRAND_WORDS else 1])


def shop() -> WordSearch:
    search = WordSearch(described=False)
    with (DATA / "fashion" / "styles.csv").open(encoding="utf-8") as stream:
        rows = [row for at, row in enumerate(csv.DictReader(stream)) if at % FEWER == 0]
    listings = [
        Listing(
            row["productDisplayName"],
            (row["articleType"],),
            {"gender": (row["gender"],), "base_colour": (row["baseColour"],)},
            brand=brand_in(row["productDisplayName"]),
        )
        for row in rows
    ]
    search.add(list(range(len(listings))), listings)
    return search


def pairs(slots: dict[str, Any]) -> set[tuple[str, str]]:
    return {(name, json.dumps(value).casefold()) for name, value in slots.items()}


def share(said: list[bool]) -> str:
    return f"{sum(said) / len(said):.3f} of {len(said)}" if said else "-"


@dataclass
class SlotCount:
    """Pairs of name and value that are right, that no label has, that only the label has."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    def add(self, found: dict[str, Any], labelled: dict[str, Any]) -> None:
        got, wanted = pairs(found), pairs(labelled)
        self.right += len(got & wanted)
        self.extra += len(got - wanted)
        self.missed += len(wanted - got)

    def score(self) -> str:
        return f"F1 {2 * self.right / max(1, 2 * self.right + self.extra + self.missed):.3f}"


def judge(reader: TalkReader, half: str, search: WordSearch) -> None:
    told: dict[str, list[bool]] = defaultdict(list)
    counted, all_names = SlotCount(), SlotCount()
    spent = 0.0
    sure: dict[int, list[bool]] = defaultdict(list)
    lines = list(lines_of(half))
    labelled = {name for line in lines for name in line.slots}
    for line in lines:
        started = time.process_time()
        found = reader.read(line.text, TalkState())
        spent += time.process_time() - started
        wanted = {one.partition(".")[0] for one in line.wants}
        got = {one.intent.value for one in found.commands}
        told["intents"].append(got == wanted)
        told[f"language {line.language}"].append(got == wanted)
        told[f"intent {min(wanted)}"].append(got == wanted)
        if any("." in one for one in line.wants):
            full = {f"{one.intent.value}.{one.about}" if one.about else one.intent.value for one in found.commands}
            told["what about"].append(full == line.wants)
        told["language known"].append(found.language == line.language)
        told["mood"].append(found.mood.value == line.mood)
        if line.mood != "plain":
            told["mood, not plain"].append(found.mood.value == line.mood)
        asked = Intent.PERSON in found.unsure
        if "person" in wanted:
            told["person: recall"].append("person" in got)
            told["person: recall or asked"].append("person" in got or asked)
        else:
            told["person: false"].append("person" in got)
        for one in found.commands[:1]:
            sure[min(9, int(10 * one.chance))].append(one.intent.value in wanted)
        slots = line_slots(line.text, found, search.understood, search.vocabulary)
        all_names.add(slots, line.slots)
        counted.add({name: value for name, value in slots.items() if name in labelled}, line.slots)
    print(f"## half {half.upper()}, {reader.name}\n\n| what | share |\n|---|---|")
    for name, said in sorted(told.items()):
        print(f"| {name} | {share(said)} |")
    print(f"| slots | {counted.score()} |")
    print(f"| slots, names that no label of the half has counted too | {all_names.score()} |")
    print("| right, by chance told | " + ", ".join(f"{at / 10:.1f}+: {share(sure[at])}" for at in sorted(sure)) + " |")
    print(f"| CPU ms a line | {1000 * spent / len(told['intents']):.1f} |\n", flush=True)


def moods(reader: TalkReader) -> None:
    """How lines sound: of each mood how many are heard, and of those heard how many are so."""
    told = []
    for row in (HERE / "lines" / "moods_d.tsv").read_text("utf-8").splitlines():
        _, mood, text = row.split("\t")
        told.append((mood, reader.read(text, TalkState()).mood.value))
    print(f"## moods, {reader.name}\n\n| mood | heard | right of those heard |\n|---|---|---|")
    for mood in MOODS.values():
        heard, said = (
            [got == mood for one, got in told if one == mood],
            [one == mood for one, got in told if got == mood],
        )
        print(f"| {mood} | {share(heard)} | {share(said)} |")
    print(f"| all | {share([one == got for one, got in told])} | |\n", flush=True)


def other_hands(reader: TalkReader, search: WordSearch) -> None:
    path = DATA.parent / "eval" / "utterances.jsonl"
    if not path.exists():
        return
    rows = [json.loads(row) for row in path.read_text("utf-8").splitlines()]
    labelled = {name for row in rows for name in row["slots"]}
    counted = SlotCount()
    hits: list[bool] = []
    for row in rows:
        found = reader.read(row["text"], TalkState())
        hits.append(flat_intent(found) == row["intent"])
        slots = line_slots(row["text"], found, search.understood, search.vocabulary)
        counted.add({name: value for name, value in slots.items() if name in labelled}, row["slots"])
    print(f"By other hands, {reader.name}: intents {share(hits)}, slots {counted.score()}\n", flush=True)


def no_person(reader: TalkReader) -> None:
    turns = sure = asked = 0
    with gzip.open(DATA / "conversation" / "assistant_dialogues.jsonl.gz", "rt", encoding="utf-8") as stream:
        said = [one["content"] for row in stream for one in json.loads(row)["messages"] if one["role"] == "human"]
    for text in said:
        found = reader.read(text, TalkState(language="en"))
        turns += 1
        sure += any(one.intent is Intent.PERSON for one in found.commands)
        asked += Intent.PERSON in found.unsure
    print(f"Real turns, {reader.name}: {turns}; a person called falsely {sure} ({sure / turns:.2%}), asked {asked}\n")


def main(
    half: Annotated[str, typer.Option(help="Halves: a, b, c, d, e, f.")] = "abcdef",
    encoder: Annotated[str, typer.Option(help="floor or meaning")] = "floor",
    turns: Annotated[bool, typer.Option(help="Read the real turns as well.")] = True,
) -> None:
    print(f"{machine()}\n")
    reader, search = TalkReader(encoder_called(encoder)), shop()
    for one in half:
        judge(reader, one, search)
    moods(reader)
    other_hands(reader, search)
    if turns:
        no_person(reader)


if __name__ == "__main__":
    typer.run(main)
