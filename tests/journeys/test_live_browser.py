"""Glasses and lipstick before a camera, in a real browser: where the eyes are, without a request meanwhile."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.journeys.conftest import CHROMIUM, QUIET
from tests.models.studio.face_things.faces import finder, glasses, person, true_eyes

from bottega.catalogue.product import Product
from bottega.datasets.photos.reading import Photo
from bottega.shop.folder import ShopFolder

WIDE, TALL = 640, 480


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    folder = tmp_path_factory.mktemp("shops") / "optician"
    (folder / "images").mkdir(parents=True)
    (folder / "bottega.toml").write_text("storefront = true\nworker = false\n")
    Image.fromarray(glasses(aside=True, lens=(40, 160, 230))).save(folder / "images" / "shades.png")
    lipstick = np.full((200, 200, 3), 255, np.uint8)
    lipstick[50:150, 80:120] = (170, 20, 50)
    Image.fromarray(lipstick).save(folder / "images" / "red.png")
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert(
            [
                Product(id="shades", title="Dark shades", category=("Sunglasses",), images=("shades.png",)),
                Product(id="red", title="Red lipstick", category=("Lipstick",), images=("red.png",)),
                Product(id="lamp", title="Lamp"),
            ]
        )
    return serve(folder)


def camera_picture() -> tuple[Photo, np.ndarray]:
    """What a camera sees of somebody [480, 640, 3], and where their irises are."""
    drawn = person("femi")
    scale = TALL / drawn.photo.shape[0]
    width = round(drawn.photo.shape[1] * scale)
    photo = np.full((TALL, WIDE, 3), drawn.photo[0, 0], np.uint8)
    left = (WIDE - width) // 2
    photo[:, left : left + width] = np.asarray(Image.fromarray(drawn.photo).resize((width, TALL)))
    return photo, true_eyes(drawn) * scale + (left, 0)


def film(path: Path, photo: Photo) -> Path:
    """One picture, over and over, as the raw film that Chromium takes for a camera."""
    y, cb, cr = (np.asarray(plane, np.uint8) for plane in Image.fromarray(photo).convert("YCbCr").split())
    halves = [plane.reshape(TALL // 2, 2, WIDE // 2, 2).mean((1, 3)).astype(np.uint8) for plane in (cb, cr)]
    frame = b"FRAME\n" + y.tobytes() + halves[0].tobytes() + halves[1].tobytes()
    path.write_bytes(f"YUV4MPEG2 W{WIDE} H{TALL} F20:1 Ip A1:1 C420jpeg\n".encode() + 6 * frame)
    return path


@contextmanager
def page_with_camera(seen: Path) -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not here; `make setup` installs it")
    if CHROMIUM is None:
        pytest.skip("Chromium is not here; install the system's package `chromium` to run the browser tests")
    flags = (
        *QUIET,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={seen}",
    )
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(flags))
        page = browser.new_page(viewport={"width": 900, "height": 800})
        page.set_default_timeout(120_000)
        yield page
        browser.close()


def test_glasses_lie_on_the_eyes_and_nothing_is_sent(address: str, tmp_path: Path) -> None:
    photo, eyes = camera_picture()
    with page_with_camera(film(tmp_path / "me.y4m", photo)) as page:
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{address}/#/product?id=shades", wait_until="domcontentloaded")
        page.get_by_role("link", name="Before your camera").click()
        opener = page.get_by_role("button", name="Open the camera")
        opener.wait_for()
        page.locator(".live-buttons button:not([disabled])").first.wait_for()
        page.wait_for_load_state("networkidle")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        opener.click()
        view = page.locator("#live-view[data-state=found][data-rate]")
        view.wait_for()
        assert page.get_by_text("laid over the picture by a computer").is_visible()
        assert "Nothing of this leaves your device" in page.locator("#live-said").inner_text()
        told = np.array(json.loads(view.get_attribute("data-eyes")))
        apart = float(np.hypot(*(eyes[1] - eyes[0])))
        assert np.hypot(*(told - eyes).T).max() < 0.08 * apart
        drawn = page.evaluate("document.querySelector('#live-view').toDataURL()")
        shown = np.asarray(Image.open(BytesIO(base64.b64decode(drawn.partition(",")[2]))).convert("RGB")).astype(int)
        changed = np.abs(shown - photo).max(2) > 30
        for x, y in eyes:
            assert changed[int(y) - 2 : int(y) + 3, int(x) - 2 : int(x) + 3].mean() > 0.5, "a lens lies over each eye"
        assert not changed[int(eyes[:, 1].max() + 1.2 * apart) :].any(), "the rest of the picture is the camera's"
        assert asked == [], "nothing is asked for and nothing is sent while the camera is open"
        page.get_by_role("button", name="Close the camera").click()
        page.get_by_text("The camera is closed.").wait_for()
        page.get_by_role("link", name="Back to the product").click()
        page.get_by_role("heading", name="See it worn").wait_for()
        assert faults == []


def test_lipstick_colours_the_lips(address: str, tmp_path: Path) -> None:
    photo, _ = camera_picture()
    (face,) = finder().faces(photo)
    with page_with_camera(film(tmp_path / "me.y4m", photo)) as page:
        page.goto(f"{address}/#/live?id=red", wait_until="domcontentloaded")
        page.get_by_role("button", name="Open the camera").click()
        page.locator("#live-view[data-state=found][data-rate]").wait_for()
        drawn = page.evaluate("document.querySelector('#live-view').toDataURL()")
        shown = np.asarray(Image.open(BytesIO(base64.b64decode(drawn.partition(",")[2]))).convert("RGB")).astype(int)
        redder = (shown[..., 0] - shown[..., 1]) - (photo[..., 0].astype(int) - photo[..., 1])
        rows, columns = np.nonzero(redder > 30)
        lips = face.points[14:26]
        assert len(rows) > 20
        assert lips[:, 0].min() - 4 < columns.min() and columns.max() < lips[:, 0].max() + 4
        assert lips[:, 1].min() - 4 < rows.min() and rows.max() < lips[:, 1].max() + 4


def test_without_a_face_the_page_says_what_to_do(address: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    noise = np.kron(rng.integers(60, 200, (30, 40), np.uint8), np.ones((16, 16), np.uint8))
    with page_with_camera(film(tmp_path / "wall.y4m", np.repeat(noise[..., None], 3, 2))) as page:
        page.goto(f"{address}/#/live?id=shades", wait_until="domcontentloaded")
        page.get_by_role("button", name="Open the camera").click()
        page.get_by_text("No face is found well enough").wait_for()
        page.goto(f"{address}/#/live?id=lamp", wait_until="domcontentloaded")
        page.get_by_text("is not tried on before the camera").wait_for()


def test_the_browser_finds_what_the_server_finds(address: str, browser: Any) -> None:
    page = browser.new_page()
    page.goto(f"{address}/#/live?id=lamp", wait_until="domcontentloaded")
    for name, around in (("ada", 0), ("henrik", 12), ("imani", -10)):
        photo = person(name, around).photo
        file = BytesIO()
        Image.fromarray(photo).save(file, "PNG")
        found = page.evaluate(
            """async (address) => {
                const { eyesOf, faces, frameOf, looked, readModel } = await import("/shop/static/face_finder.js");
                const model = readModel(await (await fetch("/shop/api/face-finder")).arrayBuffer());
                const picture = new Image();
                picture.src = address;
                await picture.decode();
                const canvas = new OffscreenCanvas(picture.width, picture.height);
                const pen = canvas.getContext("2d");
                pen.drawImage(picture, 0, 0);
                const seen = pen.getImageData(0, 0, picture.width, picture.height);
                return faces(model, seen).map((one) => {
                    const frame = frameOf(one.points);
                    const look = Array.from(looked(model, seen, frame).points);
                    return { eyes: eyesOf(one.points), yaw: one.yaw, frame, look };
                });
            }""",
            "data:image/png;base64," + base64.b64encode(file.getvalue()).decode(),
        )
        (ours,) = finder().faces(photo)
        assert len(found) == 1
        assert np.hypot(*(np.array(found[0]["eyes"]) - ours.eyes).T).max() < 0.05 * ours.between_eyes
        same, _, _ = finder().looked(photo, np.array([found[0]["frame"]], np.float32))
        look = np.array(found[0]["look"]).reshape(-1, 2)
        assert np.abs(look - same[0]).max() < 0.01 * ours.between_eyes, "the same square, the same numbers"
        assert found[0]["yaw"] == pytest.approx(ours.yaw, abs=3)
    page.close()
