"""Answering: a trained recommender as flat arrays and kernels, asked on candidates. No torch."""
