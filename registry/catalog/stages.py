"""Harmonized stage codes: how far a project or an edition has come.

A code is a stage (00 to 95) and a sub-stage (00 to 99), "60.60" for a published edition.
What each code is called stands in the vocabulary ``stage``. Some sources give the
stage alone ("40"); anything else, and ``None``, is no code and answers no question.
"""

import re
from functools import lru_cache

_CODE = re.compile(r"(00|10|20|30|40|50|60|90|95)(?:\.(\d\d))?")
_PUBLICATION, _REVIEW, _WITHDRAWAL = 60, 90, 95
_COMPLETED, _WITHDRAWN = 60, 99


def is_draft(code: str | None) -> bool:
    """Whether the text is not yet published: every stage before 60.60."""
    stage, substage = _read(code)
    return stage is not None and (
        stage < _PUBLICATION or (stage == _PUBLICATION and substage < _COMPLETED)
    )


def is_published(code: str | None) -> bool:
    """Whether the edition is out and not withdrawn, also while its withdrawal is discussed."""
    return _read(code)[0] is not None and not is_draft(code) and not is_withdrawn(code)


def is_withdrawn(code: str | None) -> bool:
    """Whether the withdrawal is complete: 95.99."""
    return _read(code) == (_WITHDRAWAL, _WITHDRAWN)


# There are few codes, and statuses of whole lists ask for each of them again and again.
@lru_cache(maxsize=1_000)
def _read(code: str | None) -> tuple[int | None, int]:
    match = _CODE.fullmatch(code or "")
    if not match:
        return None, 0
    stage, substage = int(match[1]), match[2]
    # A stage without its sub-stage says no more than that the stage was reached.
    return stage, int(substage) if substage else 0
