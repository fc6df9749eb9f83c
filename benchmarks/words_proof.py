"""The proof of texts, judged: planted inventions, true texts in other words, and what a shop would see.

    python benchmarks/words_proof.py planted [--half A|B]      500 inventions, false alarms on true texts
    python benchmarks/words_proof.py paraphrases [--half A|B]  true texts that people put in other words
    python benchmarks/words_proof.py shop [--few N]            products of four sets in five languages, at the door
    python benchmarks/words_proof.py counts                    counts of reviews, said wrongly in one place
    python benchmarks/words_proof.py speed [--few N]           10,000 listings: seconds, milliseconds, memory

Half A was looked at while the proof was built; half B was written apart and is what it is judged by. The sets are
described in words_planted.py; listings come from the data beside the project (words_data.py).
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter, defaultdict

from bottega.actions.wording.describe import described
from bottega.actions.wording.shapes import DescribedListing, DescribeRequest
from bottega.languages.fold import tokens
from bottega.languages.kinship import upwards
from bottega.languages.stems import stem
from bottega.languages.writing import writing_languages
from bottega.models.wording.derivation import why_not
from bottega.models.wording.facts import Fact, FactSheet, FactSource
from bottega.models.wording.text import Text, TextKind
from bottega.models.wording.verify import verify
from bottega.models.wording.writer import ListingWriter
from common import HERE, machine, peak_mb
from words_counts import counts
from words_data import SETS, products_of, sheets_of
from words_planted import KINDS, planted

LANGUAGES = tuple(code for code in ("en", "de", "fr") if code in writing_languages())
HALF_SEEDS = {"A": 21, "B": 22}
SAID = frozenset({"title", "name", "category", "price", "review"})
"""Keys that a description need not say."""
KEYWORD_KEYS = ("kind", "colour", "material", "people", "brand", "pattern")


def plant(half: str) -> None:
    """Inventions planted in descriptions, and the same texts untouched."""
    draw = random.Random(HALF_SEEDS[half])
    texts: list[tuple[Text, FactSheet]] = []
    true = alarms = 0
    reasons: Counter[str] = Counter()
    for name in SETS:
        for sheet in sheets_of(products_of(name, 400, seed=HALF_SEEDS[half])):
            for language in LANGUAGES:
                listing = ListingWriter(language).listing(sheet, seed=HALF_SEEDS[half])
                for text in (listing.title, *listing.bullets, listing.description, listing.alt):
                    true += 1
                    if found := why_not(text, sheet):
                        alarms += 1
                        reasons[found[0]] += 1
                if not why_not(listing.description, sheet):
                    texts.append((listing.description, sheet))
    print(f"half {half}, {machine()}, languages {' '.join(LANGUAGES)}")
    print(f"true texts {true:,}, refused {alarms} ({alarms / true:.4f})")
    for reason, times in reasons.most_common(8):
        print(f"  {times} {reason[:140]}")
    by_sheet = planted(half, texts, 250, draw)
    sheets = {(text.subject, text.language): sheet for text, sheet in texts}
    caught: defaultdict[str, list[bool]] = defaultdict(list)
    for one in by_sheet:
        is_caught = not verify(one.text, sheets[one.product, one.language], one.language).proved
        caught[one.kind].append(is_caught)
        if not is_caught:
            print(f"  missed {one.kind} ({one.how}, {one.language}): {one.text[:300]!r}")
    for kind in KINDS:
        print(f"{kind}: {sum(caught[kind])} of {len(caught[kind])}")
    everything = [one_caught for kind in KINDS for one_caught in caught[kind]]
    print(f"caught {sum(everything)} of {len(everything)} ({sum(everything) / len(everything):.4f})")


def paraphrases(half: str) -> None:
    """Texts that say the facts in a person's words: how many are proved."""
    kept = json.loads((HERE / "words_paraphrases.json").read_text())
    proved: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for language, product, text in kept[half]:
        facts = [
            Fact(product, key, value, FactSource.ATTRIBUTE, unit=unit, place=key)
            for key, value, unit in kept["facts"][product]
        ]
        report = verify(text, facts, language)
        count[language] += 1
        proved[language] += report.proved
        if not report.proved:
            print(f"  {language}: {text!r}: {'; '.join(report.reasons)}")
    print(
        f"half {half}: proved {proved.total()} of {count.total()}; "
        + ", ".join(f"{code} {proved[code]}/{count[code]}" for code in count)
    )


def shop(few: int) -> None:
    """What describe gives: the door itself, with the proof in it."""
    print(machine())
    for name, many in SETS.items():
        sheets = sheets_of(products_of(name, min(many, few) if few else many))
        for language in writing_languages():
            _tell(name, language, sheets)


