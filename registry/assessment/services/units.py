"""Units of measurement as UN/ECE Recommendation 20 codes them."""

# Units that reports are written in, by symbol, with their common code.
_COMMON_CODES = {
    "%": "P1",
    "1": "C62",
    "A": "AMP",
    "GHz": "A86",
    "Hz": "HTZ",
    "J": "JOU",
    "MHz": "MHZ",
    "N": "NEW",
    "Pa": "PAL",
    "V": "VLT",
    "W": "WTT",
    "cm": "CMT",
    "dB": "2N",
    "g": "GRM",
    "h": "HUR",
    "kHz": "KHZ",
    "kV": "KVT",
    "kW": "KWT",
    "kg": "KGM",
    "lx": "LUX",
    "m": "MTR",
    "mA": "4K",
    "mV": "2Z",
    "min": "MIN",
    "mm": "MMT",
    "ms": "C26",
    "s": "SEC",
    "°C": "CEL",
    "Ω": "OHM",
}


def common_code(symbol: str | None) -> str | None:
    """Return the common code of a unit, ``None`` for one that is not in the table."""
    return _COMMON_CODES.get(symbol) if symbol else None
