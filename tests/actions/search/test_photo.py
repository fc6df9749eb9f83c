"""Searches of a small shop of drawn products: by photo, by words, by both; what comes later; what cannot be found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bottega.actions.proof.experiment_shapes import ExperimentRequest, NewExperimentRequest
from bottega.actions.proof.experiments import new_experiment, start_experiment
from bottega.actions.rules.save_rule import save_rule
from bottega.actions.rules.shapes import SaveRuleRequest
from bottega.actions.search.photo import search_photo
from bottega.actions.search.shapes import PhotoSearchAnswer, PhotoSearchRequest, SearchAnswer, SearchRequest
from bottega.actions.search.words import search_text
from bottega.catalogue.filter import Filter, PriceRange
from bottega.catalogue.product import Product
from bottega.datasets.photos.reading import read_photo
from bottega.datasets.product_words import described
from bottega.errors import PhotoRefused, ProductUnknown
from bottega.models.vision.eye.config import EyeConfig, TrunkConfig
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.looks import Looks
from bottega.models.vision.eye.network import EyeNetwork
from bottega.models.vision.joint_space import JointSpace, JointSpaceConfig
from bottega.models.vision.slots import MISFIT, UNSAID
from bottega.names import Availability
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Upload
from bottega.store.vectors import PhotoKey, Stamp

COLOURS = {"red": (200, 30, 40), "blue": (30, 60, 190), "green": (30, 140, 60), "black": (25, 25, 25)}
KINDS = ("Shirts", "Bags", "Shoes")


class PlainEye(Eye):
    """Sees colours and where they are: eight by eight patches, projected; no learning, so that answers are known."""

    def __init__(self, version: str = "plain") -> None:
        trunk = TrunkConfig(widths=(8, 8, 8, 8), blocks=(1, 1, 1, 1), colours=0)
        heads = {"color": tuple(COLOURS), "type": KINDS, "words": ("crimson", "striped")}
        config = EyeConfig(heads, version=version, trunk=trunk)
        super().__init__(config, EyeNetwork(trunk, {head: len(names) for head, names in heads.items()}))
        self.mix = np.random.default_rng(5).standard_normal((192, 128)).astype(np.float32)
        self.looked = 0

    def look(self, photos: object, *, progress: object = None) -> Looks:
        vectors, words = [], []
        for photo in photos:  # type: ignore[attr-defined]  # a sequence of photos
            small = np.asarray(Image.fromarray(photo).resize((8, 8), Image.Resampling.BOX), dtype=np.float32)
            vectors.append((1 - small / 255).ravel() @ self.mix)
            words.append([float(photo[..., 0].mean() > 1.1 * photo[..., 2].mean()), 0.0])
            self.looked += 1
        found = np.array(vectors, dtype=np.float32).reshape(-1, 128)
        found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
        return Looks(found, {}, np.array(words, dtype=np.float32).reshape(-1, 2))


def drawn(kind: str, colour: str) -> Image.Image:
    """A product on white."""
    picture = Image.new("RGB", (64, 64), "white")
    draw, fill = ImageDraw.Draw(picture), COLOURS[colour]
    if kind == "Shirts":
        draw.rectangle((20, 12, 44, 56), fill=fill)
        draw.rectangle((8, 12, 56, 24), fill=fill)
    elif kind == "Bags":
        draw.rectangle((12, 30, 52, 58), fill=fill)
    else:
        draw.rectangle((6, 44, 58, 56), fill=fill)
    return picture


def photo(kind: str, colour: str) -> bytes:
    """A shopper's photo of it: another size and format."""
    file = BytesIO()
    drawn(kind, colour).resize((150, 150)).save(file, "PNG")
    return file.getvalue()


def listing(kind: str, colour: str, **changes: object) -> Product:
    name = f"{kind.lower()}-{colour}"
    title = f"{colour.title()} {kind[:-1].lower()}" if kind != "Bags" else f"Style {len(colour)}"
    fields: dict[str, object] = {
        "id": name,
        "title": title,
        "brand": "Nord",
        "category": ("Apparel", kind),
        "price_minor": 1000 + 500 * list(COLOURS).index(colour),
        "images": (f"{name}.png",),
        "attributes": {"color": (colour,)} if kind != "Bags" else {},
    }
    return Product.model_validate(fields | changes)


