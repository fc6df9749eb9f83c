"""Every verb that makes a picture says in the file how it came to be, and what a picture says stays with it.

The table is held against the list of verbs: one of the studio, or one whose answer holds a file, has to stand in it.
"""

from __future__ import annotations

import ast
import io
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from PIL import Image
from pydantic import BaseModel
from tests.actions.studio.dressing import drawn_clothes
from tests.models.studio.products.drawing import generator
from tests.models.studio.sketch.drawn import sheet, untrained
from tests.models.studio.try_on.drawn_person import drawn_person, photo_of, piece_of

import bottega
from bottega.actions.catalogue.export_catalogue import ExportCatalogueRequest, export_catalogue
from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.shapes import ImportCatalogueRequest
from bottega.actions.shoppers.export_shopper import export_shopper
from bottega.actions.shoppers.shapes import ShopperRequest
from bottega.actions.studio.prints.customise import customise
from bottega.actions.studio.prints.shapes import CustomiseRequest, PrintRequest
from bottega.actions.verbs import VERBS, verb
from bottega.catalogue.product import Product
from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.provenance import SourceType, marked, source_type_of
from bottega.datasets.photos.reading import Photo
from bottega.models.studio.people.face_editor import FaceConfig, FaceEditor, FaceNetwork
from bottega.models.studio.rescue.rescue import Rescue
from bottega.names import FloatArray
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.pictures import put_picture
from bottega.shop.pictures.thumbnails import Thumbnails
from bottega.shop.shape import Upload
from bottega.store.suggestions import SuggestionKind

MAKE_NONE = {
    "list_fashion_models": "names who is there",
    "keep_fashion_model": "notes how somebody is drawn",
    "remove_fashion_models": "takes names away",
    "remove_designs": "takes pictures away",
    "train_face": "makes a model",
    "fittings": "says what can be made",
    "dress_catalogue": "its suggestions: tests/actions/studio/dressing/test_dress_catalogue.py",
    "lookbook": "its pictures: tests/actions/studio/lookbooks/test_lookbook.py",
    "list_lookbooks": "names what there is",
    "remove_lookbook": "takes pictures away",
    "social_post": "its pictures: tests/actions/studio/lookbooks/test_lookbook.py",
    "show_closet_picture": "shows what was kept, which still says so: tests/serving/http/test_shares_over_http.py",
    "restage": "its clips: tests/actions/studio/video/test_video.py, where ffmpeg is there",
    "customise_song": "leaves a design, which show_design shows",
    "evaluate_studio": "its sheets: tests/actions/studio/judged/test_evaluate_studio.py, where generated ones say so",
}
"""Verbs of the studio that make no picture of anybody's, and why."""


