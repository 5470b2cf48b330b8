"""Checks an uploaded file against the register: nothing of it is stored."""

from dataclasses import dataclass

from registry.assessment.file_answers import registered_answer
from registry.assessment.numbers import NumberReading, parse
from registry.assessment.queries.certificates import CertificateCheck, find_certificate
from registry.assessment.services.trust import own_keys
from registry.assessment.stated import Stated, compare, stated
from registry.container import Registry
from registry.credentials.file_check import FileFindings, check_file
from registry.history import AsOf

_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What a file is, and what the register says of the certificate it names.

    ``check`` is None when the file names no certificate. ``stated`` is what the file says
    beside what the register says on the day asked.
    """

    findings: FileFindings
    answer: str
    check: CertificateCheck | None
    stated: tuple[Stated, ...]


def check_registered_file(registry: Registry, content: bytes, as_of: AsOf) -> FileCheck:
    """Say what ``content`` is and what holds of its certificate on the day asked."""
    findings = check_file(content, own_keys(registry), registry.clock.now())
    number = _number(findings)
    with registry.units.reading() as session:
        check = find_certificate(session, number, as_of) if number else None
        found = check.found if check else None
    return FileCheck(
        findings=findings,
        answer=registered_answer(findings, found.status.key, found.said.number)
        if found
        else registered_answer(findings, None, None),
        check=check,
        stated=tuple(compare(findings.claims, found.certificate.number, found.said))
        if found
        else tuple(stated(findings.claims)),
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
