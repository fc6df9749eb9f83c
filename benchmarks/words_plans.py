"""Who plans texts better: an autoregressive model, one that learnt by a game (a text GAN), or rules? words_plans.md.

    python benchmarks/words_plans.py plane|titles [--seeds 0,1,2] [--few N] [--steps N] [--kept FOLDER] [--svg FILE]
        [--make FOLDER]

People's listings of four public sets are read as plans (words_plans_data.py), clusters of like listings whole on one
side. Models learn from 60 % of the clusters and are asked about products of 15 %; another 15 % judge
(words_plans_judge.py). `plane`: all on one plane, quality against diversity, over temperatures. `titles`: titles as the
writer makes them with each of them. `--few`: clusters of each set; `--steps`: of the game; `--kept`: a folder for the
figures of each seed, which are not learnt again; `--make`: one for the planner that comes along, learnt from OPEN sets.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import altair as alt
import numpy as np
import torch

from bottega.models.wording.planning.adversary import AdversaryConfig, play
from bottega.models.wording.planning.likelihood import fit_likelihood, kinds_of, plan_loss
from bottega.models.wording.planning.network import PlanBatch, PlanConfig, PlanNetwork, batch_of
from bottega.models.wording.planning.planner import Planner, shipped_planner
from bottega.models.wording.planning.plans import MARKS, STOP, PlanRole, put_together
from bottega.models.wording.planning.recipe import make_planner, planner_of
from common import machine
from words_plans_data import SOURCES, PlanRow, plan_rows, reading_figures
from words_plans_judge import PlanNgram, judge_plans
from words_plans_titles import OPEN, SPLIT, Asked, tell_titles, texts_asked, written

TEMPERATURES = (0.5, 0.7, 0.85, 1.0, 1.3)
SHARPNESSES = (10.0, 100.0)
"""Inverse Gumbel temperatures at the end of the game."""
COLUMNS = ("quality", "diversity", "own BLEU", "self-BLEU", "distinct", "order", "groups", "length")


@dataclass(frozen=True)
class Drawn:
    """Plans of one model at one temperature, one for each text asked about, and their figures."""

    name: str
    temperature: float
    seed: int
    figures: dict[str, float]


class Judges:
    """Those who were not learnt from: some to judge, some to be asked about."""

    def __init__(self, rows: Sequence[PlanRow]) -> None:
        self.people = list(texts_asked(rows, "held out"))
        self.judges = [(str(one.question.role), one.plan) for one in texts_asked(rows, "judge")]
        self.ngram = PlanNgram(self.judges)

    def figures(self, plans: Sequence[tuple[int, ...]]) -> dict[str, float]:
        """Of plans for the texts asked about."""
        roles = [str(one.question.role) for one in self.people]
        return judge_plans(
            list(zip(roles, plans, strict=True)),
            [one.plan for one in self.people],
            [one.question.keys for one in self.people],
            self.judges,
            self.ngram,
            np.random.default_rng(0),
        )


def batch(asked: Sequence[Asked], config: PlanConfig) -> PlanBatch:
    return batch_of([one.question for one in asked], [one.plan for one in asked], config)


def drawn(network: PlanNetwork, questions: PlanBatch, temperature: float, *, masked: bool) -> list[tuple[int, ...]]:
    """A plan for each question."""
    torch.manual_seed(1)
    with torch.no_grad():
        rows = network.draw(questions, temperature=temperature, masked=masked).tolist()
    return [tuple(row[: row.index(STOP) + 1] if STOP in row else row) for row in rows]


def shuffled(people: Sequence[Asked]) -> list[tuple[int, ...]]:
    """The person's own plan with its numbers in any order: the right facts, as many, and no plan."""
    draw = random.Random(1)
    return [put_together(draw.sample(one.plan[:-1], len(one.plan) - 1)) for one in people]


def swept(name: str, network: PlanNetwork, questions: PlanBatch, judges: Judges, seed: int) -> Iterator[Drawn]:
    """One model at all temperatures, and once without the mask."""
    for temperature in TEMPERATURES:
        yield Drawn(name, temperature, seed, judges.figures(drawn(network, questions, temperature, masked=True)))
    yield Drawn(f"{name}, unmasked", 1.0, seed, judges.figures(drawn(network, questions, 1.0, masked=False)))


