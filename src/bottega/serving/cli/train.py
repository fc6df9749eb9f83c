"""`bottega train`: learn from all events; `train vision`: from pictures; `train outfits`: from orders.

`bottega train face` learns from photos of faces that a merchant has.

`bottega train --schedule` trains nothing: it says when servers and workers shall do so by themselves.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from bottega.serving.cli.console import bar, guard, say
from bottega.serving.cli.options import Device, ShopFolder

__all__ = ["Room", "Train", "train"]


class Room(StrEnum):
    """What there is to train."""

    RECOMMEND = "recommend"
    VISION = "vision"
    OUTFITS = "outfits"
    FACE = "face"


class Train(TyperCommand):
    """The command, whose `--schedule` may stand alone: every night."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if "--schedule" in args:
            place = args.index("--schedule") + 1
            if place == len(args) or args[place].startswith("-") or args[place] in set(Room):
                args = [*args[:place], "nightly", *args[place:]]
        return super().parse_args(ctx, args)


def train(
    room: Annotated[
        Room,
        typer.Argument(
            help="recommend: from events; vision: the eye, from pictures; outfits: from orders; face: from a folder."
        ),
    ] = Room.RECOMMEND,
    folder: Annotated[Path | None, typer.Argument(help="Of face: photos of faces and attributes.csv.")] = None,
    shop: ShopFolder = Path(),
    model: Annotated[str, typer.Option(help="Which recommender; the default blends all of them.")] = "blend",
    seed: Annotated[
        int | None, typer.Option(help="Seed of everything random; the setting `seed` where absent.")
    ] = None,
    device: Device = "auto",
    consent: Annotated[
        bool, typer.Option("--consent", help="Of face: the people on the photos agreed that a model learns from them.")
    ] = False,
    seconds: Annotated[float | None, typer.Option(help="Of face: the most to learn for.")] = None,
    px: Annotated[int, typer.Option(help="Of face: side at which faces are learnt.")] = 96,
    schedule: Annotated[
        str | None,
        typer.Option(
            "--schedule",
            metavar="[WHEN]",
            help="Train nothing now; from here on servers and workers do, every night, at a time as in 03:30, or off.",
        ),
    ] = None,
) -> None:
    """Train a recommender, the shop's own eye, or what goes with what; a running server takes it over by itself."""
    from bottega.actions.recommend.shapes import TrainRequest
    from bottega.actions.verbs import verb
    from bottega.shop.open_shop import OpenShop

    if schedule is not None:
        _schedule(shop, schedule, room)
        return
    if room is Room.VISION:
        _train_vision(shop, seed, device)
        return
    if room is Room.OUTFITS:
        _train_outfits(shop, seed, device)
        return
    if room is Room.FACE:
        asked = {"folder": folder, "consent": consent, "seconds": seconds, "px": px, "seed": seed, "device": device}
        _train_face(shop, asked)
        return
    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        run = verb("train").run_by(opened, TrainRequest(model=model, seed=seed, device=device), progress=progress)
    say(
        f"Trained {run.name} on {run.events_seen:,} events of {run.shoppers:,} shoppers and {run.products:,} products "
        f"in {run.seconds:.0f} s (peak {run.peak_mb:,.0f} MB): {run.folder}"
    )


def _schedule(folder: Path, when: str, room: Room) -> None:
    from bottega.actions.jobs.schedule import set_schedule
    from bottega.errors import RequestInvalid
    from bottega.events.times import now_ms
    from bottega.shop.folder import ShopFolder

    with guard():
        if room is not Room.RECOMMEND:
            raise RequestInvalid(
                f"A schedule was asked for {room.value}.",
                allowed="Recommenders are trained by schedule; the eye and outfits by hand.",
                next_step="Leave the word out: bottega train --schedule.",
            )
        with ShopFolder.open(folder) as opened:
            next_ms = set_schedule(opened, when, now_ms())
            zone = opened.settings.zone
    if next_ms is None:
        say("Nothing is trained by schedule any more.")
        return
    moment = datetime.fromtimestamp(next_ms / 1000, zone)
    say(
        f"A challenger is trained every day at {moment:%H:%M} ({zone}), for the first time on {moment:%Y-%m-%d}, by a "
        "running server or worker; it is served if it is not worse than the model in use."
    )


def _train_vision(folder: Path, seed: int | None, device: str) -> None:
    from bottega.actions.verbs import verb
    from bottega.actions.vision.shapes import TrainVisionRequest
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress, OpenShop.open(folder) as opened:
        run = verb("train_vision").run_by(opened, TrainVisionRequest(seed=seed, device=device), progress=progress)
    right = ", ".join(f"{name.removesuffix('_top1')} {share:.0%}" for name, share in run.measures.items())
    say(f"Trained the eye on {run.products:,} photos in {run.seconds:.0f} s: {run.folder}")
    say(f"Right on the photos kept aside: {right or 'too few were kept aside to tell'}.")


def _train_outfits(folder: Path, seed: int | None, device: str) -> None:
    from bottega.actions.closet.shapes import TrainOutfitsRequest
    from bottega.actions.verbs import verb
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress, OpenShop.open(folder) as opened:
        run = verb("train_outfits").run_by(opened, TrainOutfitsRequest(seed=seed, device=device), progress=progress)
    say(f"Learnt from {run.measures['pairs']:,.0f} pairs bought together in {run.seconds:.0f} s: {run.folder}")


def _train_face(shop: Path, asked: dict[str, Any]) -> None:
    from bottega.actions.studio.people.face_shapes import TrainFaceRequest
    from bottega.actions.verbs import verb
    from bottega.errors import RequestInvalid
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress:
        if asked["folder"] is None:
            raise RequestInvalid(
                "No folder was named.",
                allowed="A folder with photos of faces and attributes.csv.",
                next_step="bottega train face FOLDER --consent.",
            )
        request = TrainFaceRequest.model_validate(asked)
        with OpenShop.open(shop) as opened:
            run = verb("train_face").run_by(opened, request, progress=progress)
    say(f"Learnt from {run.products:,} faces in {run.seconds:.0f} s: {run.folder}")
    say("On faces kept aside: " + ", ".join(f"{name} {value:g}" for name, value in run.measures.items()) + ".")
