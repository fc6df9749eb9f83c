"""Teaches the finder's network from labelled squares (label.py) and from bodies of the house whose eyes are known.

    PYTHONPATH=src python bake/faces/train.py LABELS.npz [--steps 3000] [--out FOLDER] [--data DATA]

Half of the bodies teach, the other half are judged on (benchmarks/face_things.py), and so are the held-out fifth of
`parsing/` and the photos marked by hand. Squares are moved, turned, sized, mirrored, lit from aside, darkened and
lightened far beyond what the photos show, made grey, blurred, and partly covered. About three minutes on a core.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.nn import functional

from bottega.datasets.photos.masks import PhotoMasks
from bottega.models.blocks.cards import write_card
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.studio.bodies.body import PARTS, body_names
from bottega.models.studio.bodies.fashion_models import on_call
from bottega.models.studio.bodies.figure import Figure, figure
from bottega.models.studio.bodies.hair import HAIR
from bottega.models.studio.bodies.poses import pose_names
from bottega.models.studio.face_things.finder import FaceFinder, FinderConfig
from bottega.models.studio.face_things.layout import SQUARE_PX
from bottega.models.studio.face_things.network import FacePointsNetwork
from bottega.models.studio.face_things.points import MIRRORED, POINTS, SIDE

PX, WIDER = 120, 1.7
FACES, NONE, BODIES = 32, 10, 6
"""Of each in a batch."""
COUNT = len(POINTS)
DRAWN = 420


def drawn_eyes(drawn: Figure) -> tuple[np.ndarray, bool, float]:
    """Irises on the picture [2, 2], whether both are seen, and the yaw of the head in degrees."""
    rest, there, camera = drawn.posed.body.vertices, drawn.posed.vertices, drawn.layers.camera
    eyes = drawn.posed.body.vertex_parts == PARTS.index("eyes")
    height, width = drawn.labels.shape
    found, seen = [], True
    for left in (False, True):
        mine = eyes & ((rest[:, 0] > 0) == left)
        ball = rest[mine]
        centre, radius = (ball.min(0) + ball.max(0)) / 2, np.ptp(ball[:, 2]) / 2
        iris = (ball[:, 1] < centre[1]) & (np.hypot(ball[:, 0] - centre[0], ball[:, 2] - centre[2]) < 0.56 * radius)
        x, y, away = camera.seen(there[mine][iris].mean(0)[None])[0]
        inside = 0 <= x < width and 0 <= y < height
        seen &= bool(inside and drawn.layers.depth_m[int(y), int(x)] > away - 0.03)
        found.append((x, y))
    ahead = drawn.posed.stance.turns[drawn.posed.body.bones.index("head")] @ np.array([0, -1, 0])
    yaw = float(np.degrees(np.arctan2(ahead @ camera.right, -(ahead @ camera.ahead))))
    return np.array(found), seen and found[0][0] < found[1][0], yaw


def bodies(count: int, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Squares, eye points in shares of them from the middle [N, 2, 2], sines of yaw; of every second body."""
    models, names, poses, hairs = list(on_call().values()), sorted(body_names())[::2], pose_names(), list(HAIR)
    squares, points, yaws = [], [], []
    for _ in range(count):
        look = replace(models[rng.integers(len(models))].appearance, hair=hairs[rng.integers(len(hairs))])
        drawn = figure(
            names[rng.integers(len(names))], look, poses[rng.integers(len(poses))],
            crop="upper", around=float(rng.normal(0, 14)), size=(288, 384),
        )  # fmt: skip
        eyes, seen, yaw = drawn_eyes(drawn)
        if not seen or abs(yaw) > 40:
            continue
        across = eyes[1] - eyes[0]
        size = np.hypot(*across) / max(np.cos(np.radians(yaw)), 0.75)
        down = np.array([-across[1], across[0]]) / np.hypot(*across)
        side = SIDE * WIDER * size
        air, step = int(side), side / PX
        corner = eyes.mean(0) + 0.5 * size * down - side / 2
        whole = Image.fromarray(np.pad(drawn.photo, ((air, air), (air, air), (0, 0)), "edge"))
        way = (step, 0, corner[0] + air, 0, step, corner[1] + air)
        squares.append(np.asarray(whole.transform((PX, PX), Image.AFFINE, way, Image.BICUBIC)))
        points.append((eyes - corner) / side - 0.5)
        yaws.append(np.sin(np.radians(yaw)))
    pixels = torch.from_numpy(np.stack(squares)).permute(0, 3, 1, 2)
    return pixels, torch.from_numpy(np.stack(points).astype(np.float32)), torch.tensor(yaws, dtype=torch.float32)


