"""Other forms in which a word should be found, too."""

# The first ending that fits decides.
_ENDINGS = (
    ("ies", ("y", "ie")),
    ("ss", ("sses",)),
    ("es", ("e", "")),
    ("s", ("",)),
    ("y", ("ies", "ys")),
    ("x", ("xes",)),
    ("z", ("zes",)),
    ("ch", ("ches",)),
    ("sh", ("shes",)),
)


def number_variants(word: str) -> tuple[str, ...]:
    """Return the likely singular or plural of a Latin-script word: "systems" → "system".

    Only the regular endings that English and French share a spelling of; whether such
    a word exists is for the index to say, so a wrong guess costs nothing. Vietnamese
    syllables do not end in "s" and words under four letters are left alone.
    """
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return ()
    for ending, replacements in _ENDINGS:
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            return tuple(stem + replacement for replacement in replacements)
    return (word + "s",)
