"""Learning words from shoppers: what they went on to after words that mean nothing by the catalogue.

Idea     A search, or a line of a talk, with words that neither the shop nor the lists know is followed by a product:
         one vote for what those words mean, one for each shopper and day. Out of all votes of a phrase the share of
         every value (of a category, a brand, an attribute, or the product itself) is weighed against the share that it
         has without the phrase: among what the other words of the query find, and among what other phrases led to.
         What passes is used by every search until the merchant takes it back.
Shapes   M values that a phrase may mean.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from threading import Event
from typing import TYPE_CHECKING

import numpy as np

from bottega.actions.search.meaning_shapes import LearnAnswer, LearnRequest
from bottega.actions.search.usual_shares import FieldValue, UsualShares
from bottega.languages.fold import tokens
from bottega.models.search.learnt import PRODUCT, Doubles, lower_share, passes, tells
from bottega.names import DAY_MS, BoolArray, LineBy
from bottega.shop.open_shop import OpenShop
from bottega.store.meanings import KeptMeaning, Led, WordVote

if TYPE_CHECKING:
    from bottega.shop.search.index import SearchIndex

__all__ = ["learn_meanings", "phrases_in", "take_votes", "work_out_meanings"]

AT_ONCE = 500
"""Events looked at in one go; what was learnt of them is kept before the next, whoever is told to end."""
WORDS_MOST = 3
"""Unknown words of one phrase; more in a query are prose, from which nothing is learnt."""
UNKNOWN_MOST = 6
LETTERS = (3, 30)
"""Shorter and longer words are no votes, nor are those with digits: they may be numbers of somebody."""
DAYS_MOST = 2
"""Votes of one shopper for one phrase, whatever the number of days."""
TOLD_FROM = 3
"""A phrase of fewer shoppers is told to nobody: it may name somebody."""
USED_FROM = 4
"""And of fewer than these is not used."""
TOLD_MOST = 5
"""Values of a phrase that the merchant is shown."""
OTHERS_FROM = 20
"""Votes of other phrases, from which on what they led to counts as usual."""
EXPLAINED = 0.5
"""A word is a slip of another, and nothing is learnt of it, if so many who typed it went on to what that means."""


def learn_meanings(shop: OpenShop, request: LearnRequest) -> LearnAnswer:
    """Take in what shoppers did since the last time, and work out anew what words mean."""
    votes = take_votes(shop)
    told, used = work_out_meanings(shop)
    return LearnAnswer(votes=votes, meanings=told, used=used)


def take_votes(shop: OpenShop, *, stop: Event | None = None) -> int:
    """Turn what shoppers did since the last time into votes, or a part of it until `stop` is set; returns how many."""
    cast, taken = 0, -1
    consent = shop.settings.personalisation_consent
    phrases: dict[str, list[tuple[str, str]]] = {}
    while stop is None or not stop.is_set():
        led, reached = shop.store.meanings.led(consent, limit=AT_ONCE)
        if reached == taken:
            break
        votes = list(_votes_of(shop, led, phrases))
        shop.store.meanings.vote(votes, reached)
        cast, taken = cast + len(votes), reached
    return cast


def work_out_meanings(shop: OpenShop) -> tuple[int, int]:
    """Work out what words mean from all votes; returns how many meanings are told to the merchant and how many used."""
    votes = shop.store.meanings.votes()
    learnt = _learnt(shop, votes) if votes else []
    if shop.store.meanings.replace(learnt):
        shop.learnt_meanings()
    return len(learnt), len(shop.store.meanings.used())


def _learnt(shop: OpenShop, votes: Sequence[WordVote]) -> list[KeptMeaning]:
    """What all votes together say that words mean."""
    index, now_ms = shop.search_index(look=False), time.time_ns() // 1_000_000
    with shop.floor() as floor:
        usual = UsualShares(floor.shelf, index)
        counts: Counter[FieldValue] = Counter()
        kept: dict[str, list[tuple[WordVote, frozenset[FieldValue]]]] = {}
        for phrase, many in groupby(votes, key=lambda vote: vote.phrase):
            mine = [(vote, usual.values_of(vote.product_id)) for vote in _a_few_each(list(many))]
            kept[phrase] = [(vote, values) for vote, values in mine if values]
            counts.update(value for _, values in kept[phrase] for value in values)
        total = sum(map(len, kept.values()))
        return [
            one
            for phrase, mine in kept.items()
            if len({vote.shopper for vote, _ in mine}) >= TOLD_FROM and not _is_known(index, usual, phrase, mine)
            for one in _meanings_of(phrase, mine, usual, counts, total, now_ms)
        ]


def phrases_in(index: SearchIndex, text: str) -> list[tuple[str, str]]:
    """Phrases of a query that mean nothing by the catalogue, each with the other words of the query.

    Next to one another they may be a phrase together, or mean something each.
    """
    query = index.understood(text, learnt=False)
    unknown = {word for phrase in query.unknown for word in phrase.split(" ")} | set(query.read_as)
    words = tokens(text)
    if not unknown or len(unknown) > UNKNOWN_MOST:
        return []
    runs: list[list[int]] = []
    for place, word in enumerate(words):
        if word in unknown and word.isalpha() and LETTERS[0] <= len(word) <= LETTERS[1]:
            if runs and runs[-1][-1] == place - 1:
                runs[-1].append(place)
            else:
                runs.append([place])
    found: dict[str, str] = {}
    for run in runs:
        pieces = [[place] for place in run] + ([run] if 1 < len(run) <= WORDS_MOST else [])
        for piece in pieces:
            beside = " ".join(word for place, word in enumerate(words) if place not in piece and word not in unknown)
            found.setdefault(" ".join(words[place] for place in piece), beside)
    return list(found.items())


def _votes_of(shop: OpenShop, led: Sequence[Led], phrases: dict[str, list[tuple[str, str]]]) -> Iterator[WordVote]:
    """Votes in that which led to a product; `phrases`: of each text that was read before."""
    index: SearchIndex | None = None
    for one in led:
        text = _said_before(shop, one) or one.query
        if not text:
            continue
        if text not in phrases:
            if index is None:  # not before: a server where nobody searches loads none
                index = shop.search_index(look=False)
            phrases[text] = phrases_in(index, text)
        for phrase, beside in phrases[text]:
            yield WordVote(phrase, one.shopper, one.time_ms // DAY_MS, one.product_id, beside, one.kind, one.time_ms)


def _said_before(shop: OpenShop, led: Led) -> str:
    """The shopper's line to which a talk showed the product, where the event came from a talk."""
    if led.recommendation_id is None or shop.store.talks.get(led.recommendation_id) is None:
        return ""
    lines = shop.store.talks.lines(led.recommendation_id)
    said = [line.text for line in lines if line.by is LineBy.SHOPPER]
    shown = [
        line
        for line in lines
        if line.by is LineBy.ASSISTANT
        and line.time_ms <= led.time_ms
        and led.product_id in line.body.get("products", ())
    ]
    return said[shown[-1].turn - 1] if shown and 0 < shown[-1].turn <= len(said) else ""


