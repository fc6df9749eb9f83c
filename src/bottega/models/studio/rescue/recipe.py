"""The recipe of the rescue that ships: which photos it learns from, and which none of it ever sees.

Heads are hidden before anything is learnt, as for every generator here; a photo on which one may be whose place
nothing tells is left out. Photos that were compressed before are made smaller first, so that what compression left in
them goes; street photos and large product photos are learnt from as they are. The split is that of every model that
ships: product lines and street photos kept aside there are kept aside here, with the product lines of the large
photos.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import torch
from PIL import Image

from bottega.datasets.photos.asked import SHOWS_NOBODY
from bottega.datasets.photos.catalogue import PhotoCatalogue, line_names, styles_of
from bottega.datasets.photos.heads import hide_heads, hide_labelled_head
from bottega.datasets.photos.kept_aside import HELD_OUT, SPLIT_SEED, STREET_HELD_OUT, lines_split
from bottega.datasets.photos.masks import PhotoMasks
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.studio.rescue.material import SharpPhotos
from bottega.models.studio.rescue.network import RescueNetwork, RescueShape
from bottega.models.studio.rescue.rescue import Rescue, RescueConfig
from bottega.models.studio.rescue.training import fit_likely, fit_mean
from bottega.progress import Progress, silent

__all__ = [
    "LIKELY_SHARE",
    "SHARES",
    "blended",
    "held_out_ids",
    "held_out_lines",
    "large_photos",
    "product_files",
    "rescue_card",
    "rescue_material",
    "street_files",
    "train_rescue",
]

LIKELY_SHARE = 0.6
"""How far the likely answer that ships lies from the mean one towards what the critic made of it."""
LARGE_HELD_OUT = 3
"""Of the lines of large photos, every third is kept aside."""
SHARES = {"street": 0.35, "large": 0.25, "product": 0.17, "medium": 0.05, "clothing": 0.12, "furniture": 0.06}
"""Which share of the patches comes from where."""
_LEAST_PX = 97
_OF_PRODUCTS = {"large", "product", "medium"}
"""Sources whose photos are of the catalogue, and may show somebody who wears the product."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How photos of a source are brought to sharpness: made smaller by one of these."""

    scales: tuple[float, ...]
    most: int


_WAYS = {
    "street": _Way((1.0,), 10_000),
    "large": _Way((1.0, 0.6, 0.4), 10_000),
    "product": _Way((1.0, 0.6, 0.6), 3000),
    "medium": _Way((0.6,), 1000),
    "clothing": _Way((0.75, 0.6), 1500),
    "furniture": _Way((0.6,), 900),
}


def rescue_material(data: Path, *, seed: int, progress: Progress = silent) -> SharpPhotos:
    """All sharp photos to learn from; a source that is not there gives none."""
    rng = np.random.default_rng(seed)
    shown = styles_of(data / "fashion") if (data / "fashion" / "styles.csv").exists() else {}
    found: dict[str, list[Photo]] = {}
    sources: dict[str, Callable[[], Sequence[tuple[str, Path | bytes]]]] = {
        "street": lambda: street_files(data)[0],
        "large": lambda: large_photos(data)[0],
        "product": lambda: product_files(data)[0],
        "medium": lambda: _zipped(data / "fashion" / "medium.zip", but=held_out_ids(data)),
        "clothing": lambda: _zipped(data / "clothing" / "photos.zip"),
        "furniture": lambda: _zipped(data / "furniture" / "photos.zip"),
    }
    for name, read in sources.items():
        way, files = _WAYS[name], list(read())
        chosen = rng.permutation(len(files))[: way.most].tolist()
        found[name] = []
        for done, row in enumerate(chosen, start=1):
            photo = _headless(data, name, files[row], shown)
            if photo is None:
                continue
            scale = way.scales[int(rng.integers(len(way.scales)))]
            photo = _smaller(photo, scale)
            if min(photo.shape[:2]) >= _LEAST_PX:
                found[name].append(photo)
            progress(f"reading photos ({name})", done, len(chosen))
    return SharpPhotos(found, SHARES)


def train_rescue(
    data: Path,
    *,
    version: str,
    seed: int = 0,
    start: RescueNetwork | None = None,
    device: str = "auto",
    seconds: float | None = None,
    likely_seconds: float | None = None,
    kept: Path | None = None,
    progress: Progress = silent,
) -> Rescue:
    """The shipped recipe: the mean answer first, then the likely one from it.

    `start`: the network to go on from. `seconds` and `likely_seconds`: the most that each learns for, of the
    processor's own where it learns on one; all steps where absent. `kept`: a folder where a stopped training goes on.
    """
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    network = RescueNetwork(RescueShape()) if start is None else start
    material = rescue_material(data, seed=seed, progress=progress)
    notes = [None, None] if kept is None else [Checkpoint(kept / name, rng=rng) for name in ("mean.pt", "likely.pt")]
    mean = fit_mean(network, material, rng=rng, device=device, seconds=seconds, checkpoint=notes[0], progress=progress)
    likely = RescueNetwork(network.shape)
    likely.load_state_dict(mean.state_dict())
    fit_likely(likely, material, rng=rng, device=device, seconds=likely_seconds, checkpoint=notes[1], progress=progress)
    for note in notes:
        if note is not None:
            note.done()
    return Rescue(RescueConfig(version, network.shape), mean, blended(mean, likely))


