"""What the eye has to beat, on the same photos: features made by hand, and a plain residual network.

    python benchmarks/eye.py --train FOLDER --test FOLDER --split 0.15 --baselines
    python benchmarks/eye_baselines.py --train FOLDER [--test FOLDER] [--only hog] [--only resnet] [--json]

HOG + Lab: histograms of oriented gradients of the grey photo (96 px, 9 directions, cells of 8 px, blocks of 2 x 2;
Dalal & Triggs 2005, https://doi.org/10.1109/CVPR.2005.177) reduced to 384 principal components, and a joint histogram
of the product's pixels in CIE Lab (8 x 8 x 8, square roots); all standardised; a multinomial logistic regression a
head. Its vector for search is the standardised features, centred and of unit length.

Plain ResNet: four stages of two basic blocks (He et al. 2015, https://arxiv.org/abs/1512.03385), 1.4 million
parameters, 96 px, average pooling, a linear head for each label, cross-entropies added up, AdamW with one cycle, six
epochs; shifts and mirror images. Its vector for search is the pooled features, of unit length.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from skimage.color import rgb2gray
from skimage.feature import hog
from sklearn.decomposition import PCA  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.preprocessing import StandardScaler  # type: ignore[import-untyped]
from torch import Tensor, nn
from torch.nn import functional

from bottega.datasets.photos.catalogue import UNKNOWN, PhotoCatalogue, classes_of, codes_of, fingerprint
from bottega.datasets.photos.reading import Photo
from bottega.evaluation.eye_figures import KEYS, Answers, Figures, judge_answers
from bottega.models.blocks.colours import foreground
from bottega.models.blocks.device import CPU, autocast
from bottega.models.vision.eye.second_opinion import colour_histogram
from bottega.names import FloatArray
from bottega.progress import Progress
from bottega.serving.cli.console import bar, guard

HEADS = ("type", "subcategory", "gender", "color")
PX = 96
COMPONENTS = 384
INVERSE_PENALTY = 0.003
N_COLOURS = 512
"""Cells of the Lab histogram."""
WIDTHS, BLOCKS, EPOCHS, BATCH, RATE = (24, 48, 96, 176), 2, 6, 64, 3e-3

Fit = Callable[[PhotoCatalogue, PhotoCatalogue, int, Progress], Figures]


def by_hand(photo: Photo) -> FloatArray:
    """HOG of a photo [PX, PX, 3], and behind it the colour histogram of its product."""
    edges = hog(rgb2gray(photo), orientations=9, pixels_per_cell=(8, 8), cells_per_block=(2, 2))
    return np.concatenate([edges.astype(np.float32), colour_histogram(photo, foreground(photo))])


def features_of(catalogue: PhotoCatalogue, progress: Progress) -> FloatArray:
    """`by_hand` of every photo [N, F], kept in the temporary folder for the next run."""
    kept = Path(tempfile.gettempdir()) / f"bottega_by_hand_{fingerprint(catalogue.ids)}.npy"
    if kept.exists():
        return np.asarray(np.load(kept), dtype=np.float32)
    rows = []
    for photo in catalogue.photos(PX, progress=progress):
        rows.append(by_hand(photo))
        progress("features by hand", len(rows), len(catalogue))
    found = np.stack(rows)
    np.save(kept, found)
    return found


def fit_hog(learnt: PhotoCatalogue, judged: PhotoCatalogue, seed: int, progress: Progress) -> Figures:
    """HOG, Lab histogram and logistic regression."""
    started = time.perf_counter()
    train, test = features_of(learnt, progress), features_of(judged, progress)
    components = PCA(COMPONENTS, svd_solver="randomized", random_state=seed).fit(train[:, :-N_COLOURS])
    both = [np.hstack([components.transform(rows[:, :-N_COLOURS]), rows[:, -N_COLOURS:]]) for rows in (train, test)]
    scale = StandardScaler().fit(both[0])
    train, test = (scale.transform(rows).astype(np.float32) for rows in both)
    classes, probabilities = {}, {}
    for done, head in enumerate(HEADS):
        progress("logistic regression", done, len(HEADS), head)
        names = classes_of(learnt.labels[head])
        codes = codes_of(learnt.labels[head], names)
        model = LogisticRegression(C=INVERSE_PENALTY, max_iter=300).fit(train[codes >= 0], codes[codes >= 0])
        classes[head] = tuple(names[code] for code in model.classes_)
        probabilities[head] = model.predict_proba(test).astype(np.float32)
    seconds = time.perf_counter() - started
    vectors = test / np.linalg.norm(test, axis=1, keepdims=True)
    return _judged(Answers(classes, probabilities, vectors), learnt, judged, seconds)


class _Block(nn.Module):
    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(before, after, 3, stride, 1, bias=False),
            nn.BatchNorm2d(after),
            nn.ReLU(),
            nn.Conv2d(after, after, 3, 1, 1, bias=False),
            nn.BatchNorm2d(after),
        )
        same = stride == 1 and before == after
        self.shortcut = nn.Identity() if same else nn.Conv2d(before, after, 1, stride, bias=False)

    def forward(self, maps: Tensor) -> Tensor:
        return torch.relu(self.body(maps) + self.shortcut(maps))


class PlainResNet(nn.Module):
    """Pictures [N, 3, P, P] in 0..1 to pooled features [N, F] and logits a head [N, C]."""

    def __init__(self, sizes: dict[str, int]) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(3, WIDTHS[0], 3, 2, 1, bias=False), nn.BatchNorm2d(WIDTHS[0]), nn.ReLU()]
        before = WIDTHS[0]
        for width in WIDTHS:
            for block in range(BLOCKS):
                layers.append(_Block(before, width, 2 if block == 0 and width != before else 1))
                before = width
        self.body = nn.Sequential(*layers)
        self.heads = nn.ModuleDict({f"{head}_head": nn.Linear(before, size) for head, size in sizes.items()})

    def forward(self, pictures: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        features = self.body((pictures - 0.5) / 0.25).mean((2, 3)).float()
        return features, {head: self.heads[f"{head}_head"](features) for head in HEADS}


def fit_resnet(learnt: PhotoCatalogue, judged: PhotoCatalogue, seed: int, progress: Progress) -> Figures:
    """The plain network."""
    started = time.perf_counter()
    torch.manual_seed(seed)
    classes = {head: classes_of(learnt.labels[head]) for head in HEADS}
    codes = {head: torch.from_numpy(codes_of(learnt.labels[head], classes[head])).long() for head in HEADS}
    network = PlainResNet({head: len(names) for head, names in classes.items()}).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    photos = torch.from_numpy(learnt.photos(PX, progress=progress)).permute(0, 3, 1, 2)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=0.05)
    batches = len(photos) // BATCH
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=EPOCHS * batches)
    for epoch in range(EPOCHS):
        network.train()
        order = torch.randperm(len(photos))
        for step in range(batches):
            rows = order[step * BATCH : (step + 1) * BATCH]
            with autocast(CPU):
                _, logits = network(_moved(photos[rows].float() / 255))
            parts = [
                functional.cross_entropy(logits[head].float(), codes[head][rows], ignore_index=UNKNOWN)
                for head in HEADS
            ]
            optimiser.zero_grad()
            torch.stack(parts).nan_to_num().sum().backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            cycle.step()
            progress("training the plain network", epoch * batches + step + 1, EPOCHS * batches)
    seconds = time.perf_counter() - started
    network.eval()
    seen = torch.from_numpy(judged.photos(PX, progress=progress)).permute(0, 3, 1, 2)
    with torch.inference_mode():
        answers = [network(seen[start : start + BATCH].float() / 255) for start in range(0, len(seen), BATCH)]
    probabilities = {head: torch.cat([logits[head] for _, logits in answers]).softmax(1).numpy() for head in HEADS}
    vectors = functional.normalize(torch.cat([features for features, _ in answers]), dim=1).numpy()
    return _judged(Answers(classes, probabilities, vectors), learnt, judged, seconds)


def _moved(pictures: Tensor) -> Tensor:
    """Half of them mirrored; each batch shifted by up to eight pixels."""
    mirrored = torch.rand(len(pictures)) < 0.5
    pictures = torch.where(mirrored[:, None, None, None], pictures.flip(3), pictures)
    down, right = torch.randint(-8, 9, (2,)).tolist()
    return functional.pad(pictures, (8, 8, 8, 8), value=1.0)[:, :, 8 + down : 8 + down + PX, 8 + right : 8 + right + PX]


def _judged(answers: Answers, learnt: PhotoCatalogue, judged: PhotoCatalogue, seconds: float) -> Figures:
    found: Figures = judge_answers(answers, judged, learnt_types=Counter(learnt.labels["type"]), train_s=seconds)
    return found


BASELINES: dict[str, Fit] = {"HOG + Lab": fit_hog, "plain ResNet": fit_resnet}


def main(
    train: Annotated[Path, typer.Option(help="Folder to learn from.")],
    test: Annotated[Path | None, typer.Option(help="Folder to judge on; a part of --train where absent.")] = None,
    split: Annotated[float, typer.Option(help="Without --test: the share of the lines held out.")] = 0.15,
    seed: Annotated[int, typer.Option(help="Of the split and of the training.")] = 0,
    only: Annotated[list[str] | None, typer.Option(help="hog or resnet; both where absent.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object by baseline.")] = False,
) -> None:
    with guard(), bar() as progress:
        learnt = PhotoCatalogue.read(train)
        if test is None:
            rest, held_out = learnt.split_lines(split, np.random.default_rng(seed))
            learnt, judged = learnt.take(rest), learnt.take(held_out)
        else:
            judged = PhotoCatalogue.read(test)
        chosen = {
            name: fit for name, fit in BASELINES.items() if not only or any(part in name.lower() for part in only)
        }
        rows = {name: fit(learnt, judged, seed, progress) for name, fit in chosen.items()}
    if as_json:
        print(json.dumps({name: found.values for name, found in rows.items()}))
        return
    print(f"| measure | {' | '.join(rows)} |\n|---|{'---|' * len(rows)}")
    for key in KEYS:
        print(f"| {key} | {' | '.join(found.cell(key) for found in rows.values())} |")


if __name__ == "__main__":
    typer.run(main)
