"""Pictures on things: where they lie, what of a preview they may change, and what the printer gets."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from bottega.errors import RequestInvalid
from bottega.models.studio.prints import templates
from bottega.models.studio.prints.print_on import Placement, laid_out, preview, previews, print_file, proof, warning_of
from bottega.models.studio.prints.printed import PRINTED
from bottega.models.studio.prints.templates import packed, printed_named, template

EVERY = [(name, angle) for name, printed in PRINTED.items() for angle in printed.angles]


def plain(colour: tuple[int, ...], size: tuple[int, int] = (600, 400)) -> Image.Image:
    return Image.new("RGBA" if len(colour) == 4 else "RGB", size, colour)


@pytest.mark.parametrize(("name", "angle"), EVERY)
def test_nothing_changes_outside_of_the_print(name: str, angle: str) -> None:
    one = template(name, angle)
    black, white = (preview(plain((c, c, c)), name, angle, Placement()) for c in (0, 255))
    outside = one.covered == 0
    assert (black[outside] == white[outside]).all()
    inside = one.covered == 1
    assert inside.mean() > 0.02
    darker = white[inside].astype(int).mean() - black[inside].mean()
    assert darker > 60, "what is printed is seen"


@pytest.mark.parametrize(("name", "angle"), EVERY)
def test_the_map_says_what_the_model_says(name: str, angle: str) -> None:
    """Points of the mesh, brought to pixels by the camera alone, lie where the map has their place on the print."""
    one = template(name, angle)
    assert len(one.marks) >= 9
    for u, v, x, y in one.marks.tolist():
        row, column = int(y), int(x)
        away = np.hypot(one.u[row, column] - u, one.v[row, column] - v)
        steps = [
            abs(one.u[row, column + 1] - one.u[row, column - 1]),
            abs(one.v[row + 1, column] - one.v[row - 1, column]),
        ]
        steps += [
            abs(one.u[row + 1, column] - one.u[row - 1, column]),
            abs(one.v[row, column + 1] - one.v[row, column - 1]),
        ]
        assert away <= 1.5 * max(steps) / 2 + 2e-4, "within about a pixel"


def test_white_and_nothing_are_the_thing_itself() -> None:
    one = preview(plain((255, 255, 255)), "mug", "front", Placement())
    other = preview(plain((10, 20, 30, 0)), "mug", "front", Placement())
    assert (one == other).all()


def test_left_and_up_are_left_and_up() -> None:
    picture = plain((255, 255, 255), (300, 380))
    picture.paste((200, 0, 0), (0, 0, 150, 190))
    shown = preview(picture, "poster", "front", Placement()).astype(int)
    rows, columns = np.nonzero((shown[..., 0] - shown[..., 1]) > 80)
    covered = np.nonzero(template("poster", "front").covered)
    assert rows.mean() < covered[0].mean() and columns.mean() < covered[1].mean()


def test_a_picture_is_laid_as_it_was_placed() -> None:
    printed, picture = PRINTED["poster"], plain((0, 0, 0), (300, 400))
    whole = np.asarray(laid_out(picture, printed, Placement("fit"), 1.0, bleed=False))
    assert whole.shape == (400, 300, 4) and (whole[2:-2, 2:-2, 3] == 255).all()
    half = np.asarray(laid_out(picture, printed, Placement("fit", scale=0.5, x=0.25, y=-0.25), 1.0, bleed=False))[
        ..., 3
    ]
    rows, columns = np.nonzero(half > 128)
    assert abs(rows.mean() - 99.5) < 1 and abs(columns.mean() - 224.5) < 1
    turned = np.asarray(
        laid_out(plain((0, 0, 0), (400, 100)), printed, Placement("fit", scale=0.5, rotate=90), 1, bleed=False)
    )
    rows, columns = np.nonzero(turned[..., 3] > 128)
    assert np.ptp(rows) > 3 * np.ptp(columns)
    picture.paste((255, 0, 0), (0, 0, 150, 400))  # its left half; a quarter turn clockwise puts it on top
    up = np.asarray(laid_out(picture, printed, Placement("fit", scale=0.5, rotate=90), 1.0, bleed=False))
    assert up[170, 150, 0] > 200 > 50 > up[230, 150, 0]


def test_a_fine_pattern_becomes_grey_not_moire() -> None:
    checks = Image.fromarray(((np.indices((2000, 1500)).sum(0) % 2) * 255).astype(np.uint8)).convert("RGB")
    shown = preview(checks, "poster", "front", Placement()).astype(float)[..., 1]
    inside = template("poster", "front").covered == 1
    light = preview(plain((188, 188, 188)), "poster", "front", Placement()).astype(float)[..., 1]
    assert np.abs(shown - light)[inside].std() < 12


def test_a_print_file_has_its_real_size_bleed_and_profile() -> None:
    made = print_file(plain((10, 200, 90), (3000, 1500)), PRINTED["mug"], Placement())
    with Image.open(io.BytesIO(made.content)) as file:
        assert file.size == (made.width_px, made.height_px) == (round(206 / 25.4 * 300), round(91 / 25.4 * 300))
        assert file.mode == "RGB" and round(file.info["dpi"][0]) == 300
        profile = ImageCms.ImageCmsProfile(io.BytesIO(file.info["icc_profile"]))
        assert "sRGB" in ImageCms.getProfileName(profile)
        assert np.asarray(file)[[0, -1]].reshape(-1, 3).tolist() == [[10, 200, 90]] * 2 * made.width_px
    assert made.warning is None and made.dpi == pytest.approx(3000 / 206 * 25.4, abs=0.1)


def test_a_picture_that_is_too_small_is_told_with_what_it_takes() -> None:
    printed = PRINTED["mug"]
    told = warning_of((600, 400), printed, Placement())
    assert told is not None and "600 x 400" in told and "74 dots" in told and "1217 x 812" in told
    assert warning_of((1217, 812), printed, Placement()) is None
    assert warning_of((600, 400), printed, Placement(scale=0.49)) is None


def test_a_proof_shows_the_cut_and_the_safe_area() -> None:
    pixels = np.asarray(proof(plain((90, 90, 200), (3000, 1500)), PRINTED["mug"], Placement())).astype(int)
    cut = (pixels[..., 0] > 180) & (pixels[..., 1] < 60)
    safe = (pixels[..., 1] > 110) & (pixels[..., 0] < 50)
    assert cut.sum() > 2000 and safe.sum() > 2000
    assert np.nonzero(safe)[0].min() > np.nonzero(cut)[0].min()
    assert (pixels[2, 2] > [120, 120, 200]).all(), "bleed is dimmed"


def test_what_is_packed_comes_back() -> None:
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[0:40, 0:50].astype(np.float32)
    covered = ((rows - 20) ** 2 + (columns - 25) ** 2 < 15**2).astype(np.float32)
    u, v = columns / 50 + 0.01 * np.sin(rows), rows / 40
    shine = rng.random((40, 50, 3)).astype(np.float32) * covered[..., None] * 0.1
    parts = packed(u, v, covered, covered * 0.8, shine, 0.8)
    inside = covered > 0
    steps = templates._unpacked(parts["u"].tobytes(), np.dtype("<i2")).astype(np.int32)
    back = templates._whole(steps, inside) / np.float32(8191)
    assert np.abs(back - u)[inside].max() < 1 / 8000


def test_every_angle_has_a_preview_and_another_name_none() -> None:
    shown = previews(plain((40, 90, 160)), "tote", Placement())
    assert list(shown) == ["front", "left", "right"]
    assert len({pixels.shape for pixels in shown.values()}) == 1
    with pytest.raises(RequestInvalid, match=r"(?s)'car'.*mug"):
        printed_named("car")
