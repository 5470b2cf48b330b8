"""Arrangements that come with the registry: how accreditation is recognised worldwide.

Facts with their sources, without listings: which accreditation body signed for what is
for officers to record. Loading twice changes nothing.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from registry.actor import system_actor
from registry.assessment.models import Arrangement
from registry.assessment.schemas import ArrangementSchema, ArrangementSuccessionSchema
from registry.assessment.services.arrangements import add_predecessor, record_arrangement
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWorkFactory

ILAC_MRA = "ilac-mutual-recognition-arrangement"
IAF_MLA = "iaf-multilateral-recognition-arrangement"
GLOBAL_MRA = "global-accreditation-cooperation-mutual-recognition-arrangem"

# The two earlier cooperations ended their work on the last day of 2025; what was made
# under their arrangements is taken as before during 2026.
_TRANSITION_UNTIL = "2026-12-31"

_ARRANGEMENTS: tuple[Mapping[str, Any], ...] = (
    {
        "titles": {
            "vi": "Thỏa thuận thừa nhận lẫn nhau ILAC (ILAC MRA)",
            "en": "ILAC Mutual Recognition Arrangement",
        },
        "valid_from": "2001-01-31",
        "valid_until": "2025-12-31",
        "source": "https://ilac.org/ilac-mra-and-signatories/",
    },
    {
        "titles": {
            "vi": "Thỏa thuận thừa nhận đa phương IAF (IAF MLA)",
            "en": "IAF Multilateral Recognition Arrangement",
        },
        "valid_from": "1998-01-22",
        "valid_until": "2025-12-31",
        "source": "https://iaf.nu/en/about-iaf-mla/",
    },
    {
        "titles": {
            "vi": "Thỏa thuận thừa nhận lẫn nhau của Tổ chức hợp tác công nhận toàn cầu",
            "en": "Global Accreditation Cooperation Mutual Recognition Arrangement",
        },
        "valid_from": "2026-01-01",
        "predecessor": ILAC_MRA,
        "transition_until": _TRANSITION_UNTIL,
        "source": "https://globalaccreditationcooperationincorporated.org",
    },
)


def load_builtin_arrangements(units: UnitOfWorkFactory) -> int:
    """Record what is missing of the built-in arrangements; return how many were."""
    with units(system_actor("builtin-list")) as uow:
        if uow.session.scalar(select(Arrangement.id).where(Arrangement.slug == GLOBAL_MRA)):
            return 0
        for arrangement in _ARRANGEMENTS:
            typed = {"kind": "multilateral_accreditation", **arrangement}
            record_arrangement(uow, load(ArrangementSchema(), typed))
        succession = {
            "predecessor": IAF_MLA,
            "transition_until": _TRANSITION_UNTIL,
            "source": "https://iaf.nu",
        }
        add_predecessor(uow, GLOBAL_MRA, load(ArrangementSuccessionSchema(), succession))
    return len(_ARRANGEMENTS)
