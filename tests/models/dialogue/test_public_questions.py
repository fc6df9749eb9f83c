"""Public questions are read with their passages, in halves; attributes are written as feeds have them."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

from bottega.models.dialogue.public_questions import PublicPassage, asked_publicly, asked_with_evidence, half_of

IDS = [next(f"P{n}" for n in range(100) if half_of(f"P{n}") == half) for half in "ab"]


def test_questions_with_labels(tmp_path: Path) -> None:
    heads = ["qid", "question", "ASIN", "candidate", "source", "qa_pair_id", "title", "label", "answer"]
    with gzip.open(tmp_path / "product_questions.csv.gz", "wt", newline="") as stream:
        writer = csv.DictWriter(stream, heads)
        writer.writeheader()
        for number, id_ in enumerate(IDS):
            for source, text, label in (
                ("attribute", "weight: { unit:pounds, normalized_value:{ unit:pounds, value:2.5 }, value:2.5 }", "2"),
                ("attribute", 'platform:  { value:"pc" }; { value:mac }', "0"),
                ("review", "I like it", "2"),
                ("bullet", "Blue", "1"),
            ):
                row = {"qid": number, "question": "how heavy?", "ASIN": id_, "candidate": text, "source": source}
                writer.writerow({**row, "title": "Lamp", "label": label})
    [one] = asked_publicly(tmp_path, "a")
    assert (one.product_id, one.title, one.question) == (IDS[0], "Lamp", "how heavy?")
    assert one.listed == (
        PublicPassage("attribute", "weight", "2.5 pounds", 2),
        PublicPassage("attribute", "platform", "pc, mac", 0),
        PublicPassage("bullet", "", "Blue", 1),
    )
    assert [other.product_id for other in asked_publicly(tmp_path, "b")] == [IDS[1]]


def test_questions_with_the_passage_that_answers(tmp_path: Path) -> None:
    rows = [
        (IDS[0], "is it blue?", "it is blue", "yes", "bullet"),
        (IDS[0], "how tall?", "10 inches tall", "10 inches", "Desc"),
        (IDS[0], "any good?", "i like it", "yes", "review"),
        (IDS[1], "is it red?", "it is red", "yes", "OSP"),
    ]
    with gzip.open(tmp_path / "answers_from_evidence.csv.gz", "wt") as stream:
        stream.writelines("\t".join(row) + "\n" for row in rows)
    first, second = asked_with_evidence(tmp_path, "a")
    assert [(one.text, one.label) for one in first.listed] == [("it is blue", 2), ("10 inches tall", 0)]
    assert [(one.text, one.label) for one in second.listed] == [("it is blue", 0), ("10 inches tall", 2)]
