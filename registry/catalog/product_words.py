"""Words by which products are found: without case, diacritics and English plurals."""

from registry.search.analysis import Word, words

# Words that say nothing about a product.
_EMPTY = frozenset(
    "a an and as at by for from in including into is its nec not of on or other otherwise than "
    "that the their thereof to whether which with without".split()
)


def product_words(*texts: str) -> list[str]:
    """Return the words of ``texts`` in the form they are compared in, each once."""
    found = (word_form(word.folded) for text in texts for word in words(text))
    return [form for form in dict.fromkeys(found) if form not in _EMPTY]


def plain_words(text: str) -> list[str]:
    """Return the words of ``text`` that were typed without diacritics, as ``product_words``.

    A word with diacritics is no English word, even where it reads like one without them.
    """
    found = (word_form(word.folded) for word in words(text) if _is_plain(word))
    return [form for form in dict.fromkeys(found) if form not in _EMPTY]


def word_form(folded: str) -> str:
    """Return a folded word in the singular: cameras → camera, batteries → battery."""
    if len(folded) <= 3 or not folded.isascii() or not folded.endswith("s"):
        return folded
    if folded.endswith("ies") and len(folded) > 4:
        return f"{folded[:-3]}y"
    if folded.endswith(("ches", "shes", "sses", "xes")):
        return folded[:-2]
    return folded if folded.endswith(("ss", "us", "is")) else folded[:-1]


def _is_plain(word: Word) -> bool:
    return word.exact is None and word.folded.isascii()
