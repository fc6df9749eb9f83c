"""What is kept of the shoppers of one variant: how many, how many of them did it at all, their sum, their squares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Sums"]


@dataclass(frozen=True, slots=True)
class Sums:
    """One variant by one measure."""

    shoppers: int
    active: int
    """Shoppers of whom the measure is not 0."""
    total: float
    squares: float

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> Sums:
        """Of one value a shopper [B].

        >>> import numpy as np
        >>> Sums.of(np.array([0.0, 3.0, 4.0]))
        Sums(shoppers=3, active=2, total=7.0, squares=25.0)
        """
        return cls(len(values), int((values != 0).sum()), float(values.sum()), float((values * values).sum()))

    def __add__(self, other: Sums) -> Sums:
        """Of the shoppers of both."""
        return Sums(
            self.shoppers + other.shoppers,
            self.active + other.active,
            self.total + other.total,
            self.squares + other.squares,
        )

    @property
    def mean(self) -> float:
        """NaN without shoppers."""
        return self.total / self.shoppers if self.shoppers else float("nan")

    @property
    def variance(self) -> float:
        """Between shoppers; NaN below two."""
        if self.shoppers < 2:
            return float("nan")
        return max(self.squares - self.total * self.mean, 0.0) / (self.shoppers - 1)

    @property
    def relative_variance(self) -> float:
        """Variance in squares of the mean: what one shopper adds to the noise of a ratio. Infinite where nothing was
        sold."""
        return self.variance / self.mean**2 if self.total > 0 and self.shoppers > 1 else float("inf")
