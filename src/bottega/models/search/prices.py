"""What a query says of prices: "under 20", "20 to 50", "between 20 and 50", "cheap".

Words for it are those of the lists (`languages/*.txt`, lines under, over, between, to). A number with a measure behind
it ("under 30 cm") is no price.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bottega.languages.lexicon import lexicon

__all__ = ["Bounds", "bounds_in"]

_SIGN = r"[$€£¥]|\b(?:usd|eur|gbp|chf)\b"
_CURRENCY = (
    r"[$€£¥]|(?:euros?|eur|dollars?|usd|bucks|pounds?|gbp|chf|francs?|franken|dolares|sterline|quid|balles|pavos)\b"
)
_MEASURE = (
    r"(?!\s*(?:mm|cm|m|km|inch|inches|in(?!\s+[^\W\d])|zoll|ft|ml|cl|dl|l|liter|litre|kg|g|gr|oz|lb|lbs|watt|w|volt|v|gb|tb|mb|mah|"
    r"miles?|hours?|hrs|minutes?|days?|weeks?|steps|meilen|stunden|tage|kilometer|heures|jours|kilometres?|horas|dias|"
    r"millas|kilometros|or[ae]|giorni|miglia|chilometri|"
    r"pack|pcs|pieces|sheets|stuck|pieces|ans|years|jahre|anos|anni|months|persons|people|%|x|\")(?![a-z]))"
)
_ONE_LETTER = "[aye]"
"""Words for "to" and "and" of one letter: "20 a 35 euro", "entre 50 y 70"."""
_THE = r"(?:(?:the|die|les|las|los|i|gli|le)\s+)?"
_LATE = (
    r"(?:at (?:the )?most|max(?:imum)?|maximal|tops?|or (?:less|under|below)|hochstens|oder (?:weniger|drunter)|"
    r"grand max|maxi|(?:au|maximum) (?:plus|maximum|max)|ou moins|como (?:mucho|maximo)|maximo|a lo sumo|o menos|"
    r"(?:al )?massimo|o meno|is (?:the most|(?:the|my) (?:max(?:imum)?|limit|budget))|"
    r"(?:ist|als) (?:(?:das|mein|meine) )?(?:maximum|limit|budget|obergrenze)|"
    r"(?:c )?est (?:mon|le) (?:max(?:imum)?|budget)|"
    r"(?:es (?:mi|el) |de |como )(?:maximo|tope|limite|presupuesto)|e (?:il )?(?:mio )?(?:massimo|limite|budget))\b"
)
"""What stands behind the most that something may cost: "80 at most"."""
_BUDGET = (
    r"(?:budget|presupuesto)\s*:?(?:\s*(?:is|of|about|around|ist|von|liegt bei|ca|etwa|est|de|d environ|es|di|e|e di))?"
)
"""What stands before what somebody has to spend: "my budget is 50"."""
_SPELT = {
    **dict.fromkeys(("ten", "zehn", "dix", "diez", "dieci"), 10),
    **dict.fromkeys(("fifteen", "funfzehn", "quinze", "quince", "quindici"), 15),
    **dict.fromkeys(("twenty", "zwanzig", "vingt", "veinte", "venti"), 20),
    **dict.fromkeys(("thirty", "dreissig", "trente", "treinta", "trenta"), 30),
    **dict.fromkeys(("forty", "fourty", "vierzig", "quarante", "cuarenta", "quaranta"), 40),
    **dict.fromkeys(("fifty", "funfzig", "cinquante", "cincuenta", "cinquanta"), 50),
    **dict.fromkeys(("sixty", "sechzig", "soixante", "sesenta", "sessanta"), 60),
    **dict.fromkeys(("seventy", "siebzig", "soixante dix", "setenta", "settanta"), 70),
    **dict.fromkeys(("eighty", "achtzig", "quatre vingts", "quatre vingt", "ochenta", "ottanta"), 80),
    **dict.fromkeys(("ninety", "neunzig", "quatre vingt dix", "noventa", "novanta"), 90),
    **dict.fromkeys(("hundred", "a hundred", "one hundred", "hundert", "einhundert", "cent", "cien", "cento"), 100),
    **dict.fromkeys(("two hundred", "zweihundert", "deux cents", "doscientos", "duecento"), 200),
    **dict.fromkeys(("five hundred", "funfhundert", "cinq cents", "quinientos", "cinquecento"), 500),
    **dict.fromkeys(("thousand", "a thousand", "tausend", "mille", "mil"), 1000),
}
"""Round amounts in words."""
_NUMBER = r"(\d{1,7}(?:[.,]\d{1,2})?)(?![\d])"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Prices from `least` to `most`, in whole units of the shop's currency; None where the query sets no end."""

    least: float | None = None
    most: float | None = None

    def __bool__(self) -> bool:
        return self.least is not None or self.most is not None


