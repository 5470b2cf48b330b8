"""Derives notices and webhook messages; a worker also sends them, beside its other work."""

from concurrent.futures import Future, ThreadPoolExecutor

from registry.container import Registry
from registry.notices.services.delivering import Deliverer
from registry.notices.services.following import follow_notices
from registry.notices.services.mail import send_due_mail


def follow(registry: Registry) -> None:
    """Bring notices and what is to be sent up to the journal's end."""
    settings = registry.settings
    follow_notices(registry.units, settings.base_url, mail=settings.mail_server is not None)


class Sender:
    """Sends webhook messages and mail on threads of its own for as long as a worker runs."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._deliverer = Deliverer(registry.units, private=registry.settings.webhooks_private)
        self._mail = ThreadPoolExecutor(1, thread_name_prefix="mail")
        self._mailing: Future[int] | None = None

    def tick(self) -> None:
        """Begin to send what is due; never waits for another machine."""
        self._deliverer.tick()
        settings = self._registry.settings
        if settings.mail_server is None:
            return
        if self._mailing is not None:
            if not self._mailing.done():
                return
            # What went wrong in the program itself is the worker's to say.
            finished, self._mailing = self._mailing, None
            finished.result()
        self._mailing = self._mail.submit(
            send_due_mail,
            self._registry.units,
            settings.mail_server,
            settings.mail_from,
            settings.base_url,
        )

    def close(self) -> None:
        """Begin nothing more, and wait for what was begun."""
        self._deliverer.close()
        self._mail.shutdown(wait=True, cancel_futures=True)