def _tell(name: str, language: str, sheets: list[FactSheet]) -> None:
    writer = ListingWriter(language)
    draw = random.Random(7)
    false = texts = refused = rich = few_facts = asked = covered = 0
    true_words = placed = untrue_words = kept_out = 0
    starts: list[tuple[str, ...]] = []
    frames: Counter[tuple[str, ...]] = Counter()
    began = time.process_time()
    for sheet in sheets:
        want = [fact for fact in sheet.claimed if fact.key not in SAID]
        ask = draw.sample(want, min(3, len(want)))
        true = _keywords(sheet, draw)
        untrue = _keywords(draw.choice(sheets), draw, against=sheet)
        one = described(
            writer,
            sheet,
            DescribeRequest(
                product_ids=[sheet.subject], facts=[fact.name for fact in ask], keywords=[*true, *untrue], explain=True
            ),
        )
        refused += len(one.refused) > 0
        for at, text in _texts_of(one):
            texts += 1
            parts = (one.sentences or {}).get(at, [])
            own = sheet.named(name for part in parts for claim in part.claims for name in claim.facts)
            false += not (verify(text, sheet, language).proved or verify(text, own, language, sheet.language).proved)
        claimed = {
            claim
            for said in (one.sentences or {}).get("description", [])
            for part in said.claims
            for claim in part.facts
        }
        if len(want) >= 4:
            rich += 1
            few_facts += len(claimed) < 4
        asked += len(ask)
        whole = f" {' '.join(tokens(one.description))} "
        covered += sum(fact.name in claimed or f" {' '.join(tokens(fact.value))} " in whole for fact in ask)
        was = _placed(one, true)
        true_words, placed = true_words + len(true), placed + was
        untrue_words, kept_out = untrue_words + len(untrue), kept_out + len(untrue) - _placed(one, untrue)
        starts.append(tuple(one.description.split()[:5]))
        frames[tuple(said.frame for said in (one.sentences or {}).get("description", []))] += 1
    ms = (time.process_time() - began) * 1000 / len(sheets)
    some = starts[:500]
    times = Counter(some)
    same = sum(times[start] > 1 for start in some) / len(some)
    print(
        f"{name} {language}: {len(sheets):,} products, {texts:,} texts; claims beyond the facts {false}; products of "
        f"which something was refused {refused}; under four facts {few_facts} of {rich:,}; asked facts said {covered} "
        f"of {asked:,}; keywords placed {placed} of {true_words:,}, untrue ones refused {kept_out} of "
        f"{untrue_words:,}; first five words shared {same:.3f}; distinct plans {len(frames)}; {ms:.1f} ms a product",
        flush=True,
    )


def _texts_of(one: DescribedListing) -> list[tuple[str, str]]:
    bullets = [(f"bullets.{place}", bullet) for place, bullet in enumerate(one.bullets)]
    return [("title", one.title), *bullets, ("description", one.description), ("alt", one.alt)]


def _placed(one: DescribedListing, asked: list[str]) -> int:
    """Keywords that are said to be placed and stand there."""
    whole = f" {' '.join(tokens(' '.join((one.title, *one.bullets, one.description))))} "
    told = {keyword.keyword: keyword.placed for keyword in one.keywords}
    return sum(told.get(keyword, False) and f" {' '.join(tokens(keyword))} " in whole for keyword in asked)


def _keywords(sheet: FactSheet, draw: random.Random, against: FactSheet | None = None) -> list[str]:
    """Values that a fact bears out; or, against another product, such as none of its facts holds a word of."""
    values = [fact.value for fact in sheet.claimed if fact.key in KEYWORD_KEYS]
    if against is not None:
        known = {stem(word, "en") for fact in against.claimed for word in tokens(fact.whole)}
        # What a thing is a kind of is true of it: a fountain pen is a pen, a T-shirt a top.
        concepts = {one for fact in against.claimed for one in upwards(fact.concept)}
        values = [
            fact.value
            for fact in sheet.claimed
            if fact.key in KEYWORD_KEYS
            and not known & {stem(word, "en") for word in tokens(fact.value)}
            and fact.concept not in concepts
        ]
    return draw.sample(values, min(2, len(values)))


def speed(few: int) -> None:
    """Ten thousand listings, one after the other."""
    products = products_of("fashion", few or 10_000)
    sheets = sheets_of(products[:200])
    request = DescribeRequest(product_ids=["one"])
    for language in LANGUAGES:
        writer = ListingWriter(language)
        for sheet in sheets[:50]:
            described(writer, sheet, request)
    before = peak_mb()
    began = time.process_time()
    sheets = sheets_of(products)
    read = time.process_time() - began
    writer, began, waits = ListingWriter("en"), time.process_time(), list[float]()
    for sheet in sheets:
        at = time.process_time()
        described(writer, sheet, request)
        waits.append((time.process_time() - at) * 1000)
    written = time.process_time() - began
    began = time.process_time()
    text = writer.text(sheets[0], TextKind.DESCRIPTION)
    for _ in range(1000):
        verify(text.text, sheets[0], "en")
    one_ms = time.process_time() - began
    waits.sort()
    print(machine())
    more = peak_mb() - before
    print(
        f"{len(sheets):,} listings: facts {read:.1f} CPU s, written and proved {written:.1f} CPU s; {more:.0f} MB more"
    )
    middle, last = waits[len(waits) // 2], waits[len(waits) * 99 // 100]
    print(f"one listing: median {middle:.1f} ms, p99 {last:.1f} ms; one proof {one_ms:.2f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("planted", "paraphrases", "shop", "counts", "speed"))
    parser.add_argument("--half", choices=("A", "B"), default=None)
    parser.add_argument("--few", type=int, default=0)
    given = parser.parse_args()
    for half in [given.half] if given.half else ["A", "B"]:
        if given.what == "planted":
            plant(half)
        elif given.what == "paraphrases":
            paraphrases(half)
    if given.what == "shop":
        shop(given.few)
    elif given.what == "counts":
        counts()
    elif given.what == "speed":
        speed(given.few)


if __name__ == "__main__":
    main()
