"""`bottega video`: a clip of photos, or with `--own` a product video staged anew, written beside what came."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bottega.serving.cli.console import EXIT_NOTHING_DONE, bar, guard, note, say
from bottega.serving.cli.pictures import write_beside

__all__ = ["video"]


def video(
    files: Annotated[list[Path], typer.Argument(help="Photos of one product; with --own a video.", show_default=False)],
    motion: Annotated[str | None, typer.Option(help="turn, pan or zoom; by the number of photos where absent.")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Of a turn: the photos show all sides.")] = False,
    seconds: Annotated[float, typer.Option(help="How long the clip lasts, 1 to 12.")] = 3.0,
    fps: Annotated[int, typer.Option(help="Frames a second, 5 to 30.")] = 15,
    width: Annotated[int, typer.Option(help="Of the clip, in pixels, 64 to 1080.")] = 480,
    height: Annotated[int, typer.Option(help="Of the clip, in pixels, 64 to 1080.")] = 480,
    mp4: Annotated[bool, typer.Option("--mp4", help="Photos as MP4 instead of WebP; needs ffmpeg.")] = False,
    own: Annotated[bool, typer.Option("--own", help="Stage a product video of one's own anew; needs ffmpeg.")] = False,
    background: Annotated[str | None, typer.Option(help="With --own: colour of a new ground.")] = None,
    colour: Annotated[str | None, typer.Option(help="With --own: the product's new colour.")] = None,
    crop: Annotated[str | None, typer.Option(help="With --own: square, portrait or story.")] = None,
    no_steady: Annotated[bool, typer.Option("--no-steady", help="With --own: each frame by itself.")] = False,
    webp: Annotated[bool, typer.Option("--webp", help="With --own: as WebP instead of MP4.")] = False,
    most_kb: Annotated[int, typer.Option(help="Largest WebP, in thousands of bytes.")] = 2000,
    out: Annotated[
        Path | None, typer.Option(help="Folder for what is written; beside the first file if absent.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")] = False,
) -> None:
    """A short clip that goes round: of photos of a product, or of its own video staged anew. No shop is needed."""
    from bottega.actions.studio.video.restage import restaged
    from bottega.actions.studio.video.shapes import RestageRequest, VideoRequest
    from bottega.actions.studio.video.video import video_here
    from bottega.errors import RequestInvalid
    from bottega.shop.pictures.uploads import read_uploads

    with guard(), bar() as progress:
        if own:
            if len(files) != 1:
                raise RequestInvalid(
                    f"{len(files)} files were named with --own.", allowed="It takes one video.", next_step="Name one."
                )
            wanted = {"source": files[0], "background": background, "colour": colour, "crop": crop}
            request = RestageRequest.model_validate(
                {**wanted, "steady": not no_steady, "webp": webp, "most_kb": most_kb}
            )
            clip, flickers = restaged(request, progress=progress)
            content, suffix, refused = clip.content, ".webp" if webp else ".mp4", dict[str, str]()
            told = {"media_type": clip.media_type, "width": clip.width, "height": clip.height, "frames": clip.frames}
            told |= {"seconds": clip.seconds, "size_bytes": len(content)}
            told |= {"flicker_before": round(flickers[0], 4), "flicker_after": round(flickers[1], 4)}
        else:
            uploads = read_uploads(files, as_typed=True)
            asked = {"photos": uploads, "motion": motion, "closed": closed, "seconds": seconds, "fps": fps}
            asked |= {"width": width, "height": height, "mp4": mp4, "most_kb": most_kb}
            answer = video_here(VideoRequest.model_validate(asked), progress=progress)
            content, suffix, refused = answer.content, ".mp4" if mp4 else ".webp", answer.refused
            told = answer.model_dump(mode="json", exclude={"content"})
        path = write_beside(files[0], "restaged" if own else "clip", content, out, suffix=suffix)
    if as_json:
        say(json.dumps(told | {"file": str(path)}, ensure_ascii=False))
    else:
        for said in refused.values():
            note(said)
        size = f"{told['width']} x {told['height']} pixels, {told['seconds']:g} s, {len(content) / 1000:,.0f} kB"
        say(f"wrote {path}: {size}")
        if own:
            before, after = told["flicker_before"], told["flicker_after"]
            say(f"the outline flickers by {after:.4f} of the product's area, {before:.4f} before")
    if refused:
        raise typer.Exit(EXIT_NOTHING_DONE)
