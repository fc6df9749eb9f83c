"""Customise: a picture or a song becomes a design of a product, which is shown, printed, kept and forgotten."""

from __future__ import annotations

import io
import json
import time
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from PIL import Image

from bottega.actions.shoppers.export_shopper import export_shopper
from bottega.actions.shoppers.forget import forget
from bottega.actions.shoppers.shapes import ShopperRequest
from bottega.actions.studio.prints.customise import customise, remove_designs, show_design
from bottega.actions.studio.prints.customise_song import customise_song
from bottega.actions.studio.prints.designs import dye_of
from bottega.actions.studio.prints.print_design import print_design, print_files
from bottega.actions.studio.prints.shapes import (
    CustomiseRequest,
    CustomiseSongRequest,
    DesignRemoval,
    DesignRequest,
    PrintFilesRequest,
    PrintRequest,
)
from bottega.actions.studio.prints.slots import slots_of
from bottega.catalogue.product import Product
from bottega.datasets.photos.provenance import SourceType, source_type_of
from bottega.errors import (
    DesignUnknown,
    NotCustomisable,
    PhotoRefused,
    ProductUnknown,
    RequestInvalid,
    SoundRefused,
    SourceUnreadable,
)
from bottega.events.event import Event
from bottega.models.studio.prints.print_on import WHITE
from bottega.models.studio.prints.templates import template
from bottega.names import EventKind
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Upload

PRODUCTS = [
    Product(id="mug/1", title="Mug", attributes={"customise": ("Mug", "tote-bag")}),
    Product(id="plain", title="Lamp"),
    Product(id="odd", title="Pen", attributes={"customise": ("pen",)}),
]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    with ShopFolder.open(tmp_path / "shop") as folder:
        folder.store.products.upsert(PRODUCTS)
        yield OpenShop(folder)


def picture(size: tuple[int, int] = (1600, 900), kind: str = "PNG", mode: str = "RGB", **how: Any) -> bytes:
    out = io.BytesIO()
    fill = {"RGB": (200, 40, 60), "RGBA": (200, 40, 60, 0), "CMYK": (0, 200, 180, 10)}[mode]
    Image.new(mode, size, fill).save(out, kind, **how)
    return out.getvalue()


def asked(content: bytes | None = None, **fields: Any) -> CustomiseRequest:
    files = {} if content is None else {"picture": Upload(name="my.png", content=content)}
    return CustomiseRequest.model_validate({"product_id": "mug/1"} | files | fields)


def song() -> Upload:
    out = io.BytesIO()
    t = np.arange(44100 * 2) / 22050
    soundfile.write(out, np.sin(440 * 2 * np.pi * t) * 0.3, 22050, format="WAV")
    return Upload(name="my.wav", content=out.getvalue())


def test_a_picture_becomes_a_design_with_previews(shop: OpenShop) -> None:
    answer = customise(shop, asked(picture(), shopper="ana"))
    assert (answer.template, answer.made_from, answer.shopper) == ("mug", "picture", "ana")
    assert [preview.angle for preview in answer.previews] == ["front", "left", "right"]
    assert {source_type_of(one.content) for one in answer.previews} == {SourceType.COMPOSED}
    with Image.open(io.BytesIO(answer.previews[0].content)) as shown:
        assert shown.format == "WEBP" and shown.size == (answer.previews[0].width_px, answer.previews[0].height_px)
    assert answer.print.picture_dpi == pytest.approx(1600 / 206 * 25.4, abs=0.1) and answer.warning is None
    told = json.loads(answer.model_dump_json())
    assert b64decode(told["previews"][0]["content"], validate=True) == answer.previews[0].content
    again = show_design(shop, DesignRequest(design_id=answer.design_id, shopper="ana"))
    assert again.previews == answer.previews


def test_a_song_becomes_a_picture(shop: OpenShop) -> None:
    answer = customise(shop, asked(song=song(), template="tote"))
    assert (answer.template, answer.made_from, answer.picture_width_px) == ("tote", "song", 2000)
    assert answer.warning is None


