"""How well a merchant's lines are read; page: merchant_lines.md.

    python benchmarks/merchant_lines.py [--half a|b] [--wrong]

`lines/merchant_a.tsv` was looked at while the cues were written, `lines/merchant_b.tsv` was not. A line is right where
its intent and its language are; of answers and synonyms where both slots are there, too.
"""

from __future__ import annotations

import argparse
from collections import defaultdict

from bottega.models.dialogue.merchant_lines import read_merchant_line
from common import HERE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=["a", "b"])
    parser.add_argument("--wrong", action="store_true", help="print the lines that were read wrong")
    given = parser.parse_args()
    print(
        "| half | all | en | de | fr | es | it | done wrong | not understood |\n|---|---|---|---|---|---|---|---|---|"
    )
    for half in [given.half] if given.half else ["a", "b"]:
        right: dict[str, list[bool]] = defaultdict(list)
        wrong = unsure = 0
        rows = (HERE / "lines" / f"merchant_{half}.tsv").read_text("utf-8").splitlines()
        for language, intent, text in (row.split("\t") for row in rows):
            read = read_merchant_line(text)
            ok = (read.intent, read.language) == (intent, language)
            ok = ok and (intent not in ("answer", "means") or len(read.slots) == 2)
            for group in ("all", language):
                right[group].append(ok)
            unsure += not ok and read.intent == "unsure"
            wrong += read.intent not in (intent, "unsure")
            if given.wrong and not ok:
                print(f"{half} {language} {intent} -> {read.language} {read.intent} {read.slots}: {text}")
        cells = [f"{sum(right[one]) / len(right[one]):.2f}" for one in ("all", "en", "de", "fr", "es", "it")]
        print(f"| {half} | {' | '.join(cells)} | {wrong} | {unsure} |")


if __name__ == "__main__":
    main()
