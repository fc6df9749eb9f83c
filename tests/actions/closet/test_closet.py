"""Closets and outfits over a small shop with real photos and untrained models: what is kept, what goes, what fits."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bottega.actions.closet.closet import add_to_closet, closet_of, remove_from_closet
from bottega.actions.closet.outfits import outfit, outfit_for_photo, popular_garments
from bottega.actions.closet.shapes import (
    ClosetQuery,
    ClosetRemoval,
    ClosetRequest,
    OutfitRequest,
    PhotoOutfitRequest,
    TrainOutfitsRequest,
)
from bottega.actions.closet.train_outfits import train_outfits
from bottega.actions.proof.experiment_shapes import ExperimentRequest, NewExperimentRequest
from bottega.actions.proof.experiments import new_experiment, start_experiment
from bottega.actions.shoppers.export_shopper import export_shopper
from bottega.actions.shoppers.forget import forget
from bottega.actions.shoppers.shapes import ShopperRequest
from bottega.catalogue.filter import Filter
from bottega.catalogue.product import Product
from bottega.datasets.photos.masks import PARTS, PhotoMasks
from bottega.errors import EventsTooFew, NotFound, PhotoRefused, ProductUnknown, RequestInvalid
from bottega.events.event import Event
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.outfits import Garments, Outfits, OutfitsConfig
from bottega.models.vision.outfits_training import pairs_within
from bottega.models.vision.slots import SLOTS
from bottega.names import Availability, EventKind
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.rule import SavedRule
from bottega.shop.shape import Upload

pytestmark = pytest.mark.real_data
TYPES = {"Tshirts": 5, "Jeans": 4, "Casual Shoes": 5, "Handbags": 3, "Watches": 3}
HEADS = {"type": tuple(TYPES), "gender": ("Men", "Women"), "color": ("Black", "Blue")}


@pytest.fixture(scope="module")
def models() -> dict[str, Any]:
    """An untrained eye, and outfits that learnt chance pairs of its vectors."""
    rng = np.random.default_rng(0)
    eye = Eye.fresh(HEADS, (), rng=rng)
    slots = np.tile(np.arange(len(SLOTS)), 8).astype(np.int32)
    groups = np.repeat(np.arange(8), len(SLOTS)).astype(np.int32)
    colours = np.concatenate([rng.uniform(-20, 90, (56, 11)), np.ones((56, 1))], axis=1).astype(np.float32)
    vectors = rng.normal(0, 0.1, (56, eye.size)).astype(np.float32)
    outfits = Outfits(OutfitsConfig(rank=2, epochs=1, eye=eye.version))
    outfits.fit(Garments(vectors, colours, slots), pairs_within(groups, slots), rng=rng, groups=groups)
    return {"eye": eye, "outfits": outfits}


@pytest.fixture
def shop(
    tmp_path: Path,
    real_data: Callable[[str], Path],
    models: dict[str, Any],
    ships: Callable[..., None],
    plain_parts: Callable[[], object],
) -> Iterator[OpenShop]:
    """Twenty garments of a real catalogue."""
    ships(**models, parts=plain_parts())
    images, left, products = tmp_path / "shop" / "images", dict(TYPES), []
    images.mkdir(parents=True)
    with real_data("fashion/styles.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            source = real_data("fashion/images") / f"{row['id']}.jpg"
            if left.get(row["articleType"], 0) and source.exists():
                left[row["articleType"]] -= 1
                shutil.copyfile(source, images / source.name)
                products.append(
                    Product(
                        id=f"{row['articleType']}-{left[row['articleType']]}",
                        title=row["productDisplayName"],
                        category=(row["masterCategory"], row["articleType"]),
                        images=(source.name,),
                    )
                )
    assert not any(left.values())
    with OpenShop.open(tmp_path / "shop") as answerer:
        answerer.upsert(products)
        yield answerer


@pytest.fixture
def shirt(real_data: Callable[[str], Path]) -> Upload:
    """A product photo, with a camera's metadata."""
    with Image.open(next(real_data("fashion/images").glob("1*.jpg"))) as picture:
        stream, exif = BytesIO(), Image.Exif()
        exif[0x010F] = "Secret Camera"
        picture.save(stream, "JPEG", exif=exif)
    return Upload(name="shirt.jpg", content=stream.getvalue())


def test_a_photo_becomes_an_item_with_products_like_it(shop: OpenShop, shirt: Upload) -> None:
    answer = add_to_closet(shop, ClosetRequest(shopper="ana", photos=[shirt], n=2))
    (item,) = answer.items
    assert answer.shopper == "ana" and item.photo == "shirt.jpg" and not item.kept
    assert item.colours and 0 < item.colours[0].share <= 1
    assert len(item.like) == 2 and item.like[0].score >= item.like[1].score
    assert [one.closet_item for one in closet_of(shop, ClosetQuery(shopper="ana")).items] == [item.closet_item]
    assert closet_of(shop, ClosetQuery(shopper="bob")).items == []
    assert not (shop.folder.root / "closet").exists(), "the photo itself is not kept unasked"


