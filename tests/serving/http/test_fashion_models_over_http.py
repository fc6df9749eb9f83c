"""Fashion models over HTTP: listed, kept, shown, taken out."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from bottega.datasets.photos.provenance import SourceType, source_type_of

OURS = {"name": "our-face", "body": "woman_42", "skin": "monk_6", "hair": "bob"}


def test_over_http(open_door: Callable[..., Any]) -> None:
    door = open_door(None)
    headers = {"X-API-Key": door.key}
    assert door.client.get("/v1/studio/models").status_code == 401
    listed = door.client.get("/v1/studio/models", headers=headers).json()
    assert len(listed["models"]) >= 12 and len(listed["poses"]) >= 24
    kept = door.client.post("/v1/studio/models", headers=headers, json=OURS)
    assert kept.status_code == 200, kept.text
    sent = door.client.post("/v1/studio/models/show", headers=headers, json={"name": "our-face", "crop": "chin"}).json()
    assert source_type_of(base64.b64decode(sent["content"])) is SourceType.DRAWN
    gone = door.client.post("/v1/studio/models/remove", headers=headers, json={"names": ["our-face"]})
    assert gone.status_code == 200
    wrong = door.client.post("/v1/studio/models/show", headers=headers, json={"name": "our-face"})
    assert wrong.status_code == 422 and "No fashion model" in wrong.text
