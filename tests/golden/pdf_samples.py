"""Snapshots for the document tests: a usual certificate, an extreme one, a refusal."""

from copy import deepcopy
from typing import Any

from registry.pdf.snapshots import AcceptanceSnapshot, CertificateSnapshot, Register, Result

REGISTER: Register = {
    "name": {
        "vi": "Hệ thống đăng ký tiêu chuẩn và đánh giá sự phù hợp",
        "en": "Register of Standards and Conformity Assessment",
    },
    "authority": {
        "vi": "Cơ quan Tiêu chuẩn Quốc gia (trình diễn)",
        "en": "National Standards Body (demonstration)",
    },
    "base_url": "https://registry.example",
    "state_heading": None,
}

STATE_HEADING = {
    "name": {
        "vi": "Cộng hòa xã hội chủ nghĩa Việt Nam",
        "en": "Socialist Republic of Viet Nam",
    },
    "motto": {
        "vi": "Độc lập - Tự do - Hạnh phúc",
        "en": "Independence - Freedom - Happiness",
    },
}

LONG_TITLES = [
    {
        "designation": "QCVN 102:2016/BTTTT",
        "title": {
            "vi": "Quy chuẩn kỹ thuật quốc gia về cấu trúc, định dạng dữ liệu gói tin phục vụ kết "
            "nối Cổng Dịch vụ công quốc gia với Cổng Dịch vụ công, hệ thống thông tin một cửa "
            "điện tử cấp bộ, cấp tỉnh và các cơ sở dữ liệu quốc gia, chuyên ngành",
            "en": None,
        },
        "kind": {
            "vi": "Quy chuẩn kỹ thuật quốc gia",
            "en": "National technical regulation",
        },
    },
    {
        "designation": "TCVN 11919-2:2017 (IEC 62133-2:2017)",
        "title": {
            "vi": "Ngăn và pin/acquy thứ cấp chứa alkan hoặc chất điện phân không axit khác - Yêu "
            "cầu về an toàn đối với ngăn thứ cấp gắn kín xách tay và pin/acquy được chế tạo từ "
            "các ngăn này để sử dụng cho ứng dụng xách tay - Phần 2: Hệ thống pin/acquy lithium",
            "en": "Information technology - Procedures for the operation of object identifier "
            "registration authorities - Part 1: General procedures and top arcs of the "
            "international object identifier tree",
        },
        "kind": {"vi": "Tiêu chuẩn quốc gia", "en": "National standard"},
    },
    {
        "designation": "ISO 4147:1997",
        "title": {
            "vi": None,
            "en": "Aerospace - Nuts, hexagonal, slotted (castellated), normal height, normal "
            "across flats, with MJ threads, classifications: 600 MPa (at ambient temperature)/"
            "120 degrees C, 900 MPa (at ambient temperature)/425 degrees C, 1 100 MPa (at ambient "
            "temperature)/235 degrees C, 1 100 MPa (at ambient temperature)/315 degrees C, 1 100 "
            "MPa (at ambient temperature)/650 degrees C, 1 210 MPa (at ambient temperature)/730 "
            "degrees C, 1 250 MPa (at ambient temperature)/235 degrees C and 1 550 MPa (at "
            "ambient temperature)/600 degrees C - Dimensions",
        },
        "kind": {"vi": "Tiêu chuẩn quốc tế", "en": "International standard"},
    },
]

RESULTS: list[Result] = [
    {
        "characteristic": {
            "vi": "Điện áp ra cực đại của nguồn",
            "en": "Maximum output voltage of the supply",
        },
        "method": "TCVN 7326-1:2003, 5.2",
        "unit": "V",
        "value": "12.04",
        "expanded_uncertainty": "0.12",
        "coverage_factor": "2",
        "lower": "11.4",
        "upper": "12.6",
        "decision_rule": {"vi": "dải bảo vệ w = U", "en": "guard band w = U"},
        "statement": {"vi": "Phù hợp", "en": "Conforms"},
        "laboratory_statement": {"vi": "Phù hợp", "en": "Conforms"},
    },
    {
        "characteristic": {
            "vi": "Thời gian khóa sau năm lần nhập sai mật khẩu",
            "en": "Lockout after five wrong passwords",
        },
        "method": "QCVN 135:2024/BTTTT, 2.1",
        "unit": "s",
        "value": "312",
        "expanded_uncertainty": "2",
        "coverage_factor": "2",
        "lower": "300",
        "upper": None,
        "decision_rule": {"vi": "chấp nhận đơn giản", "en": "simple acceptance"},
        "statement": {"vi": "Phù hợp", "en": "Conforms"},
        "laboratory_statement": {"vi": "Phù hợp", "en": "Conforms"},
    },
    {
        "characteristic": {
            "vi": "Mật khẩu mặc định duy nhất cho từng thiết bị",
            "en": "Default password unique to each device",
        },
        "method": "QCVN 135:2024/BTTTT, 2.2",
        "unit": None,
        "value": "đạt / pass",
        "expanded_uncertainty": None,
        "coverage_factor": None,
        "lower": None,
        "upper": None,
        "decision_rule": None,
        "statement": {"vi": "Phù hợp", "en": "Conforms"},
        "laboratory_statement": None,
    },
]

