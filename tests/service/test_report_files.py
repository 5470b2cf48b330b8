"""Reports from a file on the command line and by two people at once."""

from pathlib import Path

from click.testing import CliRunner, Result
from sqlalchemy import func, select

from registry.assessment.demo import email
from registry.assessment.intake.drafts import submit_draft
from registry.assessment.models import Report, ReportDraft
from registry.assessment.services.report_drafts import start_draft
from registry.cli import main
from tests.support.assessment import World

HEADING = "number;regulation;issued_on;results.characteristic;results.statement"


def run(world: World, rows: list[str], *options: str) -> Result:
    path: Path = world.registry.settings.data_dir / "reports.csv"
    path.write_text("\n".join([HEADING, *rows]), "utf-8")
    arguments = ["import-reports", str(path), "--as", email("laboratory"), *options]
    return CliRunner().invoke(main, arguments, obj=world.registry)


def reports(world: World) -> int:
    with world.registry.units.reading() as session:
        return session.scalar(select(func.count()).select_from(Report)) or 0


GOOD = "A-1;QCVN 135:2024/BTTTT;1/11/2026;Khóa;Đạt"
BAD = "A-2;QCVN 135:2024/BTTTT;31/2/2026;Khóa;Đạt"


def test_all_or_none(world: World) -> None:
    before = reports(world)
    refused = run(world, [GOOD, BAD])
    assert refused.exit_code == 1
    assert "row 3, Date of issue (j): “31/2/2026”" in refused.output
    assert "0 of 2 reports submitted" in refused.output
    assert reports(world) == before
    done = run(world, [GOOD])
    assert done.exit_code == 0, done.output
    assert reports(world) == before + 1


def test_the_good_ones_or_none_yet(world: World) -> None:
    before = reports(world)
    assert "1 of 2 reports submitted" in run(world, [GOOD, BAD], "--choice", "good").output
    assert reports(world) == before + 1
    assert "0 of 1" in run(world, [GOOD.replace("A-1", "A-9")], "--choice", "drafts").output


def test_only_a_laboratory_may(world: World) -> None:
    path = world.registry.settings.data_dir / "reports.csv"
    path.write_text(HEADING, "utf-8")
    for name in ("business@demo.example", "nobody@demo.example"):
        arguments = ["import-reports", str(path), "--as", name]
        assert CliRunner().invoke(main, arguments, obj=world.registry).exit_code == 1


def test_a_draft_becomes_one_report_however_often_it_is_submitted(world: World) -> None:
    before = reports(world)
    with world.registry.units(world.actor("laboratory")) as uow:
        draft = start_draft(uow, world.report_data())
    made = set()
    for _ in range(3):
        with world.registry.units(world.actor("laboratory")) as uow:
            made.add(submit_draft(uow, draft.id))
    assert len(made) == 1
    assert reports(world) == before + 1
    with world.registry.units.reading() as session:
        assert session.scalars(select(ReportDraft)).one().report_id in made