@pytest.fixture(scope="module")
def space() -> JointSpace:
    """Words fitted to the eye, bags called by their colour as a good listing would."""
    pairs = [(kind, colour) for kind in KINDS for colour in COLOURS] * 4
    texts = [[*described(listing(kind, colour)), colour, kind.lower()] for kind, colour in pairs]
    vectors = PlainEye().look([read_photo(photo(*pair)) for pair in pairs]).vectors
    config = JointSpaceConfig(width=16, hidden=32, buckets=128, epochs=30, batch=16, learning_rate=1e-2)
    return JointSpace(config).fit(texts, vectors, rng=np.random.default_rng(0), version="plain")


@pytest.fixture
def eye(ships: Callable[..., None], plain_parts: Callable[[], object], space: JointSpace) -> PlainEye:
    eye = PlainEye()
    ships(eye=eye, words=space, parts=plain_parts())
    return eye


@pytest.fixture
def answerer(tmp_path: Path, eye: PlainEye) -> Iterator[OpenShop]:
    """Twelve drawn products, open."""
    with ShopFolder.open(tmp_path / "shop") as shop:
        shop.images.mkdir()
        for kind in KINDS:
            for colour in COLOURS:
                drawn(kind, colour).save(shop.images / f"{kind.lower()}-{colour}.png")
        shop.store.products.upsert([listing(kind, colour) for kind in KINDS for colour in COLOURS])
    with OpenShop.open(tmp_path / "shop") as opened:
        yield opened


def by_photo(answerer: OpenShop, kind: str, colour: str, **fields: object) -> PhotoSearchAnswer:
    sent = Upload(name="photo", content=photo(kind, colour))
    return search_photo(answerer, PhotoSearchRequest.model_validate({"photo": sent, "n": 4, **fields}))


def by_words(answerer: OpenShop, text: str = "", **fields: object) -> SearchAnswer:
    return search_text(answerer, SearchRequest.model_validate({"text": text, "n": 4, **fields}))


def ids(answer: PhotoSearchAnswer | SearchAnswer) -> list[str]:
    found = answer.regions[0].items if isinstance(answer, PhotoSearchAnswer) else answer.items
    return [item.product_id for item in found]


def test_a_photo_finds_its_product_first(answerer: OpenShop) -> None:
    for kind in KINDS:
        answer = by_photo(answerer, kind, "blue", regions=False, return_product=True)
        [region] = answer.regions
        first = region.items[0]
        assert (first.product_id, first.rank, first.found_by) == (f"{kind.lower()}-blue", 1, ["photo"])
        assert first.score > 0.9 and first.product is not None and first.product.id == first.product_id
        assert region.name == "photo" and (region.box.right, region.box.bottom) == (150, 150)
        assert answer.photos_waiting == 0
    assert ids(by_photo(answerer, "Shirts", "blue")), "regions, too"


def test_filters_exclusions_and_what_must_not_be_shown(answerer: OpenShop) -> None:
    bags = Filter(category=["Bags"], price_minor=PriceRange(max=1600))
    found = ids(by_photo(answerer, "Shirts", "blue", filter=bags.model_dump(by_alias=True)))
    assert found[0] == "bags-blue" and set(found) <= {"bags-blue", "bags-red"}  # a red bag is too far from a blue shirt
    assert "shirts-blue" not in ids(by_photo(answerer, "Shirts", "blue", exclude_ids=["shirts-blue"], n=12))
    answerer.upsert([listing("Shirts", "blue", availability=Availability.OUT_OF_STOCK)])
    assert "shirts-blue" not in ids(by_photo(answerer, "Shirts", "blue", n=12)) + ids(
        by_words(answerer, "blue shirt", n=12)
    )


def test_a_part_of_a_street_photo_prefers_products_of_its_kind(answerer: OpenShop, eye: PlainEye) -> None:
    answerer.upsert(
        [
            Product(id="odd", title="Qwz", images=("bags-blue.png",)),
            Product(id="lamp", title="Qwz", category=("Home", "Lamps"), images=("bags-blue.png",)),
        ]
    )
    [vector] = eye.look([read_photo(photo("Bags", "blue"))]).vectors
    index = answerer.search_index()
    with answerer.floor() as floor:
        allowed = index.allowed(floor, None, [])
        anything, bag, upper = (
            {floor.shelf.product_id(row): score for row, score in index.like(vector, allowed, part=part).items()}
            for part in ("photo", "bag", "upper")
        )
    assert bag["bags-blue"] == anything["bags-blue"] and next(iter(bag)) == "bags-blue"
    assert upper["shirts-blue"] == anything["shirts-blue"]
    assert upper["bags-blue"] == pytest.approx(anything["bags-blue"] - MISFIT)
    assert upper["lamp"] == pytest.approx(anything["lamp"] - MISFIT), "its category is of nothing worn"
    assert upper["odd"] == pytest.approx(anything["odd"] - UNSAID), "it says nothing of what it is"
    assert list(upper.values()) == sorted(upper.values(), reverse=True) and upper.keys() == anything.keys()


