"""Measures pictures by words beyond how they look: turns of colour, search by a picture, photos for scarce types.

    python benchmarks/product_words.py refine [--model FOLDER] [--pictures N] [--sheet FILE]
    python benchmarks/product_words.py search [--model FOLDER] [--pictures N] [--gallery N]
    python benchmarks/product_words.py found [--model FOLDER] [--questions N] [--photos N]
    python benchmarks/product_words.py scarce [--model FOLDER] [--seeds N]
    python benchmarks/product_words.py pack WAY --work FOLDER --out FOLDER    a trained generator that answers to words

MODEL is what `pack` wrote; the one that ships where absent. Photos come from --data (fashion/, with its packed ones),
and lie in --work for the next time. Page: product_gan.md. --json prints one object.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from PIL import Image

from bottega.datasets.photos.provenance import SourceType, packet_of
from bottega.evaluation.imagined_figures import found_by_pictures, named_colour, refined
from bottega.evaluation.studio_figures import sheet
from bottega.models.blocks.cards import read_card, write_card
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.studio.products.generator import ProductGenerator
from bottega.models.studio.products.keeping import another_colour
from bottega.models.studio.products.recipe import ProductMaterial, ProductWork
from bottega.models.studio.products.turns import AskedProduct, first_recipes
from bottega.models.vision.eye.eye import Eye
from bottega.names import FloatArray
from common import DATA, machine
from product_found import SHOPS, found_table
from product_scarce import scarce_table

WORK = Path("product_work")

app = typer.Typer(add_completion=False, help=__doc__, no_args_is_help=True)
Model = Annotated[Path | None, typer.Option("--model", help="Folder of a packed generator.")]
Work = Annotated[Path, typer.Option(help="Folder of the trainings and of decoded photos.")]
Data = Annotated[Path, typer.Option(help="Folder of the public data sets.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def loaded(folder: Path | None) -> ProductGenerator:
    return ProductGenerator.load(folder or shipped_folder("studio", "product"))


def material(work: Path, data: Path) -> ProductMaterial:
    return ProductWork(work, data / "fashion").material()


def looks_of(eye: Eye) -> Any:
    """The eye's vectors of small pictures."""

    def looks(pictures: NDArray[np.uint8]) -> FloatArray:
        return eye.look(list(pictures)).vectors

    return looks


@app.command()
def refine(
    model: Model = None,
    pictures: Annotated[int, typer.Option(help="Pictures that get another colour.")] = 400,
    seed: int = 0,
    to: Annotated[Path | None, typer.Option("--sheet", help="A sheet of before and after, pair by pair.")] = None,
    as_json: Json = False,
) -> None:
    """What "make it blue" leaves of a picture."""
    torch.set_num_threads(1)
    generator, started = loaded(model), time.process_time()
    found = refined(generator, pictures=pictures, seed=seed)
    ms = 1000 * (time.process_time() - started) / pictures
    if to is not None:
        before = first_recipes(generator.usual, generator.names, AskedProduct(), 48, seed)
        after = [replace(one, lab=named_colour(generator.usual, "Blue")) for one in before]
        pairs = [generator.draw_recipes(one) for one in (before, another_colour(generator, before, after))]
        shown = np.stack(pairs, 1).reshape(-1, *pairs[0].shape[1:])
        Image.fromarray(sheet(shown, 12)).save(to, quality=92, xmp=packet_of(SourceType.GENERATED))
    if as_json:
        best = found["best of some"]
        typer.echo(
            json.dumps({"overlap": best.overlap, "kept": best.kept, "coloured": best.coloured, "both": best.both})
        )
        return
    typer.echo(f"{machine()}. {generator.version}, {pictures} pictures, {ms:.0f} ms each for all ways\n")
    typer.echo("| way | overlap | kept | gap | coloured | both |\n|---|---|---|---|---|---|")
    for name, figures in found.items():
        typer.echo(f"| {name} | {figures.line()} |")