def bounds_in(folded: str) -> tuple[Bounds, str]:
    """The bounds that a folded text sets, and the text without what sets them.

    >>> bounds_in("shoes, 80 at most")[0], bounds_in("unter hundert euro")[0]
    (Bounds(least=None, most=80.0), Bounds(least=None, most=100.0))
    """
    bounds, rest = _in_figures(folded)
    if not bounds and (figures := _spelt().sub(lambda said: str(_SPELT[" ".join(said[0].split())]), folded)) != folded:
        bounds, without = _in_figures(figures)
        rest = without if bounds else rest
    return bounds, rest


def _in_figures(folded: str) -> tuple[Bounds, str]:
    for pattern, ends in _patterns():
        found = pattern.search(folded)
        if found is None:
            continue
        amounts = sorted(float(number.replace(",", ".")) for number in found.groups() if number)
        least, most = (amounts[0], amounts[-1]) if ends == "both" else (None, None)
        bounds = Bounds(least, most) if ends == "both" else _one(ends, amounts[0])
        return bounds, folded[: found.start()] + " " + folded[found.end() :]
    return Bounds(), folded


def _one(end: str, amount: float) -> Bounds:
    return Bounds(most=amount) if end == "most" else Bounds(least=amount)


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """The likeliest first, each with the end that it sets."""
    functions = lexicon().functions
    under, over, between, to = (_any(functions[name]) for name in ("under", "over", "between", "to"))
    amount = rf"(?:(?:{_SIGN})\s*)?{_NUMBER}\s*(?:{_CURRENCY})?{_MEASURE}"
    paid = rf"(?:(?:{_SIGN})\s*{_NUMBER}|{_NUMBER}\s*(?:{_CURRENCY})){_MEASURE}"
    joined = rf"\s*(?:-|\b{to}\b|\b{_ONE_LETTER}\b)\s*"
    return [
        (re.compile(rf"\b{between}\s+{amount}{joined}{amount}"), "both"),
        (re.compile(rf"(?<![\w-]){paid}{joined}{amount}"), "both"),
        (re.compile(rf"(?<![\w-]){amount}{joined}{paid}"), "both"),
        (re.compile(rf"(?<![\w-]){amount}\s+(?:to|bis)\s+{amount}"), "both"),
        (re.compile(rf"\b{under}\s+{_THE}{amount}"), "most"),
        (re.compile(rf"\b{_BUDGET}\s+{amount}"), "most"),
        (re.compile(rf"(?<![\w-]){amount}\s*,?\s*{_LATE}"), "most"),
        (re.compile(rf"<=?\s*{amount}"), "most"),
        (re.compile(rf"\b{over}\s+{_THE}{amount}"), "least"),
        (re.compile(rf">=?\s*{amount}"), "least"),
        (re.compile(rf"(?<![\w-]){paid}"), "most"),
    ]


@cache
def _spelt() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(_SPELT, key=len, reverse=True))})\b")


def _any(phrases: frozenset[tuple[str, ...]]) -> str:
    texts = sorted((r"\s+".join(map(re.escape, phrase)) for phrase in phrases), key=lambda text: (-len(text), text))
    return f"(?:{'|'.join(texts)})"
