"""Ids of two systems: what would make unknown product ids those of the catalogue?

Idea     Of an unknown id, the longest stretch between separators that the catalogue has as an id is the product; what
         stands around it is the pattern. The pattern that explains most unknown ids wins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

__all__ = ["id_pattern"]

_PART = re.compile(r"[^\W_]+")
_LEAST = 0.5
_MOST_PARTS = 12


def id_pattern(unknown: Sequence[str], known: Iterable[str]) -> str:
    """Advice in words, or "" where no pattern explains half of the unknown ids."""
    ids = set(known)
    folded = {one.casefold(): one for one in ids}
    patterns: Counter[str] = Counter()
    around: Counter[str] = Counter()
    other_case = 0
    for one in unknown:
        if one.casefold() in folded:
            other_case += 1
        elif found := _inside(one, ids):
            patterns[found] += 1
    if not patterns:
        short = set(unknown)
        for one in list(ids)[:20_000]:
            if found := _inside(one, short):
                around[found] += 1
    enough = _LEAST * len(unknown)
    if other_case > enough:
        return "they differ from the catalogue's ids in capitals alone"
    if patterns and patterns.most_common(1)[0][1] > enough:
        return f'import them with --product-ids "{patterns.most_common(1)[0][0]}"'
    if patterns and sum(patterns.values()) > enough:
        return f"they hold the catalogue's ids, as in {', '.join(name for name, _ in patterns.most_common(3))}"
    if around and around.most_common(1)[0][1] > enough:
        return f"the catalogue's ids are {around.most_common(1)[0][0]}: import it with the ids that events name"
    return ""


def _inside(one: str, ids: set[str]) -> str:
    """The id with `{id}` in the place of the longest part that is one of `ids`."""
    parts = list(_PART.finditer(one))[:_MOST_PARTS]
    for length in range(len(parts), 0, -1):
        for start in range(len(parts) - length, -1, -1):
            begin, end = parts[start].start(), parts[start + length - 1].end()
            if (begin, end) != (0, len(one)) and one[begin:end] in ids:
                return f"{one[:begin]}{{id}}{one[end:]}"
    return ""
