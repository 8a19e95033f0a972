"""What a list shows of people: enough to tell two apart, too little to call one up. Pure."""

KEPT_DIGITS = 3


def name_masked(name: str) -> str:
    """`N. V. An`: the name people are called by, and initials."""
    *before, last = name.split()
    return " ".join([*(f"{word[0].upper()}." for word in before), last])


def phone_masked(phone: str) -> str:
    """`******678`."""
    return f"******{phone[-KEPT_DIGITS:]}"


def born_masked(born: int) -> str:
    """`19**`."""
    return f"{born // 100}**"