def test_metadata_is_not_kept(shop: OpenShop, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    answer = customise(shop, asked(picture(kind="JPEG", exif=exif.tobytes())))
    (kept,) = (tmp_path / "shop" / "designs").iterdir()
    assert kept.name == f"{answer.design_id}.jpg" and b"taken at home" not in kept.read_bytes()


def test_a_design_is_laid_otherwise_until_it_is_ordered(shop: OpenShop) -> None:
    made = customise(shop, asked(picture(), shopper="ana"))
    moved = customise(shop, asked(design_id=made.design_id, product_id=None, scale=0.5, rotate=20))
    assert moved.design_id == made.design_id and moved.placement.scale == 0.5
    assert moved.previews[0].content != made.previews[0].content
    with pytest.raises(DesignUnknown):
        customise(shop, asked(design_id=made.design_id, shopper="bo"))
    with pytest.raises(RequestInvalid, match="'plain'"):
        customise(shop, asked(design_id=made.design_id, product_id="plain"))
    bought = Event(
        shopper_id="ana",
        kind=EventKind.PURCHASE,
        product_id="mug/1",
        time_ms=1_700_000_000_000,
        design_id=made.design_id,
    )
    shop.store.events.add([bought])
    assert show_design(shop, DesignRequest(design_id=made.design_id)).ordered
    with pytest.raises(RequestInvalid, match="was ordered"):
        customise(shop, asked(design_id=made.design_id, scale=2))
    removal = DesignRemoval(shopper="ana", design_ids=[made.design_id])
    assert remove_designs(shop, removal).removed == []


def test_a_design_is_printed(shop: OpenShop, tmp_path: Path) -> None:
    made = customise(shop, asked(picture((300, 200))))
    assert made.warning is not None and "37 dots" in made.warning
    done = print_design(shop, PrintRequest(design_id=made.design_id, out=tmp_path / "out"))
    with Image.open(done.print_file) as file, Image.open(done.proof) as looked_at:
        assert file.size == (done.print.width_px, done.print.height_px) and max(looked_at.size) == 1000
    assert done.warning == made.warning
    (tmp_path / "file").write_text("")
    with pytest.raises(RequestInvalid, match="cannot be written"):
        print_design(shop, PrintRequest(design_id=made.design_id, out=tmp_path / "file" / "in"))


def test_export_and_forget_reach_designs(shop: OpenShop, tmp_path: Path) -> None:
    mine = customise(shop, asked(picture(), shopper="ana"))
    other = customise(shop, asked(picture(), shopper="bo"))
    told = json.loads(export_shopper(shop, ShopperRequest(shopper="ana")).model_dump_json())
    assert [row["design_id"] for row in told["designs"]] == [mine.design_id]
    assert list(told["design_pictures"]) == [f"{mine.design_id}.png"]
    assert forget(shop, ShopperRequest(shopper="ana")).rows["designs"] == 1
    assert [path.name for path in (tmp_path / "shop" / "designs").iterdir()] == [f"{other.design_id}.png"]
    with pytest.raises(DesignUnknown):
        show_design(shop, DesignRequest(design_id=mine.design_id))


def test_old_designs_go_when_a_new_one_comes(shop: OpenShop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = customise(shop, asked(picture()))
    real = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + 31 * 24 * 3600 * 10**9)
    new = customise(shop, asked(picture()))
    assert [path.stem for path in (tmp_path / "shop" / "designs").iterdir()] == [new.design_id]
    with pytest.raises(DesignUnknown, match="design_days"):
        show_design(shop, DesignRequest(design_id=old.design_id))


def test_a_lost_picture_is_said(shop: OpenShop, tmp_path: Path) -> None:
    made = customise(shop, asked(picture()))
    (tmp_path / "shop" / "designs" / f"{made.design_id}.png").unlink()
    with pytest.raises(DesignUnknown, match="no longer in"):
        show_design(shop, DesignRequest(design_id=made.design_id))


def test_what_products_have_to_print_on() -> None:
    def named(*values: str, name: str = "customise") -> list[str]:
        return [slot.name for slot in slots_of(Product(id="x", title="X", attributes={name: values}))]

    assert named("Phone case; T-Shirt", "tee") == ["phone_cover", "t_shirt"]
    assert named("pillow, poster", name="customize") == ["cushion", "poster"]
    assert named("yes") == [] and slots_of(PRODUCTS[1]) == []


@pytest.mark.parametrize(
    ("request_", "error", "said"),
    [
        (asked(), RequestInvalid, "no picture and no song"),
        (asked(picture(), song=song()), RequestInvalid, "picture and song"),
        (asked(picture(), product_id=None), RequestInvalid, "no product"),
        (asked(picture(), product_id="nobody"), ProductUnknown, "nobody"),
        (asked(picture(), product_id="plain"), NotCustomisable, "`customise`"),
        (asked(picture(), product_id="odd"), NotCustomisable, "`customise`"),
        (asked(picture(), template="poster"), RequestInvalid, "mug, tote"),
        (asked(b"no picture"), PhotoRefused, "no picture of a known format"),
        (asked(b""), PhotoRefused, "is empty"),
        (asked(picture((1, 1))), PhotoRefused, "1 x 1"),
        (asked(picture((10_000, 10_000), mode="RGB")), PhotoRefused, "100.0 million"),
        (asked(picture()[:200]), PhotoRefused, "damaged"),
        (asked(song=Upload(name="my.mp3", content=b"\xff\xfb\x90" * 9)), SoundRefused, "my.mp3"),
        (asked(design_id="d-none"), DesignUnknown, "d-none"),
    ],
)
def test_what_cannot_be_done_is_said(
    shop: OpenShop, tmp_path: Path, request_: CustomiseRequest, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        customise(shop, request_)
    assert not (tmp_path / "shop" / "designs").exists()


def test_odd_pictures_are_taken(shop: OpenShop) -> None:
    frames = [Image.new("RGB", (60, 60), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    for content in (picture((8, 900)), picture(mode="RGBA"), picture(kind="JPEG", mode="CMYK"), out.getvalue()):
        assert len(customise(shop, asked(content)).previews) == 3


def long_song(minutes: float) -> Upload:
    out = io.BytesIO()
    t = np.arange(int(minutes * 60 * 8000)) / 8000
    soundfile.write(out, np.sin(440 * 2 * np.pi * t) * 0.3, 8000, format="WAV")
    return Upload(name="long.wav", content=out.getvalue())


def test_a_long_song_is_a_jobs_and_tells_how_far_it_is(shop: OpenShop, tmp_path: Path) -> None:
    song = long_song(5.2)
    with pytest.raises(SoundRefused, match=r"5 minutes long.*One answer takes.*/v1/studio/customise/song"):
        customise(shop, asked(song=song))
    (tmp_path / "long.wav").write_bytes(song.content)
    told: list[tuple[str, int, int | None]] = []
    made = customise_song(
        shop,
        CustomiseSongRequest(product_id="mug/1", source=tmp_path / "long.wav", shopper="ana", scale=0.9),
        progress=lambda task, done, total=None, note="": told.append((task, done, total)),
    )
    assert [done for task, done, _ in told if task == "listening"][:3] == [5, 10, 15] and told[0][2] == 312
    assert told[-1] == ("painting", 1, 1)
    shown = show_design(shop, DesignRequest(design_id=made.design_id, shopper="ana"))
    assert shown.made_from == "song" and shown.placement.scale == 0.9


def test_a_song_of_three_hours_and_a_lost_one_are_refused_as_jobs(shop: OpenShop, tmp_path: Path) -> None:
    header = io.BytesIO()
    soundfile.write(header, np.zeros(8000 * 3, np.int16), 8000, format="WAV", subtype="PCM_U8")
    content = bytearray(header.getvalue())
    content[4:8] = (3 * 3600 * 8000 + 36).to_bytes(4, "little")
    content[40:44] = (3 * 3600 * 8000).to_bytes(4, "little")
    (tmp_path / "three.wav").write_bytes(bytes(content) + bytes(3 * 3600 * 8000 - 24000))
    request = CustomiseSongRequest(product_id="mug/1", source=tmp_path / "three.wav")
    with pytest.raises(SoundRefused, match=r"180 minutes|3.*hours"):
        customise_song(shop, request)
    with pytest.raises(SourceUnreadable, match="cannot be read"):
        customise_song(shop, request.model_copy(update={"source": tmp_path / "none.wav"}))
    with pytest.raises(ProductUnknown):
        customise_song(shop, request.model_copy(update={"product_id": "none"}))


def test_the_print_file_is_sent_as_it_is_written(shop: OpenShop, tmp_path: Path) -> None:
    made = customise(shop, asked(picture()))
    sent = print_files(shop, PrintFilesRequest(design_id=made.design_id))
    written = print_design(shop, PrintRequest(design_id=made.design_id, out=tmp_path))
    assert sent.proof == written.proof.read_bytes()
    with Image.open(io.BytesIO(sent.print_file)) as one, Image.open(written.print_file) as other:
        assert one.size == other.size == (2433, 1075) and one.info["dpi"] == other.info["dpi"]
        assert one.tobytes() == other.tobytes()
    assert b64decode(json.loads(sent.model_dump_json())["print_file"], validate=True) == sent.print_file
    with pytest.raises(DesignUnknown):
        print_files(shop, PrintFilesRequest(design_id="d-none"))


def test_cloth_has_the_products_colour(shop: OpenShop) -> None:
    shirts = {
        word: Product(id=word, title="Shirt", attributes={"customise": ("t-shirt",), "color": (word,)})
        for word in ("white", "navy", "Weinrot", "plaid")
    }
    mug = Product(id="red mug", title="Mug", attributes={"customise": ("mug",), "color": ("red",)})
    shop.store.products.upsert([*shirts.values(), mug])
    assert dye_of(shirts["white"]) == dye_of(shirts["plaid"]) == dye_of(None) == WHITE

    def seen(product_id: str, fill: tuple[int, ...]) -> np.ndarray:
        out = io.BytesIO()
        Image.new("RGBA", (300, 380), fill).save(out, "PNG")
        answer = customise(shop, asked(out.getvalue(), product_id=product_id))
        with Image.open(io.BytesIO(answer.previews[0].content)) as shown:
            return np.asarray(shown.convert("RGB")).astype(int)

    red, none = (200, 20, 20, 255), (0, 0, 0, 0)
    one = template("t_shirt", "flat")
    middle, around = one.covered == 1, (one.cloth == 1) & (one.covered == 0)
    ground = (one.cloth == 0) & (one.covered == 0)
    white, navy, wine = (seen(name, red) for name in ("white", "navy", "Weinrot"))
    assert np.abs(white - navy)[middle].mean() < 4, "ink covers cloth of any colour"
    assert np.abs(white - navy)[ground].mean() < 4, "and what is no cloth stays"
    assert navy[around].mean(0)[2] > navy[around].mean(0)[0] + 20 and white[around].mean() > navy[around].mean() + 120
    assert wine[around].mean(0)[0] > wine[around].mean(0)[2] + 40
    bare = seen("navy", none)
    assert np.abs(bare[middle].mean(0) - bare[around].mean(0)).max() < 14, "where nothing is printed the cloth shows"
    shades = [white[around].mean(1), navy[around].mean(1)]
    assert np.corrcoef(*shades)[0, 1] > 0.8, "folds stay"
    assert np.abs(seen("red mug", none) - seen("mug/1", none)).max() == 0, "a mug is no cloth"