def of_seeds(found: Sequence[Drawn], column: str) -> tuple[float, float]:
    """The mean over seeds, and half of its 95 % interval (Student's t)."""
    values = np.array([one.figures[column] for one in found])
    if len(values) < 2:
        return float(values.mean()), float("nan")
    student = {2: 12.71, 3: 4.30, 4: 3.18, 5: 2.78}.get(len(values), 2.6)
    return float(values.mean()), float(student * values.std(ddof=1) / np.sqrt(len(values)))


def beaten(one: Drawn, others: Sequence[Drawn]) -> bool:
    """Whether the line through the others, at this quality, has the better diversity."""
    places = sorted((other.figures["quality"], other.figures["diversity"]) for other in others)
    x = [place for place, _ in places]
    if not x[0] <= one.figures["quality"] <= x[-1]:
        return False
    return float(np.interp(one.figures["quality"], x, [y for _, y in places])) < one.figures["diversity"]


def chart(found: Sequence[Drawn], points: dict[str, dict[str, float]], path: Path) -> None:
    """Quality against diversity: a line for each model over temperatures, and the points beside them."""
    lines = []
    for name in dict.fromkeys(one.name for one in found if "unmasked" not in one.name):
        for temperature in TEMPERATURES:
            some = [one for one in found if one.name == name and one.temperature == temperature]
            lines.append(
                {"plans": name, "temperature": temperature}
                | {column: of_seeds(some, column)[0] for column in ("quality", "diversity")}
            )
    base = alt.Chart(alt.Data(values=lines)).encode(  # type: ignore[no-untyped-call]
        x=alt.X("quality:Q", title="nats a number under people's plans (left is better)", scale=alt.Scale(zero=False)),
        y=alt.Y(
            "diversity:Q",
            title="nats of people's plans under the drawn ones (down is better)",
            scale=alt.Scale(zero=False),
        ),
        color=alt.Color("plans:N", title=None),
        order="temperature:Q",
    )
    near = [
        {"plans": name, "quality": told["quality"], "diversity": told["diversity"]}
        for name, told in points.items()
        if name == "people"
    ]
    marks = (
        alt.Chart(alt.Data(values=near))  # type: ignore[no-untyped-call]
        .mark_point(filled=True, size=110, shape="diamond")
        .encode(x="quality:Q", y="diversity:Q", color="plans:N")
    )
    whole = base.mark_line(opacity=0.6) + base.mark_point(filled=True, size=60) + marks
    whole.properties(width=560, height=360).save(path)


def line(name: str, told: dict[str, float]) -> str:
    return f"{name:34}" + "".join(f"{told[column]:10.3f}" for column in COLUMNS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("plane", "titles"))
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--few", type=int, default=0)
    parser.add_argument("--steps", type=int, default=AdversaryConfig.steps)
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--svg", type=Path)
    parser.add_argument("--make", type=Path)
    given = parser.parse_args()
    torch.set_num_threads(1)
    print(machine())
    rows = plan_rows(few=given.few)
    if given.what == "plane":
        plane(rows, [int(seed) for seed in given.seeds.split(",")], given.steps, given.kept, given.svg)
    else:
        titles(rows, given.steps, given.make)


def learnt_and_drawn(
    learnt: PlanBatch,
    chosen_by: PlanBatch,
    questions: PlanBatch,
    config: PlanConfig,
    judges: Judges,
    steps: int,
    seed: int,
) -> Iterator[Drawn]:
    """All models of one seed, at all temperatures. The game begins from the model that was learnt by likelihood."""
    began = time.process_time()
    network, _ = fit_likelihood(learnt, chosen_by, config, seed=seed)
    models, spent = {"likelihood": network}, {"likelihood": time.process_time() - began}
    for sharpness in SHARPNESSES:
        began = time.process_time()
        name = f"game, sharpness {sharpness:.0f}"
        models[name] = play(network, learnt, AdversaryConfig(steps=steps, sharpness=sharpness), seed=seed)
        spent[name] = time.process_time() - began
    for name, one in models.items():
        with torch.no_grad():
            more = {"nats": float(plan_loss(one, questions)), "cpu_s": spent[name]}
        for told in swept(name, one, questions, judges, seed):
            yield Drawn(told.name, told.temperature, seed, told.figures | more)


