"""`bottega evaluate`: which recommender serves this shop best, and how sure is that? And who sees well?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bottega.serving.cli.console import bar, guard, note
from bottega.serving.cli.options import Device, ShopFolder

if TYPE_CHECKING:
    from bottega.actions.recommend.shapes import EvaluateAnswer
    from bottega.actions.studio.judged.shapes import EvaluateStudioAnswer
    from bottega.actions.vision.shapes import EvaluateVisionAnswer

__all__ = ["evaluate", "show_evaluation"]

_COLOR = {"good": "green", "caution": "yellow", "plain": "blue"}


class Judging(StrEnum):
    """What there is to judge."""

    RECOMMEND = "recommend"
    VISION = "vision"
    STUDIO = "studio"


def evaluate(
    room: Annotated[
        Judging,
        typer.Argument(
            help="recommend: on the shop's events; vision: the models in use, on photos with known truth; studio: "
            "what the shop draws products with, against photos."
        ),
    ] = Judging.RECOMMEND,
    shop: ShopFolder = Path(),
    split: Annotated[
        str, typer.Option(help="'last': each shopper's last product; 'time': everything after one moment.")
    ] = "last",
    models: Annotated[
        str, typer.Option(help="Names with commas between; all where absent. The simple ones are always judged.")
    ] = "",
    html: Annotated[Path | None, typer.Option(help="Write the report there, as one HTML file.")] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of everything random; the setting `seed` where absent.")
    ] = None,
    seeds: Annotated[
        int, typer.Option(help="Trainings of each model, with seeds from --seed on; the first is judged.")
    ] = 1,
    device: Device = "auto",
    robustness: Annotated[
        bool, typer.Option("--robustness", help="Train on corrupted data, too: seven more trainings a model.")
    ] = False,
    scalability: Annotated[
        bool, typer.Option("--scalability", help="Train on parts of the shop, too: as long as three more trainings.")
    ] = False,
    shoppers: Annotated[
        int | None, typer.Option(help="Shoppers drawn for --robustness and --scalability; all where absent.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(envvar="BOTTEGA_DATA", help="vision, studio: folder with fashion/ and parsing/."),
    ] = None,
    sample: Annotated[int | None, typer.Option(help="vision, studio: photos of each kind at most.")] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="vision: every photo, for a folder that no model learnt from.")
    ] = False,
    sheets: Annotated[
        Path | None, typer.Option(help="studio: write the first pictures of each set there, as they come.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
) -> None:
    """Judge the recommenders on this shop's own events: accuracy with intervals, time, memory and more."""
    if room is Judging.VISION:
        _evaluate_vision(shop, data, sample, whole, as_json=as_json)
        return
    if room is Judging.STUDIO:
        _evaluate_studio(shop, data, sample, seed, sheets, as_json=as_json)
        return
    from bottega.actions.recommend import evaluate as action
    from bottega.actions.recommend.shapes import EvaluateRequest
    from bottega.shop.open_shop import OpenShop

    asked = [name.strip() for name in models.split(",") if name.strip()]
    with guard(), bar() as progress, OpenShop.open(shop) as opened:
        request = EvaluateRequest(
            split=split,
            models=asked or None,
            seed=seed,
            seeds=seeds,
            html=html,
            robustness=robustness,
            scalability=scalability,
            shoppers=shoppers,
            device=device,
        )
        report = action.evaluate(opened, request, progress=progress)
    if as_json:
        typer.echo(json.dumps(report.model_dump(mode="json", exclude={"facts", "tables"}), ensure_ascii=False))
    else:
        show_evaluation(report)
    if html is not None:
        note(f"Report written to {html}.")


def _evaluate_vision(folder: Path, data: Path | None, sample: int | None, whole: bool, *, as_json: bool) -> None:
    from bottega.actions.vision.evaluate_vision import evaluate_vision
    from bottega.actions.vision.shapes import EvaluateVisionRequest
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress:
        named = _named(data, "fashion/, parsing/, or both")
        with OpenShop.open(folder) as opened:
            request = EvaluateVisionRequest(data=named, sample=sample, whole=whole)
            answer = evaluate_vision(opened, request, progress=progress)
    if as_json:
        typer.echo(answer.model_dump_json())
    else:
        _show_vision(answer)


