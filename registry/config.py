"""Settings, read once from ``REGISTRY_…`` environment variables, each with a safe default."""

import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from registry.errors import Invalid
from registry.messages import Message

PROJECT_ROOT = Path(__file__).resolve().parent.parent
TEMPLATE_FOLDER = PROJECT_ROOT / "templates"
STATIC_FOLDER = PROJECT_ROOT / "static"
MIGRATION_FOLDER = PROJECT_ROOT / "migrations"

LANGUAGES = ("vi", "en")
MAX_REQUEST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SigningSettings:
    """What documents and credentials are signed with; where nothing is named, a trial key.

    ``document_key`` is a PKCS#12 file with its password; ``token_…`` name a PKCS#11
    module, a token, the label of key and certificate on it, and its PIN.
    ``credential_key`` is a PEM file. ``timestamp_url`` is an RFC 3161 authority.
    """

    document_key: Path | None = None
    document_key_password: str | None = field(default=None, repr=False)
    token_module: Path | None = None
    token: str | None = None
    token_key: str | None = None
    token_pin: str | None = field(default=None, repr=False)
    credential_key: Path | None = None
    timestamp_url: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything about one running registry that its operator may choose."""

    data_dir: Path
    database_url: str
    secret_key: str
    base_url: str
    language: str
    zone: ZoneInfo
    number_prefix: str
    rate_limit_storage: str
    secure_cookies: bool
    own_journal_key: Path | None
    trusted_proxies: int
    attachment_megabytes: int
    upload_days: int
    signing: SigningSettings = SigningSettings()
    mail_server: str | None = field(default=None, repr=False)
    mail_from: str = "registry@localhost"
    webhooks_private: bool = False

    @property
    def index_dir(self) -> Path:
        """Folder of the search index; derived, may be deleted and rebuilt."""
        return self.data_dir / "index"

    @property
    def files_dir(self) -> Path:
        """Folder of files stored by content hash."""
        return self.data_dir / "files"

    @property
    def attachments_dir(self) -> Path:
        """Folder of the files of reports, by content hash; apart, because some are deleted."""
        return self.files_dir / "attachments"

    @property
    def uploads_dir(self) -> Path:
        """Folder of the files that are still being sent."""
        return self.data_dir / "uploads"

    @property
    def journal_key(self) -> Path:
        """File of the key that signs the journal's checkpoints."""
        return self.own_journal_key or self.data_dir / "journal-key"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from ``environ`` (the process's own by default).

    Creates the data folder, and in it a secret key when none is given: a key
    that differs at each start would sign everybody out, and a default key
    would let anyone sign in. Raises ``Invalid`` naming the variable to mend.
    """
    env = os.environ if environ is None else environ
    data_dir = Path(env.get("REGISTRY_DATA_DIR") or PROJECT_ROOT / "data").resolve()
    # It holds password hashes and sealed facts: nobody else on the machine may look.
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    port = env.get("PORT") or "8000"
    base_url = (env.get("REGISTRY_BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/")
    return Settings(
        data_dir=data_dir,
        database_url=env.get("REGISTRY_DATABASE_URL") or f"sqlite:///{data_dir / 'registry.db'}",
        secret_key=env.get("REGISTRY_SECRET_KEY")
        or stored_secret(data_dir / "secret-key", lambda: secrets.token_urlsafe(48)),
        base_url=base_url,
        language=_language(env.get("REGISTRY_LANGUAGE") or LANGUAGES[0]),
        zone=_zone(env.get("REGISTRY_TIME_ZONE") or "Asia/Ho_Chi_Minh"),
        number_prefix=env.get("REGISTRY_NUMBER_PREFIX") or "VN",
        rate_limit_storage=env.get("REGISTRY_RATE_LIMIT_STORAGE") or "memory://",
        trusted_proxies=_count(env.get("REGISTRY_TRUSTED_PROXIES")),
        attachment_megabytes=_positive(env, "REGISTRY_ATTACHMENT_MEGABYTES", 64, 4_096),
        upload_days=_positive(env, "REGISTRY_UPLOAD_DAYS", 7, 366),
        mail_server=_mail_server(env.get("REGISTRY_MAIL_SERVER")),
        mail_from=env.get("REGISTRY_MAIL_FROM") or "registry@localhost",
        webhooks_private=env.get("REGISTRY_WEBHOOKS_PRIVATE") == "1",
        secure_cookies=base_url.startswith("https://"),
        own_journal_key=Path(key).resolve() if (key := env.get("REGISTRY_JOURNAL_KEY")) else None,
        signing=_signing(env),
    )


def _signing(env: Mapping[str, str]) -> SigningSettings:
    return SigningSettings(
        document_key=_path(env.get("REGISTRY_DOCUMENT_KEY")),
        document_key_password=_secret(env, "REGISTRY_DOCUMENT_KEY_PASSWORD"),
        token_module=_path(env.get("REGISTRY_PKCS11_MODULE")),
        token=env.get("REGISTRY_PKCS11_TOKEN") or None,
        token_key=env.get("REGISTRY_PKCS11_KEY") or None,
        token_pin=_secret(env, "REGISTRY_PKCS11_PIN"),
        credential_key=_path(env.get("REGISTRY_CREDENTIAL_KEY")),
        timestamp_url=env.get("REGISTRY_TIMESTAMP_URL") or None,
    )


def _path(text: str | None) -> Path | None:
    return Path(text).resolve() if text else None


def _secret(env: Mapping[str, str], name: str) -> str | None:
    """Return the secret ``name``, or what the file that ``name_FILE`` names holds."""
    file = env.get(f"{name}_FILE")
    if not file:
        return env.get(name)
    try:
        return Path(file).read_text("utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        message = Message("This file cannot be read: {why}", why=str(error))
        raise Invalid.one(f"{name}_FILE", message) from None


def _count(text: str | None) -> int:
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or int(text) > 10:
        raise Invalid.one(
            "REGISTRY_TRUSTED_PROXIES", "Write how many proxies stand in front: 0 to 10."
        )
    return int(text)


def _positive(env: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= most:
        raise Invalid.one(name, Message("Write a whole number from 1 to {most}.", most=most))
    return int(text)


def _mail_server(address: str | None) -> str | None:
    if not address:
        return None
    parts = urlsplit(address)
    try:
        named = parts.hostname and parts.scheme in ("smtp", "smtps") and parts.port != 0
    except ValueError:
        named = False
    if not named:
        raise Invalid.one(
            "REGISTRY_MAIL_SERVER", "Write the server as smtp://name:port or smtps://name:port."
        )
    return address


def _language(code: str) -> str:
    if code not in LANGUAGES:
        message = Message("Choose one of: {keys}.", keys=", ".join(LANGUAGES))
        raise Invalid.one("REGISTRY_LANGUAGE", message)
    return code


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = Message("There is no time zone “{name}”.", name=name)
        raise Invalid.one("REGISTRY_TIME_ZONE", message) from None


def stored_secret(path: Path, make: Callable[[], str]) -> str:
    """Return the secret kept at ``path``, making it, readable by its owner only, when absent."""
    if not path.exists():
        # Written apart and then linked: of two processes that start at once, neither
        # can read the other's half-written key.
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".secret-")
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(make())
        with suppress(FileExistsError):
            os.link(temporary, path)
        Path(temporary).unlink()
    return path.read_text(encoding="ascii")
