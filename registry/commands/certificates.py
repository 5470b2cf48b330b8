"""Checking certificate files from the command line, with a trust bundle or the own register."""

import gettext
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from registry.assessment import states
from registry.assessment.file_answers import (
    OLDER_VERSION,
    REVOKED,
    STATUS_UNKNOWN,
    UNKNOWN,
    last_known,
    offline_answer,
    register_day,
)
from registry.assessment.presenters.file_checks import (
    ADDITIONS,
    NAMES,
    WORDS,
    Words,
    present_file_check,
    present_findings,
    present_stated,
)
from registry.assessment.services.file_checks import check_registered_file
from registry.assessment.stated import stated
from registry.config import LANGUAGES, PROJECT_ROOT, load_settings
from registry.container import Registry, open_registry
from registry.credentials import pdf_verification, trust
from registry.credentials.file_check import check_file
from registry.history import AsOf
from registry.messages import Message
from registry.unit_of_work import plain

_UNKNOWN_KEY = "unknown_key"

EXIT_CODES: Mapping[str, int] = {
    states.IN_FORCE: 0,
    **dict.fromkeys(
        (
            states.NOT_YET_IN_FORCE,
            states.SUSPENDED,
            states.EXPIRED,
            "withdrawn",
            "replaced",
            REVOKED,
            OLDER_VERSION,
        ),
        3,
    ),
    **dict.fromkeys(("altered", "added_to", "truncated"), 4),
    **dict.fromkeys(
        (
            _UNKNOWN_KEY,
            "retired_key",
            "compromised_key",
            "wrong_issuer",
            "wrong_algorithm",
            "wrong_proof",
            UNKNOWN,
        ),
        5,
    ),
    **dict.fromkeys(
        ("unsigned", "encrypted", "other_document", "too_large", "not_a_certificate"), 6
    ),
    STATUS_UNKNOWN: 7,
}

_TRANSLATIONS = PROJECT_ROOT / "registry" / "web" / "translations"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

Say = Callable[[Message], str]


@click.group("certificate")
def certificate_commands() -> None:
    """Certificates that somebody was given as a file."""


@certificate_commands.command("verify")
@click.argument("file", type=_FILE)
@click.option(
    "--trust",
    "bundle",
    type=_FILE,
    help="Trust bundle (“registry trust export”); then neither network nor register is needed.",
)
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day that is asked about; today by default.",
)
@click.option(
    "--max-age",
    type=click.IntRange(min=0),
    help="With a bundle: how many days old the last known status may be.",
)
@click.option("--lang", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the answer for programs.")
@click.pass_context
def verify_command(
    context: click.Context,
    *,
    file: Path,
    bundle: Path | None,
    at: datetime | None,
    max_age: int | None,
    lang: str,
    as_json: bool,
) -> None:
    """Check FILE, a certificate's PDF or credential.

    Exits with 0 when it is genuine and in force; 3 genuine, but not in force on the day;
    4 no longer as it was signed; 5 not shown to come from the register; 6 nothing that
    could be checked; 7 genuine, but its status is not known.
    """
    content = _read(file, pdf_verification.LARGEST)
    if bundle is None:
        answer = _registered(context.obj or open_registry(load_settings()), content, at)
    else:
        answer = _offline(_bundle(bundle), content, at.date() if at else None, max_age)
    code = EXIT_CODES[answer["answer"]]
    if as_json:
        shown = plain({**answer, "exit_code": code})
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(answer, _speaker(lang))))
    context.exit(code)


def _registered(registry: Registry, content: bytes, at: datetime | None) -> dict[str, Any]:
    day = at.date() if at else registry.clock.today()
    checked = check_registered_file(registry, content, AsOf(day))
    return {
        **present_file_check(checked),
        "at": day,
        "issuer": registry.settings.base_url,
        "bundle_made_at": None,
        "status": None,
    }


