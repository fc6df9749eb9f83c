"""What is known of a product: its listing as facts, those that contradict each other apart.

Idea     Attributes speak first, then the title says what they leave open. A title that names another colour, material
         or person than the attribute contradicts it, unless one is a kind of the other or somebody accepted the value:
         then that wins. What a machine guessed is offered, never claimed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from html import unescape

from bottega.languages.fold import SIZE_WORDS, tokens
from bottega.languages.kinship import agree, upwards
from bottega.languages.writing import concepts_named, writing
from bottega.models.wording.facts import Contradiction, Fact, FactSheet, FactSource, GivenListing
from bottega.models.wording.keys import NAMESPACES, PICTURED, VAGUE, key_of, rank
from bottega.models.wording.title import TitleFact, TitleRead, read_title
from bottega.placeholders import says_nothing

__all__ = ["known"]

VALUE_MOST = 60
"""Longer values are prose."""
VALUES_MOST = 4
"""Of one attribute; more are a list for filters."""
FEATURES_MOST = 6
SURE = 0.9
"""Of what a title says, and the listing bears out."""
_CHECKED = ("colour", "material", "people", "pattern", "season", "occasion", "kind")
"""Keys whose title's word is held against the attribute's."""
_AND = re.compile(r"\s*(?:&|,|,?\s(?:and|und|et|y|e))\s*", re.IGNORECASE)
_TAG_END = re.compile(r"^([^<>]*?)\s*(?:\"\s*/?|/)>$")
"""What a tag left behind a title that was cut out of a page."""
_PROSE = re.compile(r"https?:|<\w|[{}]|\n")


def known(listing: GivenListing) -> FactSheet:
    """Everything that may be said of a product, or offered to whoever sells it."""
    title = _TAG_END.sub(r"\1", " ".join(unescape(listing.title).split()))
    given = _given(listing)
    own: dict[str, list[str]] = defaultdict(list)
    for fact in given:
        own[fact.key].append(fact.value)
    kinds = frozenset(fact.concept for fact in given if fact.key == "kind")
    read = read_title(title, listing.language, own, kinds=kinds, makers=listing.makers, common=listing.common)
    said = [_of_title(listing, one) for one in read.found if not (one.key == "front" and _is_brand(one, listing.brand))]
    kept, contradictions = _settled(given, said, read, listing)
    kept = [replace(fact, claimed=False) if _is_of_a_set(fact, title, listing.language) else fact for fact in kept]
    if any(PICTURED & set(upwards(one)) for one in read.kinds_meant | kinds):
        kept = [replace(fact, claimed=False) if _may_be_pictured(fact) else fact for fact in kept]
    sheet = [*kept, Fact(listing.id, "title", title, FactSource.TITLE, at=(0, len(title)))]
    if listing.price is not None:
        amount, currency = listing.price
        sheet.append(Fact(listing.id, "price", amount, FactSource.PRICE, unit=currency))
    sheet = [fact for fact in sheet if not _told(fact, sheet)]
    claimed = _once(fact for fact in sheet if fact.claimed and not _is_empty_talk(fact, listing.language))
    offered = [fact for fact in sheet if not fact.claimed]
    for guess in listing.offered:
        key = key_of(guess.attribute) or ("kind" if guess.attribute == "category" else "")
        if key:
            fact = _fact(listing, key, guess.value.rpartition(" > ")[2], FactSource.EYE, guess.attribute)
            offered.append(replace(fact, claimed=False, confidence=guess.confidence))
    numbered = any(one.key in ("stated", "part_number", "count", "dimensions", "feature") for one in read.found)
    whole = read.whole and not numbered
    ordered = sorted(claimed, key=lambda fact: rank(fact.key))
    return FactSheet(listing.id, listing.language, tuple(ordered), tuple(offered), tuple(contradictions), whole)


def _given(listing: GivenListing) -> list[Fact]:
    """What attributes, brand and category say."""
    facts: list[Fact] = []
    if listing.brand and not says_nothing(listing.brand):
        facts.append(Fact(listing.id, "brand", listing.brand.strip(), FactSource.BRAND))
    for name, values in listing.attributes.items():
        key = key_of(name)
        if key is None or len(values) > VALUES_MOST:
            continue
        source = FactSource.ACCEPTED if name in listing.accepted else FactSource.ATTRIBUTE
        for value in values:
            text = " ".join(unescape(value).split())
            if not text or len(text) > VALUE_MOST or says_nothing(text) or _PROSE.search(value):
                continue
            if text.casefold() in ("true", "false", "yes", "no", "0", "default title"):
                continue
            fact = _fact(listing, key, text, source, name)
            if fact.concept or not _is_a_thing(key, text, listing.language):
                facts.append(fact)
    if not any(fact.key == "kind" and fact.concept for fact in facts):
        source = FactSource.ACCEPTED if "category" in listing.accepted else FactSource.CATEGORY
        for level in reversed(listing.category):
            fact = _fact(listing, "kind", level, source, "category")
            if fact.concept:
                facts.append(fact)
                break
    if listing.category:
        facts.append(Fact(listing.id, "category", " > ".join(listing.category), FactSource.CATEGORY, place="category"))
    return facts


def _is_a_thing(key: str, value: str, language: str) -> bool:
    """Whether what shall be a material or a pattern is the name of a thing: "Necklace" among the materials."""
    if key not in ("material", "pattern", "season", "occasion"):
        return False
    named = {one for code in (language, "en") for one in concepts_named(tuple(tokens(value)), code)}
    return bool(named) and all(one.startswith("kind.") for one in named)


def _fact(listing: GivenListing, key: str, value: str, source: FactSource, place: str) -> Fact:
    concept = concept_of(value, NAMESPACES.get(key, ("value",)), listing.language)
    return Fact(listing.id, key, value, source, concept=concept, place=place)


@lru_cache(50_000)
def concept_of(value: str, spaces: tuple[str, ...], language: str) -> str:
    """The concept that a value is the very name of; a value of several languages is read as the listing's first."""
    phrase = tuple(tokens(value))
    for spoken in dict.fromkeys((language, "en")):
        named = [one for one in concepts_named(phrase, spoken) if one.split(".")[0] in spaces and one not in VAGUE]
        if named:
            # "glasses" are to drink from or to see with: what the category leaves open is not guessed.
            return "" if len(named) > 1 and spaces == ("kind",) else named[0]
    return ""


