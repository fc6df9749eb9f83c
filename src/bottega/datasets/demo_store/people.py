"""Names of the demo's shoppers, made up from two lists."""

from __future__ import annotations

import numpy as np
import polars as pl

from bottega.names import BoolArray, LongArray

__all__ = ["people_table"]

_FIRST = """
Ada Aiko Amara Ana Anton Aria Ben Bianca Bruno Carla Chidi Clara Dara Dilan Eero Elena Elif Emil Fatima Felix
Freya Gita Greta Hana Hugo Ida Imani Inge Ivan Jana Jonas June Kai Karim Kofi Lars Lea Leo Lina Lucia Mads Maja Marco
Maya Mei Milo Mina Nadia Nils Noor Olga Omar Otto Paula Petra Rafael Rosa Ruth Sami Sara Selma Sven Tara Theo Tomas Uma
Vera Viktor Wren Yara Yusuf Zoe
"""
_LAST = """
Abel Adeyemi Almeida Amato Becker Berg Blanc Bose Brandt Castro Conti Costa Dahl Diaz Dubois Eriksen Falk
Ferri Fischer Fontana Gallo Garcia Haas Hansen Hoshi Ibarra Ito Jansen Kaya Keller Khan Klein Kovac Kumar Larsen Leroy
Lindt Lopez Marin Martel Mensah Meyer Moreau Mori Nagy Nkosi Novak Okafor Olsen Orsini Park Peeters Petrov Rao Reyes
Ricci Rossi Roth Sato Silva Sorel Suzuki Tanaka Vidal Vogel Weber Wolf Yilmaz Zeller
"""


def people_table(shoppers: int, numbers: LongArray, guest: BoolArray, seed: int) -> pl.DataFrame:
    """Shopper and name of each of the first `shoppers` visitors who ever logs in, by the number in their id."""
    rng = np.random.default_rng([seed, shoppers])
    firsts, lasts = _FIRST.split(), _LAST.split()
    first, last = rng.integers(0, len(firsts), shoppers), rng.integers(0, len(lasts), shoppers)
    everyone = pl.DataFrame(
        {
            "shopper": [f"s{number + 10_000}" for number in numbers[:shoppers].tolist()],
            "name": [f"{firsts[one]} {lasts[other]}" for one, other in zip(first.tolist(), last.tolist(), strict=True)],
        }
    )
    return everyone.filter(pl.Series(~guest[:shoppers]))
