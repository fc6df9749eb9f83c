"""The command `bottega`: commands written by hand, one a file, mounted here; `verbs.py` makes the others.

Heavy libraries are imported inside the commands.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from bottega.serving.cli import (
    backup,
    cartoon,
    chat,
    check,
    closet,
    connect,
    customise,
    demo,
    describe,
    doctor,
    downgrade,
    dress,
    evaluate,
    export,
    face,
    funnels,
    hair,
    imagine,
    import_,
    import_events,  # noqa: F401  (puts its command on import_.app)
    import_reviews,  # noqa: F401  (the same)
    import_shoppers,  # noqa: F401  (the same)
    jobs,
    keys,
    mcp,
    messages,
    models,
    models_on_call,
    outfit,
    privacy,
    products,
    recolour,
    recommend,
    report,
    rescue,
    reviews,
    search,
    secrets,
    segments,
    serve,
    shopper,
    shops,
    simulate,
    sketch,
    social_post,
    suggestions,
    synonyms,
    tag,
    train,
    try_on,
    turn,
    users,
    video,
    wording,
    worker,
)
from bottega.serving.cli.console import say
from bottega.serving.cli.verbs import Commands

__all__ = ["app"]

app = typer.Typer(
    cls=Commands,
    name="bottega",
    help="The workshop behind an online shop: catalogue and events in, recommendations out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        say(f"bottega {version('bottega')}")
        raise typer.Exit


@app.callback()
def _main(
    asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    pass


app.add_typer(import_.app, name="import")
app.command()(check.check)
app.command()(connect.connect)
app.command(cls=train.Train)(train.train)
app.command()(evaluate.evaluate)
app.command()(recommend.recommend)
app.command()(reviews.reviews)
app.command()(search.similar)
app.command()(search.search)
app.command()(chat.chat)
app.add_typer(closet.app, name="closet")
app.command()(outfit.outfit)
app.command()(customise.customise)
app.command()(segments.segments)
app.command()(funnels.funnels)
app.command()(funnels.cohorts)
app.add_typer(products.app, name="products")
app.add_typer(shopper.app, name="shopper")
app.add_typer(export.app, name="export")
app.command()(privacy.forget)
app.command()(tag.tag)
app.command()(rescue.rescue)
app.command()(sketch.sketch)
app.command()(turn.turn)
app.command()(cartoon.cartoon)
app.command()(video.video)
app.command()(recolour.recolour)
app.command()(imagine.imagine)
app.command()(dress.dress)
app.command()(hair.hair)
app.command("try-on")(try_on.try_on)
app.command()(face.face)
app.add_typer(models_on_call.app, name="models-on-call")
app.add_typer(suggestions.app, name="suggestions")
app.add_typer(synonyms.app, name="synonyms")
app.command("social-post")(social_post.social_post)
app.command()(describe.describe)
app.add_typer(wording.app, name="wording")
app.add_typer(messages.app, name="messages")
app.add_typer(report.app, name="report")
app.command()(simulate.simulate)
app.command()(serve.serve)
app.add_typer(shops.app, name="shops")
app.add_typer(keys.app, name="keys")
app.add_typer(secrets.app, name="secrets")
app.add_typer(users.app, name="users")
app.add_typer(models.app, name="models")
app.command()(mcp.mcp)
app.command()(worker.worker)
app.add_typer(jobs.app, name="jobs")
app.command()(demo.demo)
app.command()(doctor.doctor)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(downgrade.downgrade)
