"""Sentiment: what a review speaks of, and whether it praises or complains; or that this is not sure.

Idea     A text is cut into clauses. Each is described by what its words say (opinion_words.py) and by an encoder's
         vector; one small head tells aspect and polarity together, another whether something is too small or too
         large. What the head is not sure of is said to be unsure, and counts for neither side.
Source   Pontiki et al. 2014, https://aclanthology.org/S14-2004/, for the task: aspects, each with its polarity.
Differs  Five languages share one set of heads; a complaint of fit ("runs small") is as bad as one of feeling.
Costs    Some 0.2 ms a clause on the floor, 15 ms with `bottega[meaning]`.
Shapes   N clauses, F features (lists, then vector), C classes, A aspects, P polarities; the last row of weights is
         constant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bottega.models.blocks.cards import read_card
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.blocks.text_encoder import NgramEncoder, TextEncoder
from bottega.models.wording.clauses import Clause, clauses_of, language_of
from bottega.models.wording.opinion_words import ASPECTS, FEATURES, opinion_words
from bottega.names import FloatArray

__all__ = [
    "ASPECT_CLASSES",
    "OVERALL",
    "POLARITIES",
    "SURE_POLARITY",
    "UNSURE",
    "WAYS",
    "Opinion",
    "SentimentHeads",
    "SentimentReader",
    "chances_of",
    "clause_features",
]

OVERALL = "overall"
"""The aspect of what is said of the product as a whole, or of something that has no aspect here."""
UNSURE = "unsure"
ASPECT_CLASSES = (*ASPECTS, OVERALL)
POLARITIES = ("bad", "neither", "good")
WAYS = ("small", "large", "neither")
"""How a size is wrong."""
VECTOR_SCALES = {"floor": 1.0}
VECTOR_SCALE = 6.0
"""What a vector weighs beside the lists: letters alone mislead where vectors know meanings."""
SURE_ASPECT, SURE_POLARITY, SURE_WAY, SAID_WAY = 0.5, 0.6, 0.8, 0.25
"""Chance from which a head is believed (on the card: how often that is right of sentences that it had not learnt); of
a wrong size, how much of the chance goes one way, and how much there must be of it."""


class Opinion(NamedTuple):
    """What one clause says. `polarity` may be `UNSURE`; `way`: small or large, empty where neither is said."""

    aspect: str
    polarity: str
    chance: float
    """Of aspect and polarity both being right."""
    way: str
    start: int
    stop: int
    value: float = 0.0
    """From -1 for surely bad to 1 for surely good."""


@dataclass(frozen=True, eq=False)
class SentimentHeads:
    """The weights of the two heads [F + 1, C], and of which encoder they are."""

    encoder: str
    encoder_version: str
    opinion: FloatArray
    """Of every aspect with every polarity, those of one aspect together."""
    way: FloatArray
    version: str = "2"

    def save(self, folder: Path) -> None:
        """Write them as half-precision numbers; the card comes from whoever trained them."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {name: getattr(self, name).astype(np.float16) for name in ("opinion", "way")}
        np.savez_compressed(folder / "heads.npz", allow_pickle=False, **arrays)

    def opinions(self, features_NF: FloatArray) -> NDArray[np.float64]:
        """How probable each aspect is with each polarity [N, A, P]."""
        return chances_of(features_NF, self.opinion).reshape(-1, len(ASPECT_CLASSES), len(POLARITIES))

    @classmethod
    def load(cls, folder: Path) -> SentimentHeads:
        """Heads that `save` wrote, with their card."""
        card = read_card(folder)
        with np.load(folder / "heads.npz", allow_pickle=False) as kept:
            arrays = {name: kept[name].astype(np.float32) for name in ("opinion", "way")}
        return cls(str(card["encoder"]), str(card["encoder_version"]), **arrays, version=str(card["version"]))

    @classmethod
    def shipped(cls, encoder: TextEncoder) -> SentimentHeads | None:
        """The heads that come along for an encoder; None where it brings vectors that none were learnt on."""
        folder = shipped_folder("wording", f"sentiment-{encoder.name}")
        if not (folder / "heads.npz").is_file():
            return None
        heads = cls.load(folder)
        return heads if heads.encoder_version == encoder.version else None


