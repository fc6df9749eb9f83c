"""A face editor taught on drawn faces: the asked attribute rises by its own measure, and the rest of the face stays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.models.studio.people.drawn_faces import LINES, MOUTH, PX, age_of, draw_faces, smile_of, write_faces

from bottega.errors import EditRefused, PhotoRefused, PhotosTooFew, RequestInvalid, SourceUnreadable
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.course import Course
from bottega.models.studio.people.face_editor import FaceConfig, FaceEditor
from bottega.models.studio.people.face_table import FaceTable, read_faces
from bottega.models.studio.people.face_training import FaceTraining, fit_faces, judge_faces

CONFIG = FaceConfig(("smile", "age"), px=PX, channels=8, version="drawn")


def table(n: int = 400, seed: int = 0) -> FaceTable:
    faces, values = draw_faces(n, seed)
    return FaceTable(faces, CONFIG.attributes, values, np.arange(n) % 8 == 7)


def taught(steps: int, checkpoint: Checkpoint | None = None, *, until: int | None = None) -> FaceEditor:
    rng = checkpoint.rng if checkpoint else np.random.default_rng(0)
    training = FaceTraining(steps=steps)
    course = Course(steps)
    if until is not None:  # stopped half-way
        course = _Stopped(steps, until)
    return fit_faces(table(), CONFIG, rng=rng, training=training, course=course, device="cpu", checkpoint=checkpoint)


class _Stopped(Course):
    def __init__(self, steps: int, until: int) -> None:
        super().__init__(steps)
        self.until = until

    @property
    def over(self) -> bool:
        return self.step >= self.until


def test_the_measures_read_what_was_drawn() -> None:
    faces, values = draw_faces(200, 5)
    assert np.corrcoef(smile_of(faces), values[:, 0])[0, 1] > 0.95
    assert np.corrcoef(age_of(faces), values[:, 1])[0, 1] > 0.95


@pytest.mark.slow
def test_a_smile_rises_where_it_is_asked_for_and_the_rest_stays() -> None:
    editor = taught(STEPS)
    faces, values = draw_faces(60, 9)
    for place, (measure, part, drawn) in enumerate(
        ((smile_of, MOUTH, np.polyfit(values[:, 0], smile_of(faces), 1)[0]),
         (age_of, LINES, np.polyfit(values[:, 1], age_of(faces), 1)[0]))
    ):  # fmt: skip
        made = {}
        for sign in (0.6, -0.6):
            asked = np.zeros((len(faces), 2), np.float32)
            asked[:, place] = sign
            made[sign] = editor.changed(faces, asked)
        rise = (measure(made[0.6]) - measure(made[-0.6])).mean()
        assert rise > LEAST_RISE * 1.2 * drawn, f"{CONFIG.attributes[place]}: {rise:.3f} of {1.2 * drawn:.3f}"
        moved = np.abs(made[0.6].astype(np.float32) - faces).mean((0, 2, 3))
        elsewhere = np.delete(moved, np.arange(PX)[part])
        assert elsewhere.mean() < 6 and elsewhere.mean() < moved[part].mean()
    still = editor.changed(faces, np.zeros((len(faces), 2), np.float32))
    assert np.abs(still.astype(np.float32) - faces).mean() < 4, "what is not asked for is not done"
    figures = judge_faces(editor, table())
    assert figures["age_rises"] > 0.1 and figures["moved"] > 0


def test_a_stopped_training_goes_on_and_ends_the_same(tmp_path: Path) -> None:
    whole = taught(6)

    def note() -> Checkpoint:
        return Checkpoint(tmp_path / "t.pt", rng=np.random.default_rng(0), every_s=0)

    taught(6, note(), until=3)
    gone_on = taught(6, note())
    faces, _ = draw_faces(4, 2)
    asked = np.full((4, 2), 0.5, np.float32)
    assert (whole.changed(faces, asked) == gone_on.changed(faces, asked)).all()


def test_a_photo_of_any_size_keeps_its_pixels_and_strangers_are_refused(tmp_path: Path) -> None:
    editor = taught(2)
    photo = np.random.default_rng(0).integers(0, 255, (150, 130, 3), np.uint8)
    assert editor.edit(photo, {"smile": 0.5}).shape == photo.shape
    with pytest.raises(RequestInvalid, match="changes smile, age"):
        editor.edit(photo, {"beard": 0.5})
    with pytest.raises(RequestInvalid, match="each by -1 to 1"):
        editor.edit(photo, {"smile": 2})
    with pytest.raises(EditRefused):
        editor.edit(photo, {"race": 0.5})
    (tmp_path / "model").mkdir()
    editor.save(tmp_path / "model")
    again = FaceEditor.load(tmp_path / "model")
    assert again.config == editor.config
    faces, asked = draw_faces(3, 4)[0], np.ones((3, 2), np.float32)
    assert np.abs(again.changed(faces, asked).astype(int) - editor.changed(faces, asked)).max() <= 2


def test_a_folder_becomes_a_table(tmp_path: Path) -> None:
    write_faces(tmp_path, 60, 1)
    found = read_faces(tmp_path, PX)
    assert found.attributes == ("smile", "age") and found.photos.shape == (60, PX, PX, 3)
    assert found.values.min() == 0 and found.values.max() == 1 and 0 < found.held_out.sum() < 10


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        (lambda text: text.replace("smile", "Pale_Skin", 1), EditRefused, "Pale_Skin"),
        (lambda text: text.replace("smile", "ethnicity", 1), EditRefused, "ethnicity"),
        (lambda text: text.replace("file", "picture", 1), SourceUnreadable, "no column named file"),
        (lambda text: "\n".join(text.splitlines()[:20]), PhotosTooFew, "19 photos"),
        (lambda text: text.replace("0.png,0.", "0.png,very 0.", 1), RequestInvalid, "Line 2"),
        (lambda text: text.replace("0.png", "../0.png", 1), PhotoRefused, "outside"),
        (lambda text: "\n".join(line.rsplit(",", 1)[0] + (",age" if not i else ",1") for i, line in
                                enumerate(text.splitlines())), RequestInvalid, "on every photo"),
    ],
)  # fmt: skip
def test_tables_that_cannot_be_used_are_refused(tmp_path: Path, change, error, says) -> None:  # type: ignore[no-untyped-def]
    write_faces(tmp_path, 60, 1)
    file = tmp_path / "attributes.csv"
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(error, match=says):
        read_faces(tmp_path, PX)
    with pytest.raises(SourceUnreadable):
        read_faces(tmp_path / "nowhere", PX)


STEPS, LEAST_RISE = 350, 0.25
"""Steps of some 25 s of one core; the share of a drawn change that has to be seen at least."""
