"""A line as an intent and its slots: what the reader takes it for, and what the shop's search understands of it.

Idea     The reader knows what is wanted and where a line points; the search knows the shop's words. Together they
         fill a flat form (type, brand, colour, material, gender, prices, size, what is excluded, places of the list)
         that can be compared with what somebody else wrote down for the line. Talks need no such form: they keep
         the wish by the fields of the shop (actions/assistant/hearing.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from bottega.actions.assistant.hearing import key_of
from bottega.actions.assistant.plain_words import plainly
from bottega.languages.fold import fold, tokens
from bottega.languages.lexicon import lexicon
from bottega.models.dialogue.commands import Command, Intent, LineReading, PointingWay
from bottega.models.dialogue.cues import cues
from bottega.models.dialogue.known_words import known_words
from bottega.models.dialogue.line_words import line_words
from bottega.models.search.listing import BRAND
from bottega.models.search.query import Query
from bottega.models.search.sizes import size_in
from bottega.models.search.spelling import edits
from bottega.models.search.unit import Unit
from bottega.models.search.vocabulary import Vocabulary

__all__ = ["flat_intent", "line_slots"]

SURE = 0.84
"""So surely a value is meant by words to fill a slot."""
SLIP_FROM = 5
"""Shorter brands are read as they are typed."""
PART_OF_NAME = 0.75
"""So surely a word means a value that is called by more words: "Benetton"."""
_FLAT: Mapping[Intent, str] = {
    Intent.SEARCH: "search", Intent.REFINE: "refine", Intent.MORE: "refine", Intent.CORRECTION: "refine",
    Intent.COMPARE: "compare", Intent.SUGGEST: "suggest", Intent.LOOK: "suggest", Intent.CLOSET: "suggest",
    Intent.ORDER: "ask_delivery", Intent.PERSON: "human", Intent.COMPLAINT: "complain", Intent.CHAT: "chitchat",
    Intent.CANCEL: "chitchat", Intent.BEYOND: "injection",
}  # fmt: skip
_ASKED = {"size": "ask_size", "measure": "ask_size", "stock": "ask_delivery", "price": "ask_delivery"}
_FIRST = (Intent.PERSON, Intent.BEYOND, Intent.COMPLAINT)
"""What counts most of a line with several."""
_WISHING = frozenset({"search", "refine", "suggest"})
_NEGATED_MORE = re.compile(
    r"\b(?:no|not|nt|wont|dont|never|nicht|kein\w*|pas|jamais|non|ni)\b[^.!?]{0,24}?"
    r"\b(?:more|mehr|plus|mas|piu|over|above|uber|oltre|pase|depasse\w*|superi\w*)\b"
    r"|\b(?:more than|mehr als|plus de|mas de|piu di|oltre)\s+\S*\d[^.!?]{0,20}?\b(?:nicht?|pas|no|non)\b"
)
_TOO = re.compile(r"\b(?:too|bit|little|so|zu|etwas|trop|peu|si|aussi|muy|demasiado|tan|poco|troppo|po|cosi)\b")
_MAY = re.compile(
    r"\b(?:mind|matter|matters|object|can|could|may|if|darf|ruhig|kann|wenn|egal|peut|meme|grave|importe|puede|aunque|"
    r"importa|va bene|anche|puo|problema|quality|qualitat|qualite|calidad|qualita)\b"
)
_DEARER = re.compile(
    r"\b(?:more expensive|pricier|dearer|upmarket|fancier|luxur\w*|premium|high end|teurer\w*|hochwertig\w*|edler\w*|"
    r"plus chere?s?|haut de gamme|luxe|mas car[oa]s?|gama alta|lujo\w*|mejor calidad|piu car[oaie]|fascia alta|lusso|"
    r"better quality|"
    r"bessere qualitat|meilleure qualite|spend more|pay more|paying more|"
    r"mehr ausgeben|depenser plus|gastar mas|spendere di piu|costa di piu)\b"
)
_NO_WISH = (
    r"(?:(?:do not|don t|dont|didn t) (?:want|like|wear|need)|hate|avoid|mag kein\w*|"
    r"without|leave out|leaving out|ohne|sans|sin|senza|nada de|niente|"
    r"will kein\w*|bitte kein\w*|nur kein\w*|bloss kein\w*|"
    r"(?:n )?aime pas|veux pas(?: de)?|deteste|evite\w*|"
    r"no quiero|no me gustan?|odio|evita\w*|non voglio|non mi piacciono|non mi piace)"
)
_BODY = re.compile(r"\b(?:\d[.,]\d\d|1m\d\d|\d{3})\b|\b\d{2,3} ?(?:cm|kg|kilos?|chili)\b|\b(?:wiege|peso|pese|weigh)\b")
_THIS_THING = re.compile(
    r"\b(?:this|that|these|those|diese[rsmn]?|ce|cet|cette|ces|est[aeo]s?|es[aeo]s?|quest[aeio]|quell[aeio]|quei)\s+\w{3,}"
)
_SIZE_PLACE = re.compile(
    r"\b(?:in|en|nel|nella|la|le|el|il|un|una|a|du|der|die|das|im|eine|einer|einem|size|of)\s+(3[2-9]|4\d|5[0-4]|2[5-9]|3[01]|[468]|1[0246])"
    r"(?![\d.,]*\s*(?:eur|€|\$|£|cm|kg|kilo|tag|day|jour|dia|giorn|woche|week|min|stunden|hour|%))\b"
)


def flat_intent(reading: LineReading) -> str:
    """The one word for a line: what is asked for before what is only said; `unsure` where the reader abstains."""
    found = _main(reading)
    if found is None:
        return "human" if Intent.PERSON in reading.unsure[:1] else "unsure"
    return _ASKED.get(found.about, "ask_material") if found.intent is Intent.ASK else _FLAT[found.intent]


def line_slots(
    text: str, reading: LineReading, understood: Callable[[str], Query], vocabulary: Vocabulary
) -> dict[str, Any]:
    """The slots of a line; `understood`: what the shop's search makes of a text."""
    flat = flat_intent(reading)
    found: dict[str, Any] = {}
    language = reading.language
    folded = re.sub(r"['’`´]", " ", fold(text))
    main = _main(reading)
    if flat in _WISHING:
        said = plainly(_corrected(text) if main is not None and main.intent is Intent.CORRECTION else text, language)
        query = understood(said)
        if framing := [word for word in query.read_as if _only_builds(word, language)]:
            query = replace(understood(_without_words(said, framing)), price=query.price)
        found |= _of_units(query, vocabulary, language)
        if brand := _brand(query, vocabulary, language):
            found["brand"] = brand
        if flat == "search" and set(found) == {"gender"} and _KIN.intersection(line_words(said)):
            found.pop("gender")  # a gift for somebody, with nothing named
        if main is not None and main.intent is Intent.LOOK and _THIS_THING.search(folded):
            found.pop("type", None)  # what it shall go with, not what is looked for
        if flat == "suggest" and not _FOR_WHOM.intersection(line_words(text)):
            found.pop("gender", None)
        if flat != "suggest":
            found |= _prices(query, folded) or _price_step(folded, language)
            told_off = main is not None and main.intent is Intent.CORRECTION  # "no, boots": boots are what is wanted
            if not told_off and (excluded := _excluded(said, folded, query, language)):
                found["exclude"] = excluded
        if material := _material(query, said, language, found):
            found["material"] = material
    if flat in ("search", "refine", "ask_size") and (size := _size(text, folded, flat, found)):
        found["size"] = size
    if flat in ("ask_material", "ask_delivery") and (colour := _colour_asked(understood(text), vocabulary, language)):
        found["colour"] = colour
    if flat == "ask_material" and (value := _value(text, language)):
        found["value"] = value
    if flat in ("refine", "compare", "ask_size", "ask_material", "ask_delivery") and (places := _places(reading)):
        found["ref"] = places[0] if len(places) == 1 else list(places)
    return found


