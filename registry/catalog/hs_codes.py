"""Codes of the Harmonized System in any punctuation."""


def hs_digits(code: str) -> str:
    """Return the digits of an HS code in any punctuation ("8525.81" → "852581")."""
    return "".join(character for character in code if character.isascii() and character.isdigit())
