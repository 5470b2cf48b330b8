"""The decision on an application, in two units of work.

The first sets a certificate number aside, the second decides, freezes and
journals; a request repeated with its Idempotency-Key after a lost answer or a
crash between the two takes up the same number and issues once.
"""

from collections.abc import Mapping
from typing import Any

from registry.assessment.services.applications import refuse_application
from registry.assessment.services.issuance import grant_reserved, reserve_number
from registry.assessment.services.snapshots import issuing_register
from registry.unit_of_work import UnitOfWork
from registry.web.edge import parts

Data = Mapping[str, Any]

GRANT = "grant"


def reserve(uow: UnitOfWork, number: str, data: Data, expected: int | None) -> None:
    """Set a certificate number aside when the application is to be granted."""
    if data["decision"] == GRANT:
        register = issuing_register(parts().settings)
        reserve_number(uow, number, data, register, expected=expected)


def decide_application(uow: UnitOfWork, number: str, data: Data, expected: int | None) -> None:
    """Grant with the number set aside, or refuse."""
    if data["decision"] == GRANT:
        register = issuing_register(parts().settings)
        grant_reserved(uow, number, data, register, expected=expected)
    else:
        refuse_application(uow, number, data, expected=expected)
