"""The same picture: a copy is found, the same shape in another colour is not, however alike the eye takes them for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from bottega.catalogue.product import Product
from bottega.models.vision.duplicates import WITHIN_BITS, picture_hash
from bottega.models.vision.eye.eye import Eye
from bottega.shop.folder import ShopFolder
from bottega.shop.search.photo_index import PhotoIndex
from bottega.shop.search.same_pictures import same_pictures
from bottega.store.vectors import PhotoVectors


def test_a_copy_is_found_and_another_colour_of_the_same_shape_is_not(tmp_path: Path) -> None:
    red = np.full((60, 80, 3), 255, np.uint8)
    red[10:50, 20:40] = red[30:50, 20:70] = (200, 30, 40)
    green = np.where((red == 255).all(axis=2)[:, :, None], red, (40, 110, 30)).astype(np.uint8)
    assert (picture_hash(red) ^ picture_hash(green)).bit_count() <= WITHIN_BITS, "hashes alone take them for one"
    eye = Eye.fresh({}, [], rng=np.random.default_rng(0))
    vector = np.full((1, eye.size), eye.size**-0.5, np.float32)
    with ShopFolder.open(tmp_path) as folder:
        folder.images.mkdir(exist_ok=True)
        for name, photo in (("red", red), ("green", green)):
            Image.fromarray(photo).save(folder.images / f"{name}.png")
        folder.store.products.upsert(
            [Product(id=name, title=name, images=(f"{name}.png",)) for name in ("red", "green")]
        )
        index = PhotoIndex(eye)
        seen = np.repeat(vector, 2, axis=0).astype(np.float16)
        index.take(PhotoVectors(["red", "green"], ["red.png", "green.png"], np.zeros(2, np.int32), seen, 2))
        larger = np.asarray(Image.fromarray(red).resize((240, 180), Image.Resampling.NEAREST))
        assert same_pictures(folder, index, [larger, green], np.repeat(vector, 2, axis=0)) == [["red"], ["green"]]
