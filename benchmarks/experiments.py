"""Whether experiments and attribution can be believed, on the demo shop's click model; its page: experiments.md.

    python benchmarks/experiments.py [--shoppers 40000] [--repeats 500] [--seed 7] [--json]

Shoppers of the simulator give what each pays in the week after they came; experiments are drawn from them with an
uplift that is planted, and looked at every day. The same simulator is played with its rails and without them, which
tells what the rails really earn; attribution says what it says.
"""

from __future__ import annotations

import argparse
import json

from common import machine
from experiments_balance import balance
from experiments_drawn import coverage
from experiments_played import Played
from experiments_touches import attribution


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shoppers", type=int, default=40_000, help="simulated, with rails and without")
    parser.add_argument("--repeats", type=int, default=500, help="experiments of each kind")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with_rails = Played(asked.shoppers, seed=asked.seed, rails=True)
    without = Played(asked.shoppers, seed=asked.seed, rails=False)
    parts = {
        "coverage": coverage(with_rails.week(), without.week(), repeats=asked.repeats, seed=asked.seed),
        "split": balance(repeats=asked.repeats, seed=asked.seed),
        "attribution": attribution(with_rails, without),
    }
    if asked.json:
        print(json.dumps(parts))
        return
    print(f"{machine()}; {asked.shoppers:,} simulated shoppers, {asked.repeats} experiments each, seed {asked.seed}")
    for name, lines in parts.items():
        print(f"\n{name}\n")
        columns = list(lines[0])
        print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
        for line in lines:
            print(f"| {' | '.join(str(value) for value in line.values())} |")


if __name__ == "__main__":
    main()
