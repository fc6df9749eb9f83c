"""Faces found, and glasses laid on them: eyes on worn photos and on bodies, by skin tone; page: face_things.md.

    python benchmarks/face_things.py [--data FOLDER] [--sheet FILE] [--browser] [--json]

Photos: the eyes of `face_eyes.json`, marked by hand on photos of `fashion/medium.zip`; every second one is judged on,
the others were looked at. Bodies: those that taught nothing, eyes known from the mesh. Seconds are of the processor.
"""

from __future__ import annotations

import csv
import io
import json
import time
import zipfile
from base64 import b64encode
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from shutil import which
from statistics import median
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from PIL import Image
from skimage.color import rgb2lab

from bottega.datasets.photos.reading import Photo
from bottega.errors import PhotoRefused
from bottega.models.blocks.colours import foreground, is_plain
from bottega.models.studio.bodies.body import PARTS, body_names
from bottega.models.studio.bodies.fashion_models import on_call
from bottega.models.studio.bodies.figure import Figure, figure
from bottega.models.studio.face_things.finder import FaceFinder, the_face
from bottega.models.studio.face_things.glasses import eye_line, wear_glasses
from bottega.models.studio.face_things.glasses_front import front_of_glasses
from bottega.models.studio.face_things.packed import packed_finder
from bottega.models.studio.face_things.points import Face
from common import DATA, HERE, machine

DRAWN, FRONTS, EMPTY, SHEET = 72, 120, 60, 12
TONES = ((41, "light"), (10, "medium"), (-999, "dark"))
"""Individual typology angle of the cheeks from which a skin counts as so (Chardon et al. 1991, brought to three)."""


def main(
    data: Annotated[Path, typer.Option(help="Folder with fashion/.")] = DATA,
    sheet: Annotated[Path | None, typer.Option(help="Where to write twelve people who wear glasses.")] = None,
    browser: Annotated[bool, typer.Option("--browser", help="The same photos in Chromium, by its own finder.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object as the last line.")] = False,
) -> None:
    finder = FaceFinder.shipped()
    with zipfile.ZipFile(data / "fashion" / "medium.zip") as packed:
        eyes = json.loads((HERE / "face_eyes.json").read_text(encoding="utf-8"))["eyes"]
        photos = {name: _read(packed.read(name)) for name in eyes}
    told: dict[str, Any] = {"version": finder.version}
    rows = [_on_photo(finder, photos[name], np.array(marked)) for name, marked in eyes.items()]
    told["looked_at"], told["judged_on"] = _summed(rows[::2]), _summed(rows[1::2])
    told["photos_by_tone"] = _by_tone(rows)
    told["seconds_a_photo"] = round(median(row["s"] for row in rows), 3)
    drawn = [_on_body(finder, one) for one in _bodies()]
    told["bodies"], told["bodies_by_tone"] = _summed(drawn), _by_tone(drawn)
    told["fronts"] = _fronts(data)
    told["nobody"] = _nobody(finder, data)
    if browser:
        told["browser"] = _in_browser(photos, {name: np.array(one) for name, one in eyes.items()})
    if sheet is not None:
        _sheet(sheet, finder, data, list(photos.values())[1::2])
    if as_json:
        print(json.dumps(told))
        return
    print(machine())
    for name, value in told.items():
        print(f"{name}: {value}")


def _read(content: bytes) -> Photo:
    with Image.open(io.BytesIO(content)) as picture:
        return np.asarray(picture.convert("RGB"))


def _row(face: Face | None, eyes: NDArray[Any], tone: str, seconds: float) -> dict[str, Any]:
    """Distance of each eye, and of the line that glasses are laid on, in pixels and in distances between the eyes."""
    apart = float(np.hypot(*(eyes[1] - eyes[0])))
    if face is None:
        return {"found": False, "tone": tone, "s": seconds}
    centre, along, _, _ = eye_line(face)
    line = np.abs(-(eyes[:, 0] - centre[0]) * along[1] + (eyes[:, 1] - centre[1]) * along[0])
    points = np.hypot(*(face.eyes - eyes).T)
    return {"found": True, "tone": tone, "s": seconds, "px": float(points.mean()), "line_px": float(line.mean()),
            "share": float(points.mean()) / apart, "line_share": float(line.mean()) / apart}  # fmt: skip


def _told(finder: FaceFinder, photo: Photo, eyes: NDArray[Any]) -> tuple[Face | None, float]:
    started = time.process_time()
    try:
        face = the_face(finder.faces(photo), photo.shape)
    except PhotoRefused:
        return None, time.process_time() - started
    near = np.hypot(*(face.eyes.mean(0) - eyes.mean(0))) < 0.6 * np.hypot(*(eyes[1] - eyes[0]))
    return (face if near else None), time.process_time() - started