def test_a_kept_photo_has_no_metadata_and_goes_with_its_last_item(shop: OpenShop, shirt: Upload) -> None:
    (item,) = add_to_closet(shop, ClosetRequest(shopper="ana", photos=[shirt], keep_photo=True)).items
    (file,) = (shop.folder.root / "closet").rglob("*.jpg")
    assert item.kept and b"Secret Camera" in shirt.content and b"Secret Camera" not in file.read_bytes()
    (theirs,) = add_to_closet(shop, ClosetRequest(shopper="bob", photos=[shirt], keep_photo=True)).items
    assert theirs.photo != item.photo, "two shoppers never share a file"
    assert remove_from_closet(shop, ClosetRemoval(shopper="bob", closet_items=[item.closet_item])).removed == []
    done = remove_from_closet(shop, ClosetRemoval(shopper="ana", closet_items=[item.closet_item]))
    assert done.removed == [item.closet_item] and done.photos_deleted == 1 and not file.exists()


def test_export_holds_the_closet_and_forget_empties_it(shop: OpenShop, shirt: Upload) -> None:
    add_to_closet(shop, ClosetRequest(shopper="ana", photos=[shirt], keep_photo=True))
    told = json.loads(export_shopper(shop, ShopperRequest(shopper="ana")).model_dump_json())
    assert len(told["closet_items"]) == 1 and len(told["closet_photos"]) == 1
    forget(shop, ShopperRequest(shopper="ana"))
    assert closet_of(shop, ClosetQuery(shopper="ana")).items == [] and not list(
        (shop.folder.root / "closet").rglob("*.jpg")
    )


def test_a_broken_photo_is_named_and_the_others_count(shop: OpenShop, shirt: Upload) -> None:
    broken = Upload(name="broken.jpg", content=b"no picture")
    answer = add_to_closet(shop, ClosetRequest(shopper="ana", photos=[broken, shirt]))
    assert len(answer.items) == 1 and list(answer.refused) == ["broken.jpg"]
    with pytest.raises(PhotoRefused, match="broken"):
        add_to_closet(shop, ClosetRequest(shopper="ana", photos=[broken]))


def test_a_product_is_completed_slot_by_slot(shop: OpenShop) -> None:
    answer = outfit(shop, OutfitRequest(product_id="Tshirts-0", n=2, return_product=True))
    assert answer.given == ["top"] and answer.photos_waiting == 0
    found = {slot.slot: slot.suggestions for slot in answer.slots}
    assert set(found) == {"bottom", "outer", "shoes", "bag", "accessory"} and found["outer"] == []
    assert all(one.product_id and one.product_id.startswith("Jeans") for one in found["bottom"])
    assert len(found["shoes"]) == 2 and found["shoes"][0].score >= found["shoes"][1].score
    assert all(0 < one.score < 1 for one in found["shoes"])


def test_what_was_bought_together_comes_first_and_says_so(shop: OpenShop) -> None:
    last = outfit(shop, OutfitRequest(product_id="Tshirts-0", slots=["shoes"], n=5)).slots[0].suggestions[-1]
    wanted = last.product_id
    events = [
        Event(shopper_id=f"s{number}", kind=EventKind.PURCHASE, product_id=product, time_ms=number)
        for number in range(8)
        for product in ("Tshirts-0", wanted)
    ]
    shop.folder.store.events.add(events)
    with OpenShop.open(shop.folder.root) as later:
        (slot,) = outfit(later, OutfitRequest(product_id="Tshirts-0", slots=["shoes"], n=5)).slots
    reasons = {one.product_id: one.reasons for one in slot.suggestions}
    assert reasons[wanted][0].code == "bought_together" and reasons[wanted][0].value == 8
    places = [one.product_id for one in slot.suggestions]
    assert places.index(wanted) < 4, "bought by eight shoppers, it is last no more"


def test_rules_hold(shop: OpenShop) -> None:
    gone = shop.folder.store.products.get(["Jeans-1"])["Jeans-1"]
    shop.upsert([gone.model_copy(update={"availability": Availability.OUT_OF_STOCK})])
    request = OutfitRequest(
        product_id="Tshirts-0",
        slots=["bottom"],
        n=9,
        exclude_ids=["Jeans-0"],
        filter=Filter.model_validate({"not": {"ids": ["Jeans-2"]}}),
    )
    assert [one.product_id for one in outfit(shop, request).slots[0].suggestions] == ["Jeans-3"]
    garments = popular_garments(shop, ("bottom",), 9)
    hidden = SavedRule.model_validate({"id": "away", "kind": "hide", "product_ids": ["Jeans-3"]})
    shop.rules.put("away", hidden)
    assert outfit(shop, request).slots[0].suggestions == [], "what the shop hides goes with nothing"
    left = [one.id for one in popular_garments(shop, ("bottom",), 9)]
    assert left == [one.id for one in garments if one.id != "Jeans-3"] != [one.id for one in garments]
    asked = {"name": "hidden", "variants": [{"name": "A"}, {"name": "B", "rules": ["away"]}]}
    new_experiment(shop, NewExperimentRequest.model_validate(asked))
    start_experiment(shop, ExperimentRequest(name="hidden"))
    assert outfit(shop, request).slots[0].suggestions, "but for one variant alone, and nobody has that"
    shop.experiments.noting = True
    each = {who: outfit(shop, request.model_copy(update={"shopper": who})) for who in (f"s{i}" for i in range(9))}
    given = {who: one.experiments["hidden"] for who, one in each.items()}
    assert set(given.values()) == {"A", "B"}
    assert all((one.slots[0].suggestions == []) == (given[who] == "B") for who, one in each.items())


