"""Texts that XlsxWriter writes as texts: the one guard of every workbook that we make."""

# XlsxWriter takes a text from <r> to </r> for markup of its own and writes it as it is.
_MARKUP = "<r>"


def plain_text(text: str) -> str:
    """The text, with a space before it where it would be markup; readers drop the space again."""
    return f" {text}" if text.startswith(_MARKUP) else text
