"""Products on a fashion model: what is worn together, what is said of it, and what its files say of themselves."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.actions.studio.dressing.drawn_clothes import GREEN, NAVY, RED, fill, photo
from typer.testing import CliRunner

from bottega.actions.studio.dressing.dress import dress
from bottega.actions.studio.dressing.outfit import check_count, check_outfit, layers_of
from bottega.actions.studio.dressing.shapes import DressAnswer, DressRequest
from bottega.catalogue.product import Product
from bottega.datasets.photos.provenance import SourceType, marked, source_type_of
from bottega.errors import ProductUnknown, RequestInvalid
from bottega.serving.cli.main import app
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.pictures import put_picture


@pytest.fixture
def shop(tmp_path: Path, ships: Callable[..., None], plain_parts: type[Any]) -> Iterator[OpenShop]:
    parts = plain_parts()
    parts.version = "plain"
    ships(parts=parts)
    with OpenShop.open(tmp_path / "shop") as opened:
        fill(opened)
        yield opened


def asked(shop: OpenShop, *products: str, **more: Any) -> DressAnswer:
    return dress(shop, DressRequest.model_validate({"model": "bela", "products": list(products), **more}))


def near(content: bytes, colour: tuple[int, int, int]) -> float:
    """Share of a picture that has about a colour."""
    pixels = np.asarray(Image.open(BytesIO(content)).convert("RGB"), int)
    return float((np.abs(pixels - colour).max(2) < 45).mean())


def test_a_figure_wears_them_in_their_colours(shop: OpenShop) -> None:
    answer = asked(shop, "tee", "jeans")
    assert (answer.width, answer.height) == (768, 1024) == Image.open(BytesIO(answer.content)).size
    assert near(answer.content, RED) > 0.04 and near(answer.content, NAVY) > 0.04
    assert near(answer.content, GREEN) < 0.004
    by_id = {piece.product_id: piece for piece in answer.pieces}
    assert [by_id[name].cut for name in ("tee", "jeans")] == ["top", "trousers"]
    assert all(piece.covers > 0.1 and piece.seen > 0.8 for piece in answer.pieces)
    assert asked(shop, "tee", "jeans").content == answer.content


def test_from_behind_it_says_what_was_guessed(shop: OpenShop) -> None:
    (piece,) = asked(shop, "tee", pose="from_behind").pieces
    assert piece.seen < 0.2
    assert any("filled in: its photo shows its other side" in line for line in piece.guessed)
    assert any("Its back is made from its front" in line for line in piece.guessed)
    (front,) = asked(shop, "tee").pieces
    assert not any("other side" in line for line in front.guessed)


def test_a_pose_that_hides_a_print_is_said(shop: OpenShop) -> None:
    assert any("a print there cannot be seen" in line for line in asked(shop, "tee", pose="arms_crossed").notes)
    assert not any("cannot be seen" in line for line in asked(shop, "tee", pose="standing").notes)


def test_files_say_that_they_were_put_together(shop: OpenShop) -> None:
    pytest.importorskip("trimesh")
    answer = asked(shop, "tee", turn=True, glb=True)
    assert source_type_of(answer.content) is SourceType.COMPOSED and answer.source_type == SourceType.COMPOSED
    assert answer.turn is not None and answer.glb is not None
    turn = Image.open(BytesIO(answer.turn))
    assert getattr(turn, "n_frames", 1) == 24 and source_type_of(answer.turn) is SourceType.COMPOSED
    assert answer.glb[:4] == b"glTF" and b"compositeSynthetic" in answer.glb


def test_a_generated_photo_makes_a_picture_that_is_in_part_generated(shop: OpenShop) -> None:
    name = put_picture(shop.folder.images, marked(photo("tee", RED), SourceType.GENERATED), ".jpg")
    shop.store.products.upsert([Product(id="dream", title="Red T-shirt", category=("T-Shirts",), images=(name,))])
    assert source_type_of(asked(shop, "dream", "jeans").content) is SourceType.PARTLY_GENERATED


def test_a_top_is_tucked_in_where_it_is_asked(shop: OpenShop) -> None:
    loose = {piece.product_id: piece.covers for piece in asked(shop, "tee", "jeans").pieces}
    answer = asked(shop, "tee", "jeans", tucked=["tee"])
    tucked = {piece.product_id: piece.covers for piece in answer.pieces}
    assert [piece.product_id for piece in answer.pieces] == ["tee", "jeans"], "from the skin outwards"
    assert tucked["tee"] < loose["tee"] and tucked["jeans"] > loose["jeans"]


@pytest.mark.parametrize(
    ("products", "more", "said"),
    [
        (("jeans", "chinos"), {}, "2 pieces are each worn as trousers: 'jeans', 'chinos'"),
        (("tee", "second", "third"), {}, "3 pieces are each worn as top"),
        (("tee", "tee"), {}, "'tee' is named more than once"),
        (
            ("tee", "second", "third", "jeans", "chinos", "bare", "mug"),
            {},
            "7 pieces were asked for. A figure wears up to 6",
        ),
        (("mug",), {}, "nothing that can be put on a fashion model"),
        (("bare",), {}, "has no photo"),
        (("bra",), {"model": "pia"}, "is underwear or swimwear"),
        (("tee",), {"model": "nobody"}, "No fashion model is called 'nobody'"),
        (("tee",), {"pose": "flying"}, "No pose is called 'flying'"),
        (("tee",), {"tucked": ["tee"]}, "has no trousers or skirt to be tucked into"),
        (("tee", "jeans"), {"tucked": ["jeans"]}, "is worn as trousers"),
        (("tee", "jeans"), {"tucked": ["mug"]}, "is not among the pieces"),
    ],
)
def test_what_is_not_worn_is_refused_in_words(
    shop: OpenShop, products: tuple[str, ...], more: dict[str, Any], said: str
) -> None:
    with pytest.raises(RequestInvalid, match=said):
        asked(shop, *products, **more)


def test_an_unknown_product_is_named(shop: OpenShop) -> None:
    with pytest.raises(ProductUnknown, match="'none'"):
        asked(shop, "tee", "none")


def test_outfits_are_checked_by_their_cuts() -> None:
    check_outfit(list("abcdef"), ["top", "shirt", "jacket", "trousers", "shoes", "bag"])
    check_outfit(list("abc"), ["dress", "trousers", "jacket"])
    for cuts in (["trousers", "skirt"], ["dress", "skirt"], ["hat", "hat"]):
        with pytest.raises(RequestInvalid):
            check_outfit(list("ab"), cuts)
    with pytest.raises(RequestInvalid, match="7 pieces were asked for"):
        check_count(list("abcdefg"))


def test_layers_are_those_of_the_cuts_or_as_asked() -> None:
    products, cuts = ["a", "b", "c"], ["jacket", "trousers", "shirt"]
    assert layers_of(products, cuts, [], in_this_order=False) == [5, 2, 3]
    assert layers_of(products, cuts, ["c"], in_this_order=False) == [5, 2, 1]
    assert layers_of(products, cuts, [], in_this_order=True) == [1, 2, 3]


def test_the_command_writes_its_files(shop: OpenShop, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = CliRunner().invoke(
        app,
        [
            "dress",
            "bela",
            "tee",
            "jeans",
            "--tucked",
            "tee",
            "--turn",
            "--out",
            str(out),
            "--json",
            "--shop",
            str(shop.folder.root),
        ],
    )
    assert told.exit_code == 0, told.output
    answer = json.loads(told.output)
    assert Path(answer["file"]).is_file() and Path(answer["turn"]).suffix == ".webp" and "content" not in answer
    plain = CliRunner().invoke(
        app, ["dress", "bela", "tee", "--pose", "standing", "--out", str(out), "--shop", str(shop.folder.root)]
    )
    assert "marked as compositeSynthetic" in plain.output and "Red T-shirt: top" in plain.output
    wrong = CliRunner().invoke(app, ["dress", "bela", "mug", "--out", str(out), "--shop", str(shop.folder.root)])
    assert wrong.exit_code != 0 and "fashion model" in wrong.output
