"""Small files of the kinds that laboratories attach, and some that are not what they seem."""

import hashlib
import io

from PIL import Image


def png(width: int = 2, height: int = 2) -> bytes:
    """Return a picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(buffer, "PNG")
    return buffer.getvalue()


def jpeg() -> bytes:
    """Return a photograph."""
    buffer = io.BytesIO()
    Image.new("RGB", (2, 2), "white").save(buffer, "JPEG")
    return buffer.getvalue()


def pdf(*objects: bytes, catalog: bytes = b"") -> bytes:
    """Return a PDF of one empty page; ``objects`` are further ones, from number 4 on."""
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>",
        *objects,
    ]
    content = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    content += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    content += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(bodies) + 1)
    return content + b"startxref\n%d\n%%%%EOF\n" % start


def dcc() -> bytes:
    """Return the core of a digital calibration certificate."""
    return (
        b'<?xml version="1.0"?><dcc:digitalCalibrationCertificate xmlns:dcc="https://ptb.de/dcc" '
        b'schemaVersion="3.3.0"><dcc:administrativeData><dcc:coreData>'
        b"<dcc:uniqueIdentifier>PTB-1</dcc:uniqueIdentifier>"
        b"<dcc:beginPerformanceDate>2026-01-05</dcc:beginPerformanceDate>"
        b"<dcc:endPerformanceDate>2026-01-07</dcc:endPerformanceDate></dcc:coreData>"
        b"<dcc:calibrationLaboratory><dcc:contact><dcc:name><dcc:content>Lab</dcc:content>"
        b"</dcc:name></dcc:contact></dcc:calibrationLaboratory></dcc:administrativeData>"
        b"</dcc:digitalCalibrationCertificate>"
    )


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
