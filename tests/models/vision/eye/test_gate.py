"""The gate before the heads, what it learns from, and names of other things: made small, and learnt for real."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bottega.datasets.photos.zipped import named_photos, zipped_rows
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.gate import FURNITURE, GATED, GROCERY, KINDS, OTHER, WORN, Gate, GateNetwork, shown
from bottega.models.vision.eye.gate_training import KEPT, OfKind, fit_gate, strict
from bottega.models.vision.eye.oddments import grounds, oddments, rearranged
from bottega.models.vision.eye.things import ThingHead, fit_thing
from bottega.models.vision.eye.verticals_recipe import kept_aside, with_verticals
from bottega.models.vision.tags import read_tags

PX = 32


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def pictures(colour: tuple[int, int, int], count: int, rng: np.random.Generator, *, tall: bool) -> np.ndarray:
    """Bars of a colour on white, tall or wide, with their outline; uint8 RGBA."""
    found = np.full((count, PX, PX, 4), 255, dtype=np.uint8)
    found[..., 3] = 0
    for row in range(count):
        start = int(rng.integers(4, 12))
        part = (slice(3, 29), slice(start, start + 9))
        place = part if tall else part[::-1]
        found[row][place] = (*colour, 255)
    return found


def test_what_was_taught_passes_and_what_was_not_does_not(rng: np.random.Generator) -> None:
    worn, sofas = pictures((200, 30, 30), 60, rng, tall=True), pictures((30, 30, 200), 60, rng, tall=False)
    stuffs = [worn[..., :3], sofas[..., :3]]
    odd = oddments(60, PX, stuffs, rng=rng)
    sets = [OfKind(WORN, worn[:40], 0.4), OfKind(FURNITURE, sofas[:40], 0.3), OfKind(OTHER, odd[:40], 0.3)]
    gate = fit_gate(sets, grounds(20, PX, stuffs, rng=rng), rng=rng, steps=60)
    said = gate.chances(np.concatenate([worn[40:, ..., :3], sofas[40:, ..., :3]]))
    assert np.allclose(said.sum(axis=1), 1, atol=1e-5)
    assert (shown(said[:20], (WORN,)) > 0.5).mean() > 0.8 and (shown(said[20:], (FURNITURE,)) > 0.5).mean() > 0.8
    assert (shown(said, (WORN, FURNITURE)) <= 1 + 1e-5).all()
    opinion = np.zeros((4, len(KINDS)), dtype=np.float32)
    opinion[-1, KINDS.index(GROCERY)] = 8
    swayed = Gate.of_arrays(Gate(gate.network, opinion=opinion).arrays())
    features = np.zeros((20, 3), dtype=np.float32)
    seen = worn[40:, ..., :3]
    assert (shown(swayed.chances(seen, features), (GROCERY,)) > shown(gate.chances(seen), (GROCERY,))).all()
    assert np.abs(swayed.chances(seen) - gate.chances(seen)).max() < 0.02, "no features, no second opinion"
    firm = strict(gate, worn[:40, ..., :3])
    passed = shown(firm.chances(worn[:40, ..., :3]), (WORN,)) >= 0.5
    assert passed.mean() >= KEPT - 2 / 40, "what is kept of those that were taught, two photos of forty aside"
    lenient = Gate(gate.network, firm.lift + 1)
    lenient.lift[1:] = firm.lift[1:]
    assert (shown(lenient.chances(odd[40:, ..., :3]), (WORN,)) > shown(firm.chances(odd[40:, ..., :3]), (WORN,))).all()
    again = Gate.of_arrays(gate.arrays())
    assert np.abs(again.chances(worn[40:, ..., :3]) - said[:20]).max() < 0.02, "as saved"


def test_lifts_move_what_passes() -> None:
    gate = Gate(GateNetwork())
    photos = np.random.default_rng(0).integers(0, 255, (3, 64, 64, 3), dtype=np.uint8)
    lift = np.zeros(len(KINDS), dtype=np.float32)
    lift[KINDS.index(WORN)] = 3
    assert (Gate(gate.network, lift).chances(photos)[:, 0] > gate.chances(photos)[:, 0]).all()
    assert gate.chances(photos[:0]).shape == (0, len(KINDS))


def test_oddments_are_outlined_and_all_different(rng: np.random.Generator) -> None:
    stuff = rng.integers(0, 255, (4, 40, 40, 3), dtype=np.uint8)
    found = oddments(12, PX, [stuff], rng=rng)
    assert found.shape == (12, PX, PX, 4) and found.dtype == np.uint8
    covered = (found[..., 3] > 127).mean(axis=(1, 2))
    assert (covered < 1).any() and (covered > 0.01).all()
    assert len({one.tobytes() for one in found}) == 12
    assert (grounds(5, PX, [stuff], rng=rng)[..., 3] == 255).all()
    apart = rearranged(4, found, rng=rng)
    assert apart.shape == (4, PX, PX, 4) and len({one.tobytes() for one in apart}) == 4
    same = oddments(3, PX, [stuff], rng=np.random.default_rng(1))
    assert (same == oddments(3, PX, [stuff], rng=np.random.default_rng(1))).all()


def test_names_are_learnt_and_rare_ones_lifted(rng: np.random.Generator) -> None:
    centres = rng.normal(0, 2, (3, 8))
    codes = np.repeat([0, 1, 2], [80, 80, 6]).astype(np.int32)
    rows = (centres[codes] + rng.normal(0, 1, (len(codes), 8))).astype(np.float32)
    head = fit_thing(rows, codes, ("bed", "chair", "tv"), ridge=1.0)
    assert (head.chances(rows).argmax(1) == codes).mean() > 0.9
    even = fit_thing(rows, codes, ("bed", "chair", "tv"), ridge=1.0, evened=1.0)
    assert (even.chances(rows)[:, 2] >= head.chances(rows)[:, 2] - 1e-6).all()
    saved = ThingHead.of_array(replace(head, threshold=0.625).array(), head.classes)
    assert saved.threshold == 0.625 and np.abs(saved.chances(rows) - head.chances(rows)).max() < 0.01


def test_an_eye_keeps_its_gate_and_speaks_of_furniture(tmp_path: Path, rng: np.random.Generator) -> None:
    plain = Eye.fresh({"type": ("Hat", "Shirt"), "gender": ("Men", "Women")}, ("red",), rng=rng)
    photos = [rng.integers(0, 255, (40, 40, 3), dtype=np.uint8) for _ in range(3)]
    assert not plain.look(photos).taught and not plain.look(photos).things, "an eye without a gate speaks of anything"
    features = plain.features(np.stack([photo[:32, :32] for photo in photos]))
    head = fit_thing(features, np.array([0, 1, 0], dtype=np.int32), ("bed", "sofa"), ridge=1.0)
    lift = np.full(len(KINDS), -30, dtype=np.float32)
    lift[KINDS.index(FURNITURE)] = 30
    eye = with_verticals(plain, Gate(GateNetwork(), lift), {FURNITURE: head, "clothes": head}, "furnished")
    eye.save(tmp_path)
    eye = Eye.load(tmp_path)
    looks = eye.look(photos)
    assert eye.version == "furnished" and set(looks.taught) == set(GATED) and max(looks.taught["type"]) < 0.01
    assert [(thing.name, thing.classes) for thing in looks.things] == [("Furniture", ("bed", "sofa"))]
    assert eye.names(photos, "clothes").shape == (3, 2) and eye.kinds(photos).shape == (3, len(KINDS))
    for photo in read_tags(eye, looks):
        said = {tag.head: tag.value for tag in photo.tags}
        assert "gender" not in said and said.get("type", "bed") in ("bed", "sofa") and not photo.words
    garments = looks.worn_where(np.array([True, False, True]))
    assert garments.taught["type"][0] == 1 and garments.things[0].shown[2] == 0
    assert garments.taught["type"][1] == looks.taught["type"][1], "of the other nothing more is known"
    assert len(eye.look([])) == 0 and len(looks.take(np.array([1]))) == 1
    assert looks.joined([looks, looks]).taught["gender"].shape == (6,)


def photo_bytes(colour: tuple[int, int, int]) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (20, 24), colour).save(stream, "JPEG")
    return stream.getvalue()


def test_more_photos_follow_the_split_of_the_catalogue(tmp_path: Path) -> None:
    columns = "id,gender,masterCategory,subCategory,articleType,baseColour,usage,productDisplayName"
    rows = [
        "1,Men,Apparel,Topwear,Tshirts,Red,Casual,Alba Red Tee",
        "2,Men,Apparel,Topwear,Tshirts,Blue,Casual,Alba Blue Tee",
        "3,Men,Apparel,Topwear,Tshirts,Blue,Casual,Brio Blue Tee",
        "4,Women,Apparel,Topwear,Tops,Red,Casual,Como Top",
    ]
    (tmp_path / "styles.csv").write_text("\n".join([columns, *rows]) + "\n")
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "1.jpg").write_bytes(photo_bytes((200, 0, 0)))
    with zipfile.ZipFile(tmp_path / "small.zip", "w") as packed:
        for name in "1234":
            packed.writestr(f"{name}.jpg", photo_bytes((0, 0, 200)))
        packed.writestr("9.jpg", photo_bytes((0, 0, 0)))
    found = zipped_rows(tmp_path, "small.zip", held_out=["1"])
    assert found.ids == ("3", "4"), "1 has a photo, 2 is of its line and held out, 9 is in no row"
    assert found.labels["type"] == ("Tshirts", "Tops") and found.photos(16).shape == (2, 16, 16, 3)
    assert found.take(np.array([False, True])).ids == ("4",)
    assert zipped_rows(tmp_path, "small.zip", held_out=[]).ids == ("2", "3", "4")


@pytest.mark.parametrize("column", ["label", "class"])
def test_named_photos_are_read_under_either_name(tmp_path: Path, column: str) -> None:
    with (tmp_path / "labels.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([["image", column], ["a", "sofa"], ["b", "bed"]])
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as packed:
        for name in "ab":
            packed.writestr(f"{name}.jpg", photo_bytes((9, 9, 9)))
    found = named_photos(tmp_path, 16)
    assert found.images == ("a", "b") and found.labels == ("sofa", "bed") and found.photos.shape == (2, 16, 16, 3)


def test_what_is_kept_aside_stays_so_in_a_larger_folder() -> None:
    names = [str(number) for number in range(2000)]
    aside = kept_aside(names)
    assert 0.17 < aside.mean() < 0.23 and (kept_aside(names[::-1])[::-1] == aside).all()
    assert GROCERY in KINDS
