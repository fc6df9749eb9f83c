"""The recipes of the studio and of its judge: the judge of pictures, rescue of photos, products of words and lines."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from bottega.actions.weights.order import Order, Recipe, carded, stamp
from bottega.datasets.photos.kept_aside import street_split
from bottega.datasets.photos.small_photos import small_photos
from bottega.evaluation import composer_judged
from bottega.evaluation.key_points_judged import BARS, MOST, judge_drawn, judge_photos
from bottega.evaluation.product_judged import HELD_AGAINST, ms_a_picture, product_measures
from bottega.evaluation.rescue_judged import judge_rescue, rescue_bars, rescue_measures
from bottega.evaluation.sketch_judged import AskedDrawings, judge_sketches, sketch_measures
from bottega.evaluation.studio_figures import Bench, judge_the_judge
from bottega.evaluation.turntable_judged import judged_things, turn_bars
from bottega.models.blocks.cards import bars, read_card
from bottega.models.blocks.course import Course
from bottega.models.blocks.device import CPU, device_of
from bottega.models.judge.judge import PX, Judge
from bottega.models.judge.recipe import LARGER_PX, SEED, judge_card, train_judge
from bottega.models.studio.composer.composer import Composer
from bottega.models.studio.composer.recipe import FRAME, OUTFITS, WORN, ComposerWork, composer_card
from bottega.models.studio.composer.recipe import SECONDS as COMPOSER_SECONDS
from bottega.models.studio.key_points.drawn_people import draw_people
from bottega.models.studio.key_points.key_points import KeyPointReader
from bottega.models.studio.key_points.recipe import HELD_BODIES, HELD_POSES, PEOPLE, key_points_card, train_key_points
from bottega.models.studio.key_points.slips import spoilt
from bottega.models.studio.products.generator import ProductGenerator
from bottega.models.studio.products.recipe import SHIPS, ProductWork
from bottega.models.studio.rescue.recipe import rescue_card, train_rescue
from bottega.models.studio.rescue.rescue import Rescue
from bottega.models.studio.sketch.recipe import WAYS, SketchWork
from bottega.models.studio.sketch.sketch import Sketcher
from bottega.models.studio.turntable.recipe import SECONDS as TURN_SECONDS
from bottega.models.studio.turntable.recipe import THINGS, train_turntable, turntable_card
from bottega.models.studio.turntable.turntable import Turntable
from bottega.models.vision.parts.early_maps import early_maps
from bottega.progress import Progress

__all__ = ["STUDIO"]

_MOST, _TAGGED = 14, 200
"""Photos of a set that a rescuer is measured on, and that the eye looks at."""

_PRODUCT_S = 1500.0
"""Seconds that the autoencoder and the generator of what ships learnt for, each."""

_SKETCH_S = (130.0, 1000.0)
"""Seconds that the sketch network which ships learnt for, by differences alone and in the game."""
_KEY_POINTS_S = 900.0
"""Seconds that the key-point network which ships learnt for."""
_MOST_STEPS = 100_000
_JUDGED = 600
"""Drawn people that it is measured on."""
_TURNED = 240
"""Made-up things that turns are measured with."""
_DRAWINGS = 600
"""Drawings that it is measured with."""
_RESTORED = 40
"""Street photos that the composer is measured on."""


def _judge(order: Order, folder: Path, progress: Progress) -> None:
    photos = small_photos(order.data / "fashion", PX, kept=folder / "photos", progress=progress)
    larger = small_photos(order.data / "fashion", LARGER_PX, files=(), kept=folder / "photos", progress=progress)
    started = time.perf_counter()
    train_judge(
        photos,
        larger,
        version=stamp("judge"),
        seed=SEED + order.seed,
        device=order.device,
        seconds=order.seconds,
        kept=folder / "training.pt",
        progress=progress,
    ).save(folder)
    train_s = time.perf_counter() - started
    judge = Judge.load(folder)
    found, met = judge_the_judge(photos, judge, progress=progress)
    carded(order, folder, "judge", judge.version, train_s, found, met, **judge_card(photos))


def _rescue(order: Order, folder: Path, progress: Progress) -> None:
    started = time.perf_counter()
    half = None if order.seconds is None else order.seconds / 2
    train_rescue(
        order.data,
        version=stamp("rescue"),
        seed=order.seed,
        device=order.device,
        seconds=half,
        likely_seconds=half,
        kept=folder,
        progress=progress,
    ).save(folder)
    train_s = time.perf_counter() - started
    rescue = Rescue.load(folder)
    told = judge_rescue(order.data, rescue, order.judge(), most=_MOST, tagged=_TAGGED, progress=progress)
    measures = rescue_measures(told)
    said = rescue_card(order.data)
    carded(order, folder, "rescue", rescue.version, train_s, measures, rescue_bars(measures), **said)


def _product(order: Order, folder: Path, progress: Progress) -> None:
    """The autoencoder and the generator on its maps, half of the seconds each."""
    half = (order.seconds or 2 * _PRODUCT_S) / 2
    work = ProductWork(folder / "training", order.data / "fashion", seed=order.seed, device=order.device)
    trained = [read_card(work.train(way, seconds=half, progress=progress)) for way in ("autoencoder", SHIPS)]
    material = work.material(progress=progress)
    generator = ProductGenerator.load(work.folder / SHIPS)
    generator.save(folder)
    bench = Bench(material.photos, order.judge(), seed=order.seed, progress=progress)
    place = {name: row for row, name in enumerate(material.photos.ids)}
    asked = material.asked.take(np.array([place[name] for name in bench.asked.ids]))
    figures = bench.judge_pictures(generator.draw(asked, seeds=order.seed + np.arange(len(asked))))
    fences = {name: bench.fence(name) for name in HELD_AGAINST}
    measures, met = product_measures(bench, figures, fences, ms_a_picture(generator, asked))
    measures = {key: trained[1]["measures"][key] for key in ("steps", "pictures_seen")} | measures
    train_s = sum(card["train_s"] for card in trained)
    said = {key: trained[1][key] for key in ("trained_on", "split")}
    carded(order, folder, "product", generator.version, train_s, measures, met, **said)


def _sketch(order: Order, folder: Path, progress: Progress) -> None:
    """By differences alone, then in the game, each for its share of the seconds."""
    whole = order.seconds or sum(_SKETCH_S)
    work = SketchWork(folder / "training", order.data / "fashion", seed=order.seed, device=order.device)
    shares = [seconds / sum(_SKETCH_S) for seconds in _SKETCH_S]
    made = [work.train(way, seconds=whole * share, progress=progress) for way, share in zip(WAYS, shares, strict=True)]
    networks = {way: Sketcher.load(one) for way, one in zip(WAYS, made, strict=True)}
    networks["game"].save(folder)
    material, trained = work.material(progress=progress), [read_card(one) for one in made]
    asked = AskedDrawings.of(material, _DRAWINGS)
    figures, _ = judge_sketches(material, asked, networks, order.judge())
    measures, met = sketch_measures(figures, len(asked.rows))
    measures = {key: trained[1]["measures"][key] for key in ("steps", "pictures_seen")} | measures
    train_s = sum(card["train_s"] for card in trained)
    said = {key: trained[1][key] for key in ("trained_on", "split")}
    carded(order, folder, "sketch", networks["game"].config.version, train_s, measures, met, **said)


def _key_points(order: Order, folder: Path, progress: Progress) -> None:
    """Of drawn people alone; measured on others of them, and on street photos that the parser holds out too."""
    clock = time.process_time if device_of(order.device) == CPU else time.perf_counter
    course = Course(_MOST_STEPS, order.seconds or _KEY_POINTS_S, clock=clock)
    train_key_points(
        version=stamp("key_points"),
        course=course,
        seed=order.seed,
        device=order.device,
        people=PEOPLE if order.seconds is None else min(PEOPLE, max(64, round(order.seconds * 12))),
        kept=folder / "training",
        progress=progress,
    ).save(folder)
    reader, parser = KeyPointReader.load(folder), order.parts()
    rng = np.random.default_rng(11)
    drawn = spoilt(draw_people(_JUDGED, HELD_BODIES, HELD_POSES, rng=rng, progress=progress), seed=11)
    _, held_out = street_split(order.data / "parsing", progress=progress)
    measures = {
        "drawn": judge_drawn(reader, drawn),
        "photos": judge_photos(lambda photo: reader.read(parser.parse_labels([photo])[0]), held_out),
    }
    values = {"mean_error": measures["drawn"]["mean_error"], **{name: measures["photos"][name] for name in BARS}}
    met = bars(values, BARS, MOST)
    carded(order, folder, "key_points", reader.version, course.spent_s, measures, met, **key_points_card())


def _turntable(order: Order, folder: Path, progress: Progress) -> None:
    """Shape and views from made-up things alone; no photo is read."""
    share = 1.0 if order.seconds is None else order.seconds / sum(TURN_SECONDS)
    fewer = min(1.0, max(0.001, share))
    shapes, views, trust = (max(8, round(fewer * count)) for count in THINGS)
    first, second = (share * seconds for seconds in TURN_SECONDS)
    started = time.process_time()
    train_turntable(
        folder / "training",
        version=stamp("turntable"),
        seed=order.seed,
        seconds=(first, second),
        things=(shapes, views, trust),
        device=order.device,
        progress=progress,
    ).save(folder)
    train_s = time.process_time() - started
    found = Turntable.load(folder)
    measures, met = turn_bars(judged_things(found, max(8, round(_TURNED * fewer))))
    said = turntable_card(shapes, views, trust)
    carded(order, folder, "turntable", found.config.version, train_s, measures, met, **said)


def _composer(order: Order, folder: Path, progress: Progress) -> None:
    """Of people in photos and of dressed pictures, as the parser sees them; a short clock reads and draws fewer."""
    seconds = order.seconds or COMPOSER_SECONDS
    share = min(1.0, seconds / COMPOSER_SECONDS)
    parser = order.parts()
    work = ComposerWork(
        folder / "training",
        order.data,
        parser.parse_labels,
        seed=order.seed,
        worn=max(12, round(share * WORN)),
        outfits=max(4, round(share * OUTFITS)),
    )
    photos, drawn = work.people(FRAME, held_out=False, progress=progress), work.drawn(progress=progress)
    version = stamp("composer")
    composer, course = work.train(
        photos, drawn, early_maps(parser), version=version, seconds=seconds, device=order.device, progress=progress
    )
    composer.save(folder)
    held_out = work.street(FRAME, held_out=True, progress=progress)
    measures = composer_judged.restored(Composer.load(folder), held_out, _RESTORED)
    met = bars(measures, composer_judged.BARS)
    measures |= {"steps": course.step, "numbers": sum(value.numel() for value in composer.network.parameters())}
    carded(order, folder, "composer", version, course.spent_s, measures, met, **composer_card(photos, drawn))


STUDIO: dict[str, Recipe] = {
    "judge": Recipe(_judge, Judge.load, "judge"),
    "rescue": Recipe(_rescue, Rescue.load, "studio", needs=("judge",)),
    "product": Recipe(_product, ProductGenerator.load, "studio", needs=("judge",)),
    "key_points": Recipe(_key_points, KeyPointReader.load, "studio", needs=("parts",)),
    "sketch": Recipe(_sketch, Sketcher.load, "studio", needs=("judge",)),
    "turntable": Recipe(_turntable, Turntable.load, "studio"),
    "composer": Recipe(_composer, Composer.load, "studio", needs=("parts",)),
}
