"""The merchant's assistant over HTTP: with the shop's own key, and never with a visitor's or an agent's."""

from __future__ import annotations

from typing import Any

import pytest

from bottega.names import KeyKind


def test_a_suggestion_is_accepted(door: Any) -> None:
    answer = door.post("/v1/merchant/assistant", {"text": '"blarfo" means "lamps"'})
    done = door.post("/v1/merchant/accept", {"suggestion_id": answer["suggestions"][0]["id"]})
    assert done["verb"] == "put_synonyms" and done["answer"]["added"] == 1 and done["undo"]["verb"] == "delete_synonyms"
    door.post("/v1/merchant/accept", {"suggestion_id": "made.up"}, 422)


@pytest.mark.parametrize("kind", [KeyKind.PUBLISHABLE, KeyKind.AGENT])
@pytest.mark.parametrize("path", ["assistant", "accept"])
def test_no_other_key_opens_it(door: Any, kind: KeyKind, path: str) -> None:
    key = door.shop.folder.store.keys.create(f"{kind} {path}", kind)
    body = {"text": "what sold best?"} if path == "assistant" else {"suggestion_id": "x.y"}
    response = door.client.post(f"/v1/merchant/{path}", json=body, headers={"X-API-Key": key})
    assert response.status_code == 403