def _on_photo(finder: FaceFinder, photo: Photo, eyes: NDArray[Any]) -> dict[str, Any]:
    face, seconds = _told(finder, photo, eyes)
    across = eyes[1] - eyes[0]
    down = np.array([-across[1], across[0]])
    cheeks = [eye + 0.45 * down for eye in eyes]
    pixels = [photo[max(0, int(y) - 1) : int(y) + 2, max(0, int(x) - 1) : int(x) + 2].reshape(-1, 3) for x, y in cheeks]
    light, _, yellow = np.median(rgb2lab(np.concatenate(pixels)[None])[0], axis=0)
    angle = np.degrees(np.arctan2(light - 50, yellow))
    return _row(face, eyes, next(name for least, name in TONES if angle >= least), seconds)


def _bodies() -> list[tuple[Figure, NDArray[Any], str]]:
    """Pictures of the bodies that taught nothing, looking at the camera within 30 degrees, with their irises."""
    models, names = list(on_call().values()), sorted(body_names())[1::2]
    found: list[tuple[Figure, NDArray[Any], str]] = []
    rng = np.random.default_rng(7)
    while len(found) < DRAWN:
        model = models[len(found) % len(models)]
        look = replace(model.appearance, hair=("short", "bob", "cropped", "long", "bun")[rng.integers(5)])
        pose = ("standing", "weight_left", "hand_on_hip", "walking_right", "arms_away")[rng.integers(5)]
        drawn = figure(names[rng.integers(len(names))], look, pose, crop="upper", around=float(rng.uniform(-20, 20)),
                       size=(288, 384))  # fmt: skip
        eyes, seen = _irises(drawn)
        tone = model.appearance.skin.removeprefix("monk_")
        group = "light" if int(tone) <= 3 else "medium" if int(tone) <= 6 else "dark"
        if seen:
            found.append((drawn, eyes, group))
    return found


def _irises(drawn: Figure) -> tuple[NDArray[Any], bool]:
    rest, there = drawn.posed.body.vertices, drawn.posed.vertices
    eyes = drawn.posed.body.vertex_parts == PARTS.index("eyes")
    found, seen = [], True
    for left in (False, True):
        mine = eyes & ((rest[:, 0] > 0) == left)
        ball = rest[mine]
        centre, radius = (ball.min(0) + ball.max(0)) / 2, float(np.ptp(ball[:, 2])) / 2
        iris = (ball[:, 1] < centre[1]) & (np.hypot(ball[:, 0] - centre[0], ball[:, 2] - centre[2]) < 0.56 * radius)
        x, y, away = drawn.layers.camera.seen(there[mine][iris].mean(0)[None])[0]
        inside = 0 <= x < drawn.labels.shape[1] and 0 <= y < drawn.labels.shape[0]
        seen &= bool(inside and drawn.layers.depth_m[int(y), int(x)] > away - 0.03)
        found.append((x, y))
    return np.array(found), seen


def _on_body(finder: FaceFinder, one: tuple[Figure, NDArray[Any], str]) -> dict[str, Any]:
    drawn, eyes, tone = one
    face, seconds = _told(finder, drawn.photo, eyes)
    return _row(face, eyes, tone, seconds)


def _summed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    found = [row for row in rows if row["found"]]
    told: dict[str, Any] = {"faces": len(rows), "found": len(found)}
    for name, digits in (("px", 2), ("line_px", 2), ("share", 4), ("line_share", 4)):
        values = [row[name] for row in found]
        told[name] = round(float(np.mean(values)), digits) if values else None
        told[f"{name}_p90"] = round(float(np.percentile(values, 90)), digits) if values else None
    return told


def _by_tone(rows: list[dict[str, Any]]) -> dict[str, Any]:
    names = [name for _, name in TONES]
    return {name: _summed([row for row in rows if row["tone"] == name]) for name in names}


def _catalogue(data: Path, kind: str) -> list[Path]:
    with (data / "fashion" / "styles.csv").open(encoding="utf-8", newline="") as lines:
        ids = [row["id"] for row in csv.DictReader(lines) if row["articleType"] == kind]
    paths = [data / "fashion" / "images" / f"{one}.jpg" for one in ids]
    return [path for path in paths if path.exists()]


def _fronts(data: Path) -> dict[str, Any]:
    """Of photos of sunglasses that were not looked at while building (the second half), how many give a front."""
    shown = _catalogue(data, "Sunglasses")[1::2][:FRONTS]
    found, even, why = 0, [], dict[str, int]()
    for file in shown:
        photo = _read(file.read_bytes())
        try:
            if not is_plain(photo):
                raise PhotoRefused("no plain background", allowed="", next_step="")
            front = front_of_glasses(photo, foreground(photo))
        except PhotoRefused as error:
            reason = (
                str(error).removeprefix("The front of the glasses is not seen on the product photo. ").partition(".")[0]
            )
            why[reason] = why.get(reason, 0) + 1
            continue
        found += 1
        even.append(float(front.lens.sum() / front.alpha.sum()))
    return {"photos": len(shown), "found": found, "lens_share": round(median(even), 3), "refused": why}


