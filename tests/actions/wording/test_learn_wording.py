"""A shop's own listings tell what sells, or nothing; what was learnt reaches the texts, and the doors say it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from typer.testing import CliRunner

from bottega.actions.wording.learn_wording import LearnWordingRequest, learn_wording
from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.names import DAY_MS, EventKind
from bottega.serving.cli.main import app
from bottega.shop.open_shop import OpenShop
from bottega.shop.trained.wording_learnt import writer_of

START = 1_780_000_000_000
COLOURS = ("Red", "Blue", "Green", "Black")


def shop_with(folder: Path, effect: float) -> None:
    """Mugs of 20 makers; titles that begin with the colour are looked at `effect` times as often."""
    rng = np.random.default_rng(5)
    products, events = [], []
    for place in range(320):
        colour, first = COLOURS[place % 4], rng.random() < 0.5
        title = f"{colour} mug" if first else f"Mug, {colour.lower()}"
        story = f"Thrown by hand in workshop number {'abcdefghijklmnopqrst'[place % 20] * 3}.\n"
        products.append(
            Product(
                id=f"p{place}",
                title=title,
                category=("Mugs",),
                description=story + f"Glaze of the {'abcdefghijklmnopqrst'[place % 20] * 4} family, fired twice.",
                price_minor=2000,
                currency="EUR",
            )
        )
        views = int(4 * np.exp(rng.normal(0, 0.8)) * (effect if first else 1)) + 1
        events += [
            Event(
                event_id=f"e{place}-{number}",
                shopper_id=f"s{number}",
                kind=EventKind.VIEW,
                product_id=f"p{place}",
                time_ms=START + (number * 60 * DAY_MS) // max(views, 2),
            )
            for number in range(views)
        ]
    with OpenShop.open(folder) as shop:
        shop.store.products.upsert(products)
        shop.store.events.add(events)


def test_what_sells_is_learnt_and_used(tmp_path: Path) -> None:
    shop_with(tmp_path, 4.0)
    with OpenShop.open(tmp_path) as shop:
        found = learn_wording(shop, LearnWordingRequest())
        assert found.signal and found.low > 0.5 and found.pairs > 300
        assert any(one.form in ("first colour", "colour before kind") and one.weight > 0 for one in found.prefers)
        assert found.drawn_on and set(found.drawn_on) <= {f"p{place}" for place in range(320)}
        run = shop.store.runs.latest("wording")
        assert run is not None and run.version == found.version and run.measures["pairs"] == found.pairs
        writer = writer_of(shop.folder, "en")
        assert getattr(writer.chooser.weigh, "__self__", None) is not None


def test_no_signal_is_said_at_the_door_and_changes_nothing(tmp_path: Path) -> None:
    shop_with(tmp_path, 1.0)
    done = CliRunner().invoke(app, ["wording", "learn", "--json", "--shop", str(tmp_path)])
    told = json.loads(done.stdout)
    assert done.exit_code == 0 and not told["signal"] and told["prefers"] == []
    said = CliRunner().invoke(app, ["wording", "learn", "--by", "purchase", "--shop", str(tmp_path)])
    assert said.exit_code == 0 and "no signal" in said.output
    wrong = CliRunner().invoke(app, ["wording", "learn", "--by", "likes", "--shop", str(tmp_path)])
    assert wrong.exit_code != 0 and "purchase" in wrong.output
