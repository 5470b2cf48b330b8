"""Mails an organisation's contact that there is news; off unless a server is set.

Several notices make one mail, in the register's languages, that names what was recorded
and leads to the page. Sending never blocks anything else: what fails is tried again.
"""

import smtplib
import ssl
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.models import OrganisationRecord
from registry.actor import system_actor
from registry.assessment.queries.subjects import describe
from registry.history import AsOf, known
from registry.journal.models import JournalEntry
from registry.notices.mail_words import WORDS
from registry.notices.models import Notice, NoticeMail
from registry.unit_of_work import UnitOfWork, UnitOfWorkFactory
from registry.vocabulary.queries import all_labels

WAITING = "waiting"
SENT = "sent"
FAILED = "failed"
NO_ADDRESS = "no-address"

TIMEOUT = 20.0  # seconds for each step of the conversation
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 480, 1440))
_MOST_LINES = 30
_LONGEST_ERROR = 300


def send_due_mail(
    units: UnitOfWorkFactory, server: str, sender: str, base_url: str, *, most: int = 20
) -> int:
    """Send up to ``most`` mails that are due; return how many were taken by the server.

    ``server`` is "smtp://[name:password@]host[:port]", or "smtps://…" for TLS at once.
    """
    now = units.clock.now()
    with units.reading() as session:
        due = session.scalars(
            select(NoticeMail.id)
            .where(NoticeMail.state == WAITING, NoticeMail.next_attempt_at <= now)
            .order_by(NoticeMail.next_attempt_at)
            .limit(most)
        ).all()
    sent = 0
    for mail_id in due:
        with units(system_actor("mail")) as uow:
            mail = uow.session.get_one(NoticeMail, mail_id)
            if mail.state != WAITING or mail.next_attempt_at > now:
                continue
            # Another worker that looks meanwhile finds it is not due.
            mail.next_attempt_at = now + timedelta(minutes=2)
            mail.attempts += 1
            message = compose(uow.session, mail, sender, base_url, AsOf(uow.today))
            if message is None:
                _finish(uow, mail, NO_ADDRESS)
        if message is None:
            continue
        error = _transmit(server, message)
        with units(system_actor("mail")) as uow:
            mail = uow.session.get_one(NoticeMail, mail_id)
            mail.error = error
            if error is None:
                _finish(uow, mail, SENT)
                sent += 1
            elif mail.attempts > len(PAUSES):
                _finish(uow, mail, FAILED)
            else:
                mail.next_attempt_at = uow.now + PAUSES[mail.attempts - 1]
    return sent


def compose(
    session: Session, mail: NoticeMail, sender: str, base_url: str, as_of: AsOf
) -> EmailMessage | None:
    """Return the mail; None when the organisation has no address to write to."""
    contact = session.scalar(
        select(OrganisationRecord.contact_email).where(
            OrganisationRecord.organisation_id == mail.organisation_id, known(OrganisationRecord)
        )
    )
    if not contact:
        return None
    entries = session.scalars(
        select(JournalEntry)
        .join(Notice, Notice.position == JournalEntry.position)
        .where(
            Notice.organisation_id == mail.organisation_id,
            Notice.position.between(mail.first_position, mail.last_position),
            Notice.own.is_(False),
        )
        .order_by(JournalEntry.position)
    ).all()
    labels = all_labels(session)
    parts = []
    for language, words in WORDS.items():
        lines = []
        for entry in entries[:_MOST_LINES]:
            about = describe(session, entry.subject, as_of)
            said = labels.get(("journal-action", entry.action), {}).get(language, entry.action)
            lines.append(f"- {said}: {about.label if about else entry.subject}")
        if len(entries) > _MOST_LINES:
            lines.append(words["more"].format(count=len(entries) - _MOST_LINES))
        address = f"{base_url}/workspace/notices?lang={language}"
        parts.append("\n".join([words["lead"], "", *lines, "", words["read"], address]))
    message = EmailMessage()
    message["From"], message["To"] = sender, contact
    message["Subject"] = " / ".join(words["subject"] for words in WORDS.values())
    # The same for each attempt, so that a mail sent twice is shown once.
    message["Message-ID"] = f"<notice-{mail.id}@{urlsplit(base_url).hostname or 'registry'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n--\n\n".join(parts) + "\n")
    return message


def _transmit(server: str, message: EmailMessage) -> str | None:
    """Hand a mail to the server; return what went wrong, None when it was taken."""
    parts = urlsplit(server)
    try:
        with _connect(parts.scheme, parts.hostname or "", parts.port or 0) as smtp:
            if parts.scheme == "smtp" and smtp.has_extn("starttls"):
                smtp.starttls(context=ssl.create_default_context())
                smtp.ehlo()
            if parts.username:
                smtp.login(unquote(parts.username), unquote(parts.password or ""))
            smtp.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        return f"{type(error).__name__}: {error}"[:_LONGEST_ERROR]
    return None


def _connect(scheme: str, host: str, port: int) -> smtplib.SMTP:
    if scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
    smtp = smtplib.SMTP(host, port, timeout=TIMEOUT)
    smtp.ehlo()
    return smtp


def _finish(uow: UnitOfWork, mail: NoticeMail, state: str) -> None:
    mail.state, mail.finished_at = state, uow.now
