"""What a shop is called before shoppers: in letters, in the storefront, on shared pictures, in lookbooks."""

from __future__ import annotations

from bottega.shop.folder import ShopFolder

__all__ = ["shop_name"]


def shop_name(folder: ShopFolder) -> str:
    """The setting `shop_name`; where it is empty the folder's name in words: `nord-tea` is Nord tea."""
    words = folder.root.resolve().name.replace("-", " ").replace("_", " ").strip()
    return folder.settings.shop_name.strip() or words[:1].upper() + words[1:] or "Shop"
