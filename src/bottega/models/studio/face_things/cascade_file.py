"""Where the file of the cascade lies that proposes faces: in the wheel of scikit-image, so that nothing is fetched."""

from __future__ import annotations

from pathlib import Path

import skimage

__all__ = ["frontal_cascade"]


def frontal_cascade() -> Path:
    """OpenCV's `lbpcascade_frontalface.xml` (BSD licence): 20 stages of local binary patterns in 24 x 24 pixels."""
    return Path(skimage.__file__).parent / "data" / "lbpcascade_frontalface_opencv.xml"
