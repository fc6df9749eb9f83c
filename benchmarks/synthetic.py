"""What synthetic shoppers teach, whom they repeat, and whether a shop with little data gains by them.

    python benchmarks/synthetic.py [--shop beauty|demo] [--few] [--teacher NAME] [--data FOLDER]    page: synthetic.md

beauty   Amazon Beauty; as many synthetic shoppers as real ones.
demo     The demo shop (600 products, 3,000 shoppers, seed 7), with prices, kinds and times; as many again.
--few    Only 5% of the shoppers teach; as many synthetic ones, and five times as many, are drawn from that.

The teacher learns from all but each shopper's last two new items, less up to 2,000 events that its chances are
calibrated on. Its shoppers teach a pupil (transitions), who is asked for the real shoppers' last items; all products
ranked, what the shopper has hidden. "sharp" shoppers follow the teacher at half the temperature and never stray: less
like real ones, easier to learn from.
Intervals: 95%, bootstrap over shoppers.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from bottega.actions.demo.write_demo import write_demo
from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest
from bottega.datasets.arrays import Features, Histories
from bottega.datasets.load import load_dataset
from bottega.datasets.sequences import read_sequences
from bottega.datasets.splits import Split, last_out, some_last_out
from bottega.evaluation.synthetic import Gap, answered, before_questions, gap, privacy
from bottega.models.recommend.registry import recommender_class
from bottega.models.recommend.synthetic_habits import Habits
from bottega.models.recommend.synthetic_shoppers import Choice, calibrate, draw_shoppers
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

DATA = Path(os.environ.get("BOTTEGA_DATA", Path(__file__).parent.parent.parent / "shared" / "data"))
PUPIL = "transitions"
FEW = 0.05


class Simulator:
    """A teacher with the habits of the shoppers it learnt from, and the choice calibrated on events it never saw."""

    def __init__(self, teacher: str, learnt: Histories, features: Features, split: Split) -> None:
        self.learnt = learnt
        train, asked = some_last_out(learnt, share=0.2, most=2000, rng=np.random.default_rng(0))
        self.model = recommender_class(teacher)().fit(train, features, rng=np.random.default_rng(0))
        self.habits = Habits.learn(learnt, features)
        self.choice = calibrate(self.model, self.habits, asked)
        self.answers = answered(self.model, split.test)

    def draw(self, shoppers: int, *, sharp: bool = False) -> Histories:
        sharper = replace(self.choice, temperature=self.choice.temperature / 2, stray=0.0)
        choice: Choice = sharper if sharp else self.choice
        return draw_shoppers(self.model, self.habits, choice, shoppers=shoppers, rng=np.random.default_rng(1))


def show(title: str, found: Iterator[tuple[str, Gap, Simulator, Histories]]) -> None:
    """Print both tables, and each line as soon as it is there."""
    worth = Table("synthetic shoppers", "learnt from", "R@10", "N@10", title=title)
    runs = Table("histories", "longest run", "99%", "mean", "2 copied", "3 copied", "4 copied", "5 copied")
    chance: Any = None
    for label, measured, simulator, made in found:
        print(f"{label}: {simulator.choice}, {made.n_events} events", flush=True)
        teacher = {"(the teacher itself)": simulator.answers} if chance is None else {}
        for regime, one in (teacher | dict(measured.measures)).items():
            cells = [f"{one[key].mean:.4f} ({one[key].low:.4f} to {one[key].high:.4f})" for key in one]
            worth.add_row(label if regime == "real" else "", regime, *cells)
            print(f"  {regime}: {cells}", flush=True)
        copies = privacy(made, simulator.learnt, rng=np.random.default_rng(2))
        chance = copies.chance
        shares = [f"{share:.2%}" for share in copies.synthetic.shares.values()]
        runs.add_row(
            label, str(copies.synthetic.longest), str(copies.synthetic.high), f"{copies.synthetic.mean:.2f}", *shares
        )
    shares = [f"{share:.2%}" for share in chance.shares.values()]
    runs.add_row("real, by chance", str(chance.longest), str(chance.high), f"{chance.mean:.2f}", *shares)
    console = Console(width=120)
    console.print(worth)
    console.print(runs)


def beauty(data: Path) -> tuple[Histories, Features]:
    amazon = data / "amazon"
    return read_sequences(amazon / "Beauty.txt.gz", amazon / "Beauty_item2attributes.json.gz")[:2]


def demo() -> tuple[Histories, Features]:
    with tempfile.TemporaryDirectory() as folder, ShopFolder.open(Path(folder) / "shop") as shop:
        files = write_demo(Path(folder) / "demo", pictures=False)
        import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=files.catalogue))
        import_events(OpenShop(shop), ImportEventsRequest(source=files.events))
        dataset = load_dataset(shop.store)
        return dataset.histories, dataset.features


def whole(teacher: str, histories: Histories, features: Features) -> Iterator[tuple[str, Gap, Simulator, Histories]]:
    """As many synthetic shoppers as real ones."""
    split = last_out(histories)
    simulator = Simulator(teacher, before_questions(histories, split), features, split)
    shoppers = int((simulator.learnt.lengths > 0).sum())
    for label, sharp in (("calibrated", False), ("sharp", True)):
        made = simulator.draw(shoppers, sharp=sharp)
        found = gap(recommender_class(PUPIL), split, made, features, rng=np.random.default_rng(3))
        yield label, found, simulator, made


def few(teacher: str, histories: Histories, features: Features) -> Iterator[tuple[str, Gap, Simulator, Histories]]:
    """A twentieth of the shoppers to learn from, everybody's questions to answer."""
    split = last_out(histories)
    some = np.sort(np.random.default_rng(0).permutation(len(histories))[: int(FEW * len(histories))])
    learnt = before_questions(histories, split).take(some)
    simulator = Simulator(teacher, learnt, features, split)
    asked: Split = replace(split, train=split.train.take(some))
    for times, sharp in ((1, False), (5, False), (5, True)):
        made = simulator.draw(times * len(some), sharp=sharp)
        found = gap(recommender_class(PUPIL), asked, made, features, rng=np.random.default_rng(3))
        yield f"{times}x {'sharp' if sharp else 'calibrated'}", found, simulator, made


def main(
    shop: Annotated[str, typer.Option(help="beauty or demo.")] = "demo",
    small: Annotated[bool, typer.Option("--few", help="Learn from 5% of the shoppers.")] = False,
    teacher: Annotated[str, typer.Option(help="The recommender that shoppers are drawn from.")] = "transitions",
    data: Annotated[Path, typer.Option(help="Folder with amazon/.")] = DATA,
) -> None:
    """Draw shoppers, train on them, ask about real ones."""
    started = time.perf_counter()
    histories, features = demo() if shop == "demo" else beauty(data)
    title = f"{shop}{f', {FEW:.0%} of shoppers' if small else ''}, teacher {teacher}, pupil {PUPIL}"
    show(title, (few if small else whole)(teacher, histories, features))
    print(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    typer.run(main)
