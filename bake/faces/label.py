"""Labels faces for the finder to learn from: points of faces on public photos, by MediaPipe (Apache-2.0), once.

    python -m venv labelling && labelling/bin/pip install "mediapipe==0.10.21"     # its models are in the wheel
    labelling/bin/python bake/faces/label.py DATA OUT.npz

Reads `fashion/images`, `fashion/medium.zip` and `parsing/photos` below DATA. Keeps a square round each face (120 pixels
a side, 6.12 sizes of the face), its 46 points in shares of it and its yaw, and squares that hold no face:
what the detector took for one with little sureness, and pieces of photos without any. Nothing that runs needs MediaPipe
or these labels.
Left out: the photos whose eyes were marked by hand (benchmarks/face_eyes.json).
"""

from __future__ import annotations

import io
import json
import random
import sys
import types
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

sys.modules.setdefault("jax", types.ModuleType("jax"))  # a requirement of parts of it that are not used here
from mediapipe.python.solutions import face_detection, face_mesh  # noqa: E402

INDICES = [
    33, 133, 159, 145, 362, 263, 386, 374, 468, 473, 105, 334, 168, 1,
    61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91, 78, 81, 13, 311, 308, 402, 14, 178,
    10, 152, 234, 454, 127, 356, 132, 361, 172, 397, 54, 284,
]  # fmt: skip
"""Of the mesh, in the order of `POINTS` (models/studio/face_things/points.py)."""
PX, SIDE = 120, 3.6 * 1.7
SURE, UNSURE = 0.85, 0.75
LEAST_SIZE = 7.0
PIECES = 3000


def photos(data: Path, which: str) -> Iterator[tuple[str, Image.Image]]:
    if which == "medium":
        with zipfile.ZipFile(data / "fashion" / "medium.zip") as packed:
            for name in sorted(packed.namelist()):
                if name.endswith(".jpg"):
                    yield name, Image.open(io.BytesIO(packed.read(name))).convert("RGB")
        return
    folder = data / "fashion" / "images" if which == "images" else data / "parsing" / "photos"
    for path in sorted(folder.glob("*.jpg")):
        yield path.name, Image.open(path).convert("RGB")


def boxes(photo: Image.Image, detectors: list) -> list[tuple[float, float, float, float, float]]:
    """Sureness, left, top, width and height of faces, in the whole photo and in its upper half."""
    width, height = photo.size
    found = []
    for bottom in (height, height // 2):
        part = photo.crop((0, 0, width, bottom))
        scale = 512 / max(part.size)
        part = part.resize((round(part.width * scale), round(part.height * scale)), Image.BICUBIC)
        for detector in detectors:
            for one in detector.process(np.asarray(part)).detections or []:
                box = one.location_data.relative_bounding_box
                found.append(
                    (
                        one.score[0],
                        box.xmin * part.width / scale,
                        box.ymin * part.height / scale,
                        box.width * part.width / scale,
                        box.height * part.height / scale,
                    )
                )
    found.sort(reverse=True)
    kept: list[tuple[float, float, float, float, float]] = []
    for box in found:
        x, y = box[1] + box[3] / 2, box[2] + box[4] / 2
        if all(max(abs(x - k[1] - k[3] / 2), abs(y - k[2] - k[4] / 2)) > 0.6 * k[3] for k in kept):
            kept.append(box)
    return kept


def mesh(photo: Image.Image, box: tuple[float, ...], points: face_mesh.FaceMesh) -> np.ndarray | None:
    """478 points [x, y, depth] in pixels of the photo."""
    _, x, y, w, h = box
    x, y, reach = x + w / 2, y + h / 2, 1.1 * max(w, h)
    left, top = int(x - reach), int(y - 1.05 * reach)
    right, bottom = int(x + reach), int(y + 0.95 * reach)
    part = photo.crop((left, top, right, bottom)).resize((320, 320), Image.BICUBIC)
    told = points.process(np.asarray(part)).multi_face_landmarks
    if not told:
        return None
    wide, tall = right - left, bottom - top
    return np.array([(p.x * wide + left, p.y * tall + top, p.z * wide) for p in told[0].landmark], np.float32)


def frame(points: np.ndarray) -> tuple[np.ndarray, float]:
    left, right = points[:4].mean(0), points[4:8].mean(0)
    eyes, mouth = (left + right) / 2, (points[14] + points[20]) / 2
    return (eyes + mouth) / 2, float(max(np.hypot(*(right - left)), 0.95 * np.hypot(*(mouth - eyes))))


def square(photo: Image.Image, centre: np.ndarray, side: float) -> np.ndarray:
    air, step = int(side), side / PX
    whole = Image.fromarray(np.pad(np.asarray(photo), ((air, air), (air, air), (0, 0)), "edge"))
    x, y = centre[0] - side / 2 + air, centre[1] - side / 2 + air
    return np.asarray(whole.transform((PX, PX), Image.AFFINE, (step, 0, x, 0, step, y), Image.BICUBIC))


def main(data: Path, out: Path) -> None:
    by_hand = set(json.loads((Path(__file__).parents[2] / "benchmarks" / "face_eyes.json").read_text())["eyes"])
    detectors = [face_detection.FaceDetection(model_selection=k, min_detection_confidence=0.4) for k in (1, 0)]
    points = face_mesh.FaceMesh(
        static_image_mode=True, max_num_faces=1, refine_landmarks=True, min_detection_confidence=0.3
    )
    faces, labels, yaws, which, names, none = [], [], [], [], [], []
    rng = random.Random(0)
    for source in ("images", "medium", "parsing"):
        for name, photo in photos(data, source):
            if source == "medium" and name in by_hand:
                continue
            found = boxes(photo, detectors)
            if not found and source == "images" and len(none) < PIECES:
                side = rng.uniform(0.25, 1.2) * photo.width
                none.append(square(photo, np.array([rng.uniform(0.2, 0.8) * n for n in photo.size]), side))
            for box in found:
                told = mesh(photo, box, points)
                if told is None:
                    continue
                if box[0] < UNSURE and source != "parsing":
                    middle = np.array([box[1] + box[3] / 2, box[2] + box[4] / 2])
                    none.append(square(photo, middle, SIDE / 3.6 * 2 * max(box[3:])))
                if box[0] < (SURE if source != "parsing" else 0.8):
                    continue
                of = told[INDICES, :2]
                centre, size = frame(of)
                if size < LEAST_SIZE:
                    continue
                side = SIDE * size
                faces.append(square(photo, centre, side))
                labels.append((of - (centre - side / 2)) / side)
                across = told[454] - told[234]
                yaws.append(np.arctan2(across[2], across[0]))
                which.append(source)
                names.append(name)
    np.savez_compressed(
        out, crops=np.stack(faces), pts=np.stack(labels).astype(np.float32), yaw=np.array(yaws, np.float32),
        which=np.array(which), name=np.array(names), neg=np.stack(none),
    )  # fmt: skip
    print(f"{len(faces)} faces, {len(none)} squares without one")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