def _main(reading: LineReading) -> Command | None:
    commands = reading.commands
    for intent in _FIRST:
        if one := next((command for command in commands if command.intent is intent), None):
            return one
    asked = [one for one in commands if one.intent is not Intent.CHAT]
    return asked[0] if asked else commands[0] if commands else None


def _corrected(text: str) -> str:
    """What a correction puts in the place of what was read: all before a "not"."""
    return re.split(r",?\s+(?:not|nicht|pas|no|non)\s+(?=\w)", text.strip(), maxsplit=1)[0] if len(text) > 12 else text


def _places(reading: LineReading) -> tuple[int, ...]:
    return tuple(
        dict.fromkeys(
            place
            for command in reading.commands
            for at in command.at
            if at.way is PointingWay.PLACE
            for place in at.places
        )
    )


def _of_units(query: Query, vocabulary: Vocabulary, language: str) -> dict[str, Any]:
    """Type, colour and for whom, by the shop's own names for them."""
    misread = {new for word, read in query.read_as.items() if _only_builds(word, language) for new in read}
    found: dict[str, Any] = {}
    for unit in query.units:
        if misread.intersection(unit.phrase) or all(_is_frame(word, language) for word in unit.phrase):
            continue
        if len(unit.phrase) == 1 and _COLOUR_WORD.match(unit.phrase[0]):
            continue  # "in the colour cream"
        values = _values(unit, vocabulary)
        if {"Boys", "Girls"} <= {name for slot, name in values if slot == "gender"}:
            continue  # children, of either
        for slot, name in values:
            if slot == "gender" and (name == "Unisex") != ("unisex" in unit.phrase):
                continue
            owned = bool(_WHOSE.search(fold(query.text)))
            if slot == "gender" and not _says_whom(unit.phrase, name, language, owned=owned):
                continue
            found.setdefault(slot, name)
            break
    if "gender" not in found and (people := _people(query.text, language, vocabulary)):
        found["gender"] = people
    return found


