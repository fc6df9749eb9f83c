"""`bottega social-post`: a post out of a lookbook, its pictures and captions written into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import guard, say
from bottega.serving.cli.options import ShopFolder

__all__ = ["social_post"]


def social_post(
    lookbook: Annotated[str, typer.Argument(help="Name of the lookbook, as `bottega lookbooks list` shows it.")],
    look: Annotated[int, typer.Argument(help="Number of the outfit in it.")],
    crops: Annotated[
        list[str] | None, typer.Option("--crop", help="1:1, 4:5 or 9:16; may be given again; all where absent.")
    ] = None,
    languages: Annotated[
        list[str] | None, typer.Option("--language", help="Of the caption; may be given again; the shop's own.")
    ] = None,
    hashtags: Annotated[int, typer.Option(help="At most so many.")] = 8,
    out: Annotated[Path, typer.Option(help="Folder for the pictures and captions.")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON, without the pictures.")] = False,
    shop: ShopFolder = Path(),
) -> None:
    """Make a post out of a lookbook: the picture in the shapes of networks, a caption of facts, hashtags."""
    from bottega.actions.studio.lookbooks.shapes import SocialPostRequest
    from bottega.actions.studio.lookbooks.social_post import social_post as make
    from bottega.serving.cli.pictures import write_beside
    from bottega.shop.open_shop import OpenShop

    with guard(), OpenShop.open(shop) as opened:
        asked = {"crops": crops} if crops else {}
        asked |= {"languages": languages} if languages else {}
        request = SocialPostRequest.model_validate({"lookbook": lookbook, "look": look, "hashtags": hashtags, **asked})
        answer = make(opened, request)
        stem = Path(f"{lookbook}-{look:02}")
        for picture in answer.pictures:
            write_beside(stem, picture.crop.replace(":", "x"), picture.content, out)
        tags = " ".join(answer.hashtags)
        for caption in answer.captions:
            text = f"{caption.text}\n\n{tags}\n" if tags else f"{caption.text}\n"
            write_beside(stem, caption.language, text.encode(), out, suffix=".txt")
    if as_json:
        say(answer.model_dump_json(indent=2, exclude={"pictures": {"__all__": {"content"}}}))
        return
    for caption in answer.captions:
        say(f"[{caption.language}]")
        say(caption.text)
    say(tags)
    say(f"{len(answer.pictures)} pictures and {len(answer.captions)} captions in {out.resolve()}")
