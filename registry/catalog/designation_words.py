"""The words and shapes that designations are made of: tables and patterns, no logic.

Patterns are applied to tidied text (NFC, single spaces, no space around colons).
"""

import re

# Vietnamese kinds of document: as typed without diacritics → as printed.
NATIONAL = {"TCVN": "TCVN", "QCVN": "QCVN", "QCDP": "QCĐP", "TCCS": "TCCS", "TCN": "TCN"}
# Publishers whose numbers may follow a draft stage and a type of document.
STAGED = frozenset({"ISO", "IEC", "CISPR", "IWA", "CEN", "CLC", "EN"})
# Publishers whose first word after the name is always the type of document.
TYPED = frozenset({"ETSI", "3GPP", "NIST", "NBS"})
# Publishers that join the year with a hyphen: "IEEE Std 754-2019".
HYPHEN_YEAR = frozenset({"IEEE", "AIEE", "ANSI", "ASTM", "UL", "TIA", "NIST", "NBS", "CIE"}).union(
    NATIONAL
)
# Publishers that put series letters between the name and the number: "ITU-R SM.2060".
SERIAL = frozenset({"ITU-T", "ITU-R", "JIS", "OIML", "IEEE"}).union(TYPED)
PUBLISHERS = frozenset(
    "BS CCSDS DIN ECMA EIA GB IALA IETF IHO ITU ITU-R ITU-T JIS NF NFPA OASIS OGC OIML RFC "
    "SAE W3C XEP".split()
).union(STAGED, SERIAL, HYPHEN_YEAR)

STAGES = frozenset("PWI NP NWIP AWI WD CD CDV FCD FPD DIS FDIS PRF PRV".split())
TYPES = {word.upper(): word for word in "TR TS PAS Guide ISP TTA R SRD IWA CWA".split()}
# A draft stage and a type in one word: "DTR" is a draft of a TR.
DRAFT_TYPES = {stage + word: TYPES[word] for stage in ("D", "FD", "PD") for word in TYPES}
NOISE = frozenset({"STD", "STANDARD", "REC", "RECOMMENDATION"})
# Words that may begin a typed designation, besides the publishers.
ANNOUNCING = PUBLISHERS.union(
    TYPES, STAGES, DRAFT_TYPES, NOISE, "FIPS SP PUB ETS ES EG GS GR HB IR".split()
)

# Several names of one publisher or series, by the start of the designation.
HEAD_SYNONYMS = (
    (re.compile(r"IETF[ /]RFC\b", re.I), "RFC"),
    (re.compile(r"ISO-IEC\b", re.I), "ISO/IEC"),
    (re.compile(r"NIST Special Publication\b", re.I), "NIST SP"),
    (re.compile(r"NIST FIPS PUB\b", re.I), "NIST FIPS"),
    (re.compile(r"ITU-([TR]) Rec(?:ommendation|\.)? ", re.I), r"ITU-\1 "),
)
# The first digit ends the head, save in the name of one publisher.
HEAD = re.compile(r"((?:3GPP)?\D*)(.*)", re.I | re.S)
HEAD_WORD = re.compile(r"[^\s/:]+")
NUMBER = re.compile(
    r"(\d+(?:[^\W\d]\w*)?(?:[.-]\w+| ?- ?\d+)*)"
    r"(?::((?:1[89]|20)\d\d)(?!\d)(?:-(?:0[1-9]|1[0-2])(?!\d))?)?"
)
HYPHENATED_YEAR = re.compile(r"(.+)-((?:19|20)\d\d)")
GROUPED_DIGITS = re.compile(r"(\d{3}) (\d{3})(?!\d)")
BALLOT = re.compile(r"\.\d{1,2}$")
LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
SPELLED_REVISION = re.compile(r"[ ,-]*\b(?:Revision|Rev)\.? ?(?=\d)", re.I)
REVISED = re.compile(r"(\d[\d-]*[A-Z]?(?:v\d+)?(?:pt\d+)?)((?:r|e)\d.*)", re.I)

