"""One file a format of reviews; `registry.py` lists them."""
