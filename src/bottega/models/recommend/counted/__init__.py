"""Recommenders that count: tables and sparse rows, no network."""
