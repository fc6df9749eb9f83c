"""How well lines of shoppers are read: intents, what is asked about, mood, who asks for a person, slots.

    python benchmarks/assistant_reading.py [--half b] [--encoder floor]

Lines: `lines/half_a.tsv` and `half_b.tsv` (some 300 each in five languages; half B was read by nobody who built the
reader), `half_c.tsv` (151, written before the reader was changed), `half_d.tsv` (350, by somebody who had seen neither
patterns nor code) and `moods_d.tsv` (100 for moods alone, by the same hand); where `BOTTEGA_DATA` has it, a set by
other hands; and the shoppers' turns of `conversation/assistant_dialogues.jsonl.gz`, in which nobody asks for a person.
"""

from __future__ import annotations

import csv
import gzip
import json
import time
from collections import defaultdict
from collections.abc import Iterator
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


def shop() -> WordSearch:
    search = WordSearch(described=False)
    with (DATA / "fashion" / "styles.csv").open(encoding="utf-8") as stream:
        rows = [row for at, row in enumerate(csv.DictReader(stream)) if at % FEWER == 0]
    listings = [
        Listing(
            row["productDisplayName"],
            (row["articleType"],),
            {"gender": (row["gender"],), "base_colour": (row["baseColour"],)},
        )
        for row in rows
    ]
    search.add(list(range(len(listings))), listings)
    return search


def pairs(slots: dict[str, Any]) -> set[tuple[str, str]]:
    return {(name, json.dumps(value).casefold()) for name, value in slots.items()}


def share(said: list[bool]) -> str:
    return f"{sum(said) / len(said):.3f} of {len(said)}" if said else "-"


def score(right: int, extra: int, missed: int) -> str:
    return f"F1 {2 * right / max(1, 2 * right + extra + missed):.3f}"


def judge(reader: TalkReader, half: str, search: WordSearch) -> None:
    told: dict[str, list[bool]] = defaultdict(list)
    right = extra = missed = 0
    spent = 0.0
    sure: dict[int, list[bool]] = defaultdict(list)
    for line in lines_of(half):
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
        slots = pairs(line_slots(line.text, found, search.understood, search.vocabulary))
        right, extra, missed = (
            right + len(slots & pairs(line.slots)),
            extra + len(slots - pairs(line.slots)),
            missed + len(pairs(line.slots) - slots),
        )
    print(f"## half {half.upper()}, {reader.name}\n\n| what | share |\n|---|---|")
    for name, said in sorted(told.items()):
        print(f"| {name} | {share(said)} |")
    print(f"| slots | {score(right, extra, missed)} |")
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
    right = extra = missed = 0
    hits: list[bool] = []
    for row in map(json.loads, path.read_text("utf-8").splitlines()):
        found = reader.read(row["text"], TalkState())
        hits.append(flat_intent(found) == row["intent"])
        slots, wanted = pairs(line_slots(row["text"], found, search.understood, search.vocabulary)), pairs(row["slots"])
        right, extra, missed = right + len(slots & wanted), extra + len(slots - wanted), missed + len(wanted - slots)
    print(f"By other hands, {reader.name}: intents {share(hits)}, slots {score(right, extra, missed)}\n", flush=True)


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
    half: Annotated[str, typer.Option(help="Halves: a, b, c, d.")] = "abcd",
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