def _offline(
    believed: trust.TrustBundle, content: bytes, asked: date | None, max_age: int | None
) -> dict[str, Any]:
    now = datetime.now(UTC)
    findings = check_file(content, believed, now)
    known = last_known(findings, now) if findings.genuine else None
    day = asked or register_day(findings, now)
    return {
        "answer": offline_answer(findings, day, known, max_age),
        **present_findings(findings),
        "number": findings.number if findings.claims_genuine else None,
        "stated": present_stated(stated(findings.claims)),
        "at": day,
        "issuer": believed.base_url,
        "bundle_made_at": believed.made_at,
        "status": {"as_of": known.as_of, "days_old": known.days_old} if known else None,
    }


def _read(path: Path, most: int) -> bytes:
    """Return a file's content, or enough of it to show that it is too large."""
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from None


def _bundle(path: Path) -> trust.TrustBundle:
    try:
        return trust.read_bundle(_read(path, trust.LARGEST).decode("utf-8"))
    except UnicodeDecodeError:
        raise click.ClickException(f"{path} is no trust bundle: it is not text") from None
    except trust.MalformedBundle as error:
        raise click.ClickException(f"{path} is no trust bundle: {error}") from None


def _speaker(language: str) -> Say:
    catalogue = gettext.translation("messages", _TRANSLATIONS, [language], fallback=True)

    def say(message: Message) -> str:
        return catalogue.gettext(message.pattern).format(**message.parameters)

    return say


def _lines(answer: Mapping[str, Any], say: Say) -> Iterator[str]:
    words = WORDS[answer["answer"]]
    if answer["bundle_made_at"] and answer["answer"] == _UNKNOWN_KEY:
        words = _no_key_of_bundle(answer["bundle_made_at"])
    yield say(words.title).upper()
    yield say(words.sentence)
    if answer["added"]:
        yield say(ADDITIONS[answer["added"]])
    yield ""
    for row in answer["stated"]:
        yield from _stated(row, say)
    yield from _status(answer, say)
    yield from _proofs(answer, say)


def _no_key_of_bundle(made_at: datetime) -> Words:
    """A bundle knows no key that was put to use after it was made."""
    return Words(
        Message("Signed by a key that the bundle does not know"),
        Message(
            "No key in the trust bundle of {moment} made this signature. If the certificate is "
            "newer, a key may have been put to use since: get a new bundle and check again.",
            moment=f"{made_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        ),
    )


def _stated(row: Mapping[str, Any], say: Say) -> Iterator[str]:
    name = say(NAMES[row["name"]])
    if row["in_register"] is None:
        yield f"{name}: {', '.join(row['in_file'])}"
        return
    yield f"{name}: {', '.join(row['in_register'])}"
    if row["differs"]:
        yield "  " + say(Message("The file says: {texts}", texts=", ".join(row["in_file"]) or "–"))


def _status(answer: Mapping[str, Any], say: Say) -> Iterator[str]:
    yield say(Message("Asked about: {day}", day=answer["at"].isoformat()))
    known = answer["status"]
    if known:
        yield say(
            Message(
                "Status as of {moment} (age in days: {days}); ask online for today.",
                moment=f"{known['as_of']:%Y-%m-%d %H:%M} UTC",
                days=known["days_old"],
            )
        )
    if answer["number"]:
        yield f"{answer['issuer']}/verify/{answer['number']}"


def _proofs(answer: Mapping[str, Any], say: Say) -> Iterator[str]:
    signature, journal = answer["signature"], answer["journal"]
    if signature:
        trial = say(Message("trial key, not for real use")) if signature["trial"] else ""
        named = [signature["key_id"], signature["algorithm"], trial]
        yield say(Message("Key: {key}", key=", ".join(filter(None, named))))
    if journal and journal["code"] == "included":
        yield say(
            Message(
                "Journal: entry {position}, proven to be among the first {size}.",
                position=journal["position"],
                size=journal["size"],
            )
        )
    yield f"SHA-256: {answer['sha256']}"