def _a_few_each(votes: Sequence[WordVote]) -> list[WordVote]:
    """At most `DAYS_MOST` votes of each shopper, the newest ones."""
    left: defaultdict[str, int] = defaultdict(lambda: DAYS_MOST)
    kept = []
    for vote in reversed(votes):
        if left[vote.shopper]:
            left[vote.shopper] -= 1
            kept.append(vote)
    return kept


def _is_known(
    index: SearchIndex, usual: UsualShares, phrase: str, votes: Sequence[tuple[WordVote, frozenset[FieldValue]]]
) -> bool:
    """Whether a phrase means something by now without shoppers' help, or is a slip of what does."""
    query = index.understood(phrase, learnt=False)
    if not query.units:
        return False
    if not any(word in query.read_as for word in phrase.split(" ")):
        return True
    rows = [usual.row_of(vote.product_id) for vote, _ in votes]
    held = np.ones(len(rows), dtype=np.bool_)
    for unit in query.units:
        sure = index.sureness(unit.terms, usual.size)
        held &= (sure[rows] >= 0.5 * sure.max(initial=0.0)) & (sure[rows] > 0)
    return bool(held.mean() >= EXPLAINED)


def _meanings_of(
    phrase: str,
    votes: Sequence[tuple[WordVote, frozenset[FieldValue]]],
    usual: UsualShares,
    counts: Counter[FieldValue],
    total: int,
    now_ms: int,
) -> list[KeptMeaning]:
    """What a phrase may mean [M]: the value and the product that tell most are used, if they pass; others told."""
    chosen = Counter(value for _, values in votes for value in values)
    values = [value for value, count in chosen.items() if count >= 2]
    shown, shoppers = len(votes), len({vote.shopper for vote, _ in votes})
    if not values:
        return []
    k_M = np.array([chosen[value] for value in values], dtype=np.float64)
    usual_M = usual.of(values, [vote.beside for vote, _ in votes])
    if total - shown >= OTHERS_FROM:
        others_M = np.array([counts[value] for value in values]) - k_M
        usual_M = np.maximum(usual_M, others_M / (total - shown))
    lower_M = lower_share(k_M, shown, usual_M)
    told_M = tells(k_M, shown, usual_M)
    used = _best(values, told_M, passes(lower_M, usual_M)) if shoppers >= USED_FROM else set()
    order = sorted(range(len(values)), key=lambda at: (at not in used, -told_M[at], values[at]))
    return [
        KeptMeaning(
            phrase=phrase,
            field=values[at][0],
            value=values[at][1],
            chosen=int(k_M[at]),
            shown=shown,
            shoppers=shoppers,
            usual=float(usual_M[at]),
            lower=float(lower_M[at]),
            used=at in used,
            time_ms=now_ms,
        )
        for at in order[: max(TOLD_MOST, len(used))]
    ]


def _best(values: Sequence[FieldValue], told_M: Doubles, passed: BoolArray) -> set[int]:
    """The value that tells most of those that pass, and the product that does."""
    found = set()
    for products in (False, True):
        mine = [at for at in range(len(values)) if passed[at] and (values[at][0] == PRODUCT) is products]
        if mine:
            found.add(max(mine, key=lambda at: (told_M[at], -at)))
    return found
