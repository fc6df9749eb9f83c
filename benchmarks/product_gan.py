"""Trains the product generators and judges them beside their fences, by a network that none of them ever met.

    python benchmarks/product_gan.py train WAY --work FOLDER --seconds N     a model; stopped, it goes on from there
    python benchmarks/product_gan.py [--work FOLDER] [--sample N] [--sheets FOLDER] [--json]

WAY is autoencoder (first), then gan, flow, vae-0.1, vae-0.3, vae-1.0, which learn on its maps, with networks of one
size and, told so, for the same seconds. Judged is whatever is trained in the folder. Both take the photos in --data
(fashion/, with medium.zip and small.zip). `kid_vae` is the best of the three; `type` and `colour` are what the judge
tells of the pictures as a share of what it tells of photos; `ms` is processor time for one picture on one core. `kid`
and all that follows it is of the way that ships, `kid_gan` of the GAN.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from PIL import Image

from bottega.datasets.photos.asked import AskedPictures
from bottega.datasets.photos.provenance import SourceType, packet_of
from bottega.evaluation.product_judged import ms_a_picture, product_measures
from bottega.evaluation.studio_figures import FENCES, KEYS, Bench, PictureFigures, sheet
from bottega.models.blocks.cards import add_to_card, read_card
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.judge.judge import Judge
from bottega.models.studio.products.generator import ProductGenerator, load_autoencoder
from bottega.models.studio.products.recipe import SHIPS, WAYS, ProductMaterial, ProductWork
from common import DATA, machine, progress_lines

WORK = Path("product_work")
SHEET_COLOURS = (
    (15, 0, 0),
    (93, 0, 2),
    (45, 62, 40),
    (22, 8, -35),
    (45, -32, 22),
    (80, 5, 65),
    (65, 45, 5),
    (35, 14, 20),
)
"""CIE Lab of black, white, red, navy, green, yellow, pink, brown: the columns of a sheet."""
SHEET_TYPES = 10

app = typer.Typer(add_completion=False, help=__doc__)
Work = Annotated[Path, typer.Option(help="Folder of the trainings.")]
Data = Annotated[Path, typer.Option(help="Folder of the public data sets.")]


@app.command()
def train(
    way: Annotated[str, typer.Argument(help=", ".join(WAYS))],
    work: Work = WORK,
    data: Data = DATA,
    seconds: Annotated[float, typer.Option(help="In all; the processor's own, where it learns on one.")] = 9000,
    device: str = "auto",
    threads: int = 1,
) -> None:
    """Train one model, or go on with it."""
    if way not in WAYS:
        raise typer.BadParameter(f"{way} is none of {', '.join(WAYS)}.")
    torch.set_num_threads(threads)
    folder = ProductWork(work, data / "fashion", device=device).train(way, seconds=seconds, progress=progress_lines())
    typer.echo(f"{folder}: {json.dumps(read_card(folder)['measures'])}")


def asked_for(bench: Bench, material: ProductMaterial) -> AskedPictures:
    """What would have to be asked to get the photos of the bench."""
    place = {name: row for row, name in enumerate(material.photos.ids)}
    return material.asked.take(np.array([place[name] for name in bench.asked.ids]))


def sheet_asked(material: ProductMaterial) -> AskedPictures:
    """The commonest types, a row each, in the colours of the sheet; the rest as is commonest for the type."""
    learnt = material.asked.take(~material.photos.held_out)
    rows = []
    for kind in np.argsort(-np.bincount(learnt.type), kind="stable")[:SHEET_TYPES]:
        of = learnt.take(learnt.type == kind)
        rows.append([kind, *(np.bincount(values).argmax() for values in (of.gender, of.usage, of.worn))])
    kinds, genders, usages, worn = np.repeat(np.array(rows, dtype=np.int64), len(SHEET_COLOURS), axis=0).T
    return AskedPictures(kinds, genders, usages, np.tile(np.array(SHEET_COLOURS, np.float32), (len(rows), 1)), worn)


def show(name: str, figures: PictureFigures, more: str = "") -> None:
    around = figures.around["kid"]
    cells = [f"{figures.values['kid']:.4f} ({around.low:.4f} to {around.high:.4f})"]
    cells += [f"{figures.values[key]:.3f}" for key in KEYS[1:]]
    typer.echo(f"| {name} | {' | '.join(cells)} | {more} |")


@app.callback(invoke_without_command=True)
def judge(
    context: typer.Context,
    work: Work = WORK,
    data: Data = DATA,
    sample: Annotated[int, typer.Option(help="Photos to set the pictures against, at most.")] = 1500,
    seed: int = 0,
    sheets: Annotated[Path | None, typer.Option(help="Folder for sheets, as the pictures come.")] = None,
    card: Annotated[bool, typer.Option("--card", help="Write figures and bars of what ships into its card.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Judge what is trained."""
    if context.invoked_subcommand:
        return
    torch.set_num_threads(1)
    material = ProductWork(work, data / "fashion").material(progress=progress_lines())
    bench = Bench(material.photos, Judge.shipped(), sample=sample, seed=seed, progress=progress_lines())
    asked = asked_for(bench, material)
    found: dict[str, tuple[PictureFigures, float]] = {}
    if not as_json:
        told = ", ".join(f"{head} {value:.3f}" for head, value in bench.on_real.items())
        typer.echo(f"{machine()}. {len(bench.asked)} photos; {bench.judge.version} tells of them: {told}\n")
        typer.echo(f"| pictures | {' | '.join(KEYS)} | training |\n|{'---|' * (len(KEYS) + 2)}")
    for way in WAYS[1:]:
        trained = read_card(work / way)
        if not trained:
            continue
        generator = ProductGenerator.load(work / way)
        pictures = generator.draw(asked, seeds=seed + np.arange(len(asked)))
        found[way] = bench.judge_pictures(pictures), ms_a_picture(generator, asked)
        if not as_json:
            seen = (
                f"{trained['measures']['pictures_seen']:,} pictures, {trained['train_s']:.0f} s on {trained['device']}"
            )
            show(way, found[way][0], f"{seen}; {found[way][1]:.0f} ms a picture")
        if sheets is not None:
            sheets.mkdir(parents=True, exist_ok=True)
            drawn = generator.draw(sheet_asked(material), seeds=np.arange(SHEET_TYPES * len(SHEET_COLOURS)))
            for kind, shown in (("asked", drawn), ("held_out", pictures[:80])):
                said = packet_of(SourceType.GENERATED)
                Image.fromarray(sheet(shown, len(SHEET_COLOURS))).save(
                    sheets / f"{way}_{kind}.webp", quality=92, xmp=said
                )
    needed = FENCES if card or not as_json else ("mean of the type",)
    fences = {name: bench.fence(name) for name in needed}
    if card:
        put_on_card(bench, found, fences)
    if as_json:
        typer.echo(json.dumps(_json(work, bench, found, fences["mean of the type"])))
        return
    for name, figures in fences.items():
        show(name, figures)
    show("drawn again by the autoencoder", bench.judge_pictures(drawn_again(bench, material, work)))
    for way in [way for way in WAYS if not read_card(work / way)]:
        typer.echo(f"\n{way} is not trained: python benchmarks/product_gan.py train {way} --work {work}", nl=False)
    typer.echo()


