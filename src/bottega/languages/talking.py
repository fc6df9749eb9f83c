"""What is said in a talk: sentences of each language, in several ways each.

File     `talking/<code>.txt`: `[name]` begins a sentence's ways, one a line below it, with names in braces for what is
         filled in; a line that begins with # is none. `[name.one]`, `[name.other]` ... are those of a count, by the
         plural rule of the language; `[name]` alone serves every count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from babel import Locale

__all__ = ["Talking", "said_in", "talking", "talking_languages"]


@dataclass(frozen=True)
class Talking:
    """One language's sentences."""

    code: str
    ways: Mapping[str, tuple[str, ...]]

    def say(self, name: str, /, *, seed: str, **given: str) -> str:
        """A sentence, filled; the same `seed` says it the same way. What is filled in is never read as a pattern.

        >>> talking("en").say("wish.under", seed="", price="€20.00")
        'under €20.00'
        """
        ways = self.ways[name]
        drawn = int.from_bytes(hashlib.blake2b(f"{seed}\x1f{name}".encode(), digest_size=4).digest())
        text = ways[drawn % len(ways)]
        parts = [piece.partition("}") for piece in text.split("{")[1:]]
        return text.split("{")[0] + "".join(given[key] + rest for key, _, rest in parts)

    def count(self, name: str, n: int, /, *, seed: str, **given: str) -> str:
        """The sentence of a count; `{n}` is the number."""
        form = str(Locale.parse(self.code).plural_form(n))
        chosen = next(one for one in (f"{name}.{form}", f"{name}.other", name) if one in self.ways)
        return self.say(chosen, seed=seed, n=str(n), **given)

    def has(self, name: str) -> bool:
        """Whether there is such a sentence."""
        return name in self.ways


def talking_languages() -> tuple[str, ...]:
    """Codes of the languages that talks are held in."""
    here = resources.files("bottega.languages") / "talking"
    return tuple(sorted(one.name.removesuffix(".txt") for one in here.iterdir() if one.name.endswith(".txt")))


def talking(code: str) -> Talking:
    """The sentences of a language."""
    return said_in("talking", code)


@cache
def said_in(folder: str, code: str) -> Talking:
    """The sentences of a language in one of the folders that are written so."""
    text = (resources.files("bottega.languages") / folder / f"{code}.txt").read_text(encoding="utf-8")
    ways: dict[str, list[str]] = {}
    name = ""
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            name = line.strip()[1:-1]
            ways[name] = []
        else:
            ways[name].append(line.strip())
    return Talking(code, {one: tuple(said) for one, said in ways.items()})
