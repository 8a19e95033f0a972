"""How numbers look on charts: as Vietnamese write them."""


def number_shown(number: int) -> str:
    """`1.234`."""
    return f"{number:,}".replace(",", ".")


def change_shown(change: int) -> str:
    """`+5`, `-2`, and nothing for nothing."""
    return f"{'+' if change > 0 else '-'}{number_shown(abs(change))}" if change else ""
