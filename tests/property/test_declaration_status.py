"""A declaration has one status a day, and none of its certificate's making."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from registry.assessment import states
from registry.assessment.rules.declaration_status import WITHOUT_BASIS, declaration_status
from registry.assessment.status import status_on
from tests.property.test_certificate_status import Event, Period, days, events, periods

KEYS = {
    states.NOT_YET_IN_FORCE,
    states.IN_FORCE,
    "suspended",
    "withdrawn",
    "replaced",
    "expired",
    WITHOUT_BASIS,
}

certificates = st.none() | st.tuples(periods, events)
own_events = st.lists(
    st.builds(Event, st.sampled_from(["registered", "suspended", "reinstated", "withdrawn"]), days),
    max_size=5,
)
Basis = tuple[Period, list[Event]]


@given(periods, own_events, certificates, days)
def test_every_day_has_one_status(
    period: Period, known: list[Event], certificate: Basis | None, day: date
) -> None:
    status = declaration_status(period, known, certificate, day)
    assert status.key in KEYS
    assert status.since is None or status.since <= day
    assert (status.since is None) == (status.key == states.NOT_YET_IN_FORCE)


@given(periods, own_events, st.tuples(periods, events), days)
def test_without_basis_follows_the_certificate_and_nothing_else(
    period: Period, known: list[Event], certificate: Basis, day: date
) -> None:
    status = declaration_status(period, known, certificate, day)
    own = status_on(period, known, day)
    basis = status_on(*certificate, day)
    if own.key != states.IN_FORCE:
        # A certificate can neither save nor change what the declaration itself lost.
        assert status.key == own.key
    else:
        in_force = basis.key == states.IN_FORCE
        assert status.key == (states.IN_FORCE if in_force else WITHOUT_BASIS)


@given(periods, own_events, days)
def test_without_a_certificate_the_status_is_its_own(
    period: Period, known: list[Event], day: date
) -> None:
    status, own = declaration_status(period, known, None, day), status_on(period, known, day)
    assert (status.key, status.since, status.basis) == (own.key, own.since, None)


@given(periods, own_events, st.tuples(periods, events), st.lists(days, max_size=3), days)
def test_what_befalls_the_certificate_later_changes_nothing_before(
    period: Period,
    known: list[Event],
    certificate: Basis,
    later: list[date],
    day: date,
) -> None:
    held, happened = certificate
    coming = [Event("withdrawn", on) for on in later if on > day]
    before = declaration_status(period, known, certificate, day)
    assert declaration_status(period, known, (held, [*happened, *coming]), day) == before