def _colour_asked(query: Query, vocabulary: Vocabulary, language: str) -> str:
    """The colour in which somebody asks whether there is one: "does it come in yellow?"."""
    said = set(tokens(query.text))
    for unit in query.units:
        if not said.issuperset(unit.phrase) or _COLOUR_WORD.match(unit.phrase[0]):
            continue
        means = lexicon().means(unit.phrase, (language,))
        listed = language == "de" or len(unit.phrase) > 1 or _is_listed(unit.phrase[0], language)
        if listed and any(one.concept.startswith("colour.") for one in means):
            return next((name for slot, name in _values(unit, vocabulary) if slot == "colour"), "")
    return ""


_COLOUR_WORD = re.compile(r"(?:colou?rs?|farben?|farbton|couleurs?|color(?:es)?|color[ei])$")


def _brand(query: Query, vocabulary: Vocabulary, language: str) -> str:
    """The brand, by the shop's own name for it: no word that is one by chance, nor one far from what was typed."""
    slips = {near[0]: word for word, near in query.read_as.items()}
    for unit in query.units:
        if unit.kind or all(_only_builds(word, language) for word in unit.phrase):
            continue
        if any(_is_listed(word, language) for word in unit.phrase) or any(
            edits(word, slips[word]) > 1 or len(word) < SLIP_FROM for word in unit.phrase if word in slips
        ):
            continue
        values = {
            vocabulary.value_of(term.key): weight  # type: ignore[arg-type]
            for term, weight in unit.terms.items()
            if term.space == "value" and weight >= PART_OF_NAME
        }
        if values and all(value.field == BRAND for value in values):
            best = max(values, key=lambda value: (values[value], -len(value.name), value.name))
            return " ".join(best.name if values[best] >= SURE else unit.phrase).title()
    return ""


def _is_listed(word: str, language: str) -> bool:
    """Whether a language has just this word for something, not only one of its stem: "titan" is no "titanio"."""
    return any(
        (word,) in lexicon().words[one.concept].get(language, ()) for one in lexicon().means((word,), (language,))
    )


def _material(query: Query, text: str, language: str, found: Mapping[str, Any]) -> str:
    """What it shall be of, as it was said, by itself or within a compound or a name ("denim jacket"); no word that
    another slot has `found`."""
    taken = {fold(str(found.get(name, ""))) for name in ("exclude", "brand")}
    phrases = [unit.phrase for unit in query.units if not unit.kind or len(unit.phrase) > 1]
    phrases += [tuple(one.split()) for one in query.unknown]
    for phrase in phrases:
        for word in phrase:
            means = {one.concept.partition(".")[0] for one in lexicon().means((word,), (language,))}
            if "material" not in means or "colour" in means or word in _SELDOM_MATERIALS or word not in fold(text):
                continue
            if word not in taken:
                return _as_within(text, word)
    return ""


_SELDOM_MATERIALS = frozenset({"down", "felt", "spitze", "hay", "haya"})
"""What mostly is none in talk."""


def _as_within(text: str, word: str) -> str:
    """A word as it was typed, by itself or within another: "Leder" in "Lederjacke"."""
    typed: list[str] = re.findall(r"[^\W\d_]+", text)
    within = [one for one in typed if word in fold(one) and len(fold(one)) == len(one)]
    if not within:
        return next((one for one in typed if fold(one) == word), word)
    shortest = min(within, key=len)
    at = fold(shortest).find(word)
    return shortest[at : at + len(word)]