def plane(rows: Sequence[PlanRow], seeds: Sequence[int], steps: int, kept: Path | None, svg: Path | None) -> None:
    """How much was read, and every model on the plane of quality and diversity."""
    for source in SOURCES:
        for role in PlanRole:
            read = reading_figures(rows, source, role)
            if read["texts"]:
                print(f"{source} {role}: " + ", ".join(f"{name} {value:.5g}" for name, value in read.items()))
    said = sum(sum(number >= len(MARKS) for number in plan) for row in rows for plan in row.read.plans.values())
    print(f"keys said {said:,}; said and no fact of the product {sum(row.read.lost for row in rows):,}")
    learnt, chosen = list(texts_asked(rows, "learnt")), list(texts_asked(rows, "chosen by"))
    judges = Judges(rows)
    people = judges.people
    print(
        f"plans: learnt {len(learnt):,}, chosen by {len(chosen):,}, judge {len(judges.judges):,}, "
        f"held out {len(people):,}"
    )
    config = PlanConfig(kinds_of([one.question for one in learnt]))
    learnt_by, chosen_by, questions = (batch(some, config) for some in (learnt, chosen, people))
    print(f"{'':34}" + "".join(f"{column:>10}" for column in COLUMNS))
    points = {
        "people": judges.figures([one.plan for one in people]),
        "people, shuffled": judges.figures(shuffled(people)),
        "rules": judges.figures(written(people)),
    }
    for name, told in points.items():
        print(line(name, told), flush=True)
    found: list[Drawn] = []
    for seed in seeds:
        path = None if kept is None else kept / f"seed-{seed}.json"
        if path is not None and path.exists():
            found += [Drawn(*one) for one in json.loads(path.read_text())]
            continue
        told_now = list(learnt_and_drawn(learnt_by, chosen_by, questions, config, judges, steps, seed))
        found += told_now
        if path is not None:
            path.write_text(json.dumps([astuple(one) for one in told_now]))
        print(f"seed {seed} done after {time.process_time():.0f} CPU s", flush=True)
    tell_drawn(found)
    if svg:
        chart(found, points, svg)


def tell_drawn(found: Sequence[Drawn]) -> None:
    """All models at all temperatures, what they invent, and whose line lies nearer to people."""
    for name in dict.fromkeys(one.name for one in found):
        for temperature in sorted({one.temperature for one in found if one.name == name}):
            some = [one for one in found if one.name == name and one.temperature == temperature]
            print(line(f"{name}, {temperature}", {column: of_seeds(some, column)[0] for column in COLUMNS}))
            print(line("    half of the interval", {column: of_seeds(some, column)[1] for column in COLUMNS}))
    for name in dict.fromkeys(one.name for one in found):
        some = [one for one in found if one.name == name and one.temperature == 1.0]
        untrue = [of_seeds(some, column) for column in ("untrue keys", "plans with an untrue key", "nats")]
        told_s = f"{of_seeds(some, 'cpu_s')[0]:.0f} CPU s to learn"
        print(
            f"{name}: untrue keys {untrue[0][0]:.4f} ± {untrue[0][1]:.4f}, plans with one {untrue[1][0]:.4f} ± "
            f"{untrue[1][1]:.4f}; held-out people's plans {untrue[2][0]:.4f} ± {untrue[2][1]:.4f} nats; {told_s}"
        )
    games = [one for one in found if one.name.startswith("game") and "unmasked" not in one.name]
    learnt = [one for one in found if one.name == "likelihood"]
    lost = sum(beaten(one, [other for other in learnt if other.seed == one.seed]) for one in games)
    won = sum(
        beaten(one, [other for other in games if other.seed == one.seed and other.name == name])
        for name in {g.name for g in games}
        for one in learnt
    )
    print(f"points of the game above the line of likelihood of their seed: {lost} of {len(games)}")
    print(f"points of likelihood above a line of the game of their seed: {won} of {len(learnt) * len(SHARPNESSES)}")


def titles(rows: Sequence[PlanRow], steps: int, make: Path | None) -> None:
    """Titles as the writer makes them: by its rules, and with each planner."""
    learnt, chosen, people = (list(texts_asked(rows, part)) for part in ("learnt", "chosen by", "held out"))
    if make is not None:
        shown = [
            [(one.question, one.plan) for one in some if one.row.source in OPEN] for some in (learnt, chosen, people)
        ]
        make_planner(make, *shown, trained_on=OPEN, split=SPLIT)
    config = PlanConfig(kinds_of([one.question for one in learnt]))
    network, _ = fit_likelihood(batch(learnt, config), batch(chosen, config), config, seed=0)
    player = play(network, batch(learnt, config), AdversaryConfig(steps=steps), seed=0)
    planners = {
        "the planner that comes along": Planner.load(make) if make else shipped_planner("en"),
        "likelihood": planner_of(network),
        "the game": planner_of(player),
    }
    tell_titles(people, planners)


if __name__ == "__main__":
    main()
