"""Saved rules: listed, shown, saved, removed, put back, tried before they are saved, and explained where they clash."""
