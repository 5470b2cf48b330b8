"""One signed POST to somebody else's server, by the rules of Standard Webhooks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from registry.notices.services.addresses import Target, Unreachable, resolve
from registry.notices.services.deadline import Deadline

TIMEOUT = 10.0  # seconds for the whole exchange, from the connection to the status
_LONGEST_ERROR = 300
_LATE = "no complete answer in time"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message: where to, its id, its text, the secrets that sign it, and when it is sent."""

    url: str
    message_id: str
    body: str
    secrets: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it; ``status_code`` is None when nobody answered, ``error`` says why."""

    status_code: int | None
    error: str | None = None

    @property
    def taken(self) -> bool:
        """Whether the receiver took the message: any status from 200 to 299."""
        return self.status_code is not None and 200 <= self.status_code < 300


def signed_headers(message: Outgoing) -> dict[str, str]:
    """Return the headers that name and sign a message, one signature for each secret."""
    # Only the worker sends, so only it loads what signs.
    from standardwebhooks import Webhook  # noqa: PLC0415

    # The library takes the fields of the instant for UTC.
    signatures = [
        Webhook(secret).sign(message.message_id, message.at, message.body)
        for secret in message.secrets
    ]
    return {
        "Content-Type": "application/json",
        "User-Agent": "national-standards-registry",
        "webhook-id": message.message_id,
        "webhook-timestamp": str(int(message.at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def post(message: Outgoing, *, private: bool = False, timeout: float = TIMEOUT) -> Answer:
    """Send one message; never raises for what the other side does.

    No redirects, no proxies, no cookies, no more of the answer than its status; the
    connection goes to the address that was checked, whatever the name says meanwhile.
    After ``timeout`` seconds it is shut, also when bytes still come.
    """
    import requests  # noqa: PLC0415 - the worker alone needs it.

    try:
        target = resolve(message.url, private=private)
    except Unreachable as error:
        return Answer(None, str(error)[:_LONGEST_ERROR])
    headers = signed_headers(message) | {"Host": _host(message.url)}
    with Deadline(timeout) as deadline, requests.Session() as session:
        session.trust_env = False
        session.mount(f"{target.scheme}://", _pinned(target, deadline))
        try:
            response = session.post(
                message.url,
                data=message.body.encode(),
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
                stream=True,
            )
            response.close()
        except requests.RequestException as error:
            return Answer(None, _LATE if deadline.passed else _said(error))
        if deadline.passed:
            # The end of a connection that was shut reads like the end of the headers.
            return Answer(None, _LATE)
    return Answer(response.status_code)


def _pinned(target: Target, deadline: Deadline) -> Any:
    """Return a transport that connects to the checked address, in the name that was asked for."""
    from requests.adapters import HTTPAdapter  # noqa: PLC0415

    class PinnedAdapter(HTTPAdapter):
        def build_connection_pool_key_attributes(
            self, request: Any, verify: Any, cert: Any = None
        ) -> tuple[Any, Any]:
            host_parameters, pool = super().build_connection_pool_key_attributes(
                request, verify, cert
            )
            host_parameters["host"] = target.address
            if target.scheme == "https":
                pool |= {"server_hostname": target.host, "assert_hostname": target.host}
            return host_parameters, pool

        def get_connection_with_tls_context(self, *args: Any, **options: Any) -> Any:
            pool = super().get_connection_with_tls_context(*args, **options)
            pool.ConnectionCls = deadline.watching(pool.ConnectionCls)
            return pool

    return PinnedAdapter(max_retries=0)


def _host(url: str) -> str:
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2]


def _said(error: Exception) -> str:
    """Return an error in a line, without the addresses that its text repeats."""
    cause: BaseException = error
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
    return f"{type(error).__name__}: {cause}"[:_LONGEST_ERROR]
