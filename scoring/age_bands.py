"""Age bands for statistics: coarse on purpose, so that they say nothing of one person. Pure."""

BANDS = (0, 16, 25, 35, 45, 60, 75)
"""The least age of each band; the last one is open."""


def age_band(born: int, year: int) -> int:
    """The place in `BANDS` of who was born in that year, by the age reached in `year`."""
    age = max(0, year - born)
    return max(at for at, least in enumerate(BANDS) if age >= least)
