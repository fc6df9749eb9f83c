"""Which variant a shopper gets: a salted hash, so that it stays the same everywhere without anybody's remembering it.

Idea     The first eight bytes of a keyed hash of the profile are a number between 0 and 1; the shares of the variants,
         one behind the other, say where it falls. Every experiment has a salt of its own, so that two of them divide
         shoppers independently of one another.
Source   Kohavi, Tang & Xu 2020, "Trustworthy Online Controlled Experiments", chapter 12.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

__all__ = ["assigned", "place"]

_RANGE = float(2**64)


def place(salt: str, shopper: str) -> float:
    """Where a shopper stands between 0 and 1, 1 excluded; the same in every process and on every machine.

    >>> place("a", "ana") == place("a", "ana"), place("a", "ana") == place("b", "ana")
    (True, False)
    """
    digest = hashlib.blake2b(shopper.encode("utf-8", "surrogatepass"), digest_size=8, key=salt.encode()[:64]).digest()
    return (int.from_bytes(digest) >> 11) / (_RANGE / 2**11)  # 53 bits: rounding must not reach 1


def assigned(salt: str, shares: Sequence[float], shopper: str) -> int:
    """The number of the variant that a shopper gets; `shares` sum to 1.

    >>> [assigned("salt", [0.5, 0.5], f"shopper {i}") for i in range(8)]
    [0, 1, 1, 0, 1, 1, 1, 0]
    """
    where, end = place(salt, shopper), 0.0
    for number, share in enumerate(shares):
        end += share
        if where < end:
            return number
    return len(shares) - 1