@app.command()
def search(
    model: Model = None,
    work: Work = WORK,
    data: Data = DATA,
    pictures: Annotated[int, typer.Option(help="Pictures that search.")] = 200,
    gallery: Annotated[int, typer.Option(help="Photos that can be found.")] = 2000,
    seed: int = 0,
    as_json: Json = False,
) -> None:
    """Whether a picture finds what its words asked for."""
    torch.set_num_threads(1)
    generator, photos = loaded(model), material(work, data).photos
    found = found_by_pictures(
        generator, photos, looks_of(Eye.shipped()), pictures=pictures, gallery=gallery, seed=seed
    ).rounded()
    if as_json:
        typer.echo(json.dumps(found))
        return
    typer.echo(f"{machine()}. {generator.version}, {found['pictures']:.0f} pictures, {gallery} photos to find\n")
    typer.echo("| what searches | type in the first ten | colour in the first ten |\n|---|---|---|")
    typer.echo(f"| generated picture | {found['type']:.3f} | {found['colour']:.3f} |")
    typer.echo(f"| photo of such a product | {found['type_by_photo']:.3f} | {found['colour_by_photo']:.3f} |")
    typer.echo(f"| ten by lot | {found['type_by_lot']:.3f} | {found['colour_by_lot']:.3f} |")


@app.command()
def found(
    model: Model = None,
    data: Data = DATA,
    questions: Annotated[int, typer.Option(help="Pairs of a type and a colour that are asked for, a shop.")] = 60,
    photos: Annotated[int, typer.Option(help="Photos of fashion/ that the shop has.")] = 1000,
    only: Annotated[str | None, typer.Option(help=" or ".join(SHOPS))] = None,
    seed: int = 0,
    as_json: Json = False,
) -> None:
    """What a picture finds in a shop where it is known what was asked for."""
    torch.set_num_threads(1)
    shops = SHOPS if only is None else (only,)
    table = found_table(loaded(model), data, shops=shops, questions=questions, photos=photos, seed=seed)
    if as_json:
        typer.echo(json.dumps(table))
        return
    typer.echo(f"{machine()}. {loaded(model).version}\n")
    names = list(next(iter(table.values())))
    typer.echo(f"| shop, way | {' | '.join(names)} |\n|{'---|' * (1 + len(names))}")
    for way, figures in table.items():
        cells = [
            f"{figures[name]:.3f}" if name not in ("questions", "ms") else f"{figures[name]:.0f}" for name in names
        ]
        typer.echo(f"| {way} | {' | '.join(cells)} |")


@app.command()
def scarce(
    model: Model = None,
    work: Work = WORK,
    data: Data = DATA,
    seeds: Annotated[int, typer.Option(help="Times that everything is drawn and learnt.")] = 5,
    as_json: Json = False,
) -> None:
    """Whether generated photos help to tell scarce types."""
    torch.set_num_threads(1)
    found = scarce_table(loaded(model), material(work, data), looks_of(Eye.shipped()), seeds=seeds)
    typer.echo(json.dumps(found.told()) if as_json else found.page())


@app.command()
def pack(
    way: Annotated[str, typer.Argument(help="As it was trained: gan, flow, vae-0.3 ...")],
    out: Annotated[Path, typer.Option(help="Folder to write; src/bottega/models/studio/weights/product ships.")],
    work: Work = WORK,
    data: Data = DATA,
) -> None:
    """Put a trained generator, and what products are usually like, into one folder."""
    recipe = ProductWork(work, data / "fashion")
    found = ProductGenerator.load(work / way).told(recipe.usual(recipe.material()))
    out.mkdir(parents=True, exist_ok=True)
    found.save(out)
    card = read_card(work / way)
    write_card(
        out,
        name="product",
        version=found.version,
        trained_on=card["trained_on"],
        split=card["split"],
        seed=card["seed"],
        train_s=card["train_s"],
        device=card["device"],
        measures=card["measures"],
        threads=card.get("threads", 1),
    )
    size = sum(path.stat().st_size for path in out.iterdir())
    typer.echo(f"{out}: {found.version}, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    app()