W3C = re.compile(
    r"W3C (?:(?P<maturity>WD|LCWD|FPWD|CRD|CR|CRY|DRY|RY|PER|PR|REC|STMT|NOTE|DNOTE|VNOTE|SPSD"
    r"|OBSL|RSCND|RET)-)?(?P<name>.+?)(?:-(?P<date>\d{8}))?",
    re.I,
)
AMENDMENT_FIRST = re.compile(
    r"(?P<kind>S[ửu]a [đd][ổo]i|[ĐD][íi]nh ch[íi]nh|Amendment|Amd\.?|Corrigendum|Cor\.?)"
    r" ?(?:lần|lan|số|so|No\.?)? ?(?P<number>\d+)(?::(?P<year>\d{4}))?,?"
    r"(?: của| cua| to| of)? (?P<base>[^\W\d].*\d.*)",
    re.I,
)
SUPPLEMENT = re.compile(
    r"(?P<joint>[ /+,]*)(?<![^\W_])(?P<text>"
    r"(?:(?P<draft>CD|WD|DIS|FDIS|NP|AWI|PWI|PRF|FD|PD|D)[ /]?)?"
    r"(?:Amendments?|Amd|AM(?= ?\d)|(?P<ballot>F?P?DAM|F?DCOR)|Corrigend(?:um|a)|Corr?"
    r"|Addend(?:um|a)|Add|Supplement|Suppl?|Annex(?:es)?|Appendix|App|Errata|Erratum|Err"
    r"|EXPL|FRAG|ISH|SYMBOL|S[ửu]a [đd][ổo]i|S[ĐD](?= ?\d)|[ĐD][íi]nh ch[íi]nh"
    r"|(?<=[/+])AC?(?=\d))(?![^\W\d_]).*)",
    re.I | re.S,
)
# One word for each kind of supplement, in the folded spelling of keys.
SUPPLEMENT_SYNONYMS = (
    (re.compile(r"\b(?:amendments?|am|a|sd|sua doi)\b(?! amd)"), "amd"),
    (re.compile(r"\b(?:corrigend(?:um|a)|corr|ac|dinh chinh)\b"), "cor"),
    (re.compile(r"\baddend(?:um|a)\b"), "add"),
    (re.compile(r"\b(?:supplement|supp)\b"), "suppl"),
    (re.compile(r"\bappendix\b"), "app"),
)
# The adopted document printed beside a national number: "TCVN 13902:2023 (ISO/IEC 22989:2022)".
ADOPTED = re.compile(
    r"(?: ?/ ?| ?\(| )(?:ISO|IEC|ITU|CISPR|EN|ETSI|IEEE|ASTM|JIS|DIN)\b.*\d.*", re.I | re.S
)
DATE = re.compile(r" ?\((?:(\d\d)[/.-])?((?:18|19|20)\d\d)(?:-(\d\d))?\)")
VERSION = re.compile(
    r"[ :/]*(?<![^\W_])(V\d+(?:\.\d+)*[a-z]?(?!\w)|ed(?:ition|\.)? ?\d+(?:\.\d+)?"
    r"|(?:R(?:el(?:ease)?)?[ -]?\d+|Ph\d[\w-]*|UMTS)/[\d.]+"
    r"|(?<=/)\d+\.\d+\.\d+|(?<=/)D-?\d[\w.-]*)",
    re.I,
)
VARIANT = re.compile(r" ?(\b(?:CSV|RLV|EXV|CMV|PRV|SER|Redline)\b-?|\([A-Z]{1,3}\))", re.I)
TAIL_YEAR = re.compile(r":((?:1[89]|20)\d\d)$")

# The language printed on a cover, "ISO/IEC 27001:2022(E)": one edition in another tongue.
LANGUAGE = re.compile(r" ?\((?:[A-Z]|[A-Z]{2}|[a-z]{2})\)$")
# A slash with spaces stays when it sets a national and the adopted number side by side.
SPACED_SLASH = re.compile(
    r"(?<!\d)(?<!\d ) ?/ ?|(?<=\d) ?/ ?(?! ?(?:ISO|IEC|ITU|CISPR|EN|ETSI|IEEE|ASTM|JIS|DIN)\b)",
    re.I,
)

# A query that is only a number: "27002", "27001:2022", "135/BTTTT", "X.509".
BARE_QUERY = re.compile(r"(?:[A-Z]\.)?\d{1,6}(?:[.-]\d+)*(?: ?: ?\d{4})?(?: ?/ ?[^\W\d_]+)?", re.I)
# A word that may follow the first digit of a typed designation.
QUERY_TAIL = re.compile(
    r".*\d.*|[/(].*|(?:Rev|Revision|Vol|Part|Ed|Amd|Amendment|Cor|Suppl|Annex|App|CSV|RLV|"
    r"Redline|Sửa|đổi)\.?",
    re.I,
)

# Dashes that word processors put for a hyphen.
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
# ISO 9 in ASCII, for the slugs of interstate (EASC) documents.
CYRILLIC = str.maketrans(
    dict(
        zip(
            "абвгдежзиклмнопрстуфхцчшщъыьэюя",
            "a b v g d e zh z i k l m n o p r s t u f h c ch sh shh qq y q eh ju ja".split(),
            strict=True,
        )
    )
)