def _of_title(listing: GivenListing, one: TitleFact) -> Fact:
    likely = one.unit == "?"
    concept = concept_of(one.value, NAMESPACES["feature"], listing.language) if one.key == "feature" else one.concept
    return Fact(
        listing.id,
        one.key,
        one.value,
        FactSource.TITLE,
        unit="" if likely else one.unit,
        concept=concept,
        at=(one.start, one.end),
        confidence=0.6 if likely or not one.sure else SURE,
        claimed=one.sure,
    )


def _is_brand(one: TitleFact, brand: str) -> bool:
    return bool(brand) and tokens(one.value) == tokens(brand)


def _settled(
    given: Sequence[Fact], said: Sequence[Fact], read: TitleRead, listing: GivenListing
) -> tuple[list[Fact], list[Contradiction]]:
    """Attributes and title together: what agrees once, what one leaves open from the other, what contradicts apart."""
    kept = [fact for fact in given if fact.key not in _CHECKED]
    contradictions: list[Contradiction] = []
    by_key: dict[str, list[Fact]] = defaultdict(list)
    for fact in given:
        by_key[fact.key].append(fact)
    titled: dict[str, list[Fact]] = defaultdict(list)
    for fact in said:
        titled[fact.key].append(fact)
    for key in _CHECKED:
        mine, theirs = by_key[key], titled[key]
        named = [fact for fact in theirs if fact.concept]
        if not mine:
            kept += theirs
        elif key == "kind" and not named and _is_of_another(mine, read):
            kept += [replace(fact, claimed=False) for fact in mine]
        elif key == "people" and _is_for_children(named) and not _is_for_children(mine):
            contradictions.append(Contradiction(key, (*mine, *named)))
        elif not named or any(agree(a.concept, b.concept) for a in mine for b in named if a.concept):
            kept += _narrower(key, mine, [one for one in named if one.claimed], named, read.title, listing.language)
        elif _attribute_wins(key, mine, named, read):
            kept += mine
        else:
            contradictions.append(Contradiction(key, (*mine, *named)))
    taken = {(fact.key, tuple(tokens(fact.value))) for fact in kept}
    open_keys = {fact.key for fact in given}
    for fact in said:
        if fact.key in _CHECKED or (fact.key, tuple(tokens(fact.value))) in taken:
            continue
        if fact.key not in open_keys or fact.key in ("feature", "stated"):
            kept.append(fact)
    return kept, contradictions


def _attribute_wins(key: str, mine: Sequence[Fact], named: Sequence[Fact], read: TitleRead) -> bool:
    """Whether the title's other word is no contradiction: the value was accepted, or either may mean something else."""
    if any(fact.source is FactSource.ACCEPTED for fact in mine) or not all(fact.concept for fact in mine):
        return True
    if key == "colour":
        return not _colours_clash(mine, named, read)
    if key == "people":
        return False  # who else is named in a title is meant, wherever it stands
    return not any(fact.claimed for fact in named)


def _is_for_children(facts: Sequence[Fact]) -> bool:
    """Whether any says that it is for children: what a title calls "kids' unisex" is for no women and men."""
    return any({"people.kids", "people.baby"} & set(upwards(fact.concept)) for fact in facts if fact.concept)


def _is_of_another(mine: Sequence[Fact], read: TitleRead) -> bool:
    """Whether a category alone says what it is, and the title ends in a word that nobody reads: a "camera grip" among
    the cameras, a "marmalade delight" among the bowls; but no "chainsaw" among the saws."""
    last = tokens(read.title)[-1:]
    compound = any(word and last and last[0].endswith(word) for fact in mine for word in tokens(fact.value)[-1:])
    compound |= any(
        last and last[0].endswith(tokens(fact.value)[-1].removesuffix("s")) for fact in mine if tokens(fact.value)
    )
    return read.another and not compound and all(fact.source is FactSource.CATEGORY for fact in mine)


