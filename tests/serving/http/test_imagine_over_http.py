"""Pictures by words over HTTP: JSON in and out, the state sent back, and the real products found by looks alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.models.studio.products.drawing import generator

from bottega.models.studio.rescue.rescue import Rescue


@pytest.fixture
def door(open_door: Callable[..., Any], ships: Callable[..., None], plain_parts: type) -> Any:
    ships(rescue=Rescue.fresh(rng=np.random.default_rng(0)), product=generator(), parts=plain_parts())
    return open_door(None)


def send(door: Any, status: int = 200, **body: Any) -> Any:
    response = door.client.post("/v1/studio/imagine", headers={"X-API-Key": door.key}, json=body)
    assert response.status_code == status, response.text
    return response.json()


def test_words_then_a_turn(door: Any) -> None:
    first = send(door, words="rotes Hemd, liegend", n=2, seed=1)
    assert first["asked"]["type"] == "Shirts" and first["asked"]["worn"] is False and first["seed"] == 1
    assert first == send(door, words="rotes Hemd, liegend", n=2, seed=1) | {"took_ms": first["took_ms"]}
    then = send(door, words="dunkler", n=2, before=first["state"])
    assert then["asked"]["lab"][0] == first["asked"]["lab"][0] - 15
    assert then["pictures"][0]["content"] != first["pictures"][0]["content"]
    assert all(one["products"] == [] for one in then["pictures"])


def test_refusals(door: Any) -> None:
    assert send(door, 422, words="xqzt")["error"]["code"] == "nothing_to_draw"
    for wrong in ({"words": ""}, {"words": "shirt", "n": 0}, {"words": "shirt", "n": 17}, {"words": "shirt", "x": 1}):
        assert send(door, 422, **wrong)["error"]["code"] == "request_invalid"
    state = send(door, words="shirt", n=1)["state"]
    state["recipes"][0]["noise"] = [[1, 1.0]] * 9
    assert send(door, 422, words="darker", before=state)["error"]["code"] == "request_invalid"
    state["recipes"][0]["noise"] = [[-1, 1.0]]
    assert send(door, 422, words="darker", before=state)["error"]["code"] == "request_invalid"
    assert door.client.post("/v1/studio/imagine", json={"words": "shirt"}).status_code == 401
