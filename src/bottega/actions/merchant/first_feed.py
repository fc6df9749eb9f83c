"""The first products: a platform with its token, the address of a feed, or a file whose columns are looked at first."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, BinaryIO

from pydantic import Field

from bottega.actions.check.check_feed import check_feed
from bottega.actions.check.shapes import CheckFeedRequest, CheckReport
from bottega.actions.intake.propose_mapping import propose_mapping
from bottega.actions.intake.shapes import MappingProposal, ProposeMappingRequest
from bottega.actions.jobs.ask import enqueue, start_job
from bottega.actions.jobs.shapes import JobInfo, StartJobRequest
from bottega.actions.jobs.uploads import keep_upload, leave_upload, upload_place
from bottega.actions.running.secrets import RevokeSecretRequest, SetSecretRequest, revoke_secret, set_secret
from bottega.actions.verbs import verb
from bottega.connectors.registry import connector_of
from bottega.connectors.web import checked_address
from bottega.errors import RequestInvalid
from bottega.shop.doors.acting import changing
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Request, Shape

__all__ = [
    "ConnectPlatformRequest",
    "ImportKeptRequest",
    "KeptFeed",
    "KeptFeedRequest",
    "connect_platform",
    "import_kept",
    "keep_feed",
    "look_at_kept",
]


class ConnectPlatformRequest(Request):
    """Where the shop runs, and how to be let in there."""

    platform: str = Field(description="shopify, woocommerce or bigcommerce.")
    address: str = Field(description="The shop's address there.")
    token: str = Field(default="", repr=False, description="As the platform shows it; empty: the one that is kept.")


class KeptFeedRequest(Request):
    """A file that was sent."""

    source: str = Field(description="As it was kept.")
    mapping: dict[str, str] = Field(default={}, description="Field -> column, where somebody said so.")


class KeptFeed(Shape):
    """How it would be read, and what is wrong with it."""

    proposal: MappingProposal
    report: CheckReport | None = Field(description="Null where it cannot be read without a mapping.")


class ImportKeptRequest(KeptFeedRequest):
    """The same file as the catalogue."""


def connect_platform(shop: OpenShop, request: ConnectPlatformRequest) -> JobInfo:
    """Keep the address and the token, and ask for the first fetch. The token is shown nowhere again.

    Raises `PlatformUnknown`, `AddressRefused`, and `RequestInvalid` where the address or the token cannot be used.
    """
    address, purpose = checked_address(request.address), f"{request.platform}-token"
    token = request.token.strip()
    there = [one for one in shop.secrets.kept() if one.purpose == purpose]
    before = shop.store.connections.get(request.platform)
    if not token and (not shop.secrets.of(purpose) or (before is not None and before.address != address)):
        raise RequestInvalid(
            "The token of the platform is missing.",
            allowed="A token is given with each new address: it goes to that address and to no other.",
            next_step="Copy it from the platform (docs/connectors.md says where it stands).",
        )
    connector_of(request.platform, address, token or shop.secrets.of(purpose)[0], shop.folder.reach)
    if token:
        for one in there:  # what was kept is not to be tried before the new one
            revoke_secret(shop, RevokeSecretRequest(number=one.number))
        set_secret(shop, SetSecretRequest(purpose=purpose, secret=token))
    with changing(shop.store, "connect_platform", request.model_copy(update={"token": ""})):
        cursors = before.cursors if before is not None and before.address == address else {}
        shop.store.connections.put(request.platform, address, cursors)
    return start_job(shop, StartJobRequest(verb="connect", request={"platform": request.platform}))


def keep_feed(shop: OpenShop, name: str, content: BinaryIO) -> str:
    """Keep a file that was sent, for an hour unless it is imported; how it is called from now on."""
    return keep_upload(shop.folder, name, content)


def look_at_kept(shop: OpenShop, request: KeptFeedRequest) -> KeptFeed:
    """What an import would take each column for, and what the check says of the file. Raises `RequestInvalid`."""
    path = upload_place(shop.folder, request.source)
    mapping: Any = request.mapping or None
    proposal = propose_mapping(shop, ProposeMappingRequest(source=path, mapping=mapping))
    report = None
    if not proposal.missing:
        report = check_feed(shop.folder, CheckFeedRequest(source=path, mapping=mapping, examples=3, pictures=0))
    return KeptFeed(proposal=proposal, report=report)


def import_kept(shop: OpenShop, request: ImportKeptRequest) -> JobInfo:
    """Ask for the import of a file that was kept. Raises `RequestInvalid`."""
    upload_place(shop.folder, request.source)
    one = verb("import_catalogue")
    with changing(shop.store, one.name, SimpleNamespace(name=request.source.rpartition("/")[2])):
        job = enqueue(
            shop, one, {"source": request.source, **({"mapping": request.mapping} if request.mapping else {})}
        )
    leave_upload(shop.folder, request.source)
    return job