def _is_several(fact: Fact, language: str) -> bool:
    """Whether a title names more than one of it."""
    word = writing(language).words.get(fact.concept)
    if word is None or word.noun_class in writing(language).plural:
        return False  # jeans are several in any case
    return fact.value.casefold() == (writing(language).several(word) or "").casefold()


def _listed_with(mine: Fact, named: Sequence[Fact], title: str) -> list[Fact]:
    """The colours that a title lists with the attribute's: "Beige & Green" of what is beige by its attribute."""
    runs: list[list[Fact]] = []
    for fact in sorted((one for one in named if one.at is not None), key=lambda one: one.at or (0, 0)):
        last = runs[-1][-1].at if runs else None
        if last is not None and fact.at is not None and _AND.fullmatch(title[last[1] : fact.at[0]]):
            runs[-1].append(fact)
        else:
            runs.append([fact])
    run = next((run for run in runs if len(run) > 1 and mine.concept in {one.concept for one in run}), [])
    return [replace(one, claimed=True, confidence=SURE) for one in run]


def _narrower(
    key: str, mine: Sequence[Fact], theirs: Sequence[Fact], every: Sequence[Fact], title: str, language: str
) -> list[Fact]:
    """Of two that agree, the attribute's; for the thing itself, what says more, and the title's own word where only a
    category says another; for colours the whole list that the title has."""
    if key == "kind" and len(mine) == 1:
        for fact in theirs:
            if fact.concept != mine[0].concept and mine[0].concept in upwards(fact.concept):
                return [replace(fact, confidence=SURE)]
            if mine[0].source is not FactSource.CATEGORY or fact.concept in upwards(mine[0].concept)[1:]:
                continue
            if fact.concept != mine[0].concept or _is_several(fact, language):
                return [replace(fact, confidence=SURE)]
    if key == "material":
        plated = {one.concept: fact for one in mine for fact in every if one.concept in upwards(fact.concept)[1:]}
        return [replace(plated[one.concept], claimed=True) if one.concept in plated else one for one in mine]
    if key == "colour" and len(mine) == 1:
        return _listed_with(mine[0], every, title) or list(mine)
    return list(mine)


def _colours_clash(mine: Sequence[Fact], named: Sequence[Fact], read: TitleRead) -> bool:
    """Whether the title is sure to name another colour; a colour in a name ("Red Tape") is none."""
    sure = any(fact.claimed or fact.concept in read.colours_plain for fact in named)
    return sure and not any(agree(fact.concept, other) for fact in mine for other in read.colours_meant)


def _once(facts: Iterable[Fact]) -> list[Fact]:
    """Each once by its name, or by what it means, and no more features than a text can bear."""
    found: dict[str, Fact] = {}
    meant: set[tuple[str, str]] = set()
    features = 0
    for fact in facts:
        if fact.concept and (fact.key, fact.concept) in meant:
            continue
        meant.add((fact.key, fact.concept))
        if fact.key == "feature":
            features += fact.name not in found
            if features > FEATURES_MOST:
                continue
        found.setdefault(fact.name, fact)
    return list(found.values())


def _is_of_a_set(fact: Fact, title: str, language: str) -> bool:
    """Whether a title names several things together, of which a category names one: "Lounge Set" among the tables."""
    if fact.key != "kind" or fact.source not in (FactSource.CATEGORY, FactSource.TITLE):
        return False
    words = tokens(re.split(r"[,;:|(\[]", title)[0])
    kind = tokens(fact.value)
    return bool(words) and words[-1] in writing(language).sets and not (kind and kind[-1] == words[-1])


def _may_be_pictured(fact: Fact) -> bool:
    """Whether a word of the title may tell what is shown: a "travel poster" is not for travelling."""
    return fact.source is FactSource.TITLE and fact.key in ("occasion", "season", "people", "colour", "material")


def _told(fact: Fact, sheet: Sequence[Fact]) -> bool:
    """Whether another fact says all of it: "size L" of a title beside the attribute, "20 sheets" of a longer piece."""
    if fact.key not in ("feature", "stated"):
        return False
    words = set(tokens(fact.value)) - SIZE_WORDS
    given = [other for other in sheet if other.claimed and other.key not in ("name", "title", fact.key)]
    if fact.key == "feature" and any(fact.value in other.value for other in sheet if other.key == "name"):
        return True
    if fact.key == "stated":
        given += [other for other in sheet if other.key in ("feature", "name")]
    return any(words <= set(tokens(other.whole)) for other in given)


def _is_empty_talk(fact: Fact, language: str) -> bool:
    """Whether a piece of a title holds a phrase that no text may hold."""
    text = f" {fact.value.casefold()} "
    return fact.key not in ("title", "brand", "price") and any(phrase in text for phrase in writing(language).never)
