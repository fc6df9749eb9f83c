"""A shop's own frames: mined from listings that sold, used in texts, switched off, rolled back, at every door."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bottega.actions.running.models import ModelsRequest, list_models
from bottega.actions.running.rollback import RollBackRequest, roll_back
from bottega.actions.wording.describe import describe
from bottega.actions.wording.learn_wording import LearnWordingRequest, learn_wording
from bottega.actions.wording.learnt_frames import list_frames, switch_frames
from bottega.actions.wording.shapes import DescribeRequest, LearntFramesQuery, SwitchFramesRequest
from bottega.catalogue.product import Product
from bottega.errors import RequestInvalid
from bottega.events.event import Event
from bottega.names import DAY_MS, EventKind
from bottega.serving.cli.main import app
from bottega.serving.http.app import create_app
from bottega.shop.open_shop import OpenShop

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

START = 1_780_000_000_000
COLOURS = ("Red", "Blue", "Green", "Black", "White")
FITS = ("Slim", "Relaxed", "Regular")
SLEEVES = ("Long sleeves", "Short sleeves")
NAMES = ("Marlowe", "Averill", "Quillon", "Brisant", "Oakstead", "Tamsin", "Verity", "Wexford", "Ondine", "Halden")
SOLD = "Our own work. This shirt has a {fit} fit and {sleeves}."
UNSOLD = "Our own work. It comes as a shirt, in {colour}, for everyone."


def shirt(place: int) -> Product:
    """The even ones sold, and were told of in other words than the others."""
    colour, fit, sleeves = COLOURS[place % 5], FITS[place % 3], SLEEVES[place % 4 // 2]
    story = SOLD if place % 2 == 0 else UNSOLD
    return Product(
        id=f"p{place}",
        title=f"{NAMES[place % 10]} Shirt {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[place % 26] * 3}",
        category=("Shirts",),
        description=story.format(fit=fit.casefold(), sleeves=sleeves.casefold(), colour=colour.casefold()),
        attributes={"colour": (colour,), "fit": (fit,), "sleeves": (sleeves,)},
        price_minor=3000,
        currency="EUR",
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with OpenShop.open(tmp_path) as shop:
        shop.store.products.upsert([shirt(place) for place in range(60)])
        shop.store.events.add(
            [
                Event(
                    event_id=f"e{place}-{number}",
                    shopper_id=f"s{number}",
                    kind=EventKind.PURCHASE,
                    product_id=f"p{place}",
                    time_ms=START + number * DAY_MS,
                )
                for place in range(60)
                for number in range(30 if place % 2 == 0 else 2)
            ]
        )
    return tmp_path


def learnt(shop: OpenShop) -> str:
    found = learn_wording(shop, LearnWordingRequest(by="purchase"))
    assert (found.frames, found.frames_from, found.frames_read) == (1, "rates", 30)
    return found.version


def texts(shop: OpenShop) -> list[str]:
    asked = DescribeRequest(all=True)
    return [one.description for one in describe(shop, asked).listings]


def with_frame(shop: OpenShop) -> int:
    return sum("This shirt has a" in text for text in texts(shop))


def test_frames_come_from_listings_that_sold_and_reach_texts(folder: Path) -> None:
    with OpenShop.open(folder) as shop:
        assert list_frames(shop, LearntFramesQuery()).frames == [] and with_frame(shop) == 0
        version = learnt(shop)
        found = list_frames(shop, LearntFramesQuery())
        (frame,) = found.frames
        assert (found.version, found.language) == (version, "en")
        assert frame.pattern == "This {kind} has {an} {fit:low} fit and {sleeves:low}."
        assert frame.support == 30 and frame.proved_for >= 5 and frame.groups >= 3
        assert all(int(one.removeprefix("p")) % 2 == 0 for one in frame.listings)
        assert with_frame(shop) > 10
        told = describe(shop, DescribeRequest(all=True, explain=True)).listings
        assert all(one.refused == [] for one in told)
        assert any(frame.id == part.frame for one in told for part in (one.sentences or {})["description"])


def test_what_is_switched_off_stays_off_until_it_is_rolled_back(folder: Path) -> None:
    with OpenShop.open(folder) as shop:
        learnt(shop)
        (frame,) = list_frames(shop, LearntFramesQuery()).frames
        off = switch_frames(shop, SwitchFramesRequest(off=[frame.id]))
        assert off.frames[0].off and with_frame(shop) == 0
        learnt(shop)
        (again,) = list_frames(shop, LearntFramesQuery(off=True)).frames
        assert again.id == frame.id and with_frame(shop) == 0
        assert list_frames(shop, LearntFramesQuery(off=False)).frames == []
        used = [one for one in list_models(shop, ModelsRequest()).models if one.ability == "wording" and one.in_use]
        assert len(used) == 1
        roll_back(shop, RollBackRequest(room="wording"))
        assert list_frames(shop, LearntFramesQuery()).version == off.version
        roll_back(shop, RollBackRequest(room="wording"))
        assert with_frame(shop) > 10


def test_a_frame_that_nobody_has_is_refused(folder: Path) -> None:
    with OpenShop.open(folder) as shop:
        learnt(shop)
        for asked in ({"off": ["mined-0"]}, {}):
            with pytest.raises(RequestInvalid, match="frame"):
                switch_frames(shop, SwitchFramesRequest.model_validate(asked))


def test_nothing_is_learnt_from_texts_that_were_written(folder: Path) -> None:
    with OpenShop.open(folder) as shop:
        own = [shirt(place) for place in range(60)]
        marks = {"generated": ("description",)}
        written = [one.model_copy(update={"attributes": {**one.attributes, **marks}}) for one in own]
        shop.store.products.upsert(written)
        found = learn_wording(shop, LearnWordingRequest(by="purchase"))
        assert (found.frames, found.frames_read) == (0, 0)


def test_the_doors_list_and_switch(folder: Path) -> None:
    run = CliRunner()
    said = run.invoke(app, ["wording", "learn", "--by", "purchase", "--shop", str(folder)])
    assert said.exit_code == 0 and "1 frames mined from 30 descriptions" in said.output
    said = run.invoke(app, ["wording", "frames", "--shop", str(folder)])
    assert said.exit_code == 0 and "in use" in said.output and "30 listings" in said.output
    with OpenShop.open(folder) as shop:
        key = shop.store.keys.create("test")
    with TestClient(create_app(folder), headers={"X-API-Key": key}) as client:
        (frame,) = client.get("/v1/wording/frames").json()["frames"]
        switched = client.post("/v1/wording/frames", json={"off": [frame["id"]]}).json()
        assert switched["frames"][0]["off"]
        assert client.get("/v1/wording/frames", params={"off": False}).json()["frames"] == []
    told = run.invoke(app, ["wording", "switch", "--on", frame["id"], "--json", "--shop", str(folder)])
    assert told.exit_code == 0 and not json.loads(told.stdout)["frames"][0]["off"]
    done = run.invoke(app, ["models", "rollback", "wording", "--shop", str(folder)])
    assert done.exit_code == 0 and "wording" in done.output
