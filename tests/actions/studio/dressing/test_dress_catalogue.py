"""A whole catalogue on fashion models: what is suggested, what is left out and why, accepted, undone, gone on with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.actions.studio.dressing.drawn_clothes import NAVY, RED, photo

from bottega.actions.studio.dressing import dress_catalogue as job
from bottega.actions.studio.dressing.catalogue_shapes import DressCatalogueRequest, DressedCatalogue
from bottega.actions.studio.dressing.dress import dress
from bottega.actions.studio.dressing.who_wears import for_whom, models_asked, suited
from bottega.actions.vision.shapes import DecisionRequest
from bottega.actions.vision.suggestions import decide_suggestions
from bottega.catalogue.attributes import MORE_IMAGES, before_of, value_of, with_before, with_value
from bottega.catalogue.product import Product
from bottega.datasets.photos.provenance import SourceType, marked, source_type_of
from bottega.errors import CatalogueEmpty, ProductUnknown, RequestInvalid
from bottega.models.studio.bodies.fashion_models import on_call
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.pictures import put_picture


def product(name: str, title: str, *category: str, content: bytes = b"", shop: OpenShop | None = None) -> Product:
    images = (put_picture(shop.folder.images, content, ".jpg"),) if shop is not None and content else ()
    return Product(id=name, title=title, category=category, images=images)


@pytest.fixture
def shop(tmp_path: Path, ships: Callable[..., None], plain_parts: type[Any]) -> Iterator[OpenShop]:
    parts = plain_parts()
    parts.version = "plain"
    ships(parts=parts)
    with OpenShop.open(tmp_path / "shop") as opened:
        opened.store.products.upsert(
            [
                product("tee", "Men's red T-shirt", "T-Shirts", content=photo("tee", RED), shop=opened),
                product("girls", "Girls' bikini", "Swimwear", "Bikinis", content=photo("tee", NAVY), shop=opened),
                product("mug", "Coffee mug", "Mugs", content=photo("tee", RED), shop=opened),
                product("bare", "Blue shirt", "Shirts"),
                product("baby", "Baby T-shirt", "T-Shirts", content=photo("tee", NAVY), shop=opened),
                product("made", "Green T-shirt", content=marked(photo("tee", RED), SourceType.GENERATED), shop=opened),
            ]
        )
        yield opened


def run(shop: OpenShop, **fields: Any) -> DressedCatalogue:
    return job.dress_catalogue(shop, DressCatalogueRequest.model_validate(fields))


def test_each_product_is_counted_once_with_its_reason(shop: OpenShop) -> None:
    report = run(shop)
    assert (report.products, report.suggested, report.without_photo, report.made_here) == (6, 1, 1, 1)
    assert set(report.not_worn) | set(report.refused) == {"mug", "girls", "baby"}
    assert "a baby" in report.refused["baby"]
    (model,) = report.models
    assert on_call()[model].build.gender == "male" and on_call()[model].build.grown


def test_a_picture_is_accepted_behind_the_merchants_own_and_taken_back(shop: OpenShop) -> None:
    own = shop.store.products.get(["tee"])["tee"].images
    run(shop)
    (one,) = shop.store.suggestions.about(["tee"])
    assert (one.attribute, one.maker) == (MORE_IMAGES, job.MAKER)
    assert source_type_of((shop.folder.images / one.value).read_bytes()) is SourceType.COMPOSED
    done = decide_suggestions(shop, DecisionRequest(decision="accept", numbers=[one.number]))
    assert shop.store.products.get(["tee"])["tee"].images == (*own, one.value)
    assert done.written == 1
    shop.upsert([shop.store.products.get(["tee"])["tee"].model_copy(update={"images": own})], from_merchant=["tee"])
    assert shop.store.products.get(["tee"])["tee"].images == (*own, one.value), "it goes along with the same photo"
    decide_suggestions(shop, DecisionRequest(decision="undo", numbers=[one.number]))
    assert shop.store.products.get(["tee"])["tee"].images == own


def test_it_goes_on_where_it_ended_and_proposes_nothing_twice(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    more = [
        product(f"t{n}", "Men's T-shirt", "T-Shirts", content=photo("tee", (n, 40, 60)), shop=shop) for n in range(2)
    ]
    shop.store.products.upsert(more)
    monkeypatch.setattr(job, "_AT_ONCE", 1)
    drawn: list[str] = []

    def once(opened: OpenShop, request: Any) -> Any:
        if len(drawn) == 1:
            raise KeyboardInterrupt
        drawn.append(request.products[0])
        return dress(opened, request)

    monkeypatch.setattr(job, "dress", once)
    with pytest.raises(KeyboardInterrupt):
        run(shop, product_ids=["t0", "t1"])
    monkeypatch.setattr(job, "dress", dress)
    report = run(shop, product_ids=["t0", "t1"])
    assert (report.before, report.suggested) == (1, 1)
    assert run(shop, product_ids=["t0", "t1"]).before == 2


def test_whoever_may_show_them_is_one_whom_they_are_for(shop: OpenShop) -> None:
    assert run(shop, models=["bela"], product_ids=["tee"]).models == {"bela": 1}
    refused = run(shop, models=["ada"], product_ids=["tee"], only_new=False).refused["tee"]
    assert "for a man" in refused
    with pytest.raises(RequestInvalid, match="No fashion model is called 'nobody'"):
        run(shop, models=["nobody"])
    with pytest.raises(ProductUnknown):
        run(shop, product_ids=["none"])
    with pytest.raises(RequestInvalid, match="on_the_moon"):
        run(shop, pose="on_the_moon")


@pytest.mark.parametrize(
    ("title", "category", "said"),
    [
        ("Women's dress", (), ("female", False, False)),
        ("Camisa de hombre", (), ("male", False, False)),
        ("Mädchenkleid", ("Kinder", "Mädchen"), ("female", True, False)),
        ("Jeans", (), ("", False, False)),
        ("T-shirt for kids", (), ("", True, False)),
        ("Baby romper", (), ("", False, True)),
        ("Unisex hoodie", (), ("", False, False)),
        ("Shirt for women", ("Men", "Shirts"), ("male", False, False)),
    ],
)
def test_for_whom_a_product_is(title: str, category: tuple[str, ...], said: tuple[str, bool, bool]) -> None:
    wearer = for_whom(Product(id="1", title=title, category=category))
    assert (wearer.gender, wearer.child, wearer.baby) == said


def test_attributes_say_it_before_words() -> None:
    one = Product(id="1", title="Shirt for women", attributes={"gender": ("male",)})
    assert for_whom(one).gender == "male"
    girl = Product(id="1", title="Skirt for girls", attributes={"gender": ("female",)})
    assert for_whom(girl).child, "an attribute that says less does not make a girl a woman"


def test_over_a_catalogue_all_models_show_something_and_each_product_has_one() -> None:
    models = models_asked((), {})
    shown = [suited(Product(id=str(n), title="Women's top"), models).name for n in range(200)]
    assert shown == [suited(Product(id=str(n), title="Women's top"), models).name for n in range(200)]
    grown = {name for name, one in on_call().items() if one.build.grown and one.build.gender == "female"}
    assert set(shown) == grown and max(shown.count(name) for name in grown) < 60


def test_one_more_picture_is_the_last_of_several() -> None:
    one = Product(id="1", title="x", images=("a.jpg",))
    assert value_of(one, MORE_IMAGES) == ""
    more = with_value(one, MORE_IMAGES, "b.jpg")
    assert more.images == ("a.jpg", "b.jpg") and value_of(more, MORE_IMAGES) == "b.jpg"
    assert with_before(more, MORE_IMAGES, before_of(one, MORE_IMAGES)) == one


def test_a_shop_without_products_says_so(tmp_path: Path) -> None:
    with OpenShop.open(tmp_path / "empty") as opened, pytest.raises(CatalogueEmpty):
        run(opened)