def _says_whom(phrase: Sequence[str], name: str, language: str, *, owned: bool) -> bool:
    """Whether words name for whom a thing shall be: no pronoun, and no kin whose age nobody told; `owned`: whether it
    is somebody's ("ma fille")."""
    if all(word in lexicon().stops[language] or len(word) < 3 for word in phrase):
        return False
    kin = _KIN_ELSE.intersection(phrase) - (_GIRLS if not owned else frozenset())
    return not (kin or (name in ("Boys", "Girls") and (_WOMEN | _MEN).intersection(phrase)))


def _only_builds(word: str, language: str) -> bool:
    """Whether a word is one of those that sentences are built of."""
    return word in known_words(language) or word in lexicon().stops[language] or any(cues(language).found([word]))


def _without_words(text: str, words: Sequence[str]) -> str:
    """A text without words that the search took for slips of other ones."""
    return re.sub(r"[^\W\d_]+", lambda at: "" if fold(at[0]) in words else at[0], text)


@cache
def _is_frame(word: str, language: str) -> bool:
    """Whether a word only builds the sentence, whatever it names in another language."""
    if lexicon().means((word,), (language,)):
        return False
    return _only_builds(word, language)


def _values(unit: Unit, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """What slots a unit fills, the surest first."""
    found: list[tuple[float, str, str]] = []
    for term, weight in unit.terms.items():
        if term.space != "value" or weight < SURE:
            continue
        value = vocabulary.value_of(term.key)  # type: ignore[arg-type]
        key = key_of(value.field)
        slot = {"kind": "type", "colour": "colour", "people": "gender"}.get(
            key, "gender" if value.field == "gender" else ""
        )
        if slot == "type" and not unit.kind:
            continue
        if slot:
            found.append((weight, slot, " ".join(value.name).title()))
    found.sort(key=lambda one: -one[0])
    return [(slot, name) for _, slot, name in found]


_WOMEN = frozenset(
    {
        *("wife", "girlfriend", "mum", "mom", "mother", "grandma", "aunt", "sister"),
        *("her", "lady", "frau", "freundin", "mutter", "mama", "schwester", "oma"),
        *("tante", "femme", "copine", "mere", "maman", "soeur", "madame", "mujer"),
        *("novia", "madre", "hermana", "esposa", "suegra", "abuela", "moglie", "fidanzata"),
        *("mamma", "sorella", "suocera", "nonna"),
    }
)
_MEN = frozenset(
    {
        *("husband", "boyfriend", "dad", "father", "grandpa", "uncle", "brother", "him"),
        *("guy", "mann", "freund", "vater", "papa", "bruder", "opa", "onkel"),
        *("mari", "copain", "pere", "frere", "monsieur", "marido", "novio", "padre"),
        *("hermano", "esposo", "abuelo", "marito", "fidanzato", "fratello", "nonno"),
    }
)
_KIN = (_WOMEN | _MEN) - {"her", "him", "lady", "guy", "frau", "mann", "femme", "mujer", "monsieur", "madame"}
"""Whose kin is named."""
_GIRLS = frozenset({"fille", "filles"})
"""Kin, and girls where it is nobody's."""
_WHOSE = re.compile(r"\b(?:ma|mes|sa|ses|notre|nos|votre|vos|leurs?|la|une|ta|tes|belle|petite) filles?\b")
_KIN_ELSE = frozenset(
    {
        *("niece", "nephew", "cousin", "son", "daughter", "nichte", "neffe", "sohn", "tochter", "niece", "neveu"),
        *("fils", "fille", "sobrina", "sobrino", "hijo", "hija", "nipote", "figlio", "figlia"),
    }
)
"""Kin of any age."""


def _people(text: str, language: str, vocabulary: Vocabulary) -> str:
    """For whom, by whose it shall be: "for my husband"."""
    del language
    words = line_words(text)
    if not any(word in _FOR_WHOM for word in words):
        return ""
    known = {" ".join(vocabulary.value_of(value).name).title() for value in vocabulary.of_field("gender")}
    sides = {"Women": _WOMEN, "Men": _MEN}
    return next((name for word in words for name, kin in sides.items() if word in kin and name in known), "")


_FOR_WHOM = frozenset(
    {
        "for",
        "fur",
        "meine",
        "meinen",
        "meiner",
        "meinem",
        "pour",
        "para",
        "pa",
        "per",
        "my",
        "mi",
        "mio",
        "mia",
        "mon",
        "ma",
    }
)


def _prices(query: Query, folded: str) -> dict[str, Any]:
    least, most = query.price.least, query.price.most
    if least is not None and most is None and _NEGATED_MORE.search(folded):
        least, most = None, least
    found: dict[str, Any] = {}
    for name, amount in (("price_min", least), ("price_max", most)):
        if amount is not None:
            found[name] = int(amount) if amount == int(amount) else amount
    return found


def _price_step(folded: str, language: str) -> dict[str, str]:
    """Whether it shall cost less, or may cost more."""
    names = {name for at in cues(language).found(line_words(folded)) for name in at}
    dearer = _DEARER.search(folded)
    if dearer and not (_TOO.search(folded) and not _MAY.search(folded)) and "cheap" not in names:
        return {"price": "more"}
    if "cheap" in names:
        return {"price": "less"}
    if "dear" in names and not re.search(r"\d", folded):
        return {"price": "more"} if _MAY.search(folded) and not _TOO.search(folded) else {"price": "less"}
    return {}


def _excluded(text: str, folded: str, query: Query, language: str) -> str:
    """What it shall not be, as it was said."""
    for unit in query.excluded:
        said = [word for word in unit.phrase if word not in lexicon().stops[language] and not _small(word, language)]
        before = re.search(rf"(\w+)\s+{re.escape(unit.phrase[0])}\b", folded)
        said = [word for word in said if (len(word) > 2 and word not in _AMOUNTS) or word.isdigit()]
        if said and set(said) <= set(line_words(text)) | set(tokens(text)) and not (before and before[1] in _DEGREES):
            return _as_typed(text, said)
    denied = re.search(rf"\b{_NO_WISH}\s+(.*)", re.sub(r"['’`´]", " ", fold(text)))
    for word in line_words(denied[1]) if denied else []:
        if (
            word.isalpha()
            and len(word) > 2
            and word not in _AMOUNTS
            and not _small(word, language)
            and word not in lexicon().stops[language]
        ):
            if any(one.concept.startswith(("quality.", "size.")) for one in lexicon().means((word,), (language,))):
                continue
            return _as_typed(text, [word])
    return ""


_AMOUNTS = frozenset(
    {*("less", "weniger", "moins", "menos", "meno", "oltre", "over", "uber", "lower", "below", "unter")}
    | {*("euro", "euros", "eur", "dollar", "dollars", "pounds", "franken")}
)
"""Words of prices, that nothing is excluded by."""
_DEGREES = frozenset(
    {*("too", "so", "that", "as", "very", "zu", "sehr", "ganz", "trop", "si", "aussi", "tan", "muy", "demasiado")}
    | {*("nothing", "nichts", "rien", "nada", "niente", "me", "mi", "m", "te", "se", "he", "ho", "ai")}
    | {*("troppo", "cosi", "molto", "all", "plus", "mas", "piu", "mehr", "more")}
)


@cache
def _small(word: str, language: str) -> bool:
    """Whether a word only builds sentences: a cue that names nothing for sale."""
    found = {name for at in cues(language).found([word]) for name in at}
    return bool(found - {"use", "style", "material", "brand", "less"}) and not lexicon().means((word,), (language,))


def _as_typed(text: str, words: list[str]) -> str:
    typed = re.findall(r"[^\s,.;:!?()\"“”„«»]+", text)
    for word in words:
        for one in typed:
            if fold(re.sub(r"^\w{1,2}['’]", "", one)) == word:
                return re.sub(r"^\w{1,2}['’]", "", one)
    return " ".join(words)


def _size(text: str, folded: str, flat: str, found: Mapping[str, Any]) -> str:
    if (
        flat == "ask_size"
        and _BODY.search(folded)
        and not re.search(r"\b(?:usually|normally|normalerweise|sonst|d habitude|normalmente|di solito)\b", folded)
    ):
        return ""
    waist = re.search(r"\b(?:waist|bund|bundweite|tour de taille|cintura|girovita|w)\s?(\d\d)\b", folded)
    size = waist[1] if waist else size_in(folded, text)[0]
    if not size and (one := re.search(r"\bin an? (\d{1,2}(?:[.,]5)?)(?![\w€$£])", folded)):
        size = one[1]
    if not size and "price_max" not in found and "price_min" not in found:
        placed = _SIZE_PLACE.findall(folded)
        size = placed[0] if len(placed) == 1 else ""
    return size.upper() if size.isalpha() else size


def _value(text: str, language: str) -> str:
    """The material that is asked about, as it was said."""
    for word in re.findall(r"[^\W\d_]+", re.sub(r"\b\w{1,2}['’]", "", text)):
        if any(one.concept.startswith("material.") for one in lexicon().means((fold(word),), (language,))):
            return str(word)
    return ""