def drawn_again(bench: Bench, material: ProductMaterial, work: Path) -> NDArray[np.uint8]:
    """The photos of the bench as the autoencoder has them: what no generator on its maps passes by much."""
    place = {name: row for row, name in enumerate(material.photos.ids)}
    photos = np.stack([material.photos.photos[place[name]] for name in bench.asked.ids])
    autoencoder = load_autoencoder(work / "autoencoder")
    return autoencoder.pictures_of(torch.from_numpy(autoencoder.maps_of(photos)))


def put_on_card(
    bench: Bench, found: dict[str, tuple[PictureFigures, float]], fences: dict[str, PictureFigures]
) -> None:
    """Figures and bars of what ships; what it is held against is what was judged in the same run."""
    figures, ms = found[SHIPS]
    rivals = [one for way, (one, _) in found.items() if way.startswith("vae")]
    values, met = product_measures(bench, figures, fences, ms, rivals=rivals)
    shipped = shipped_folder("studio", "product")
    measures = {key: read_card(shipped)["measures"][key] for key in ("steps", "pictures_seen")}
    add_to_card(shipped, measures=measures | values, bars=met)


def _json(
    work: Path, bench: Bench, found: dict[str, tuple[PictureFigures, float]], mean: PictureFigures
) -> dict[str, Any]:
    rivals = [figures.values["kid"] for way, (figures, _) in found.items() if way.startswith("vae")]
    told: dict[str, Any] = dict.fromkeys(("kid", "kid_vae", "kid_mean", "type", "colour", "memorised", "ms"))
    told |= {"kid_vae": min(rivals, default=None), "kid_mean": mean.values["kid"]}
    if SHIPS in found:
        figures, ms = found[SHIPS]
        share = bench.relative(figures)
        told |= {"kid": figures.values["kid"], "type": round(share["type"], 4), "colour": round(share["color"], 4)}
        told |= {"memorised": figures.values["memorised"], "ms": round(ms, 1)}
    told["kid_gan"] = found["gan"][0].values["kid"] if "gan" in found else None
    card = read_card(work / SHIPS)
    return told | {"way": SHIPS, "device": card.get("device"), "train_s": card.get("train_s")}


if __name__ == "__main__":
    app()
