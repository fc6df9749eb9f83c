"""Fashion models: listed, shown, kept and taken out. A picture of one is drawn by rules, and its file says so."""

from __future__ import annotations

import time
from io import BytesIO

from PIL import Image

from bottega.actions.studio.fashion_models.shapes import (
    FashionModelInfo,
    FashionModelPicture,
    FashionModelsAnswer,
    FashionModelsRequest,
    KeepFashionModelRequest,
    RemoveFashionModelsRequest,
    SeenPoint,
    ShowFashionModelRequest,
)
from bottega.datasets.photos.provenance import SourceType, marked
from bottega.errors import RequestInvalid
from bottega.models.studio.bodies.appearance import HAIR_COLOURS, SKIN_TONES, Appearance
from bottega.models.studio.bodies.body import body_names
from bottega.models.studio.bodies.fashion_models import FashionModel, checked, model_named, on_call, shown
from bottega.models.studio.bodies.hair import HAIR
from bottega.models.studio.bodies.poses import pose, pose_names
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.fashion_model_file import MODELS_MOST, keep_models, own_models

__all__ = [
    "keep_fashion_model",
    "list_fashion_models",
    "list_fashion_models_here",
    "remove_fashion_models",
    "show_fashion_model",
    "show_fashion_model_here",
]


def list_fashion_models(shop: OpenShop, request: FashionModelsRequest) -> FashionModelsAnswer:
    """The shop's own models, those that come along, and what a model may be made of."""
    return list_fashion_models_here(shop, request)


def list_fashion_models_here(shop: OpenShop | None, _: FashionModelsRequest) -> FashionModelsAnswer:
    """The same for somebody who sits at this machine; no shop is needed."""
    own = _own(shop)
    return FashionModelsAnswer(
        models=[_info(model, name in own) for name, model in {**on_call(), **own}.items()],
        bodies=list(body_names()),
        poses={name: pose(name).says for name in pose_names()},
        hair=["none", *HAIR],
        skins=list(SKIN_TONES),
        hair_colours=list(HAIR_COLOURS),
    )


def show_fashion_model(shop: OpenShop, request: ShowFashionModelRequest) -> FashionModelPicture:
    """A picture of a fashion model. The same request gives the same file.

    Raises `RequestInvalid` for a model or a pose that is none.
    """
    return show_fashion_model_here(shop, request)


def show_fashion_model_here(shop: OpenShop | None, request: ShowFashionModelRequest) -> FashionModelPicture:
    """The same for somebody who sits at this machine; no shop is needed."""
    started = time.perf_counter()
    model = model_named(request.name, _own(shop))
    found = shown(model, pose_name=request.pose or "", crop=request.crop, around=request.around)
    file = BytesIO()
    Image.fromarray(found.photo).save(file, "PNG")
    height, width = found.photo.shape[:2]
    return FashionModelPicture(
        name=model.name,
        pose=request.pose or model.pose,
        crop=request.crop,
        around=request.around,
        width=width,
        height=height,
        grown=model.build.grown,
        key_points=[SeenPoint(name=p.name, x=p.x, y=p.y, visible=p.visible) for p in found.key_points],
        source_type=str(SourceType.DRAWN),
        content=marked(file.getvalue(), SourceType.DRAWN),
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def keep_fashion_model(shop: OpenShop, request: KeepFashionModelRequest) -> FashionModelInfo:
    """Keep a model of the shop's own, in the place of its own one of that name.

    Raises `RequestInvalid` for a body, pose, hair or colour that is none, for a name of a model that comes along, and
    beyond a shop's most.
    """
    if request.name in on_call():
        raise RequestInvalid(
            f"{request.name!r} is a fashion model that comes along.",
            allowed=f"Any other name than {', '.join(on_call())}.",
            next_step="Choose another name.",
        )
    own = own_models(shop.folder)
    if request.name not in own and len(own) >= MODELS_MOST:
        raise RequestInvalid(
            f"The shop has {len(own)} fashion models of its own.",
            allowed=f"A shop keeps {MODELS_MOST} of them.",
            next_step="Take some out first (`bottega models-on-call remove`).",
        )
    model = checked(
        FashionModel(
            name=request.name,
            body=request.body,
            pose=request.pose,
            says=request.says,
            appearance=Appearance(
                skin=request.skin,
                hair=request.hair,
                hair_colour=request.hair_colour,
                eyes=request.eyes,
                base_layer=request.base_layer,
                background=request.background,
            ),
        )
    )
    keep_models(shop.folder, own | {model.name: model})
    return _info(model, own=True)


def remove_fashion_models(shop: OpenShop, request: RemoveFashionModelsRequest) -> FashionModelsAnswer:
    """Take models of the shop's own out; answers who is left. Raises `RequestInvalid` for one that it has not."""
    own = own_models(shop.folder)
    missing = [name for name in request.names if name not in own]
    if missing:
        raise RequestInvalid(
            f"The shop has no fashion model of its own called {', '.join(repr(name[:80]) for name in missing)}.",
            allowed=f"Its own: {', '.join(own) or 'none'}.",
            next_step="Name some of them; those that come along stay.",
        )
    keep_models(shop.folder, {name: model for name, model in own.items() if name not in request.names})
    return list_fashion_models(shop, FashionModelsRequest())


def _own(shop: OpenShop | None) -> dict[str, FashionModel]:
    return {} if shop is None else own_models(shop.folder)


def _info(model: FashionModel, own: bool) -> FashionModelInfo:
    known, looks = model.build, model.appearance
    return FashionModelInfo(
        name=model.name,
        says=model.says,
        own=own,
        body=model.body,
        gender=known.gender,
        years=known.years,
        grown=known.grown,
        height_cm=known.height_cm,
        chest_cm=known.chest_cm,
        waist_cm=known.waist_cm,
        hips_cm=known.hips_cm,
        pose=model.pose,
        skin=looks.skin,
        hair=looks.hair,
        hair_colour=looks.hair_colour,
        eyes=looks.eyes,
        base_layer=looks.base_layer,
        background=looks.background,
    )