def moved(x: torch.Tensor, p: torch.Tensor, of_face: np.ndarray, rng: np.random.Generator):
    """Squares as the network meets them: roughly right or nearly right, with the points that belong to them."""
    n = len(x)
    across = p[:, 4:8].mean(1) - p[:, 0:4].mean(1)
    own = torch.atan2(across[:, 1], across[:, 0].clamp(min=1e-6)).numpy() * of_face
    rough = rng.random(n) < 0.55
    turn = np.where(rng.random(n) < 0.5, rng.normal(0, 9, n), np.degrees(own) + rng.normal(0, 12, n))
    turn = np.radians(np.where(rough, turn, np.degrees(own) + rng.normal(0, 4, n)))
    larger = np.exp(np.where(rough, rng.normal(0, 0.15, n), rng.normal(0, 0.05, n))).clip(0.65, 1.5)
    larger = np.where(of_face == 0, np.exp(rng.uniform(-0.8, 0.5, n)), larger)
    aside = np.where(rough[:, None], rng.normal(0, 0.06, (n, 2)), rng.normal(0, 0.015, (n, 2))).clip(-0.16, 0.16)
    c, s = np.cos(turn) * larger, np.sin(turn) * larger
    way = np.stack([np.stack([c, -s, aside[:, 0]], 1), np.stack([s, c, aside[:, 1]], 1)], 1).astype(np.float32)
    map_ = torch.from_numpy(way)
    inner = map_.clone()
    inner[:, :, :2] /= WIDER
    inner[:, :, 2] *= 2 / WIDER
    grid = functional.affine_grid(inner, [n, 3, SQUARE_PX, SQUARE_PX], align_corners=False)
    x = functional.grid_sample(x, grid, align_corners=False, padding_mode="border")
    return x, (p - map_[:, None, :, 2]) @ torch.linalg.inv(map_[:, :, :2]).transpose(1, 2)


