"""Words of the mails: both languages stand in each, because nobody knows who reads it."""

WORDS = {
    "vi": {
        "subject": "Có thông báo mới tại Sổ đăng bạ tiêu chuẩn quốc gia",
        "lead": "Sổ đăng bạ tiêu chuẩn quốc gia vừa ghi nhận những việc liên quan đến tổ chức của"
        " quý vị:",
        "more": "- và {count} việc khác",
        "read": "Xem chi tiết sau khi đăng nhập:",
    },
    "en": {
        "subject": "News in the National Standards Registry",
        "lead": "The National Standards Registry has recorded what concerns your organisation:",
        "more": "- and {count} more",
        "read": "Sign in to read it:",
    },
}
