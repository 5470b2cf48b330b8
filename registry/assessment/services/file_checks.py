"""Checks an uploaded file against the register: nothing of it is stored."""

from dataclasses import dataclass

from registry.assessment.file_answers import registered_answer
from registry.assessment.numbers import NumberReading, parse
from registry.assessment.queries.certificates import CertificateCheck, find_certificate
from registry.assessment.queries.documents import newest_version
from registry.assessment.services.trust import own_keys
from registry.assessment.stated import Stated, compare
from registry.container import Registry
from registry.credentials.file_check import FileFindings, check_file
from registry.history import AsOf

_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What a file is, and what the register says of the certificate it names.

    ``check`` is None when the file names no certificate. ``stated`` is what the file says
    beside what the register says; ``newest`` the number of the latest version.
    """

    findings: FileFindings
    answer: str
    check: CertificateCheck | None
    stated: tuple[Stated, ...]
    newest: int | None


def check_registered_file(registry: Registry, content: bytes, as_of: AsOf) -> FileCheck:
    """Say what ``content`` is and what holds of its certificate on the day asked."""
    findings = check_file(content, own_keys(registry), registry.clock.now())
    number = _number(findings)
    with registry.units.reading() as session:
        check = find_certificate(session, number, as_of) if number else None
        found = check.found if check else None
        newest = newest_version(session, found.certificate.id) if found else None
    return FileCheck(
        findings=findings,
        answer=registered_answer(findings, found.status.key if found else None, newest),
        check=check,
        stated=tuple(compare(findings.claims, found.certificate if found else None)),
        newest=newest,
    )


def _number(findings: FileFindings) -> str | None:
    """Return the number that the file's credential names, else one that stands in its title."""
    if findings.number is not None:
        return findings.number[:_LONGEST_TITLE]
    for title in findings.titles:
        for word in title[:_LONGEST_TITLE].split():
            if parse(word).reading is not NumberReading.NOT_A_NUMBER:
                return word
    return None
