"""Commands for reports: a filled template, submitted in a laboratory's name."""

from pathlib import Path

import click

from registry.accounts.queries import user_by_email
from registry.accounts.services.authentication import actor_for_user
from registry.assessment.intake.report_files import (
    CHOICES,
    DRAFTS,
    keep_file,
    outcomes,
    submit_batch,
)
from registry.container import Registry
from registry.errors import Invalid


@click.command("import-reports")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "email", required=True, help="Account of the laboratory that submits.")
@click.option(
    "--choice",
    type=click.Choice(CHOICES),
    default=CHOICES[0],
    show_default=True,
    help="All reports or none, the good ones only, or drafts to be looked at.",
)
@click.pass_obj
def import_reports_command(registry: Registry, path: Path, email: str, choice: str) -> None:
    """Submit the reports of a filled template PATH, XLSX or CSV."""
    zone = registry.settings.zone
    with registry.units.reading() as session:
        user = user_by_email(session, email)
        actor = actor_for_user(session, user.id, registry.clock.today())
    with registry.units(actor) as uow:
        batch = keep_file(uow, path.name, path.read_bytes(), language="en", say=str, zone=zone)
    refused: Invalid | None = None
    if choice != DRAFTS:
        try:
            submit_batch(registry.units, actor, batch, choice, zone)
        except Invalid as error:
            refused = error
    with registry.units.reading() as session:
        found = outcomes(session, registry.units, actor, batch, zone)
    for one in found:
        for cell in one.draft.origin.get("cells", []):
            place = f"row {cell['row']}, {cell['column']}"
            click.echo(f"  {place}: “{cell['value']}”: {cell['reason']}")
    submitted = sum(one.report_id is not None for one in found)
    click.echo(f"{submitted} of {len(found)} reports submitted; the others are drafts.")
    if refused is not None:
        raise refused
