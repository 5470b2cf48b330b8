"""The one source of "now": instants are UTC, dates are the register's local dates."""

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """What the rest of the code asks for the time; tests pass a fixed one."""

    zone: ZoneInfo

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...

    def today(self) -> date:
        """Return the present date where the register is kept."""
        ...


class SystemClock:
    """The machine's clock, with the register's time zone for dates."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone

    def now(self) -> datetime:
        """Return the present instant in UTC, to the microsecond."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return today's date in the register's time zone."""
        return datetime.now(self.zone).date()


class FixedClock:
    """A clock that stands still until it is set; for tests and for replays."""

    def __init__(self, instant: datetime, zone: ZoneInfo) -> None:
        self.instant = instant
        self.zone = zone

    def now(self) -> datetime:
        """Return the instant it was set to, in UTC."""
        return self.instant.astimezone(UTC)

    def today(self) -> date:
        """Return the local date of the instant it was set to."""
        return self.instant.astimezone(self.zone).date()