CERTIFICATE: CertificateSnapshot = {
    "number": "VN-2026-000017-K",
    "register": REGISTER,
    "demonstration": True,
    "holder": {
        "name": "Công ty Cổ phần Thiết bị An ninh Việt Quang",
        "address": "Số 18 đường Nguyễn Văn Huyên, phường Nghĩa Đô, Hà Nội",
        "country": {"vi": "Việt Nam", "en": "Viet Nam"},
        "identifier": "0109999990",
    },
    "product": {
        "name": {"vi": "Camera giám sát sử dụng giao thức Internet", "en": "IP video camera"},
        "description": {
            "vi": "Camera thân trụ ngoài trời, 4 MP, cấp nguồn qua Ethernet",
            "en": "Outdoor bullet camera, 4 MP, powered over Ethernet",
        },
        "models": ["VQ-IPC-4210", "VQ-IPC-4220", "VQ-IPC-4220E"],
        "hs": ["8525.89.10"],
    },
    "requirements": [
        {
            "designation": "QCVN 135:2024/BTTTT",
            "title": {
                "vi": "Quy chuẩn kỹ thuật quốc gia về thiết bị camera giám sát sử dụng giao thức "
                "Internet - Các yêu cầu an toàn thông tin cơ bản",
                "en": "National technical regulation on Internet protocol surveillance cameras - "
                "Basic information security requirements",
            },
            "kind": {
                "vi": "Quy chuẩn kỹ thuật quốc gia",
                "en": "National technical regulation",
            },
        }
    ],
    "method": {
        "key": "1",
        "label": {
            "vi": "Phương thức 1: thử nghiệm mẫu điển hình",
            "en": "Method 1: type testing",
        },
        "clause": {
            "vi": "Thông tư 28/2012/TT-BKHCN, Phụ lục II",
            "en": "Circular 28/2012/TT-BKHCN, Annex II",
        },
    },
    "scope": {
        "vi": "Các yêu cầu tại mục 2 của QCVN 135:2024/BTTTT",
        "en": "The requirements of section 2 of QCVN 135:2024/BTTTT",
    },
    "reports": [
        {
            "number": "TN-2026-0042",
            "laboratory": "Phòng thử nghiệm An toàn thông tin Sông Hồng",
            "accreditation": "VILAS 9001",
            "issued": "2026-02-20",
        }
    ],
    "results": [],
    "valid_from": "2026-03-05",
    "valid_until": "2029-03-04",
    "decided_on": "2026-03-05",
    "decision_maker": {
        "name": "Nguyễn Thị Thùy Dương",
        "role": {"vi": "Người ra quyết định", "en": "Decision maker"},
    },
    "reviewer": {
        "name": "Trần Đức Hiệp",
        "role": {"vi": "Chuyên gia thẩm xét", "en": "Reviewer"},
    },
    "conditions_of_use": [
        {
            "vi": "Giấy chứng nhận chỉ có giá trị với sản phẩm đúng mẫu đã được đánh giá.",
            "en": "The certificate covers only products identical to the assessed type.",
        },
        {
            "vi": "Tổ chức được cấp thông báo cho cơ quan chứng nhận mọi thay đổi ảnh hưởng đến "
            "sự phù hợp.",
            "en": "The holder reports every change that may affect conformity.",
        },
    ],
    "verify_url": "https://registry.example/verify/VN-2026-000017-K",
    "status_as_printed": {
        "label": {"vi": "có hiệu lực", "en": "in force"},
        "on": "2026-03-05",
    },
    "journal": {
        "position": 1284,
        "leaf_hash": "9c1185a5c5e9fc54612808977ee8f548b2258d31e5f1f0a9f2f7a1a6b0f3c7d2",
    },
    "replaces": None,
}


def usual_certificate() -> dict[str, Any]:
    """Return a certificate that fits one page."""
    return deepcopy(dict(CERTIFICATE))