class SentimentReader:
    """Reads reviews with an encoder and the heads that were learnt on its vectors."""

    def __init__(self, encoder: TextEncoder | None = None, heads: SentimentHeads | None = None) -> None:
        """Without an encoder the floor; without heads those that come along, else heads learnt at once."""
        self.encoder = encoder or NgramEncoder()
        found = heads or SentimentHeads.shipped(self.encoder)
        if found is None:
            from bottega.models.wording.sentiment_recipe import learn_heads

            found = learn_heads(self.encoder)
        self.heads = found
        self.name = f"{self.encoder.name}/{self.encoder.version}/{found.version}"
        """What reads so: opinions of another name are read anew."""

    def read(
        self, texts: Sequence[str], languages: Sequence[str] = (), likely: Sequence[str] = ()
    ) -> list[list[Opinion]]:
        """The opinions of each text, in the order of its clauses. `languages`: as told, empty where they are not."""
        told = [*languages, *[""] * (len(texts) - len(languages))]
        spoken = [language_of(text, lang, likely) for text, lang in zip(texts, told, strict=True)]
        cut = [clauses_of(text, lang) for text, lang in zip(texts, spoken, strict=True)]
        flat = [(clause, lang) for clauses, lang in zip(cut, spoken, strict=True) for clause in clauses]
        said = iter(self._of_clauses(flat))
        return [[next(said) for _ in clauses] for clauses in cut]

    def sentence(self, text: str, language: str = "", likely: Sequence[str] = ()) -> Opinion | None:
        """The one thing that a sentence is about: what stands behind its last contrast, else what is surest."""
        lang = language_of(text, language, likely)
        clauses = clauses_of(text, lang)
        if not clauses:
            return None
        opinions = self._of_clauses([(clause, lang) for clause in clauses])
        against = [one for clause, one in zip(clauses, opinions, strict=True) if clause.against]
        about = [one for one in against if one.aspect != OVERALL] or [one for one in opinions if one.aspect != OVERALL]
        return max(about[-1:] if against and about else about or opinions, key=lambda one: one.chance)

    def _of_clauses(self, clauses: Sequence[tuple[Clause, str]]) -> list[Opinion]:
        if not clauses:
            return []
        features_NF = clause_features(self.encoder, [c.text for c, _ in clauses], [lang for _, lang in clauses])
        both_NAP = self.heads.opinions(features_NF)
        ways_NC = chances_of(features_NF, self.heads.way)
        return [_opinion(clause, both_NAP[row], ways_NC[row]) for row, (clause, _) in enumerate(clauses)]


def clause_features(encoder: TextEncoder, texts: Sequence[str], languages: Sequence[str]) -> FloatArray:
    """What the heads see of clauses [N, F]."""
    lists_NF = np.zeros((len(texts), FEATURES), dtype=np.float32)
    for row, (text, language) in enumerate(zip(texts, languages, strict=True)):
        lists_NF[row] = opinion_words(language).features(text)
    scale = VECTOR_SCALES.get(encoder.name, VECTOR_SCALE)
    return np.concatenate([lists_NF, scale * encoder.encode(list(texts))], axis=1)


def chances_of(features_NF: FloatArray, weights_FC: FloatArray) -> NDArray[np.float64]:
    """How probable each class of a head is [N, C]."""
    scores = (features_NF @ weights_FC[:-1] + weights_FC[-1]).astype(np.float64)
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(scores / scores.sum(axis=1, keepdims=True))


def _opinion(clause: Clause, both_AP: NDArray[np.float64], ways: NDArray[np.float64]) -> Opinion:
    aspects, polarities = both_AP.sum(axis=1), both_AP.sum(axis=0)
    place, sign = int(aspects.argmax()), int(polarities.argmax())
    aspect = ASPECT_CLASSES[place] if aspects[place] >= SURE_ASPECT else OVERALL
    polarity = POLARITIES[sign] if polarities[sign] >= SURE_POLARITY else UNSURE
    way = ""
    wrong = float(ways[0] + ways[1])
    if aspect == "size" and polarity == "bad" and wrong >= SAID_WAY and ways[:2].max() >= SURE_WAY * wrong:
        way = WAYS[int(ways[:2].argmax())]
    chance = float(both_AP[place, sign])
    return Opinion(
        aspect,
        polarity,
        round(chance, 3),
        way,
        clause.start,
        clause.stop,
        round(float(polarities[2] - polarities[0]), 3),
    )