def test_the_own_closet_comes_first_when_asked(shop: OpenShop, shirt: Upload, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bottega.actions.closet.closet.slots_seen", lambda *_: ["top"])
    add_to_closet(shop, ClosetRequest(shopper="ana", photos=[shirt]))
    (item,) = shop.folder.store.closet.of_shopper("ana")
    request = OutfitRequest(product_id="Jeans-0", shopper="ana", own_first=True, slots=["top"], n=2)
    first, second = outfit(shop, request).slots[0].suggestions
    assert first.closet_item == item.item_id and second.product_id is not None
    built = outfit(shop, OutfitRequest(shopper="ana", closet_item=item.item_id))
    assert built.given == ["top"] and any(one.suggestions for one in built.slots)
    with pytest.raises(NotFound, match="closet of 'bob' has no item"):
        outfit(shop, OutfitRequest(shopper="bob", closet_item=item.item_id))


def test_a_street_photo_is_parsed_into_garments(
    shop: OpenShop,
    real_data: Callable[[str], Path],
    ships: Callable[..., None],
    plain_parts: Callable[[Callable[[Any], Any]], object],
) -> None:
    folder = real_data("parsing/photos").parent
    name = sorted(path.stem for path in (folder / "photos").glob("*.jpg"))[0]
    with Image.open(folder / "masks" / f"{name}.png") as mask:
        codes = PhotoMasks((name,), (), (np.array(mask),)).parts[0]

    def parse(photo: Any) -> Any:
        size = photo.shape[1], photo.shape[0]
        return np.asarray(Image.fromarray(codes).resize(size, Image.Resampling.NEAREST))

    ships(parts=plain_parts(parse))
    content = (folder / "photos" / f"{name}.jpg").read_bytes()
    street = Upload(name="street.jpg", content=content)
    items = add_to_closet(shop, ClosetRequest(shopper="ana", photos=[street])).items
    parts = {item.part for item in items}
    assert len(parts) >= 2 and parts <= {PARTS[code] for code in np.unique(codes)} - {"background", "skin", "hair"}
    answer = outfit_for_photo(shop, PhotoOutfitRequest(photo=street, n=1))
    assert sorted(answer.given) == sorted(item.slot for item in items if item.slot)
    assert not {slot.slot for slot in answer.slots} & set(answer.given)


def test_what_cannot_be_asked_is_refused(shop: OpenShop) -> None:
    with pytest.raises(RequestInvalid, match="Neither product_id nor closet_item"):
        outfit(shop, OutfitRequest())
    with pytest.raises(ProductUnknown, match="'nothing'"):
        outfit(shop, OutfitRequest(product_id="nothing"))
    shop.upsert([Product(id="lamp", title="Oak lamp", category=("Home", "Lamps"))])
    with pytest.raises(RequestInvalid, match="is no garment"):
        outfit(shop, OutfitRequest(product_id="lamp"))
    with pytest.raises(RequestInvalid, match="shopper is missing"):
        outfit(shop, OutfitRequest(closet_item=1))


def test_vectors_of_another_eye_are_left_out_and_colours_still_count(
    shop: OpenShop, models: dict[str, Any], ships: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Outfits(OutfitsConfig(rank=2, eye="another"))
    other.arrays_ = models["outfits"].arrays_
    seen: list[Garments] = []
    ships(outfits=other)
    score = Outfits.score

    def listen(model: Outfits, worn: Garments, garments: Garments) -> Any:
        seen.append(garments)
        return score(model, worn, garments)

    monkeypatch.setattr(Outfits, "score", listen)
    outfit(shop, OutfitRequest(product_id="Tshirts-0", slots=["shoes"]))
    assert np.isnan(seen[0].vectors).all() and np.isfinite(seen[0].colours).all()


def test_a_shop_s_own_orders_teach_outfits(shop: OpenShop, models: dict[str, Any]) -> None:
    with pytest.raises(EventsTooFew, match="hold 0 pairs"):
        train_outfits(shop, TrainOutfitsRequest())
    events = [
        Event(shopper_id=f"s{number}", kind=EventKind.PURCHASE, product_id=product, time_ms=number)
        for number in range(120)
        for product in (f"Tshirts-{number % 5}", f"Jeans-{number % 4}", f"Casual Shoes-{number % 5}")
    ]
    shop.folder.store.events.add(events)
    run = train_outfits(shop, TrainOutfitsRequest())
    own = shop.models.outfits()
    assert run.measures == {"pairs": 360.0} and own is not models["outfits"]
    assert own.config == models["outfits"].config
    assert outfit(shop, OutfitRequest(product_id="Tshirts-0")).slots
