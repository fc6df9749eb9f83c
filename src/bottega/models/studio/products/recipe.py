"""The recipe of the product generators: photos without heads, an autoencoder, and three ways to learn on its maps.

Idea     Everything lies in one working folder: decoded photos, the autoencoder, the maps of all photos, and a folder a
         model with its checkpoint. A training that was stopped goes on where it was; one that has its card is done.
         All ways learn from the same maps, with networks of the same size, for the same seconds.
Costs    Minutes for photos and maps; each training as long as it is told.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from bottega.datasets.photos.asked import AskedNames, AskedPictures, asked_of
from bottega.datasets.photos.catalogue import fingerprint
from bottega.datasets.photos.small_photos import SmallPhotos, small_photos
from bottega.models.blocks.cards import read_card, write_card
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, device_of
from bottega.models.studio.products.autoencoder import Autoencoder, AutoencoderTraining, fit_autoencoder
from bottega.models.studio.products.flow import FlowTraining, MapFlow, fit_flow
from bottega.models.studio.products.gan import GanTraining, MapGenerator, MapShape, fit_gan
from bottega.models.studio.products.generator import (
    GeneratorConfig,
    ProductGenerator,
    load_autoencoder,
    save_autoencoder,
)
from bottega.models.studio.products.usual import Usual, usual_of
from bottega.models.studio.products.vae import BETAS, VaeTraining, fit_vae
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = ["SHIPS", "WAYS", "ProductMaterial", "ProductWork"]

PX = 64
WAYS = ("autoencoder", "gan", "flow", *(f"vae-{beta}" for beta in BETAS))
"""What can be trained, in this order."""
SHIPS = "flow"
"""What came out best of those trained for the same seconds (benchmarks/product_gan.md)."""
EVERY_S = 60.0
"""Between checkpoints."""
START, START_BETA = 0.2, 0.3
"""Share of the GAN's seconds in which its generator first learns as a variational decoder, and the weight there."""


STEPS = 60_000
"""Most steps of a generator, where its seconds do not end it sooner."""


@dataclass(frozen=True, slots=True)
class ProductMaterial:
    """Photos without heads, what each is, and the words for it; those kept aside are among them."""

    photos: SmallPhotos
    asked: AskedPictures
    names: AskedNames