def extreme_certificate() -> dict[str, Any]:
    """Return a certificate with 120 models, the longest real titles, and unbroken words."""
    data = usual_certificate()
    data["demonstration"] = False
    data["register"]["state_heading"] = deepcopy(STATE_HEADING)
    data["product"]["models"] = [f"VQ-IPC-{4000 + n}/{'XWPEH'[n % 5]}-Pro" for n in range(119)]
    data["product"]["models"].append("M" * 90)
    data["holder"]["address"] = "Khu-công-nghiệp-" * 12
    data["requirements"] = deepcopy(LONG_TITLES)
    data["results"] = deepcopy(RESULTS * 6)
    data["replaces"] = "VN-2025-000003-8"
    data["valid_until"] = None
    data["holder"]["names"] = {
        "vi": data["holder"]["name"],
        "en": "Viet Quang Security Equipment Joint Stock Company",
    }
    data["reports"][0]["laboratory_names"] = {
        "vi": data["reports"][0]["laboratory"],
        "en": "Song Hong Information Security Laboratory",
    }
    data["version"] = {
        "number": 2,
        "replaces": 1,
        "replaces_decided_on": "2026-03-05",
        "kind": {"vi": "thu hẹp phạm vi", "en": "scope reduced"},
        "effective_on": "2026-09-01",
    }
    return data


def foreign_certificate() -> dict[str, Any]:
    """Return a certificate whose holder and laboratories have names in other scripts."""
    data = usual_certificate()
    data["holder"].update(
        name="한국영상보안기기 주식회사",
        address="서울특별시 강남구 테헤란로 152",
        country={"vi": "Hàn Quốc", "en": "South Korea"},
    )
    laboratories = ("ห้องปฏิบัติการทดสอบความมั่นคงปลอดภัย", "東京情報機器試験所", "深圳安全检测中心")
    data["reports"] = [
        {**data["reports"][0], "number": f"F-{place}", "laboratory": name}
        for place, name in enumerate(laboratories, 1)
    ]
    return data


ACCEPTANCE: AcceptanceSnapshot = {
    "number": "BC-2026-000042",
    "register": REGISTER,
    "demonstration": True,
    "addressee": CERTIFICATE["holder"],
    "outcome": "refuse",
    "report": CERTIFICATE["reports"][0],
    "received_on": "2026-02-21",
    "product": CERTIFICATE["product"],
    "requirement": CERTIFICATE["requirements"][0],
    "status_on": "2026-02-20",
    "decided_on": "2026-02-21",
    "decided_by": None,
    "conditions": [
        {
            "title": {
                "vi": "Tổ chức thử nghiệm có trong danh sách",
                "en": "The body is registered",
            },
            "outcome": "met",
            "sentence": {
                "vi": "Phòng thử nghiệm An toàn thông tin Sông Hồng đã được đăng ký.",
                "en": "Sông Hồng Information Security Laboratory is registered.",
            },
            "evidence": ["body:5"],
            "legal_basis": None,
        },
        {
            "title": {
                "vi": "Phạm vi công nhận bao gồm từng phép thử vào ngày thử",
                "en": "The accreditation covers each test on its date",
            },
            "outcome": "not_met",
            "sentence": {
                "vi": "Công nhận VILAS 9001 bị đình chỉ từ ngày 01/02/2026 nên không bao gồm phép "
                "thử thực hiện ngày 12/02/2026.",
                "en": "Accreditation VILAS 9001 was suspended from 1 February 2026 and does not "
                "cover the test of 12 February 2026.",
            },
            "evidence": ["accreditation:3", "VILAS 9001", "phép thử / test 2"],
            "legal_basis": {
                "vi": "Nghị định 22/2026/NĐ-CP, Điều 40 khoản 1",
                "en": "Decree 22/2026/NĐ-CP, Article 40(1)",
            },
        },
        {
            "title": {"vi": "Có đường thừa nhận", "en": "A recognition path exists"},
            "outcome": "unknown",
            "sentence": {
                "vi": "Chưa có văn bản chỉ định của phòng thử nghiệm.",
                "en": "No designation of the laboratory is on record.",
            },
            "evidence": [],
            "legal_basis": None,
        },
        {
            "title": {"vi": "Thỏa thuận thừa nhận lẫn nhau", "en": "Mutual arrangement"},
            "outcome": "not_applicable",
            "sentence": {
                "vi": "Phòng thử nghiệm ở trong nước.",
                "en": "The laboratory is a domestic one.",
            },
            "evidence": [],
            "legal_basis": None,
        },
    ],
    "results": RESULTS,
    "reasons": [
        {
            "vi": "Công nhận của phòng thử nghiệm bị đình chỉ vào ngày thử.",
            "en": "The laboratory’s accreditation was suspended on the date of the test.",
        }
    ],
    "appeal": {
        "vi": "Đơn khiếu nại gửi trong 30 ngày kể từ ngày nhận được thông báo này.",
        "en": "An appeal may be lodged within 30 days of receiving this statement.",
    },
    "verify_url": None,
    "journal": {"position": 1199, "leaf_hash": None},
}


def refusal() -> dict[str, Any]:
    """Return a statement that refuses a report."""
    return deepcopy(dict(ACCEPTANCE))
