"""What every answer tells browsers, what every request is called, and what is written nowhere."""

from __future__ import annotations

import asyncio
import base64
import io
import re
from contextlib import redirect_stderr
from typing import Any

import pytest
import structlog

from bottega.log import log_as_json
from bottega.names import KeyKind
from bottega.serving.http.meters import Meters
from bottega.serving.http.traffic import Traffic

PAGES = ("/", "/docs", "/docs/docs.js", "/check", "/agent", "/login", "/login/login.js", "/pixel.js", "/shared/nothing")
ANSWERS = ("/v1/health", "/v1/models", "/nowhere", "/metrics", "/openapi.json", "/gorse/api/popular", "/v1/session")


@pytest.mark.parametrize("path", PAGES + ANSWERS)
def test_every_answer_tells_browsers_what_not_to_do(door: Any, path: str) -> None:
    for accept in ("text/html", "application/json"):
        answer = door.client.get(path, headers={"Accept": accept})
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"] or headers["X-Frame-Options"] == "DENY"
        for name in ("X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy", "X-Request-ID"):
            assert len(headers.get_list(name)) == 1, name
        assert "Strict-Transport-Security" not in headers
    secure = door.client.get(f"https://testserver{path}")
    assert secure.headers["Strict-Transport-Security"].startswith("max-age=")


def test_a_request_has_one_id_everywhere(door: Any) -> None:
    said = door.client.get("/v1/models", headers={"X-Request-ID": "of-the-proxy.7"})
    assert said.headers["X-Request-ID"] == "of-the-proxy.7"
    for given in ("", "short", "with blank", "x" * 65, 'quote"\\'):
        made = door.client.get("/v1/models", headers={"X-Request-ID": given}).headers["X-Request-ID"]
        assert re.fullmatch(r"[0-9a-f]{16}", made), given


def test_a_body_that_never_ends_is_not_waited_for() -> None:
    told: list[dict[str, Any]] = []

    async def never() -> Any:
        await asyncio.sleep(3600)

    async def send(message: Any) -> None:
        told.append(message)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()

    scope = {"type": "http", "method": "POST", "path": "/v1/events", "headers": []}
    traffic = Traffic(app, meters=Meters(), max_body_mb=1, body_timeout_s=0.05, answer_timeout_s=60)
    with pytest.raises(Exception, match=r"The body took longer than 0.05 s to arrive") as caught:
        asyncio.run(traffic(scope, never, send))
    assert getattr(caught.value, "status_code", None) == 408


def test_no_secret_is_written_anywhere(door: Any) -> None:
    """Every way of sending one, at doors of every kind, right and wrong; then the log, the answers and the metrics."""
    keys = door.shop.folder.store.keys
    pages, mia = keys.create("pages", KeyKind.PUBLISHABLE), keys.create("Mia", KeyKind.AGENT)
    pair = door.shop.signing_keys.create("boto")
    canaries = ["btg_canary-of-a-key-0001", "canary-password-0002", "canary-token-0003", "canary-csrf-0004"]
    wrong, password, token, csrf = canaries
    said = io.StringIO()
    with redirect_stderr(said):
        log_as_json()
        try:
            answers = []
            for path in ("/v1/recommendations", "/v1/products", "/gorse/api/item", "/personalize/events", "/nowhere"):
                for key in (wrong, door.key, pages, mia, pair.secret):
                    basic = base64.b64encode(f"me:{key}".encode()).decode()
                    for headers in (
                        {"X-API-Key": key},
                        {"Authorization": f"Bearer {key}"},
                        {"Authorization": key},
                        {"Authorization": f"Basic {basic}"},
                    ):
                        answers.append(door.client.post(path, json={"n": "x"}, headers=headers))
                    answers.append(door.client.post(f"{path}?key={key}", json={}))
                answers.append(door.client.post(path, content=b"{", headers={"X-API-Key": door.key}))
            for body in ({"name": "Mia", "password": password}, {"name": "Mia", "password": [password]}):
                answers.append(door.client.post("/v1/session", json=body))
            answers.append(
                door.client.post("/v1/session", json={"name": "Mia", "password": password, "more": password})
            )
            cookies = {"Cookie": f"bottega_session={token}", "X-CSRF-Token": csrf}
            answers += [
                door.client.request(method, path, headers=cookies, json={} if method == "POST" else None)
                for method, path in (("GET", "/v1/session"), ("GET", "/v1/models"), ("POST", "/v1/products"))
            ]
            answers.append(door.client.delete("/v1/session", headers=cookies))
            webhook = dict.fromkeys(
                (
                    "X-Shopify-Hmac-Sha256",
                    "X-Bottega-Secret",
                    "X-WC-Webhook-Signature",
                    "X-Linkedstore-Hmac-Sha256",
                    "X-Chatwoot-Signature",
                    "X-Bottega-Signature",
                ),
                token,
            )
            answers += [
                door.client.post(f"/v1/webhooks/{name}", json={}, headers=webhook)
                for name in ("shopify", "bigcommerce", "woocommerce", "tiendanube", "chatwoot", "talks", "nobody")
            ]
            answers += [  # links that open something are secrets, too
                door.client.get(f"/shared/{token}"),
                door.client.get(f"/shared/{token}/picture"),
                door.client.get(f"/letters/unsubscribe?token={token}"),
            ]
            signed = {"X-Api-Key": door.key, "Content-Type": "multipart/form-data; boundary=x"}
            answers.append(door.client.post("/v1/import/events", content=token.encode(), headers=signed))
            answers.append(
                door.client.post("/v1/jobs", json={"verb": "connect", "request": {"token": token}}, headers=signed)
            )
            told = {"shopper": "s-1", "shopper_signature": token}
            answers.append(door.client.post("/v1/recommendations", json=told, headers={"X-API-Key": pages}))
        finally:
            structlog.reset_defaults()
    lines = said.getvalue()
    assert lines.count('"event": "request"') == len(answers) and '"request_id": "' in lines
    metrics = door.client.get("/metrics").text
    written = lines + metrics + "".join(str(dict(one.headers)) for one in answers)
    bodies = "".join(one.text for one in answers)
    for secret in (*canaries, door.key, pages, mia, pair.secret):
        assert secret not in written, secret
        assert secret not in bodies, secret