@dataclass(frozen=True, slots=True)
class ProductWork:
    """A working folder, and the catalogue's folder that is learnt from."""

    folder: Path
    catalogue: Path
    seed: int = 0
    device: str = "auto"

    def material(self, *, progress: Progress = silent) -> ProductMaterial:
        """What there is to learn from and to judge by; it lies in the folder for the next time."""
        photos = small_photos(self.catalogue, PX, kept=self.folder / "photos", progress=progress)
        kept, stamp = self.folder / "headless.npy", self.folder / "headless.json"
        ids = fingerprint(photos.ids)
        if stamp.exists() and (said := json.loads(stamp.read_text(encoding="utf-8")))["ids"] == ids:
            rows = np.array(said["rows"])
            chosen = replace(photos.take(rows), photos=np.load(kept, mmap_mode="r"))
            asked = {name: np.array(values) for name, values in said["asked"].items()}
            names = AskedNames(**{name: tuple(values) for name, values in said["names"].items()})
            return ProductMaterial(chosen, AskedPictures(**asked | {"lab": asked["lab"].astype(np.float32)}), names)
        chosen, found, names = asked_of(photos)
        place = {name: row for row, name in enumerate(photos.ids)}
        stamp.unlink(missing_ok=True)
        np.save(kept, chosen.photos)
        said = {
            "ids": ids,
            "rows": [place[name] for name in chosen.ids],
            "asked": {name: getattr(found, name).tolist() for name in ("type", "gender", "usage", "lab", "worn")},
            "names": asdict(names),
        }
        stamp.write_text(json.dumps(said), encoding="utf-8")
        return ProductMaterial(chosen, found, names)

    def train(self, way: str, *, seconds: float, shape: MapShape | None = None, progress: Progress = silent) -> Path:
        """Train one of `WAYS` for so many seconds in all, or go on with it; returns its folder.

        On a processor the seconds are its own: a busy machine takes longer and gives the same.
        """
        folder = self.folder / way
        if read_card(folder):
            return folder
        folder.mkdir(parents=True, exist_ok=True)
        material = self.material(progress=progress)
        rng = np.random.default_rng(self.seed)
        checkpoint = Checkpoint(folder / "training.pt", rng=rng, every_s=EVERY_S)
        clock = self._clock()
        if way == "autoencoder":
            settings = AutoencoderTraining()
            course = Course(settings.steps, seconds, clock=clock)
            learnt = np.asarray(material.photos.photos[~material.photos.held_out])
            found = fit_autoencoder(
                learnt,
                rng=rng,
                config=settings,
                device=self.device,
                course=course,
                checkpoint=checkpoint,
                progress=progress,
            )
            save_autoencoder(found, folder)
            batch = settings.batch_size
        else:
            course, batch = self._generator(way, folder, material, seconds, shape, rng, checkpoint, clock, progress)
        self._card(way, folder, material, course, batch)
        checkpoint.done()
        return folder

    def _generator(
        self,
        way: str,
        folder: Path,
        material: ProductMaterial,
        seconds: float,
        shape: MapShape | None,
        rng: np.random.Generator,
        checkpoint: Checkpoint,
        clock: Callable[[], float],
        progress: Progress,
    ) -> tuple[Course, int]:
        autoencoder = load_autoencoder(self.folder / "autoencoder")
        maps, asked = self.maps(autoencoder, material, progress=progress)
        shape = shape or MapShape(channels=autoencoder.shape.channels)
        kind, _, beta = way.partition("-")
        also: dict[str, Any] = {}
        if kind == "gan":
            also["start"] = self._start(folder / "start", maps, asked, material, START * seconds, shape, rng, progress)
            seconds *= 1 - START
        course = Course(STEPS, seconds, clock=clock)
        network = _FITS[kind](
            maps,
            asked,
            material.names.sizes,
            beta=float(beta or 0),
            rng=rng,
            shape=shape,
            device=self.device,
            course=course,
            checkpoint=checkpoint,
            progress=progress,
            **also,
        )
        version = f"product-{way}-{time.strftime('%Y%m%d%H%M%S', time.gmtime())}"
        config = GeneratorConfig(kind, material.names, version, shape, autoencoder.shape)
        ProductGenerator(config, network, autoencoder, self.usual(material)).save(folder)
        return course, _BATCHES[kind]

    def _start(
        self,
        folder: Path,
        maps: FloatArray,
        asked: AskedPictures,
        material: ProductMaterial,
        seconds: float,
        shape: MapShape,
        rng: np.random.Generator,
        progress: Progress,
    ) -> MapGenerator:
        """A variational decoder that the game begins with; kept in the folder for when the game is stopped."""
        kept = folder / "start.pt"
        folder.mkdir(parents=True, exist_ok=True)
        network = MapGenerator(shape, material.names.sizes)
        if kept.exists():
            network.load_state_dict(torch.load(kept, weights_only=True))
            return network
        checkpoint = Checkpoint(folder / "training.pt", rng=rng, every_s=EVERY_S)
        course = Course(STEPS, seconds, clock=self._clock())
        config = VaeTraining(beta=START_BETA)
        network = fit_vae(
            maps,
            asked,
            material.names.sizes,
            rng=rng,
            shape=shape,
            config=config,
            device=self.device,
            course=course,
            checkpoint=checkpoint,
            progress=progress,
        )
        torch.save(network.state_dict(), kept)
        checkpoint.done()
        return network

    def _clock(self) -> Callable[[], float]:
        return time.process_time if device_of(self.device) == CPU else time.perf_counter

    def usual(self, material: ProductMaterial) -> Usual:
        """What the photos learnt from are like, for requests that leave something open."""
        return usual_of(material.photos, material.asked, material.names, rng=np.random.default_rng(self.seed))

    def maps(
        self, autoencoder: Autoencoder, material: ProductMaterial, *, progress: Progress = silent
    ) -> tuple[FloatArray, AskedPictures]:
        """Maps [2 * L, C, 8, 8] of the photos learnt from and of their mirror images, and what each is.

        They lie in the folder for the next time, float16.
        """
        learnt = np.flatnonzero(~material.photos.held_out)
        asked = material.asked.take(np.concatenate([learnt, learnt]))
        kept, stamp = self.folder / "maps.npy", self.folder / "maps.json"
        made_of = {
            "photos": len(learnt),
            "sum": float(sum(value.double().sum() for value in autoencoder.state_dict().values())),
        }
        if stamp.exists() and json.loads(stamp.read_text(encoding="utf-8")) == made_of:
            return np.load(kept, mmap_mode="r"), asked
        parts = []
        for mirrored in (False, True):
            for start in range(0, len(learnt), 512):
                photos = material.photos.photos[learnt[start : start + 512]]
                parts.append(autoencoder.maps_of(photos[:, :, ::-1] if mirrored else photos).astype(np.float16))
                progress("encoding photos", start + len(learnt) * mirrored, 2 * len(learnt))
        stamp.unlink(missing_ok=True)
        np.save(kept, np.concatenate(parts))
        stamp.write_text(json.dumps(made_of), encoding="utf-8")
        return np.concatenate(parts), asked

    def _card(self, way: str, folder: Path, material: ProductMaterial, course: Course, batch: int) -> None:
        photos = material.photos
        write_card(
            folder,
            name=f"product-{way}",
            version=f"{way}-{course.step}",
            trained_on={
                "catalogue": f"fashion/ with its packed photos, {int((~photos.held_out).sum())} photos at {PX} px, "
                "heads hidden, unsure ones left out (Fashion Product Images; MIT on its data card, rights in the "
                "photos unclear)"
            },
            split={"held_out_photos": int(photos.held_out.sum())},
            seed=self.seed,
            train_s=course.spent_s / (1 - START) if way == "gan" else course.spent_s,
            device=str(device_of(self.device)),
            measures={"steps": course.step, "pictures_seen": course.step * batch},
            threads=torch.get_num_threads(),
        )


def _vae(*given: Any, beta: float, **also: Any) -> MapGenerator:
    return fit_vae(*given, config=VaeTraining(beta=beta), **also)


def _gan(*given: Any, beta: float, **also: Any) -> MapGenerator:
    del beta
    return fit_gan(*given, config=GanTraining(), **also)


def _flow(*given: Any, beta: float, **also: Any) -> MapFlow:
    del beta
    return fit_flow(*given, config=FlowTraining(), **also)


_FITS: dict[str, Callable[..., MapGenerator | MapFlow]] = {"gan": _gan, "flow": _flow, "vae": _vae}
_BATCHES = {"gan": GanTraining().batch_size, "flow": FlowTraining().batch_size, "vae": VaeTraining().batch_size}