def rescue_card(data: Path) -> dict[str, Any]:
    """What the card of a rescuer trained by this recipe says of its data and split."""
    counts = {
        "street": f"parsing/, {len(street_files(data)[0]):,} photos: four fifths of them",
        "large": f"fashion/large.zip, {len(large_photos(data)[0])} photos of lines not kept aside",
        "product": f"fashion/images, at most {_WAYS['product'].most:,} photos, made smaller",
        "medium": f"fashion/medium.zip, at most {_WAYS['medium'].most:,} photos, made smaller",
        "clothing": f"clothing/, at most {_WAYS['clothing'].most:,} photos (CC0), made smaller",
        "furniture": f"furniture/, at most {_WAYS['furniture'].most:,} photos, made smaller",
    }
    return {
        "trained_on": counts,
        "split": {
            "share": HELD_OUT,
            "street_share": STREET_HELD_OUT,
            "seed": SPLIT_SEED,
            "large": "held-out lines, and every third of the others by crc32",
        },
        "limits": "Heavy noise and strong blur stay in part. Faces are not made anew. Letters that are smeared already "
        "stay smeared.",
    }


def _headless(
    data: Path, source: str, named: tuple[str, Path | bytes], shown: Mapping[str, Mapping[str, str]]
) -> Photo | None:
    """A photo in which no head is to be seen; None where one may be, and nothing tells where."""
    name, file = named
    if source == "street":
        return hide_labelled_head(*PhotoMasks.one(data / "parsing", name))
    photo = read_photo(file, name=name)
    if source not in _OF_PRODUCTS:
        return photo
    labels = shown.get(name, {})
    apparel = labels.get("category", "Apparel") == "Apparel"
    people = labels.get("subcategory") not in SHOWS_NOBODY and labels.get("category") != "Footwear"
    hidden = hide_heads(photo[None], np.array([apparel]), np.array([people]))
    return None if hidden.unsure[0] else hidden.photos[0]


def blended(mean: RescueNetwork, likely: RescueNetwork, share: float = LIKELY_SHARE) -> RescueNetwork:
    """The network whose weights lie the `share` of the way from the mean answer's to the likely one's.

    Source   Wang et al. 2018, "ESRGAN", https://arxiv.org/abs/1809.00219, section 3.4.
    """
    found = RescueNetwork(mean.shape)
    one, other = mean.state_dict(), likely.state_dict()
    found.load_state_dict({name: one[name] * (1 - share) + other[name] * share for name in one})
    return found.eval()


def held_out_lines(data: Path) -> frozenset[str]:
    """The names of the product lines that are never learnt from."""
    catalogue = PhotoCatalogue.read(data / "fashion")
    _, held_out = lines_split(catalogue)
    lines = line_names(styles_of(data / "fashion"))
    return frozenset(lines[catalogue.ids[row]] for row in np.flatnonzero(held_out))


def held_out_ids(data: Path) -> frozenset[str]:
    """The ids of the products of these lines, and of those of the large photos kept aside, photo or not."""
    lines, never = line_names(styles_of(data / "fashion")), held_out_lines(data)
    return frozenset(name for name, line in lines.items() if line in never or _kept_aside(line))


def product_files(data: Path) -> tuple[list[tuple[str, Path | bytes]], list[tuple[str, Path | bytes]]]:
    """The catalogue's photos to learn from, and those of lines held out."""
    catalogue, never = PhotoCatalogue.read(data / "fashion"), held_out_ids(data)
    files: list[tuple[str, Path | bytes]] = list(zip(catalogue.ids, catalogue.paths, strict=True))
    lines = held_out_lines(data)
    names = line_names(styles_of(data / "fashion"))
    return [one for one in files if one[0] not in never], [one for one in files if names[one[0]] in lines]


def street_files(data: Path) -> tuple[list[tuple[str, Path | bytes]], list[tuple[str, Path | bytes]]]:
    """Street photos to learn from, and those held out: the same as datasets/photos/masks.py splits off."""
    photos = {path.stem: path for path in (data / "parsing" / "photos").glob("*.jpg")}
    masks = {path.stem for path in (data / "parsing" / "masks").glob("*.png")}
    names = sorted(photos.keys() & masks)
    order = np.random.default_rng(SPLIT_SEED).permutation(len(names))
    cut = len(names) - round(len(names) * STREET_HELD_OUT)
    learnt, held = (sorted(part.tolist()) for part in (order[:cut], order[cut:]))
    return [(names[row], photos[names[row]]) for row in learnt], [(names[row], photos[names[row]]) for row in held]


def large_photos(data: Path) -> tuple[list[tuple[str, Path | bytes]], list[tuple[str, Path | bytes]]]:
    """Large product photos to learn from, and those kept aside: held-out lines, and every third of the others."""
    files = _zipped(data / "fashion" / "large.zip")
    lines, never = line_names(styles_of(data / "fashion")), held_out_lines(data)
    aside = {name for name, _ in files if (line := lines.get(name, name)) in never or _kept_aside(line)}
    return [one for one in files if one[0] not in aside], [one for one in files if one[0] in aside]


def _kept_aside(line: str) -> bool:
    return crc32(line.encode()) % LARGE_HELD_OUT == 0


def _zipped(file: Path, *, but: frozenset[str] = frozenset()) -> list[tuple[str, Path | bytes]]:
    if not file.exists():
        return []
    with zipfile.ZipFile(file) as packed:
        names = sorted(name for name in packed.namelist() if name.endswith(".jpg") and Path(name).stem not in but)
        return [(Path(name).stem, packed.read(name)) for name in names]


def _smaller(photo: Photo, scale: float) -> Photo:
    if scale == 1:
        return photo
    size = max(1, round(photo.shape[1] * scale)), max(1, round(photo.shape[0] * scale))
    return np.array(Image.fromarray(photo).resize(size, Image.Resampling.BICUBIC))