def _nobody(finder: FaceFinder, data: Path) -> dict[str, Any]:
    """Photos of things (shoes, bags, watches) on which a face was seen all the same."""
    files = [
        file for kind in ("Casual Shoes", "Handbags", "Watches") for file in _catalogue(data, kind)[1::2][: EMPTY // 3]
    ]
    return {"photos": len(files), "faces_seen": sum(bool(finder.faces(_read(file.read_bytes()))) for file in files)}


_OPEN = """async () => {
    window.finder = await import("/face_finder.js");
    window.model = finder.readModel(await (await fetch("/finder")).arrayBuffer());
    window.seen = async (address) => {
        const photo = new Image();
        photo.src = address;
        await photo.decode();
        const canvas = new OffscreenCanvas(photo.width, photo.height);
        const pen = canvas.getContext("2d", { willReadFrequently: true });
        pen.drawImage(photo, 0, 0);
        return pen.getImageData(0, 0, photo.width, photo.height);
    };
}"""
_EYES = """async (address) =>
    finder.faces(model, await seen(address), { least: 26 }).map((one) => finder.eyesOf(one.points))"""
_READY = """async (address) => {
    window.picture = await seen(address);
    window.face = finder.faces(model, picture)[0];
    for (let k = 0; k < 9; k += 1) finder.followed(model, picture, face.points);
}"""
_SEARCH = "() => { for (let k = 0; k < 5; k += 1) finder.faces(model, picture); }"
_FOLLOW = "() => { for (let k = 0; k < 20; k += 1) finder.followed(model, picture, face.points); }"


def _in_browser(photos: dict[str, Photo], eyes: dict[str, NDArray[Any]]) -> dict[str, Any]:
    """The same eyes, by the JavaScript of the storefront in headless Chromium.

    Milliseconds of its thread's processor time, for a picture of 320 x 240: to search it, and to follow a face.
    """
    from playwright.sync_api import sync_playwright

    code = files("bottega.serving.storefront").joinpath("static/face_finder.js").read_text(encoding="utf-8")
    drawn, _, _ = _bodies()[0]
    camera = np.full((240, 320, 3), drawn.photo[0, 0], np.uint8)
    camera[:, 70:250] = np.asarray(Image.fromarray(drawn.photo).resize((180, 240)))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=which("chromium"), args=["--no-sandbox"])
        page = chromium.new_page()
        page.set_default_timeout(600_000)
        page.route("**/*", lambda route: route.fulfill(body="<p>faces</p>", content_type="text/html"))
        page.route("**/face_finder.js", lambda route: route.fulfill(body=code, content_type="text/javascript"))
        page.route("**/finder", lambda route: route.fulfill(body=packed_finder()))
        page.goto("http://faces.test/")
        page.evaluate(_OPEN)
        seen = {name: page.evaluate(_EYES, _address(photo)) for name, photo in photos.items()}
        page.evaluate(_READY, _address(camera))
        told = page.context.new_cdp_session(page)
        told.send("Performance.enable", {"timeDomain": "threadTicks"})

        def spent_ms() -> float:
            metrics = told.send("Performance.getMetrics")["metrics"]
            return 1000 * float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))

        begun = spent_ms()
        page.evaluate(_SEARCH)
        searched = spent_ms()
        page.evaluate(_FOLLOW)
        followed = spent_ms()
        chromium.close()
    apart, line = [], []
    for name, all_found in seen.items():
        true = eyes[name]
        far = float(np.hypot(*(true[1] - true[0])))
        near = [np.array(one) for one in all_found if np.hypot(*(np.mean(one, 0) - true.mean(0))) < 0.6 * far]
        if near:
            apart.append(float(np.hypot(*(near[0] - true).T).mean()))
            along = (near[0][1] - near[0][0]) / np.hypot(*(near[0][1] - near[0][0]))
            away = true - near[0].mean(0)
            line.append(float(np.abs(-away[:, 0] * along[1] + away[:, 1] * along[0]).mean()))
    return {
        "faces": len(photos),
        "found": len(apart),
        "px": round(float(np.mean(apart)), 2),
        "line_px": round(float(np.mean(line)), 2),
        "search_ms": round((searched - begun) / 5, 1),
        "follow_ms": round((followed - searched) / 20, 1),
    }


def _address(photo: Photo) -> str:
    file = io.BytesIO()
    Image.fromarray(photo).save(file, "PNG")
    return "data:image/png;base64," + b64encode(file.getvalue()).decode()


def _sheet(path: Path, finder: FaceFinder, data: Path, photos: list[Photo]) -> None:
    whole = Image.new("RGB", (6 * 180, 2 * 200))
    files = _catalogue(data, "Sunglasses")[1::2]
    for place, (photo, file) in enumerate(zip(photos[:SHEET], files, strict=False)):
        large = np.asarray(
            Image.fromarray(photo).resize((photo.shape[1] * 3, photo.shape[0] * 3), Image.Resampling.BICUBIC)
        )
        product = _read(file.read_bytes())
        face = the_face(finder.faces(large), large.shape)
        worn = wear_glasses(large, face, front_of_glasses(product, foreground(product)))
        x, y = face.points.mean(0)
        reach = face.height
        part = Image.fromarray(worn).crop((int(x - reach), int(y - reach), int(x + reach), int(y + 1.2 * reach)))
        whole.paste(part.resize((180, 200)), ((place % 6) * 180, (place // 6) * 200))
    whole.save(path)


if __name__ == "__main__":
    typer.run(main)
