"""An export is JSON whatever a table holds."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from bottega.actions.shoppers.export_shopper import export_shopper
from bottega.actions.shoppers.forget import forget
from bottega.actions.shoppers.shapes import ShopperRequest
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.store.closet import ClosetItem


def test_a_closet_is_exported_and_forgotten(tmp_path: Path) -> None:
    with ShopFolder.open(tmp_path / "shop") as shop:
        shop.store.closet.add(
            [ClosetItem("ana", "p.jpg", (0, 0, 9, 9), "bag", np.ones(4, np.float32), 7, {"slot": "bag"})]
        )
        told = export_shopper(OpenShop(shop), ShopperRequest(shopper="ana"))
        rows = json.loads(told.model_dump_json())["closet_items"]
        assert rows == [
            {"closet_item": 1, "item_id": 1, "time_ms": 7, "photo": "p.jpg", "box": [0, 0, 9, 9], "part": "bag"}
            | {"tags": {"slot": "bag"}}
        ]
        assert forget(OpenShop(shop), ShopperRequest(shopper="ana")).rows["closet_items"] == 1
