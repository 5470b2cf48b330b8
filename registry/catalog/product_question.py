"""What somebody asks who has a product: an HS code, or words, read into what can be found."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.catalog.hs_codes import is_code, read_hs
from registry.catalog.hs_nomenclature import HsEntry, HsWords, nomenclature
from registry.catalog.product_words import product_words

LONGEST = 400

# Words that describe more headings than this say too little about a product.
_MOST_HEADINGS = 60

_NOTHING = HsWords()


@dataclass(frozen=True, slots=True)
class ProductQuestion:
    """A question read: ``hs`` holds digits, ``words`` are forms that products are found by.

    ``lineage`` tells what the code is, from its section down; empty where the
    nomenclature has no such chapter. ``exact`` is whether it has the code itself.
    ``headings`` are what the words describe in the nomenclature; ``too_wide`` tells
    that they describe too much of it to be of use.
    """

    hs: str | None = None
    text: str = ""
    words: Sequence[str] = ()
    lineage: Sequence[HsEntry] = ()
    exact: bool = True
    headings: HsWords = _NOTHING
    too_wide: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing was asked."""
        return self.hs is None and not self.text


def read_question(hs: str = "", text: str = "") -> ProductQuestion:
    """Return the question that a code and words ask, either of them blank.

    Words that read as a code of the nomenclature are taken as one. Raises ``Invalid``
    on "hs" for what is no code.
    """
    text = " ".join(text[:LONGEST].split())
    digits = read_hs(hs) if hs.strip() else None
    if digits is None and is_code(text) and nomenclature().holds(read_hs(text)):
        digits, text = read_hs(text), ""
    headings = nomenclature().search(text) if text else _NOTHING
    too_wide = len(headings.codes) > _MOST_HEADINGS
    return ProductQuestion(
        hs=digits,
        text=text,
        words=product_words(text),
        lineage=nomenclature().lineage(digits) if digits else (),
        exact=digits is None or nomenclature().holds(digits),
        headings=HsWords(used=headings.used) if too_wide else headings,
        too_wide=too_wide,
    )
