"""Face: a smile, an age, as far as the shop trained a model of its own for it; none ships."""

from __future__ import annotations

import numpy as np

from bottega.actions.studio.people.face_shapes import FaceAnswer, FaceRequest
from bottega.actions.studio.rescue.rescue import jpeg_of
from bottega.datasets.photos.provenance import SourceType, altered, source_type_of
from bottega.datasets.photos.reading import read_photo
from bottega.errors import ModelMissing
from bottega.models.studio.people.face_table import refuse_attributes
from bottega.shop.open_shop import OpenShop

__all__ = ["change_face"]


def change_face(shop: OpenShop, request: FaceRequest) -> FaceAnswer:
    """Change a face by the shop's own model. The photo is not kept.

    Raises `EditRefused` for race and its like whatever the model is, `ModelMissing` where the shop trained none,
    `RequestInvalid` for what the model never learnt, `PhotoRefused`.
    """
    refuse_attributes(tuple(request.change))
    editor = shop.models.face()
    if editor is None:
        raise ModelMissing(
            "This shop has no model of faces, and none ships: there are no photos of faces whose licence and whose "
            "people allow it.",
            allowed="A shop that has such photos may train one of its own.",
            next_step="bottega train face FOLDER --consent (docs/studio.md); `bottega hair` needs no such model.",
        )
    photo = read_photo(request.photo.content, name=request.photo.name)
    found = np.ascontiguousarray(editor.edit(photo, request.change))
    said = altered(source_type_of(request.photo.content), SourceType.PARTLY_GENERATED)
    height, width = found.shape[:2]
    return FaceAnswer(
        photo=request.photo.name,
        width=width,
        height=height,
        source_type=str(said),
        content=jpeg_of(found, said),
        version=editor.version,
    )
