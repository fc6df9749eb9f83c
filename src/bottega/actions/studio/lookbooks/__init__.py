"""Lookbooks: outfits that the shop's own data supports, on fashion models; and posts out of them."""
