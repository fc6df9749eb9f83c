"""What connected platforms cannot be asked without, known before anybody asks them."""

from __future__ import annotations

from bottega.connectors.registry import CONNECTORS, connector_of
from bottega.errors import BottegaError, RequestInvalid
from bottega.shop.folder import ShopFolder
from bottega.shop.secrets import Secrets, secrets_of, variable_of

__all__ = ["token_of", "unready"]


def token_of(secrets: Secrets, platform: str) -> str:
    """The token of a platform, the newest there is; empty where there is no connector. Raises `RequestInvalid`."""
    if platform not in CONNECTORS:
        return ""
    purpose = f"{platform}-token"
    found = secrets.of(purpose)
    if not found:
        raise RequestInvalid(
            f"The shop has no token for {platform}.",
            allowed="docs/connectors.md says how to make one, and which rights it needs.",
            next_step=f"Keep it: `bottega secrets set {purpose}`; or put it into the variable {variable_of(purpose)}.",
        )
    return found[0]


def unready(folder: ShopFolder) -> dict[str, BottegaError]:
    """Of the platforms that the shop was connected to, those that cannot be asked now, and why; none of them is."""
    found, secrets = {}, secrets_of(folder)
    for kept in folder.store.connections.all():
        try:
            connector_of(kept.platform, kept.address, token_of(secrets, kept.platform), folder.reach)
        except BottegaError as error:
            found[kept.platform] = error
    return found
