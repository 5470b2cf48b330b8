"""URL names made from the names of things."""

import re
import unicodedata
from collections.abc import Mapping

_LENGTH = 60


def ascii_slug(names: Mapping[str, str], otherwise: str) -> str:
    """Return the English name, else any other, in ASCII letters and digits.

    ``otherwise`` stands where nothing of the name is left (a name in Thai alone).
    """
    name = names.get("en") or next(iter(names.values()))
    plain = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D"))
    slug = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower())
    return slug[:_LENGTH].strip("-") or otherwise


def free_slug(base: str, taken: set[str], mark: str = "-") -> str:
    """Return ``base``, numbered after ``mark`` when ``taken`` holds it."""
    candidate, number = base, 1
    while candidate in taken:
        number += 1
        candidate = f"{base}{mark}{number}"
    return candidate
