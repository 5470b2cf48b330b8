"""Facts gathered for many reports at once are those gathered for each alone."""

from sqlalchemy import event, select

from registry.assessment.models import Report
from registry.assessment.queries.acceptance import Gatherer, gather_facts, judge
from registry.history import AsOf
from tests.support.assessment import World


def test_many_reports_are_judged_as_each_alone(world: World) -> None:
    world.report()
    world.report(by="laboratory-kr", number="TN-2", results=[world.result(statement="fail")])
    world.report(
        number="TN-3", replaces="TN-1", results=[world.result(provider="demo-laboratory-kr")]
    )
    application = world.apply()
    world.report(number="TN-4", application=application.number)
    as_of, zone = AsOf(world.today), world.registry.clock.zone
    with world.registry.units.reading() as session:
        reports = session.scalars(select(Report).order_by(Report.id)).all()
        gatherer = Gatherer(session, as_of, zone)
        gatherer.prepare(reports)
        assert len(reports) > 3
        for report in reports:
            alone = gather_facts(session, report, as_of, zone)
            together = gatherer.facts(report)
            assert (together.report, together.obligation) == (alone.report, alone.obligation)
            assert together.facts == alone.facts
            assert judge(together, as_of) == judge(alone, as_of)


def test_a_prepared_batch_asks_the_database_a_bounded_number_of_times(world: World) -> None:
    for number in range(6):
        world.report(number=f"TN-{number}")
    with world.registry.units.reading() as session:
        reports = session.scalars(select(Report)).all()
        asked: list[str] = []
        gatherer = Gatherer(session, AsOf(world.today), world.registry.clock.zone)
        gatherer.prepare(reports)
        gatherer.facts(reports[0])
        event.listen(
            world.registry.engine,
            "before_cursor_execute",
            lambda *arguments: asked.append(arguments[2]),
        )
        for report in reports[1:]:
            gatherer.facts(report)
    assert asked == []
