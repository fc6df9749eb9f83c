"""The eye: photos in; a vector for search, what each head believes, and the words a shopper might search, out.

Idea     One network for all kinds of product. Photos are squared, seen as they are and mirrored, both views averaged.
         Edges and colours measured by hand give a second opinion (second_opinion.py), and the edges have a say in the
         vector (outline.py). Temperatures learnt on photos kept aside make the chances honest. A gate (gate.py) says
         whether a photo shows the kind of thing that a head was taught; other goods have their own names (things.py).
         Where a fine class implies a broad one (a type its subcategory), the broad head also hears what the fine one
         believes.
Source   Bell et al. 2020, "GrokNet"; temperatures: Guo et al. 2017, https://arxiv.org/abs/1706.04599, section 4.2.
Serves   Any photo. Things it never saw get a low chance, or the photo kind "none".
Costs    Some milliseconds a photo (benchmarks/eye.md).
Shapes   N photos, C classes of a head, W words, E = 128.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from bottega.datasets.photos.reading import Photo, square
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.checkpoint import half_arrays, load_state
from bottega.models.blocks.device import CPU, autocast
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.vision.eye.config import EYE_NAME, MANY, VECTOR_SIZE, EyeConfig, TrunkConfig, read_config
from bottega.models.vision.eye.gate import KINDS, Gate, shown
from bottega.models.vision.eye.looks import Looks, Thing
from bottega.models.vision.eye.network import EyeNetwork
from bottega.models.vision.eye.outline import Outline
from bottega.models.vision.eye.second_opinion import SecondOpinion
from bottega.models.vision.eye.things import ThingHead
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = ["Eye"]

_BATCH = 64


class Eye:
    """A trained (or `fresh`, untrained) network with the names of what it knows."""

    size = VECTOR_SIZE

    def __init__(
        self,
        config: EyeConfig,
        network: EyeNetwork,
        implies: Mapping[str, FloatArray] | None = None,
        second: SecondOpinion | None = None,
        gate: Gate | None = None,
        things: Mapping[str, ThingHead] | None = None,
        outline: Outline | None = None,
    ) -> None:
        self.config = config
        self.network = network.eval()
        self.second = second
        self.gate = gate
        self.outline = outline
        """What edges say in the vector for search; None for an eye whose vectors are the network's alone."""
        self.things = dict(things or {})
        """Kind of thing -> how to tell its names."""
        self.implies = dict(implies or {})
        """ "fine>broad" -> [C of fine, C of broad]: the broad class of photos of each fine one, as shares."""

    @property
    def heads(self) -> dict[str, tuple[str, ...]]:
        """Heads of one class each -> its names."""
        return self.config.classes

    @property
    def words(self) -> tuple[str, ...]:
        """The words it can predict."""
        return self.config.words

    @property
    def thresholds(self) -> dict[str, float]:
        """Head -> the confidence below which it should stay silent."""
        return self.config.thresholds

    @property
    def version(self) -> str:
        """Stamp of its vectors."""
        return self.config.version

    @classmethod
    def fresh(
        cls, heads: Mapping[str, Sequence[str]], words: Sequence[str], *, rng: np.random.Generator, image_px: int = 32
    ) -> Eye:
        """A small untrained eye: every answer has the right shape and no worth."""
        torch.manual_seed(int(rng.integers(2**31)))
        trunk = TrunkConfig(widths=(8, 8, 16, 16), blocks=(1, 1, 1, 1), colours=8)
        names = {head: tuple(classes) for head, classes in heads.items()} | ({"words": tuple(words)} if words else {})
        config = EyeConfig(names, image_px=image_px, version="fresh", trunk=trunk)
        return cls(config, EyeNetwork(trunk, {head: len(classes) for head, classes in names.items()}))

    def look(self, photos: Sequence[Photo], *, progress: Progress = silent) -> Looks:
        """See each photo (uint8 [H, W, 3], any size)."""
        parts: list[_Part] = []
        for start in range(0, len(photos), _BATCH):
            squares = np.stack([square(photo, self.config.image_px) for photo in photos[start : start + _BATCH]])
            parts.append(self._see(squares))
            progress("looking at photos", min(start + _BATCH, len(photos)), len(photos))
        return self._looks(parts)

    def look_at_squares(self, squares: NDArray[np.uint8]) -> Looks:
        """The same for photos that are squares of `image_px` already: uint8 [N, P, P, 3]."""
        starts = range(0, len(squares), _BATCH)
        return self._looks([self._see(squares[start : start + _BATCH]) for start in starts])

    def _looks(self, parts: Sequence[_Part]) -> Looks:
        """Beliefs and vectors of all batches."""
        beliefs = {
            head: torch.cat([part.chances[head] for part in parts] or [torch.zeros(0, len(names))]).numpy()
            for head, names in self.config.heads.items()
        }
        vectors = torch.cat([part.vectors for part in parts] or [torch.zeros(0, self.size)])
        words = beliefs.pop("words", np.zeros((len(vectors), 0), dtype=np.float32))
        kinds = np.concatenate([np.zeros((0, len(KINDS)), dtype=np.float32), *(part.kinds for part in parts)])
        taught = {head: shown(kinds, names) for head, names in self.config.taught.items()} if self.gate else {}
        agreed = self._agreed({head: beliefs[head] for head in self.heads})
        return Looks(vectors.numpy(), agreed, words, taught, self._things(parts, kinds) if self.gate else ())

    def _things(self, parts: Sequence[_Part], kinds: FloatArray) -> tuple[Thing, ...]:
        found = []
        for name, head in self.things.items():
            if name not in KINDS:  # finer or other names for what heads tell, asked for alone
                continue
            nothing = np.zeros((0, len(head.classes)), dtype=np.float32)
            chances = np.concatenate([nothing, *(part.things[name] for part in parts)])
            found.append(Thing(name.capitalize(), head.classes, shown(kinds, (name,)), chances, head.threshold))
        return tuple(found)

    def logits(self, squares: NDArray[np.uint8]) -> dict[str, FloatArray]:
        """Uncalibrated logits of squared photos (uint8 [N, P, P, 3]), head -> [N, C]."""
        starts = range(0, len(squares), _BATCH)
        parts = [self._network(squares[start : start + _BATCH])[0] for start in starts]
        return {head: torch.cat([part[head] for part in parts]).numpy() for head in self.config.heads}

    def kinds(self, photos: Sequence[Photo]) -> FloatArray:
        """The chance of each kind of thing (gate.KINDS) [N, K]; only of an eye with a gate."""
        assert self.gate is not None
        squares = np.stack([square(photo, self.config.image_px) for photo in photos])
        return self.gate.chances(squares, self.features(squares))

    def names(self, photos: Sequence[Photo], thing: str) -> FloatArray:
        """The chance of each of its own names [N, C], for photos of this kind of thing."""
        head, chances = self.things[thing], []
        for start in range(0, len(photos), _BATCH):
            squares = np.stack([square(photo, self.config.image_px) for photo in photos[start : start + _BATCH]])
            chances.append(head.chances(self.features(squares)))
        return np.concatenate(chances)

    def marks(self, photos: Sequence[Photo], head: str) -> FloatArray:
        """The chance of each mark of a many-of head [N, W], as in "words"."""
        squares = np.stack([square(photo, self.config.image_px) for photo in photos])
        return self._chances(head, torch.from_numpy(self.logits(squares)[head])).numpy()

    def features(self, squares: NDArray[np.uint8]) -> FloatArray:
        """What linear heads read in squared photos (uint8 [N, P, P, 3]): [N, F]."""
        starts = range(0, len(squares), _BATCH)
        return np.concatenate([self._network(squares[start : start + _BATCH])[2].numpy() for start in starts])

    def vectors_and_features(self, squares: NDArray[np.uint8]) -> tuple[FloatArray, FloatArray]:
        """The network's own vectors [N, E], without the outline's say, and its features [N, F]."""
        starts = range(0, len(squares), _BATCH)
        parts = [self._network(squares[start : start + _BATCH]) for start in starts]
        return np.concatenate([part[1].numpy() for part in parts]), np.concatenate([part[2].numpy() for part in parts])

    def _see(self, squares: NDArray[np.uint8]) -> _Part:
        """What is seen in uint8 [n, P, P, 3]."""
        logits, vectors, features = self._network(squares)
        heeded = self.second is not None and (self.config.trust or self.outline)
        measured = self.second.measure(list(squares)) if self.second is not None and heeded else None
        said = self.second.told_by(measured) if self.second is not None and measured and self.config.trust else {}
        chances = {head: self._chances(head, rows, said.get(head)) for head, rows in logits.items()}
        read = features.numpy()
        if self.outline is not None and measured is not None:
            vectors = torch.from_numpy(self.outline.joined(vectors.numpy(), read, measured.edges, measured.plain))
        kinds = self.gate.chances(squares, read) if self.gate else np.zeros((len(squares), len(KINDS)), np.float32)
        things = {name: head.chances(read) for name, head in self.things.items()}
        return _Part(chances, vectors, kinds, things)

    def _network(self, squares: NDArray[np.uint8]) -> tuple[dict[str, Tensor], Tensor, Tensor]:
        """Logits, vectors and features of uint8 [n, P, P, 3], averaged over the picture and its mirror image."""
        pictures = torch.from_numpy(squares).permute(0, 3, 1, 2).float() / 255
        with torch.inference_mode(), autocast(CPU):
            plain, plain_vectors, plain_features = self.network.see(pictures)
            mirrored, mirrored_vectors, mirrored_features = self.network.see(pictures.flip(3))
        logits = {head: ((plain[head] + mirrored[head]) / 2).float() for head in plain}
        features = (plain_features.float() + mirrored_features.float()) / 2
        return logits, functional.normalize(plain_vectors + mirrored_vectors, dim=1), features

    def _chances(self, head: str, logits: Tensor, said: FloatArray | None = None) -> Tensor:
        """Calibrated chances, the second opinion's logarithms `said` counted in."""
        scaled = logits / self.config.temperatures.get(head, 1.0)
        if said is not None:
            scaled = scaled + self.config.trust.get(head, 0.0) * torch.from_numpy(said)
        return torch.sigmoid(scaled) if head in MANY else torch.softmax(scaled, dim=1)

    def _agreed(self, beliefs: dict[str, FloatArray]) -> dict[str, FloatArray]:
        """Broad heads averaged with what the finer ones imply."""
        told = {head: [chances] for head, chances in beliefs.items()}
        for pair, table in self.implies.items():
            fine, broad = pair.split(">")
            told[broad].append(beliefs[fine] @ table)
        return {head: np.mean(given, axis=0, dtype=np.float32) for head, given in told.items()}

    def save(self, folder: Path) -> None:
        """Write into an existing folder; weights as float16."""
        state = half_arrays(self.network)
        tables = {f"implies.{pair}": table.astype(np.float16) for pair, table in self.implies.items()}
        said = {f"second.{name}": array for name, array in self.second.arrays.items()} if self.second else {}
        gate = {f"gate.{name}": array for name, array in self.gate.arrays().items()} if self.gate else {}
        things = {f"things.{name}": head.array() for name, head in self.things.items()}
        edges = {f"outline.{name}": array for name, array in self.outline.arrays().items()} if self.outline else {}
        arrays = state | tables | said | gate | things | edges
        save_arrays(folder, model=EYE_NAME, config=self.config, arrays=arrays, packed=True)

    @classmethod
    def load(cls, folder: Path) -> Eye:
        """Read what `save` wrote; raises `ModelFileBroken`."""
        saved = load_arrays(folder, model=EYE_NAME)
        config = read_config(folder)
        network = EyeNetwork(config.trunk, {head: len(names) for head, names in config.heads.items()})
        load_state(network, saved)
        tables = {name: table.astype(np.float32) for name, table in _under("implies.", saved.arrays).items()}
        said, gate, things, edges = (
            _under(prefix, saved.arrays) for prefix in ("second.", "gate.", "things.", "outline.")
        )
        return cls(
            config,
            network,
            tables,
            SecondOpinion(said) if said else None,
            Gate.of_arrays(gate) if gate else None,
            {name: ThingHead.of_array(array, config.things[name]) for name, array in things.items()},
            Outline.of_arrays(edges) if edges else None,
        )

    @classmethod
    def shipped(cls) -> Eye:
        """The eye that comes with Bottega; its card says which bars it missed."""
        return cls.load(shipped_folder("vision", EYE_NAME))


@dataclass(frozen=True, slots=True)
class _Part:
    """What is seen in one batch."""

    chances: dict[str, Tensor]
    vectors: Tensor
    kinds: FloatArray
    things: dict[str, FloatArray]


def _under(prefix: str, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The arrays whose names begin so, by the rest of their names."""
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
