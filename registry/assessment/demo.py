"""Demonstration data: invented organisations, people and one case, all marked as such.

Everything goes through the services, so every step is journalled. Loading twice
changes nothing; a run that was stopped is taken up where it stopped.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from registry.accounts.models import Organisation, User
from registry.accounts.passwords import make_password
from registry.accounts.queries import user_by_email
from registry.accounts.schemas import CreateUser, OrganisationData
from registry.accounts.services.organisations import register_organisation
from registry.accounts.services.users import create_user
from registry.actor import system_actor
from registry.assessment.demo_case import finish_first_case
from registry.assessment.demo_declarations import declare_for_demonstration
from registry.assessment.queries.references import edition_named
from registry.assessment.schemas import (
    AccreditationSchema,
    ArrangementSchema,
    ArrangementScopeSchema,
    BodyDesignationSchema,
    BodySchema,
    ListingSchema,
    ScopeLinesSchema,
)
from registry.assessment.services.accreditations import add_scope_lines, record_accreditation
from registry.assessment.services.arrangements import (
    add_arrangement_scope,
    list_body,
    record_arrangement,
)
from registry.assessment.services.bodies import designate_body, register_body
from registry.container import Registry
from registry.schema_fields import load
from registry.unit_of_work import UnitOfWork

REGULATION = "QCVN 135:2024/BTTTT"
STANDARD = "ISO/IEC 17025:2017"
SINCE = "2025-01-01"

AUTHORITY = "demo-authority"
ACCREDITOR = "demo-accreditor"
FOREIGN_ACCREDITOR = "demo-accreditor-kr"
LABORATORY = "demo-laboratory"
FOREIGN_LABORATORY = "demo-laboratory-kr"
BUSINESS = "demo-business"

_ORGANISATIONS: dict[str, tuple[str, str, str]] = {
    AUTHORITY: ("Cơ quan tiêu chuẩn quốc gia", "National standards body", "VN"),
    ACCREDITOR: ("Tổ chức công nhận Sông Hồng", "Red River Accreditation Body", "VN"),
    FOREIGN_ACCREDITOR: ("Tổ chức công nhận Hanbit", "Hanbit Accreditation Body", "KR"),
    LABORATORY: ("Phòng thử nghiệm Bách Việt", "Bach Viet Testing Laboratory", "VN"),
    FOREIGN_LABORATORY: ("Phòng thử nghiệm Hanbit", "Hanbit Testing Laboratory", "KR"),
    BUSINESS: ("Công ty Camera Sao Mai", "Sao Mai Camera Company", "VN"),
}

_PEOPLE = {
    "editor": "Biên tập viên tiêu chuẩn",
    "approver": "Người phê duyệt tiêu chuẩn",
    "officer": "Cán bộ công nhận và chỉ định",
    "reviewer": "Chuyên gia thẩm xét",
    "decision_maker": "Người quyết định chứng nhận",
    "laboratory": "Phòng thử nghiệm",
    "business": "Doanh nghiệp",
    "administrator": "Quản trị viên",
}

# Which organisation the person of each role acts for.
_EMPLOYERS = {"laboratory": LABORATORY, "business": BUSINESS}


@dataclass(frozen=True, slots=True)
class Credential:
    """How to sign in as one demonstration person; the password is shown once."""

    role: str
    email: str
    password: str


def load_demo(registry: Registry) -> list[Credential]:
    """Load what is missing of the demonstration; return the accounts created by this call.

    Needs the built-in list: raises ``Invalid`` on "regulation" when the register
    does not hold the regulation that the demonstration is about.
    """
    with registry.units(system_actor("demo")) as uow:
        edition_named(uow.session, REGULATION, "regulation")
        if uow.session.scalar(select(Organisation.id).where(Organisation.slug == AUTHORITY)):
            credentials = []
        else:
            organisations = _organisations(uow)
            _bodies(uow)
            _arrangements(uow)
            credentials = _users(uow, organisations)
    finish_first_case(registry, laboratory=LABORATORY, regulation=REGULATION, email=email)
    with registry.units.reading() as session:
        business = user_by_email(session, email("business"))
    declare_for_demonstration(registry, business=business, regulation=REGULATION)
    return credentials


def email(role: str) -> str:
    """Return the address of the demonstration person of a role."""
    return f"{role.replace('_', '-')}@demo.example"


def _marked(vi: str, en: str) -> dict[str, str]:
    return {"vi": f"[Trình diễn] {vi}", "en": f"[Demonstration] {en}"}


def _organisations(uow: UnitOfWork) -> dict[str, Organisation]:
    return {
        slug: register_organisation(
            uow,
            load(
                OrganisationData(),
                {
                    "slug": slug,
                    "names": _marked(vi, en),
                    "country": country,
                    "address": "Địa chỉ trình diễn / demonstration address",
                },
            ),
            demonstration=True,
        )
        for slug, (vi, en, country) in _ORGANISATIONS.items()
    }


def _bodies(uow: UnitOfWork) -> None:
    for slug, kind in (
        (ACCREDITOR, "accreditation_body"),
        (FOREIGN_ACCREDITOR, "accreditation_body"),
        (LABORATORY, "testing_laboratory"),
        (FOREIGN_LABORATORY, "testing_laboratory"),
    ):
        data = {"organisation": slug, "kinds": [kind], "valid_from": SINCE}
        register_body(uow, load(BodySchema(), data))
    for laboratory, accreditor, number in (
        (LABORATORY, ACCREDITOR, "DEMO-LAB 001"),
        (FOREIGN_LABORATORY, FOREIGN_ACCREDITOR, "DEMO-KR 017"),
    ):
        accreditation = record_accreditation(
            uow,
            laboratory,
            load(
                AccreditationSchema(),
                {
                    "accreditor": accreditor,
                    "standard": STANDARD,
                    "number": number,
                    "valid_from": SINCE,
                    "source": "[Trình diễn] / [Demonstration]",
                },
            ),
        )
        line = {
            "activity": "testing",
            "product": "Camera giám sát sử dụng giao thức Internet",
            "method": REGULATION,
            "valid_from": "2025-02-15",
        }
        add_scope_lines(uow, accreditation.id, load(ScopeLinesSchema(), {"lines": [line]}))
    designate_body(
        uow,
        LABORATORY,
        load(
            BodyDesignationSchema(),
            {
                "regulation": REGULATION,
                "activity": "testing",
                "ministry": "bkhcn",
                "instrument": "[Trình diễn] / [Demonstration]",
                "valid_from": "2025-03-01",
            },
        ),
    )


def _arrangements(uow: UnitOfWork) -> None:
    signatories = _arrangement(
        uow,
        titles=_marked(
            "Thỏa thuận thừa nhận đa phương giữa các tổ chức công nhận",
            "Multilateral arrangement of accreditation bodies",
        ),
        kind="multilateral_accreditation",
    )
    for accreditor in (ACCREDITOR, FOREIGN_ACCREDITOR):
        _list(uow, signatories, body=accreditor, standard=STANDARD)
    mutual = _arrangement(
        uow,
        titles=_marked(
            "Thỏa thuận thừa nhận lẫn nhau Việt Nam – Hàn Quốc, giai đoạn I",
            "Mutual recognition arrangement Viet Nam – Republic of Korea, phase I",
        ),
        kind="mutual_government",
        phase="I",
        parties=[{"economy": "VN"}, {"economy": "KR"}],
        article="Điều 4 / Article 4",
    )
    line = {"regulation": REGULATION, "result_type": "test_report", "direction": "both"}
    add_arrangement_scope(uow, mutual, load(ArrangementScopeSchema(), {"lines": [line]}))
    _list(uow, mutual, body=FOREIGN_LABORATORY)


def _arrangement(uow: UnitOfWork, **data: Any) -> str:
    values = {**data, "valid_from": SINCE, "demonstration": True}
    return record_arrangement(uow, load(ArrangementSchema(), values)).slug


def _list(uow: UnitOfWork, slug: str, **data: Any) -> None:
    list_body(uow, slug, load(ListingSchema(), {**data, "valid_from": SINCE}))


def _users(uow: UnitOfWork, organisations: dict[str, Organisation]) -> list[Credential]:
    people = [(role, role, _EMPLOYERS.get(role, AUTHORITY)) for role in _PEOPLE]
    people.append(("laboratory", "laboratory-kr", FOREIGN_LABORATORY))
    credentials = []
    for role, name, employer in people:
        password = make_password()
        data = {
            "email": email(name),
            "name": f"[Trình diễn] {_PEOPLE[role]}",
            "password": password,
            "roles": [role],
            "organisation_id": organisations[employer].id,
        }
        user: User = create_user(uow, load(CreateUser(), data), demonstration=True)
        credentials.append(Credential(role, user.email, password))
    return credentials