def test_like_this_but_blue(answerer: OpenShop) -> None:
    assert ids(by_photo(answerer, "Shirts", "red", regions=False))[0] == "shirts-red"
    answer = by_photo(answerer, "Shirts", "red", but="blue", regions=False)
    assert ids(answer)[0] == "shirts-blue" and answer.unknown_words == []
    assert ids(by_words(answerer, "blue", product_id="shoes-red"))[0] == "shoes-blue"
    assert "shoes-red" not in ids(by_words(answerer, product_id="shoes-red", n=12)), "never the product itself"
    assert by_photo(answerer, "Shirts", "red", but="qzqz blue").unknown_words == ["qzqz"]


def test_words_find_listings_and_photos_of_poor_listings(answerer: OpenShop) -> None:
    answer = by_words(answerer, "red shirt")
    assert ids(answer)[0] == "shirts-red" and answer.items[0].found_by == ["words", "photo"]
    assert answer.items[0].score > answer.items[1].score
    bags = by_words(answerer, "blue bags", n=3)
    assert "bags-blue" in ids(bags), "no listing of a bag names its colour"
    misspelt = by_words(answerer, "red shrit")
    assert ids(misspelt)[0] == "shirts-red" and misspelt.read_as == {"shrit": ["shirt"]}


def test_words_read_off_photos_count(answerer: OpenShop) -> None:
    answer = by_words(answerer, "crimson", n=12)
    listed = [item.product_id for item in answer.items if "words" in item.found_by]
    assert sorted(listed) == ["bags-red", "shirts-red", "shoes-red"], "no listing says crimson"


@pytest.mark.parametrize("text", ["", "  ", "!?", "qzqzqz"])
def test_nothing_asked_or_nothing_known_finds_nothing(answerer: OpenShop, text: str) -> None:
    answer = by_words(answerer, text)
    assert answer.items == [] and answer.unknown_words == text.split() * (text == "qzqzqz")


def test_a_product_is_found_the_moment_it_is_there_and_follows_its_photo(answerer: OpenShop, eye: PlainEye) -> None:
    by_words(answerer, "red")
    looked = eye.looked
    drawn("Bags", "green").save(answerer.folder.images / "new.png")
    answerer.upsert([listing("Bags", "green", id="new", title="Zorbel", images=("new.png",))])
    assert ids(by_words(answerer, "zorbel"))[:1] == ["new"]
    assert {"new", "bags-green"} == set(ids(by_photo(answerer, "Bags", "green", n=2, regions=False)))
    assert eye.looked == looked + 2, "one new photo, one question"
    with ShopFolder.open(answerer.folder.root) as other:  # another process changes title and picture
        drawn("Shoes", "black").save(other.images / "newer.png")
        other.store.products.upsert([listing("Bags", "green", id="new", title="Loafers", images=("newer.png",))])
    assert ids(by_words(answerer, "zorbel")) == [] and ids(by_words(answerer, "loafers"))[:1] == ["new"]
    assert "new" not in ids(by_photo(answerer, "Bags", "green", n=3, regions=False))
    assert "new" in ids(by_photo(answerer, "Shoes", "black", n=2, regions=False))


def test_products_without_a_photo_are_found_by_their_words_alone(answerer: OpenShop) -> None:
    answerer.upsert([Product(id="kilt", title="Tartan kilt", category=("Apparel", "Kilts"))])
    [first, *_] = by_words(answerer, "tartan kilt").items
    assert (first.product_id, first.found_by) == ("kilt", ["words"])
    assert "kilt" not in ids(by_photo(answerer, "Shirts", "red", n=12))
    answerer.upsert([Product(id="kilt2", title="Tartan skirt", category=("Apparel", "Kilts"))])
    assert ids(by_words(answerer, product_id="kilt"))[0] == "kilt2", "like its words where it has no photo"


def test_variants_share_one_place(answerer: OpenShop) -> None:
    answerer.upsert(
        [listing("Shirts", "red", id=f"r/{size}", group_id="r", images=("shirts-red.png",)) for size in "SML"]
    )
    found = ids(by_photo(answerer, "Shirts", "red", n=12, regions=False))
    assert len([name for name in found if name.startswith("r/")]) == 1


