"""At which products a line points: "the second one", "these", "it", "the blue one", "the jeans I bought last week"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bottega.languages.fold import fold
from bottega.languages.lexicon import lexicon
from bottega.models.dialogue.commands import Pointing, PointingWay
from bottega.models.dialogue.line_words import line_words

__all__ = ["pointings"]

_ORDINALS: Mapping[str, tuple[str, ...]] = {
    "en": ("first|1st", "second|2nd", "third|3rd", "fourth|4th", "fifth|5th", "sixth|6th"),
    "de": tuple(f"{one}[rsnm]?" for one in ("erste", "zweite", "dritte", "vierte", "funfte", "sechste")),
    "fr": (
        "premiere?|1ere?|1er",
        "deuxieme|seconde?|2e|2eme",
        "troisieme|3e|3eme",
        "quatrieme|4e|4eme",
        "cinquieme",
        "sixieme",
    ),
    "es": ("primer[oa]?", "segund[oa]", "tercer[oa]?", "cuart[oa]", "quint[oa]", "sext[oa]"),
    "it": ("prim[oa]", "second[oa]", "terz[oa]", "quart[oa]", "quint[oa]", "sest[oa]"),
}
_LAST = {"en": "last", "de": "letzte[rsnm]?", "fr": "dernier|derniere", "es": "ultim[oa]", "it": "ultim[oa]"}
_NO_LAST = {
    "en": r"last (?:time|week|month|year|night|monday|tuesday|wednesday|thursday|"
    r"friday|saturday|sunday|summer|winter|spring|order|long)|at last",
    "de": r"letzte[rsnm]? (?:mal|woche|monat|jahr|bestellung|sommer|winter|zeit|kauf)",
    "fr": r"derniere fois|mois dernier|semaine derniere|l annee derniere|derniere commande|dernier achat",
    "es": r"ultima vez|ultimo mes|ultimo pedido|ultimamente|ultima compra",
    "it": r"ultima volta|ultimo mese|ultimo ordine|ultimo acquisto",
}
_NO_FIRST = {
    "en": r"first (?:of all|wash|day|time)|one second|a second|second hand|second time|third time|second thought",
    "de": r"erste[nmrs]? (?:mal|tag|wasche)|zweite[ns]? mal|dritte[ns]? mal",
    "fr": r"premiere fois|premier lavage|premier jour|troisieme fois|deuxieme fois|seconde main|une seconde",
    "es": r"primera vez|primer dia|primer lavado|tercera vez|segunda vez|segunda mano|un segundo",
    "it": r"prima volta|primo giorno|primo lavaggio|terza volta|"
    r"seconda volta|seconda mano|un secondo|prima di|secondo (?:me|te|voi)|come prima|quanto prima",
}
_FIRST_SOME = {
    "en": r"first (two|three|2|3)", "de": r"(?:ersten (beiden|zwei|drei|2|3)|(beiden) ersten)",
    "fr": r"(deux|trois|2|3) premiers?|(deux|trois) premieres|premiers (deux|trois)|premieres (deux|trois)",
    "es": r"(dos|tres|2|3) primer[oa]s|primer[oa]s (dos|tres)", "it": r"prim[ie] (due|tre|2|3)",
}  # fmt: skip
_COUNTS = {
    "two": 2,
    "2": 2,
    "beiden": 2,
    "zwei": 2,
    "deux": 2,
    "dos": 2,
    "due": 2,
    "three": 3,
    "3": 3,
    "drei": 3,
    "trois": 3,
    "tres": 3,
    "tre": 3,
}
_NUMBER = re.compile(
    r"(?:\b(?:number|nummer|nr|no|numero|num|n|option|opcion|opzione|produkt|product|item|artikel|article)\.?\s*|#\s*)(\d{1,2}|one|two|three|four|eins|zwei|drei|vier|un|deux|trois|quatre|uno|dos|tres|cuatro|due|tre|quattro)\b"
)
_PAIR = re.compile(
    r"(?<![\d.,€$])\b(\d|one|two|three|four|eins|zwei|drei|vier|un|deux|trois|quatre|uno|dos|tres|cuatro|due|tre|quattro)\s*(?:and|or|vs|versus|und|oder|et|ou|y|o|u|e|con|with|mit|avec|,|/|gegen|contre|contra)\s*(\d|one|two|three|four|eins|zwei|drei|vier|un|deux|trois|quatre|uno|dos|tres|cuatro|due|tre|quattro)\b(?!\s*(?:euros?|cm|kg|eur|€))"
)
_WORD_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "eins": 1,
    "zwei": 2,
    "drei": 3,
    "vier": 4,
    "un": 1,
    "deux": 2,
    "trois": 3,
    "quatre": 4,
    "uno": 1,
    "dos": 2,
    "tres": 3,
    "cuatro": 4,
    "due": 2,
    "tre": 3,
    "quattro": 4,
}
_ALL = {
    "en": r"these|those|them|they|both|all of (?:them|these)|the two|the three",
    "de": r"beiden?|die(?:se)? (?:zwei|drei|beiden)|die hier|diese hier|alle|denen",
    "fr": r"les deux|ces|ceux ci|celles ci|ils|elles|les trois|tous|toutes|des deux",
    "es": r"los dos|las dos|ambos|ambas|estos|estas|ellos|ellas|esos|esas|los tres|las tres",
    "it": r"i due|le due|dei due|delle due|questi|queste|entramb[ie]|tutti|"
    r"tutte|loro|quelli|quelle|tutti e due|dei tre|i tre",
}
_FOCUS = {
    "en": r"it|this|that|this one|that one|its|the one",
    "de": r"das|es|den|dieser?|dieses|diesen|die|der|ihn|sie|davon|dazu|damit|dafur|daran",
    "fr": r"ca|ce|cela|celui ci|celle ci|celui la|celle la|cet|cette|il|elle|l|le|la|en",
    "es": r"esto|eso|este|esta|ese|esa|lo|la|el|ello|se",
    "it": r"questo|questa|quello|quella|lo|la|ci|si|ne|esso|essa|l",
}
_OWN = {
    "en": r"\b(?:bought|ordered|purchased|own|owned|already have|got from you)\b",
    "de": r"\b(?:gekauft\w*|bestellt\w*|gekaufte|besitze|schon habe|hab ich schon)\b",
    "fr": r"\b(?:achetee?s?|commandee?s?|pris chez|possede|ai deja)\b",
    "es": r"\b(?:compre|comprado|pedi|tengo ya|ya tengo|compramos)\b",
    "it": r"\b(?:comprat[oaie]|acquistat[oaie]|pres[oaie] da voi|ordinat[oaie]|ho gia|possiedo)\b",
}
_DAYS = (
    (r"yesterday|gestern|hier\b(?! )|\bayer\b|\bieri\b", 2),
    (r"last week|letzte woche|letzter woche|semaine derniere|semana pasada|"
     r"settimana scorsa|vor einer woche|a week ago", 14),
    (r"two weeks ago|vor zwei wochen|deux semaines|dos semanas|due settimane", 21),
    (r"last month|letzten monat|letztem monat|mois dernier|mes pasado|"
     r"mese scorso|recently|neulich|recemment|hace poco|di recente", 62),
    (r"last year|letztes jahr|letztem jahr|annee derniere|an dernier|ano pasado|anno scorso", 730),
)  # fmt: skip
_THE_ONE = {
    "en": r"\bthe ((?:[^\W\d_]+ ){0,1}[^\W\d_]+) ones?\b",
    "de": r"\b(?:die|der|das|den|dem) ([^\W\d_]{3,})(?= ?(?:$|[?!.,]|und\b|oder\b|"
    r"aus\b|noch\b|auch\b|besser\b|von\b|ist\b))",
    "fr": r"\b(?:la|le|les) ([^\W\d_]{3,})(?= ?(?:$|[?!.,]|et\b|ou\b|est\b|en\b))",
    "es": r"\b(?:el|la|los|las) ([^\W\d_]{3,})(?= ?(?:$|[?!.,]|y\b|o\b|es\b|en\b))",
    "it": r"\b(?:il|la|lo|i|le|quell[oaie]|quei) ([^\W\d_]{3,})(?= ?(?:$|[?!.,]|e\b|o\b))",
}
_TELLING = ("colour", "material", "pattern")


def pointings(text: str, language: str, *, owned: bool = False) -> tuple[Pointing, ...]:
    """At what a clause points, the surest way first; `owned`: whether it speaks of what they have."""
    folded = re.sub(r"['’`´]", " ", fold(text))
    found: list[Pointing] = []
    if (own := re.search(_OWN[language], folded)) is not None or owned:
        days = next((count for pattern, count in _DAYS if re.search(rf"(?:{pattern})", folded)), None)
        if own is not None or days is not None:
            return (Pointing(PointingWay.BOUGHT, words=" ".join(_kinds(folded, language)), days=days),)
    if places := _places(folded, language):
        found.append(Pointing(PointingWay.PLACE, places))
    words = [said for said in re.findall(_THE_ONE[language], folded) if _tells(said, language)]
    found += [Pointing(PointingWay.WORDS, words=said) for said in words]
    if not found:
        if re.search(rf"\b(?:{_ALL[language]})\b", folded):
            found.append(Pointing(PointingWay.ALL))
        elif re.search(rf"\b(?:{_FOCUS[language]})\b", folded):
            found.append(Pointing(PointingWay.FOCUS))
    return tuple(found)


def _places(folded: str, language: str) -> tuple[int, ...]:
    rest = re.sub(rf"\b(?:{_NO_LAST[language]}|{_NO_FIRST[language]})\b", " ", folded)
    if (some := re.search(rf"\b(?:{_FIRST_SOME[language]})\b", rest)) is not None:
        count = next(_COUNTS[one] for one in some.groups() if one)
        return tuple(range(1, count + 1))
    found: list[tuple[int, int]] = []
    for place, pattern in enumerate(_ORDINALS[language], 1):
        found += [(one.start(), place) for one in re.finditer(rf"\b(?:{pattern})\b", rest)]
    found += [(one.start(), -1) for one in re.finditer(rf"\b(?:{_LAST[language]})\b", rest)]
    found += [(one.start(), _number(one[1])) for one in _NUMBER.finditer(rest)]
    if not found and (pair := _PAIR.search(rest)) is not None:
        found = [(pair.start(1), _number(pair[1])), (pair.start(2), _number(pair[2]))]
    elif len(found) == 1 and (
        more := re.match(r"\s*(?:and|und|et|y|e|or|oder|ou|o)\s*(\d)\b", rest[found[0][0] :].split(" ", 2)[-1])
    ):
        found.append((len(rest), int(more[1])))
    return tuple(dict.fromkeys(place for _, place in sorted(found)))


def _number(said: str) -> int:
    return _WORD_NUMBERS.get(said) or int(said)


def _tells(said: str, language: str) -> bool:
    """Whether words tell one product from others: a colour, a material, a pattern, or a name of no list."""
    words = line_words(said)
    if any(_is(word, language, _TELLING) for word in words):
        return True
    return (
        language == "en"
        and any(
            len(word) > 2 and word not in lexicon().known and word not in lexicon().stops[language] for word in words
        )
        and not re.search(
            r"\b(?:same|other|first|second|third|last|next|right|wrong|better|best|cheaper|cheapest|only|new|real|bigger|smaller|two)\b",
            said,
        )
    )


def _is(word: str, language: str, heads: tuple[str, ...]) -> bool:
    return any(one.concept.partition(".")[0] in heads for one in lexicon().means((word,), (language,)))


def _kinds(folded: str, language: str) -> list[str]:
    return [word for word in line_words(folded) if _is(word, language, ("kind", "colour", "material"))]
