"""Garments: a photo of a piece becomes cloth on a body."""