def test_photos_are_looked_at_a_few_a_search(
    answerer: OpenShop, eye: PlainEye, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bottega.shop.search.searching.PHOTOS_A_SEARCH", 5)
    assert by_words(answerer, "red").photos_waiting == 7
    assert by_words(answerer, "red").photos_waiting == 2
    (answerer.folder.images / "broken.png").write_bytes(b"no picture")
    answerer.upsert([listing("Bags", "red", id="broken", images=("broken.png",))])
    wanted = SearchRequest(text="red")
    assert search_text(answerer, wanted, look_at_all=True).photos_waiting == 0, "a broken one waits no longer"
    assert search_text(answerer, wanted).photos_waiting == 0 and len(answerer.search_index().photos) == 12


def test_another_eye_looks_anew(answerer: OpenShop, ships: Callable[..., None]) -> None:
    by_words(answerer, "red")
    newer = PlainEye("newer")
    ships(eye=newer, words=None)
    assert ids(by_photo(answerer, "Bags", "blue", regions=False))[0] == "bags-blue" and newer.looked >= 12
    assert ids(by_words(answerer, "red shirt"))[0] == "shirts-red", "without words for this eye, listings answer"
    assert by_photo(answerer, "Shirts", "red", but="blue", n=2).regions[0].items


def test_vectors_of_another_process_are_taken_over(answerer: OpenShop, eye: PlainEye) -> None:
    by_words(answerer, "red")
    with ShopFolder.open(answerer.folder.root) as other:
        other.store.products.upsert([listing("Bags", "green", id="other", images=("far.png",))])
        seen = eye.look([read_photo(photo("Bags", "green"))])
        other.store.vectors.put(Stamp("eye", eye.version), [PhotoKey("other", "far.png")], seen.vectors)
    assert "other" in ids(by_photo(answerer, "Bags", "green", n=2, regions=False)), "its file is not even here"


def test_what_cannot_be_searched_is_refused(answerer: OpenShop) -> None:
    with pytest.raises(PhotoRefused, match=r"face\.png"):
        search_photo(answerer, PhotoSearchRequest(photo=Upload(name="face.png", content=b"no picture")))
    with pytest.raises(ProductUnknown, match="'lost'"):
        by_words(answerer, "blue", product_id="lost")


def test_an_empty_shop_answers_cleanly(tmp_path: Path, eye: PlainEye) -> None:
    with OpenShop.open(tmp_path / "empty") as answerer:
        assert by_words(answerer, "red").items == [] and by_photo(answerer, "Shirts", "red").regions[0].items == []


def test_a_rule_of_one_variant_hides_nothing_from_a_photo(answerer: OpenShop) -> None:
    fields = {"id": "no-blue", "kind": "hide", "products": {"ids": ["shirts-blue"]}, "placements": ["search"]}
    save_rule(answerer, SaveRuleRequest.model_validate(fields))
    assert "shirts-blue" not in ids(by_photo(answerer, "Shirts", "blue", regions=False))
    asked = {"name": "blue", "variants": [{"name": "A"}, {"name": "B", "rules": ["no-blue"]}]}
    new_experiment(answerer, NewExperimentRequest.model_validate(asked))
    start_experiment(answerer, ExperimentRequest(name="blue"))
    assert ids(by_photo(answerer, "Shirts", "blue", regions=False))[0] == "shirts-blue"
    answerer.experiments.noting = True
    answers = {
        who: by_photo(answerer, "Shirts", "blue", regions=False, shopper=who) for who in (f"s{i}" for i in range(10))
    }
    given = {who: one.experiments["blue"] for who, one in answers.items()}
    assert set(given.values()) == {"A", "B"}
    assert all(("shirts-blue" in ids(one)) == (given[who] == "A") for who, one in answers.items())
    assert {who: one["blue"] for who, one, _ in answerer.experiments.noted()} == given
    titled = [{"name": "A"}, {"name": "B", "products": [{"product_id": "shirts-red", "title": "Crimson"}]}]
    new_experiment(answerer, NewExperimentRequest.model_validate({"name": "titles", "variants": titled}))
    start_experiment(answerer, ExperimentRequest(name="titles"))
    for who in given:
        answer = by_photo(answerer, "Shirts", "red", regions=False, shopper=who, return_product=True)
        first = answer.regions[0].items[0].product
        assert first is not None and (first.title == "Crimson") == (answer.experiments["titles"] == "B")