class _Parts:
    """A parser that sees hair in the upper part of the middle, skin below it, and a shirt below that."""

    version = "drawn"

    def parse(self, photos: list[Photo], *, sides: Sequence[float] = (1.0,)) -> list[FloatArray]:
        found = []
        for photo in photos:
            chances = np.full((*photo.shape[:2], len(PARTS)), 0.01, np.float32)
            height, width = photo.shape[:2]
            chances[..., 0] = 0.9
            ends = [height * eighth // 8 for eighth in (1, 4, 5, 8)]
            for name, begin, end in zip(("hair", "skin", "upper"), ends[:-1], ends[1:], strict=True):
                rows = slice(begin, end)
                chances[rows, width // 4 : -width // 4, 0] = 0.02
                chances[rows, width // 4 : -width // 4, PARTS.index(name)] = 0.95
            found.append(chances)
        return found

    def parse_labels(self, photos: list[Photo]) -> list[LabelMap]:
        return [chances.argmax(2).astype(np.uint8) for chances in self.parse(photos)]


class _Known(_Parts):
    """A parser of photos whose labels are known."""

    def __init__(self, labels: Callable[[Photo], LabelMap]) -> None:
        self._labels = labels

    def parse(self, photos: list[Photo], *, sides: Sequence[float] = (1.0,)) -> list[FloatArray]:
        return [(self._labels(one)[..., None] == np.arange(len(PARTS))).astype(np.float32) for one in photos]


def photo(px: int = 96) -> bytes:
    pixels = np.full((px, px, 3), 235, np.uint8)
    pixels[px // 8 : px // 2, px // 4 : -px // 4] = (70, 50, 40)
    pixels[px // 2 : px * 5 // 8, px // 4 : -px // 4] = (215, 165, 135)
    pixels[px * 5 // 8 : -px // 8, px // 4 : -px // 4] = (40, 90, 160)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=90)
    return out.getvalue()


@pytest.fixture
def shop(tmp_path: Path, ships: Callable[..., None]) -> Iterator[OpenShop]:
    ships(rescue=Rescue.fresh(rng=np.random.default_rng(0)), parts=_Parts(), product=generator(), sketch=untrained())
    (tmp_path / "feed").mkdir()
    (tmp_path / "feed" / "a.jpg").write_bytes(photo())
    with ShopFolder.open(tmp_path / "shop") as folder:
        folder.store.products.upsert([Product(id="mug", title="Mug", attributes={"customise": ("mug",)})])
        yield OpenShop(folder)


def _rescue(shop: OpenShop) -> list[bytes]:
    answer = _run("rescue", shop, photos=[_upload()], side_by_side=True)
    return [answer.photos[0].content, answer.photos[0].side_by_side]


def _rescue_catalogue(shop: OpenShop) -> list[bytes]:
    folder = Path(shop.folder.root).parent / "feed"
    (folder / "products.csv").write_text("id,title,image\np1,Box,a.jpg\n", encoding="utf-8")
    import_catalogue(shop, ImportCatalogueRequest(source=str(folder)))
    _run("rescue_catalogue", shop, product_ids=["p1"], preset="small")
    found = [one for one in shop.store.suggestions.about(["p1"]) if one.kind is SuggestionKind.PICTURE]
    return [(shop.folder.images / one.value).read_bytes() for one in found]


def _customise(shop: OpenShop) -> list[bytes]:
    return [one.content for one in _run("customise", shop, product_id="mug", picture=_upload()).previews]


def _show_fashion_model(shop: OpenShop) -> list[bytes]:
    asked = verb("show_fashion_model")
    return [asked.run(shop, asked.takes.model_validate({"name": "ada"})).content]


def _dress(shop: OpenShop) -> list[bytes]:
    drawn_clothes.fill(shop)
    answer = _run("dress", shop, model="ada", products=["tee"], turn=True)
    return [answer.content, answer.turn]


def _show_design(shop: OpenShop) -> list[bytes]:
    made = _run("customise", shop, product_id="mug", picture=_upload())
    return [one.content for one in _run("show_design", shop, design_id=made.design_id).previews]


def _print_design(shop: OpenShop) -> list[bytes]:
    made = _run("customise", shop, product_id="mug", picture=_upload())
    files = _run("print_design", shop, design_id=made.design_id, out=shop.folder.root / "out")
    return [files.print_file.read_bytes(), files.proof.read_bytes()]


def _print_files(shop: OpenShop) -> list[bytes]:
    made = _run("customise", shop, product_id="mug", picture=_upload())
    files = _run("print_files", shop, design_id=made.design_id)
    return [files.print_file, files.proof]


def _imagine(shop: OpenShop) -> list[bytes]:
    return [one.content for one in _run("imagine", shop, words="red shirt", n=2, seed=1).pictures]


def _sketch(shop: OpenShop) -> list[bytes]:
    answer = _run("sketch", shop, photo=Upload(name="a.png", content=sheet()))
    assert source_type_of(answer.content) is SourceType.GENERATED
    return [answer.content, answer.lines]


def _recolour(shop: OpenShop) -> list[bytes]:
    answer = _run("recolour", shop, photos=[_upload()], to="green", side_by_side=True)
    return [answer.photos[0].content, answer.photos[0].side_by_side]


def _recolour_missing(shop: OpenShop) -> list[bytes]:
    name = put_picture(shop.folder.images, photo(), ".jpg")
    for colour, images in (("blue", (name,)), ("red", ())):
        one = Product(id=colour, group_id="g", title="Box", attributes={"color": (colour,)}, images=images)
        shop.store.products.upsert([one])
    _run("recolour_missing", shop, product_ids=["red"])
    found = [one for one in shop.store.suggestions.about(["red"]) if one.kind is SuggestionKind.PICTURE]
    return [(shop.folder.images / one.value).read_bytes() for one in found]


def _cartoon(shop: OpenShop) -> list[bytes]:
    return [_run("cartoon", shop, photos=[_upload()]).photos[0].content]


def _video(shop: OpenShop) -> list[bytes]:
    return [_run("video", shop, photos=[_upload()], seconds=1, fps=5, width=64, height=64).content]


def _turn(shop: OpenShop) -> list[bytes]:
    answer = _run("turn", shop, photo=_upload(), clip=True, step=45, size=64)
    return [answer.frames, answer.clip]


def _colour_hair(shop: OpenShop) -> list[bytes]:
    return [_run("colour_hair", shop, photo=_upload(), to="auburn").content]


def _try_on(shop: OpenShop) -> list[bytes]:
    labels = drawn_person()

    def known(seen: Photo) -> LabelMap:
        return labels if seen.shape[:2] == labels.shape else np.zeros(seen.shape[:2], np.uint8)

    shop.models.parse = known  # type: ignore[method-assign,assignment]
    shop.models.parts = lambda: _Known(known)  # type: ignore[method-assign,assignment,return-value]
    name = put_picture(shop.folder.images, _png(piece_of("long", 170)[0]), ".png")
    shop.store.products.upsert([Product(id="top", title="Red T-shirt", images=(name,))])
    content = _png(photo_of(labels))
    said = source_type_of(_upload().content)
    person = Upload(name="a.png", content=content if said is None else marked(content, said))
    return [_run("try_on", shop, photo=person, product_id="top").content]


def _png(pixels: Photo) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def _change_face(shop: OpenShop) -> list[bytes]:
    config = FaceConfig(("smile",), px=16, channels=4)
    shop.models.face = lambda: FaceEditor(config, FaceNetwork(config))  # type: ignore[method-assign]
    return [_run("change_face", shop, photo=_upload(), change={"smile": 0.5}).content]


MAKERS: dict[str, Callable[[OpenShop], list[bytes]]] = {
    "rescue": _rescue,
    "rescue_catalogue": _rescue_catalogue,
    "customise": _customise,
    "show_design": _show_design,
    "print_design": _print_design,
    "print_files": _print_files,
    "imagine": _imagine,
    "sketch": _sketch,
    "show_fashion_model": _show_fashion_model,
    "dress": _dress,
    "cartoon": _cartoon,
    "video": _video,
    "recolour": _recolour,
    "recolour_missing": _recolour_missing,
    "turn": _turn,
    "colour_hair": _colour_hair,
    "change_face": _change_face,
    "try_on": _try_on,
}
"""Verb -> how to have it make pictures; returns their files."""


def _run(name: str, shop: OpenShop, **fields: Any) -> Any:
    return verb(name).run(shop, verb(name).takes.model_validate(fields))


def _upload(content: bytes | None = None) -> Upload:
    return Upload(name="a.jpg", content=content or photo())


def _holds_bytes(shape: Any, within: frozenset[Any] = frozenset()) -> bool:
    """Whether a shape, or one within it, has a field of bytes; a shape may hold others of its own kind."""
    if shape is bytes:
        return True
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        if shape in within:
            return False
        return any(_holds_bytes(field.annotation, within | {shape}) for field in shape.model_fields.values())
    return any(_holds_bytes(part, within) for part in get_args(shape))


def test_every_verb_that_makes_pictures_is_in_the_table() -> None:
    told = {one.name for one in VERBS if one.function.startswith("studio.") or _holds_bytes(one.gives)}
    assert told == MAKERS.keys() | MAKE_NONE.keys(), "a verb that makes pictures says here how to have it make one"


@pytest.mark.parametrize("name", MAKERS)
def test_its_files_say_how_they_came_to_be(name: str, shop: OpenShop) -> None:
    files = MAKERS[name](shop)
    assert files
    assert all(isinstance(source_type_of(file), SourceType) for file in files)


@pytest.mark.parametrize(
    "name",
    [
        "rescue",
        "customise",
        "show_design",
        "print_design",
        "print_files",
        "recolour",
        "turn",
        "colour_hair",
        "change_face",
        "try_on",
    ],
)
def test_what_was_generated_stays_so(name: str, shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    generated = marked(photo(), SourceType.GENERATED)
    monkeypatch.setattr(f"{__name__}._upload", lambda: Upload(name="a.jpg", content=generated))
    said = {source_type_of(file) for file in MAKERS[name](shop)}
    assert said <= {SourceType.GENERATED, SourceType.PARTLY_GENERATED}


def test_import_feeds_and_thumbnails_keep_it(shop: OpenShop, tmp_path: Path) -> None:
    folder = tmp_path / "feed"
    (folder / "a.jpg").write_bytes(marked(photo(), SourceType.GENERATED))
    (folder / "products.csv").write_text("id,title,image\np1,Box,a.jpg\n", encoding="utf-8")
    import_catalogue(shop, ImportCatalogueRequest(source=str(folder)))
    (name,) = shop.store.products.get(["p1"])["p1"].images
    assert source_type_of((shop.folder.images / name).read_bytes()) is SourceType.GENERATED
    told = export_catalogue(shop, ExportCatalogueRequest(format="google", out=tmp_path / "google.tsv"))
    assert told.lost["images"] == 1, "a feed names pictures by address alone; what has none is counted, not made anew"
    assert source_type_of((shop.folder.images / name).read_bytes()) is SourceType.GENERATED
    thumbnails = Thumbnails(shop.folder.images, tmp_path / "thumbnails")
    promise = thumbnails.ask(name, 64)
    assert promise is not None and (made := promise.result(30)) is not None
    assert source_type_of(made.read_bytes()) is SourceType.GENERATED
    thumbnails.close()


def test_a_shopper_gets_their_design_with_what_it_says(shop: OpenShop) -> None:
    content = marked(photo(), SourceType.GENERATED)
    customise(shop, CustomiseRequest(product_id="mug", picture=_upload(content), shopper="ana"))
    found = export_shopper(shop, ShopperRequest(shopper="ana")).model_dump(mode="json")
    (kept,) = found["design_pictures"].values()
    assert source_type_of(b64decode(kept)) is SourceType.GENERATED


WRITERS = {
    "actions/studio/fashion_models/fashion_models.py": "fashion models in a pose, marked",
    "actions/studio/prints/designs.py": "previews, marked",
    "actions/studio/try_on/live.py": "layers of a product's own photo, for a picture that never leaves the browser",
    "actions/studio/judged/evaluate_studio.py": "sheets of generators, marked",
    "actions/studio/prints/print_design.py": "proofs, marked",
    "actions/studio/rescue/rescue.py": "what everything of the studio answers, marked",
    "datasets/demo_store/pictures.py": "the demo's photos, which stand for photos",
    "datasets/photos/degraded.py": "harm done to photos in memory",
    "datasets/photos/metadata.py": "a picture as it was, with what it said",
    "models/studio/prints/print_on.py": "print files, marked by print_design",
    "models/studio/prints/templates.py": "the layers of templates",
    "models/studio/turntable/files.py": "turns, marked",
    "models/studio/video/clip.py": "clips, marked",
    "models/studio/songs/song_art.py": "songs, marked",
    "shop/pictures/thumbnails.py": "as their picture says",
}
"""Modules that write picture files, and what of it. One more is a decision, and says here how its files are marked."""


def test_nobody_else_writes_picture_files() -> None:
    root = Path(bottega.__path__[0])
    found = {path.relative_to(root).as_posix() for path in root.rglob("*.py") if _writes_pictures(path)}
    assert found == WRITERS.keys()


def _writes_pictures(path: Path) -> bool:
    """Whether a module calls `save` of a Pillow picture: with a format, a quality, or with a picture's name before."""
    text = path.read_text(encoding="utf-8")
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    saves = [one for one in calls if isinstance(one.func, ast.Attribute) and one.func.attr == "save"]
    formats = {"JPEG", "PNG", "WEBP", "GIF", "AVIF"}
    return any(
        any(isinstance(arg, ast.Constant) and arg.value in formats for arg in one.args)
        or any(word.arg in {"quality", "xmp"} or word.arg is None for word in one.keywords)
        or any(isinstance(word.value, ast.Constant) and word.value.value in formats for word in one.keywords)
        for one in saves
    )


def test_the_prints_of_a_song_say_that_rules_drew_it(shop: OpenShop) -> None:
    soundfile = pytest.importorskip("soundfile")
    out = io.BytesIO()
    soundfile.write(out, np.sin(440 * 2 * np.pi * np.arange(22050) / 22050) * 0.3, 22050, format="WAV")
    song = Upload(name="my.wav", content=out.getvalue())
    made = _run("customise", shop, product_id="mug", song=song)
    request = PrintRequest(design_id=made.design_id, out=shop.folder.root / "out")
    assert source_type_of(verb("print_design").run(shop, request).print_file.read_bytes()) is SourceType.DRAWN
