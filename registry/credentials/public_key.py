"""What the register is told of a key: everything but the secret."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key; see ``registry.credentials.models.SigningKey`` for its members."""

    key_id: str
    use: str
    algorithm: str
    jwk: dict[str, Any]
    certificate: bytes | None
    trial: bool
    valid_from: datetime
    valid_until: datetime | None
