"""How seldom Python looks for objects that hold each other and that nobody else holds.

A question over a whole catalogue makes hundreds of thousands of rows, none of which is
such a circle. With Python's own thresholds the collector walks over them again and again:
it took two fifths of the time of gathering every adoption.
"""

import gc

# New objects before the youngest are looked through, and how many such rounds before the
# older are. What a circle holds in between is at most some tens of megabytes.
_THRESHOLDS = (50_000, 20, 20)


def collect_seldom() -> None:
    """Set the collector of this process; what was loaded until now is never looked through."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