def _evaluate_studio(
    folder: Path, data: Path | None, sample: int | None, seed: int | None, sheets: Path | None, *, as_json: bool
) -> None:
    from bottega.actions.studio.judged.evaluate_studio import evaluate_studio
    from bottega.actions.studio.judged.shapes import EvaluateStudioRequest
    from bottega.shop.open_shop import OpenShop

    with guard(), bar() as progress:
        asked = {"sample": sample, "seed": seed, "sheets": sheets}
        given = {name: value for name, value in asked.items() if value is not None}
        request = EvaluateStudioRequest.model_validate({"data": _named(data, "fashion/"), **given})
        with OpenShop.open(folder) as opened:
            answer = evaluate_studio(opened, request, progress=progress)
    if as_json:
        typer.echo(answer.model_dump_json())
    else:
        _show_studio(answer)
    if sheets is not None:
        note(f"Sheets written to {sheets}.")


def _named(data: Path | None, what: str) -> Path:
    from bottega.errors import RequestInvalid

    if data is None:
        raise RequestInvalid(
            "No photos are named to judge by.",
            allowed=f"`--data` takes a folder with {what} (docs/judging.md).",
            next_step="Name one, or set BOTTEGA_DATA to it.",
        )
    return data


def _show_studio(answer: EvaluateStudioAnswer) -> None:
    console = Console(highlight=False)
    for line in answer.findings:
        console.print(escape(line))
    told = ", ".join(f"{head} {value:.3f}" for head, value in answer.on_real.items())
    console.print(f"\n[dim]{answer.photos} photos; {escape(answer.judge)} tells of them: {told}[/dim]")
    headers = ["pictures", *answer.sets[0].measures]
    rows = [[one.name, *(f"{value:.3f}" for value in one.measures.values())] for one in answer.sets]
    for columns in _fitting(headers, rows, console.width):
        drawn = Table(box=None)
        drawn.add_column(headers[0], no_wrap=True)
        for column in columns:
            drawn.add_column(headers[column], justify="right")
        for one, cells in zip(answer.sets, rows, strict=True):
            name = f"[bold]{escape(one.name)}[/bold]" if one.generated else escape(one.name)
            drawn.add_row(name, *(cells[column] for column in columns))
        console.print(drawn)


def _show_vision(answer: EvaluateVisionAnswer) -> None:
    console = Console(highlight=False)
    for model in answer.models:
        drawn = Table(title=f"{model.ability}, {model.origin}, {escape(model.version)}", title_justify="left", box=None)
        drawn.add_column("measure", no_wrap=True)
        drawn.add_column("value", justify="right")
        for name, value in model.measures.items():
            drawn.add_row(name, "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value))
        console.print()
        console.print(drawn)
    for left in answer.left_out:
        console.print(f"\n[dim]{left.ability} was not judged: {escape(left.why)}[/dim]")


def show_evaluation(report: EvaluateAnswer) -> None:
    console = Console(highlight=False)
    console.print("   ".join(f"[dim]{label}[/dim] {escape(value)}" for label, value in report.facts))
    for finding in report.findings:
        console.print(f"\n[{_COLOR[finding.tone]}]●[/{_COLOR[finding.tone]}] {escape(finding.text)}")
    for table in report.tables:
        parts = _fitting(table.columns, table.rows, console.width)
        for columns in parts:
            title = table.title if columns is parts[0] else None
            drawn = Table(title=title, title_justify="left", title_style="bold", box=None)
            drawn.add_column(table.columns[0], no_wrap=True)
            for column in columns:
                drawn.add_column(table.columns[column], justify="right", overflow="fold")
            for row, cells in enumerate(table.rows):
                shown = [
                    f"[bold]{escape(cells[column])}[/bold]" if (row, column) in table.best else escape(cells[column])
                    for column in columns
                ]
                drawn.add_row(escape(cells[0]), *shown)
            console.print()
            console.print(drawn)
        if table.note:
            console.print(f"[dim]{escape(table.note)}[/dim]")


def _fitting(headers: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[list[int]]:
    """Columns that fit beside the first one, as one table after another; a heading may break between words."""
    widths = [
        2 + max(max((len(word) for word in header.split()), default=0), *(len(row[place]) for row in rows), 0)
        for place, header in enumerate(headers)
    ]
    parts: list[list[int]] = [[]]
    for column in range(1, len(headers)):
        if parts[-1] and widths[0] + sum(widths[each] for each in parts[-1]) + widths[column] > width:
            parts.append([])
        parts[-1].append(column)
    return parts