def lit(x: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Squares in other light, of other cameras."""
    n = len(x)

    def drawn(low: float, high: float, *shape: int) -> torch.Tensor:
        return torch.from_numpy(rng.uniform(low, high, shape).astype(np.float32))

    x = x.clamp(1e-3, 1) ** torch.exp(drawn(-0.8, 0.8, n, 1, 1, 1))
    x = x * torch.exp(drawn(-0.25, 0.25, n, 3, 1, 1)) * drawn(0.35, 1.2, n, 1, 1, 1) + drawn(-0.05, 0.1, n, 1, 1, 1)
    ramp = torch.linspace(-1, 1, SQUARE_PX)
    x = x * (1 + drawn(-0.5, 0.5, n, 1, 1, 1) * ramp + drawn(-0.3, 0.3, n, 1, 1, 1) * ramp[:, None])
    grey = torch.from_numpy(rng.random(n) < 0.15)[:, None, None, None]
    x = torch.where(grey, x.mean(1, keepdim=True).expand_as(x), x)
    soft = functional.interpolate(functional.avg_pool2d(x, 2), size=SQUARE_PX, mode="bilinear", align_corners=False)
    x = torch.where(torch.from_numpy(rng.random(n) < 0.25)[:, None, None, None], soft, x)
    x = x.clamp(0, 1) + torch.randn_like(x) * drawn(0, 0.05, n, 1, 1, 1)
    for row in np.flatnonzero(rng.random(n) < 0.15):
        top, left = rng.integers(0, SQUARE_PX - 16, 2)
        tall, wide = rng.integers(5, 22, 2)
        x[row, :, top : top + tall, left : left + wide] = torch.from_numpy(rng.random((3, 1, 1)).astype(np.float32))
    x = x - x.mean((1, 2, 3), keepdim=True)
    return x / (x.std((1, 2, 3), keepdim=True) + 1e-3)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("labels", type=Path)
    asked.add_argument("--steps", type=int, default=3000)
    asked.add_argument("--out", type=Path, default=shipped_folder("studio", "face_points"))
    asked.add_argument("--data", type=Path, default=Path("../shared/data"))
    told = asked.parse_args()
    started = time.process_time()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    held = set(PhotoMasks.read(told.data / "parsing").split(0.2, np.random.default_rng(0))[1].names)
    file = np.load(told.labels)
    rows = np.array(
        [k for k, (w, n) in enumerate(zip(file["which"], file["name"], strict=True))
         if w != "parsing" or n.removesuffix(".jpg") not in held]
    )  # fmt: skip
    weight = np.where(file["which"][rows] == "parsing", 2.5, 1.0)
    faces, none = (torch.from_numpy(file[name]).permute(0, 3, 1, 2) for name in ("crops", "neg"))
    points, turns = torch.from_numpy(file["pts"]) - 0.5, torch.from_numpy(np.sin(file["yaw"]))
    body, body_eyes, body_turns = bodies(DRAWN, np.random.default_rng(0))
    network = FacePointsNetwork(trained=False)
    best = torch.optim.AdamW(network.parameters(), 2e-3, weight_decay=1e-3)
    course = torch.optim.lr_scheduler.OneCycleLR(best, 2.5e-3, total_steps=told.steps, pct_start=0.1)
    mirror = torch.from_numpy(MIRRORED)
    matters = torch.ones(COUNT)
    matters[:10], matters[34:] = 2.5, 0.6
    of_face = np.concatenate([np.ones(FACES), np.zeros(NONE), np.ones(BODIES)])
    is_face = torch.from_numpy(of_face.astype(np.float32))
    for step in range(told.steps):
        i = torch.from_numpy(rng.choice(rows, FACES, p=weight / weight.sum()))
        j = torch.from_numpy(rng.integers(0, len(none), NONE))
        k = torch.from_numpy(rng.integers(0, len(body), BODIES))
        x = torch.cat([faces[i], none[j], body[k]]).float() / 255
        eyes = body_eyes[k].mean(1, keepdim=True).repeat(1, COUNT, 1)
        eyes[:, 0:4], eyes[:, 4:8] = body_eyes[k, :1], body_eyes[k, 1:]
        p = torch.cat([points[i], torch.zeros(NONE, COUNT, 2), eyes]) * WIDER
        turn = torch.cat([turns[i], torch.zeros(NONE), body_turns[k]])
        flip = torch.from_numpy(rng.random(len(x)) < 0.5)
        x = torch.where(flip[:, None, None, None], x.flip(3), x)
        p = torch.where(flip[:, None, None], p[:, mirror] * torch.tensor([-1.0, 1.0]), p)
        turn = torch.where(flip, -turn, turn)
        x, p = moved(x, p, of_face, rng)
        said, said_turn, sure = network(lit(x, rng))
        away = (said - p) * SIDE
        far = torch.sqrt((away**2).sum(2) + 1e-5)
        inside = (p.abs().amax((1, 2)) < 0.75).float()
        weigh = matters * inside[:FACES, None]
        loss = (far[:FACES] * weigh).sum() / weigh.sum()
        pair = torch.stack([away[-BODIES:, 0:4].mean(1), away[-BODIES:, 4:8].mean(1)], 1)
        loss = loss + 0.3 * (torch.sqrt((pair**2).sum(2) + 1e-5).mean(1) * inside[-BODIES:]).mean()
        loss = loss + 0.2 * ((said_turn - turn).abs() * is_face).sum() / is_face.sum()
        loss = loss + 0.15 * functional.binary_cross_entropy_with_logits(sure, is_face)
        best.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        best.step()
        course.step()
        if step % 200 == 0:
            print(step, round(float(loss.detach()), 4), round(time.process_time() - started), "s", flush=True)
    version = f"face-{time.strftime('%Y%m%d%H%M')}"
    told.out.mkdir(parents=True, exist_ok=True)
    FaceFinder(FinderConfig(version=version), network.eval().folded()).save(told.out)
    write_card(
        told.out,
        name="face_points",
        version=version,
        trained_on={
            "photos": f"{len(rows)} faces of fashion/images, fashion/medium.zip and parsing/ without its held-out "
            f"fifth, {len(none)} squares without a face; points labelled by MediaPipe 0.10.21 (Apache-2.0), "
            "not by hand",
            "bodies": f"{len(body)} pictures of 16 bodies of the house, eyes known from the mesh",
            "cascade": "none: the file that proposes faces comes with scikit-image (BSD)",
        },
        split={"bodies": "every second one by name", "parsing": "0.2, seed 0", "by_hand": "benchmarks/face_eyes.json"},
        seed=0,
        train_s=time.process_time() - started,
        device="cpu",
        measures={"steps": told.steps, "loss": round(float(loss.detach()), 4)},
        limits=["People who model for shops and street fashion: hardly anybody is old, and no child is among them.",
                "Some of the people on the photos marked by hand are on other photos that taught."],
    )  # fmt: skip


if __name__ == "__main__":
    main()
