"""Signature Version 4: what botocore signs is believed, and nothing that was changed since."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given, settings
from hypothesis import strategies as st

from bottega.serving.http.callers.signature import UNSIGNED, WINDOW_S, AwsSignatureRefused, Signed, check_signature

KEY, SECRET = "BTGAEXAMPLE", "a secret that nobody guesses"
URL = "https://shop.example/personalize/recommendations"


def signed(
    url: str = URL, body: bytes = b"{}", headers: Mapping[str, str] | None = None, *, service: str = "personalize"
) -> Signed:
    """A request as botocore signs it."""
    request = AWSRequest("POST", url, data=body, headers={"Content-Type": "application/json", **(headers or {})})
    if (headers or {}).get("X-Amz-Content-SHA256") == UNSIGNED:
        request.context["payload_signing_enabled"] = False
    SigV4Auth(Credentials(KEY, SECRET), service, "eu-west-1").add_auth(request)
    found = {"host": urlsplit(url).netloc, **{name.lower(): value for name, value in request.headers.items()}}
    parts = urlsplit(url)
    return Signed("POST", parts.path, parts.query, found, body, secure=url.startswith("https"))


def refused(request: Signed, **others: Any) -> AwsSignatureRefused:
    with pytest.raises(AwsSignatureRefused) as found:
        check(request, **others)
    return found.value


def check(request: Signed, **others: Any) -> str:
    return check_signature(request, {KEY: SECRET}.get, service="personalize", **others)


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="?#%\\/"), min_size=1, max_size=12),
    st.binary(max_size=40),
    st.lists(
        st.tuples(st.from_regex(r"[a-z]{1,3}", fullmatch=True), st.from_regex(r"[a-z0-9]{0,3}", fullmatch=True)),
        max_size=4,
    ),
)
@settings(max_examples=60, deadline=None)
def test_what_botocore_signs_is_believed(step: str, body: bytes, query: list[tuple[str, str]]) -> None:
    url = f"https://shop.example:8443/a/{step}" + ("?" + "&".join(f"{n}={v}" for n, v in query) if query else "")
    assert check(signed(url, body, {"X-Odd": "  two   blanks "})) == KEY


@pytest.mark.parametrize(
    "change",
    [
        {"body": b'{"userId": "eve"}'},
        {"path": "/personalize/events"},
        {"query": "x=1"},
        {"method": "GET"},
    ],
)
def test_nothing_may_be_changed(change: dict[str, Any]) -> None:
    assert refused(replace(signed(), **change)).code == "InvalidSignatureException"


def test_no_signed_header_may_be_changed_or_lost_and_none_of_amazons_added() -> None:
    good = signed()
    for name in ("host", "content-type", "x-amz-date"):
        changed = {**good.headers, name: "20260101T000000Z" if name == "x-amz-date" else "other"}
        assert refused(replace(good, headers=changed)).status == 403
        lost = {key: value for key, value in good.headers.items() if key != name}
        assert refused(replace(good, headers=lost)).status in (400, 403)
    added = {**good.headers, "x-amz-security-token": "t"}
    assert "x-amz-security-token" in str(refused(replace(good, headers=added)))


def test_the_body_is_covered_by_its_hash_or_by_tls() -> None:
    own = hashlib.sha256(b"{}").hexdigest()
    assert check(signed(headers={"X-Amz-Content-SHA256": own})) == KEY
    assert "not the hash" in str(refused(replace(signed(headers={"X-Amz-Content-SHA256": own}), body=b"[]")))
    open_ = signed(headers={"X-Amz-Content-SHA256": UNSIGNED})
    assert check(open_) == KEY
    assert "https alone" in str(refused(replace(open_, secure=False)))


@pytest.mark.parametrize("away_s", [-WINDOW_S - 2, WINDOW_S + 2])
def test_a_request_is_good_for_five_minutes(away_s: int) -> None:
    request, now = signed(), datetime.now(UTC)
    assert check(request, now=now + timedelta(seconds=WINDOW_S - 5)) == KEY
    assert "300 s" in str(refused(request, now=now + timedelta(seconds=away_s)))


def test_what_is_no_signature_of_this_service() -> None:
    assert refused(replace(signed(), headers={})).code == "MissingAuthenticationTokenException"
    other = {**signed().headers, "authorization": "Bearer btg_x"}
    assert refused(replace(signed(), headers=other)).code == "IncompleteSignatureException"
    assert "service" in str(refused(signed(service="s3")))
    assert check_refused_unknown().code == "UnrecognizedClientException"


def check_refused_unknown() -> AwsSignatureRefused:
    with pytest.raises(AwsSignatureRefused) as found:
        check_signature(signed(), lambda _: None, service="personalize")
    return found.value
