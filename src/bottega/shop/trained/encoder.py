"""The text encoder that a shop asks for, with the shop's own key where it lies at an address."""

from __future__ import annotations

from bottega.models.blocks.other_encoders import KEY_PURPOSE, encoder_called
from bottega.models.blocks.text_encoder import TextEncoder
from bottega.shop.folder import ShopFolder
from bottega.shop.secrets import Secrets, secrets_of

__all__ = ["encoder_of"]


def encoder_of(folder: ShopFolder, secrets: Secrets | None = None) -> TextEncoder:
    """The encoder of the setting `encoder`; `secrets`: the shop's, where at hand. Raises `EncoderUnavailable`."""
    known = secrets or secrets_of(folder)
    return encoder_called(folder.settings.encoder, folder.reach, lambda: next(iter(known.of(KEY_PURPOSE)), ""))
