"""What laboratories submit and business declares, tasks and notices, keys and credentials."""

import sqlalchemy as sa
from alembic import op

from registry import append_only

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


# Rows that never change once they are there.
FIXED = (
    "certificate_document",
    "declaration",
    "declaration_document",
    "declaration_edition",
    "declaration_registration",
    "foreign_laboratory",
    "foreign_result",
    "information_answer_file",
    "report_attachment",
    "report_request",
    "report_request_content",
    "status_index",
)

# Facts: a row may only be ended, once; the columns named never change.
FACTS = {
    "application_reliance": ("application_id", "report_id", "id", "known_from"),
    "arrangement_succession": (
        "arrangement_id",
        "predecessor_id",
        "transition_until",
        "source",
        "id",
        "known_from",
    ),
    "body_address": (
        "body_id",
        "kind",
        "address",
        "province",
        "country",
        "valid_from",
        "valid_until",
        "id",
        "known_from",
    ),
    "body_contact": (
        "body_id",
        "purpose",
        "name",
        "email",
        "phone",
        "valid_from",
        "valid_until",
        "id",
        "known_from",
    ),
    "body_identifier": (
        "body_id",
        "scheme",
        "value",
        "valid_from",
        "valid_until",
        "id",
        "known_from",
    ),
    "certificate_replacement": (
        "application_id",
        "certificate_id",
        "ground",
        "reason",
        "id",
        "known_from",
    ),
    "certificate_version": (
        "certificate_id",
        "version",
        "kind",
        "snapshot",
        "digest",
        "valid_from",
        "valid_until",
        "effective_on",
        "reason",
        "decided_by_user_id",
        "id",
        "known_from",
    ),
    "declaration_event": (
        "declaration_id",
        "kind",
        "effective_on",
        "reason",
        "decided_by_user_id",
        "id",
        "known_from",
    ),
    "declaration_record": (
        "declaration_id",
        "state",
        "state_since",
        "findings",
        "reasons",
        "decided_by_user_id",
        "id",
        "known_from",
    ),
    "foreign_decision": (
        "foreign_result_id",
        "arrangement_id",
        "on_date",
        "outcome",
        "conditions",
        "id",
        "known_from",
    ),
    "foreign_decision_reason": ("foreign_result_id", "condition", "reason", "id", "known_from"),
    "foreign_laboratory_link": ("laboratory_id", "body_id", "id", "known_from"),
    "foreign_list": ("scheme", "read_on", "sha256", "counts", "id", "known_from"),
    "foreign_reliance": ("foreign_result_id", "subject", "since", "id", "known_from"),
    "foreign_result_record": (
        "foreign_result_id",
        "product",
        "issued_on",
        "valid_until",
        "content",
        "digest",
        "id",
        "known_from",
    ),
    "foreign_result_status": (
        "foreign_result_id",
        "kind",
        "effective_on",
        "effective_after",
        "effective_by",
        "id",
        "known_from",
    ),
    "foreign_validation": ("foreign_result_id", "laboratory_id", "id", "known_from"),
    "information_request_record": (
        "request_id",
        "state",
        "text",
        "due_on",
        "asked_on",
        "asked_by_user_id",
        "closed_on",
        "answer",
        "answered_by_user_id",
        "id",
        "known_from",
    ),
    "report_request_record": (
        "request_id",
        "content_position",
        "state",
        "problems",
        "report_id",
        "id",
        "known_from",
    ),
    "signing_key": (
        "key_id",
        "use",
        "algorithm",
        "jwk",
        "certificate",
        "trial",
        "valid_from",
        "valid_until",
        "retired_on",
        "compromised_since",
        "id",
        "known_from",
    ),
    "surveillance_record": (
        "surveillance_id",
        "state",
        "planned_on",
        "activity",
        "done_on",
        "result",
        "note",
        "id",
        "known_from",
    ),
    "task_record": (
        "task_id",
        "state",
        "state_since",
        "role",
        "assigned_user_id",
        "due_on",
        "reason",
        "id",
        "known_from",
    ),
}


def upgrade() -> None:
    op.create_table(
        "foreign_laboratory",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_laboratory")),
        sa.UniqueConstraint("name_key", name=op.f("uq_foreign_laboratory_name_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_foreign_laboratory_slug")),
    )
    op.create_table(
        "foreign_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("through", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_review")),
    )
    op.create_table(
        "notice_progress",
        sa.Column("follower", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("follower", name=op.f("pk_notice_progress")),
    )
    op.create_table(
        "status_list_copy",
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("list_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("purpose", "list_number", name=op.f("pk_status_list_copy")),
    )
    op.create_table(
        "surveillance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveillance")),
    )
    with op.batch_alter_table("surveillance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_surveillance_subject"), ["subject"], unique=False)

    op.create_table(
        "arrangement_succession",
        sa.Column("arrangement_id", sa.Integer(), nullable=False),
        sa.Column("predecessor_id", sa.Integer(), nullable=False),
        sa.Column("transition_until", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["arrangement_id"],
            ["arrangement.id"],
            name=op.f("fk_arrangement_succession_arrangement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_arrangement_succession_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_arrangement_succession_known_until"),
        ),
        sa.ForeignKeyConstraint(
            ["predecessor_id"],
            ["arrangement.id"],
            name=op.f("fk_arrangement_succession_predecessor_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangement_succession")),
    )
    with op.batch_alter_table("arrangement_succession", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_arrangement_succession_arrangement_id"), ["arrangement_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_arrangement_succession_known_from"), ["known_from"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_arrangement_succession_predecessor_id"), ["predecessor_id"], unique=False
        )

    op.create_table(
        "foreign_list",
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_foreign_list_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_foreign_list_known_until")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_list")),
    )
    with op.batch_alter_table("foreign_list", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_foreign_list_known_from"), ["known_from"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_foreign_list_scheme"), ["scheme"], unique=False)

    op.create_table(
        "notice",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_notice_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["position"], ["journal_entry.position"], name=op.f("fk_notice_position")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "position", name=op.f("pk_notice")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notice_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("first_position", sa.Integer(), nullable=False),
        sa.Column("last_position", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_notice_mail_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_mail")),
    )
    with op.batch_alter_table("notice_mail", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notice_mail_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_notice_mail_state"), ["state"], unique=False)

    op.create_table(
        "signing_key",
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("jwk", sa.JSON(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=True),
        sa.Column("trial", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("compromised_since", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_signing_key_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_signing_key_known_until")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
    )
    with op.batch_alter_table("signing_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signing_key_key_id"), ["key_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signing_key_known_from"), ["known_from"], unique=False)

    op.create_table(
        "status_index",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("list_number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("assigned_position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_position"],
            ["journal_entry.position"],
            name=op.f("fk_status_index_assigned_position"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_index")),
        sa.UniqueConstraint("list_number", "place", name=op.f("uq_status_index_list_number_place")),
        sa.UniqueConstraint("subject", "version", name=op.f("uq_status_index_subject_version")),
    )
    op.create_table(
        "surveillance_record",
        sa.Column("surveillance_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_surveillance_record_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_surveillance_record_known_until"),
        ),
        sa.ForeignKeyConstraint(
            ["surveillance_id"],
            ["surveillance.id"],
            name=op.f("fk_surveillance_record_surveillance_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveillance_record")),
    )
    with op.batch_alter_table("surveillance_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_surveillance_record_known_from"), ["known_from"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_surveillance_record_surveillance_id"), ["surveillance_id"], unique=False
        )

    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("cause_kind", sa.Text(), nullable=False),
        sa.Column("cause_from", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["opened_position"], ["journal_entry.position"], name=op.f("fk_task_opened_position")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_cause"), ["cause"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_subject"), ["subject"], unique=False)

    op.create_table(
        "application_draft",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_as", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_application_draft_user_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_application_draft")),
    )
    with op.batch_alter_table("application_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_draft_user_id"), ["user_id"], unique=False)

    op.create_table(
        "body_address",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_body_address_body_id")),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_body_address_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_body_address_known_until")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_address")),
    )
    with op.batch_alter_table("body_address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_body_address_body_id"), ["body_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_body_address_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "body_contact",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_body_contact_body_id")),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_body_contact_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_body_contact_known_until")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_contact")),
    )
    with op.batch_alter_table("body_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_body_contact_body_id"), ["body_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_body_contact_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "body_identifier",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_body_identifier_body_id")),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_body_identifier_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_body_identifier_known_until")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_identifier")),
    )
    with op.batch_alter_table("body_identifier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_body_identifier_body_id"), ["body_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_body_identifier_known_from"), ["known_from"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_body_identifier_value"), ["value"], unique=False)

    op.create_table(
        "calendar_address",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("secret_sha256", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_calendar_address_user_id")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_calendar_address")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_calendar_address_secret_sha256")),
    )
    op.create_table(
        "foreign_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_user_id", sa.Integer(), nullable=True),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["uploaded_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_foreign_import_uploaded_by_user_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_import")),
    )
    with op.batch_alter_table("foreign_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_foreign_import_phase"), ["phase"], unique=False)
        batch_op.create_index(batch_op.f("ix_foreign_import_scheme"), ["scheme"], unique=False)

    op.create_table(
        "foreign_laboratory_link",
        sa.Column("laboratory_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_foreign_laboratory_link_body_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_foreign_laboratory_link_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_foreign_laboratory_link_known_until"),
        ),
        sa.ForeignKeyConstraint(
            ["laboratory_id"],
            ["foreign_laboratory.id"],
            name=op.f("fk_foreign_laboratory_link_laboratory_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_laboratory_link")),
    )
    with op.batch_alter_table("foreign_laboratory_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_foreign_laboratory_link_body_id"), ["body_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_foreign_laboratory_link_known_from"), ["known_from"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_foreign_laboratory_link_laboratory_id"), ["laboratory_id"], unique=False
        )

    op.create_table(
        "foreign_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["body.id"], name=op.f("fk_foreign_result_issuer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_result")),
        sa.UniqueConstraint("scheme", "number", name=op.f("uq_foreign_result_scheme_number")),
    )
    with op.batch_alter_table("foreign_result", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_foreign_result_issuer_id"), ["issuer_id"], unique=False
        )

    op.create_table(
        "notice_read",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_notice_read_user_id")
        ),
        sa.PrimaryKeyConstraint("user_id", "position", name=op.f("pk_notice_read")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "report_request",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_report_request_body_id")),
        sa.ForeignKeyConstraint(
            ["id"], ["journal_entry.position"], name=op.f("fk_report_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_request")),
    )
    with op.batch_alter_table("report_request", schema=None) as batch_op:
        batch_op.create_index(
            "ix_report_request_body_id_number", ["body_id", "number"], unique=False
        )

    op.create_table(
        "sheet_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_user_id", sa.Integer(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("choice", sa.Text(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["uploaded_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_sheet_import_uploaded_by_user_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_import")),
    )
    with op.batch_alter_table("sheet_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_import_subject"), ["subject"], unique=False)

    op.create_table(
        "task_record",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("assigned_user_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assigned_user_id"], ["user_account.id"], name=op.f("fk_task_record_assigned_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_task_record_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_task_record_known_until")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_record_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_record")),
    )
    with op.batch_alter_table("task_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_record_known_from"), ["known_from"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_record_task_id"), ["task_id"], unique=False)

    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_upload_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_upload_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("key", name=op.f("uq_upload_key")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_created_at"), ["created_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_upload_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_upload_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_upload_user_id"), ["user_id"], unique=False)

    op.create_table(
        "webhook_endpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("event_types", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=True),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("previous_secret", sa.Text(), nullable=True),
        sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("from_position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_user_id", sa.Integer(), nullable=False),
        sa.Column("last_success_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_webhook_endpoint_created_by_user_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_webhook_endpoint_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoint")),
    )
    with op.batch_alter_table("webhook_endpoint", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_webhook_endpoint_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "foreign_decision",
        sa.Column("foreign_result_id", sa.Integer(), nullable=False),
        sa.Column("arrangement_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["arrangement_id"], ["arrangement.id"], name=op.f("fk_foreign_decision_arrangement_id")
        ),
        sa.ForeignKeyConstraint(
            ["foreign_result_id"],
            ["foreign_result.id"],
            name=op.f("fk_foreign_decision_foreign_result_id"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_foreign_decision_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_foreign_decision_known_until"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_decision")),
    )
    with op.batch_alter_table("foreign_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_foreign_decision_arrangement_id"), ["arrangement_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_foreign_decision_foreign_result_id"), ["foreign_result_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_foreign_decision_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "foreign_decision_reason",
        sa.Column("foreign_result_id", sa.Integer(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["foreign_result_id"],
            ["foreign_result.id"],
            name=op.f("fk_foreign_decision_reason_foreign_result_id"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_foreign_decision_reason_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_foreign_decision_reason_known_until"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_decision_reason")),
    )
    with op.batch_alter_table("foreign_decision_reason", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_foreign_decision_reason_foreign_result_id"),
            ["foreign_result_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_foreign_decision_reason_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "foreign_reliance",
        sa.Column("foreign_result_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["foreign_result_id"],
            ["foreign_result.id"],
            name=op.f("fk_foreign_reliance_foreign_result_id"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_foreign_reliance_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_foreign_reliance_known_until"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_reliance")),
    )
    with op.batch_alter_table("foreign_reliance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_foreign_reliance_foreign_result_id"), ["foreign_result_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_foreign_reliance_known_from"), ["known_from"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_foreign_reliance_subject"), ["subject"], unique=False)

    op.create_table(
        "foreign_result_record",
        sa.Column("foreign_result_id", sa.Integer(), nullable=False),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["foreign_result_id"],
            ["foreign_result.id"],
            name=op.f("fk_foreign_result_record_foreign_result_id"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_foreign_result_record_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_foreign_result_record_known_until"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_result_record")),
    )
    with op.batch_alter_table("foreign_result_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_foreign_result_record_foreign_result_id"),
            ["foreign_result_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_foreign_result_record_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "foreign_result_status",
        sa.Column("foreign_result_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("effective_after", sa.Date(), nullable=True),
        sa.Column("effective_by", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["foreign_result_id"],
            ["foreign_result.id"],
            name=op.f("fk_foreign_result_status_foreign_result_id"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_foreign_result_status_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_foreign_result_status_known_until"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_result_status")),
    )
    with op.batch_alter_table("foreign_result_status", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_foreign_result_status_foreign_result_id"),
            ["foreign_result_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_foreign_result_status_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "foreign_validation",
        sa.Column("foreign_result_id", sa.Integer(), nullable=False),
        sa.Column("laboratory_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["foreign_result_id"],
            ["foreign_result.id"],
            name=op.f("fk_foreign_validation_foreign_result_id"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_foreign_validation_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_foreign_validation_known_until"),
        ),
        sa.ForeignKeyConstraint(
            ["laboratory_id"],
            ["foreign_laboratory.id"],
            name=op.f("fk_foreign_validation_laboratory_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foreign_validation")),
    )
    with op.batch_alter_table("foreign_validation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_foreign_validation_foreign_result_id"),
            ["foreign_result_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_foreign_validation_known_from"), ["known_from"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_foreign_validation_laboratory_id"), ["laboratory_id"], unique=False
        )

    op.create_table(
        "information_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_information_request_application_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_request")),
    )
    with op.batch_alter_table("information_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_information_request_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "report_request_content",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sent_by_user_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["position"],
            ["journal_entry.position"],
            name=op.f("fk_report_request_content_position"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["report_request.id"], name=op.f("fk_report_request_content_request_id")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_report_request_content_sent_by_user_id"),
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_report_request_content")),
    )
    with op.batch_alter_table("report_request_content", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_report_request_content_request_id"), ["request_id"], unique=False
        )

    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("endpoint_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoint.id"], name=op.f("fk_webhook_delivery_endpoint_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("message_id", name=op.f("uq_webhook_delivery_message_id")),
    )
    with op.batch_alter_table("webhook_delivery", schema=None) as batch_op:
        batch_op.create_index("ix_webhook_delivery_due", ["state", "next_attempt_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_webhook_delivery_endpoint_id"), ["endpoint_id"], unique=False
        )

    op.create_table(
        "application_reliance",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_application_reliance_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_application_reliance_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_application_reliance_known_until"),
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_application_reliance_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_reliance")),
    )
    with op.batch_alter_table("application_reliance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_reliance_application_id"), ["application_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_application_reliance_known_from"), ["known_from"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_application_reliance_report_id"), ["report_id"], unique=False
        )

    op.create_table(
        "information_answer_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["information_request.id"],
            name=op.f("fk_information_answer_file_request_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_answer_file")),
        sa.UniqueConstraint(
            "request_id", "sha256", name=op.f("uq_information_answer_file_request_id_sha256")
        ),
    )
    with op.batch_alter_table("information_answer_file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_information_answer_file_sha256"), ["sha256"], unique=False
        )

    op.create_table(
        "information_request_record",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_by_user_id", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by_user_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_information_request_record_answered_by_user_id"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_information_request_record_asked_by_user_id"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_information_request_record_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_information_request_record_known_until"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["information_request.id"],
            name=op.f("fk_information_request_record_request_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_request_record")),
    )
    with op.batch_alter_table("information_request_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_information_request_record_known_from"), ["known_from"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_information_request_record_request_id"), ["request_id"], unique=False
        )

    op.create_table(
        "report_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_report_attachment_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_attachment")),
        sa.UniqueConstraint(
            "report_id", "sha256", name=op.f("uq_report_attachment_report_id_sha256")
        ),
    )
    with op.batch_alter_table("report_attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_attachment_sha256"), ["sha256"], unique=False)

    op.create_table(
        "report_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=True),
        sa.Column("origin", sa.JSON(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_report_draft_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_report_draft_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_report_draft_report_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_report_draft_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_draft")),
    )
    with op.batch_alter_table("report_draft", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_report_draft_application_id"), ["application_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_report_draft_batch"), ["batch"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_report_draft_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_report_draft_report_id"), ["report_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_draft_user_id"), ["user_id"], unique=False)

    op.create_table(
        "report_request_record",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("content_position", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=True),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["content_position"],
            ["report_request_content.position"],
            name=op.f("fk_report_request_record_content_position"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_report_request_record_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_report_request_record_known_until"),
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_report_request_record_report_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["report_request.id"], name=op.f("fk_report_request_record_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_request_record")),
    )
    with op.batch_alter_table("report_request_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_report_request_record_known_from"), ["known_from"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_report_request_record_report_id"), ["report_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_report_request_record_request_id"), ["request_id"], unique=False
        )
        batch_op.create_index(
            "ix_report_request_record_state_known_until", ["state", "known_until"], unique=False
        )

    op.create_table(
        "webhook_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["webhook_delivery.id"], name=op.f("fk_webhook_attempt_delivery_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_attempt")),
    )
    with op.batch_alter_table("webhook_attempt", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_webhook_attempt_delivery_id"), ["delivery_id"], unique=False
        )

    op.create_table(
        "certificate_claim",
        sa.Column("certificate_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_claim_certificate_id")
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_certificate_claim")),
    )
    op.create_table(
        "certificate_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("unsigned_sha256", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_certificate_document_certificate_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_document")),
    )
    with op.batch_alter_table("certificate_document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_document_certificate_id"), ["certificate_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_document_sha256"), ["sha256"], unique=False
        )

    op.create_table(
        "certificate_replacement",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_certificate_replacement_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_certificate_replacement_certificate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_certificate_replacement_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_certificate_replacement_known_until"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_replacement")),
        sa.UniqueConstraint(
            "application_id", name=op.f("uq_certificate_replacement_application_id")
        ),
    )
    with op.batch_alter_table("certificate_replacement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_replacement_certificate_id"),
            ["certificate_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_replacement_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "certificate_version",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by_user_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_certificate_version_certificate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_certificate_version_decided_by_user_id"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_certificate_version_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_certificate_version_known_until"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_version")),
        sa.UniqueConstraint(
            "certificate_id", "version", name=op.f("uq_certificate_version_certificate_id_version")
        ),
    )
    with op.batch_alter_table("certificate_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_version_certificate_id"), ["certificate_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_version_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("certificate_number", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("submitted_by_user_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_number"],
            ["certificate.number"],
            name=op.f("fk_declaration_certificate_number"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_declaration_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_declaration_submitted_by_user_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
        sa.UniqueConstraint("number", name=op.f("uq_declaration_number")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_declaration_year_serial")),
    )
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_declaration_certificate_number"), ["certificate_number"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_declaration_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "declaration_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("declaration_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declaration.id"],
            name=op.f("fk_declaration_document_declaration_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration_document")),
        sa.UniqueConstraint(
            "declaration_id", "sha256", name=op.f("uq_declaration_document_declaration_id_sha256")
        ),
    )
    with op.batch_alter_table("declaration_document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_declaration_document_sha256"), ["sha256"], unique=False
        )

    op.create_table(
        "declaration_edition",
        sa.Column("declaration_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declaration.id"],
            name=op.f("fk_declaration_edition_declaration_id"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_declaration_edition_edition_id")
        ),
        sa.PrimaryKeyConstraint(
            "declaration_id", "edition_id", name=op.f("pk_declaration_edition")
        ),
    )
    with op.batch_alter_table("declaration_edition", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_declaration_edition_edition_id"), ["edition_id"], unique=False
        )

    op.create_table(
        "declaration_event",
        sa.Column("declaration_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by_user_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_declaration_event_decided_by_user_id"),
        ),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declaration.id"], name=op.f("fk_declaration_event_declaration_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_declaration_event_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_declaration_event_known_until"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration_event")),
    )
    with op.batch_alter_table("declaration_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_declaration_event_declaration_id"), ["declaration_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_declaration_event_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "declaration_file",
        sa.Column("declaration_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declaration.id"], name=op.f("fk_declaration_file_declaration_id")
        ),
        sa.PrimaryKeyConstraint("declaration_id", name=op.f("pk_declaration_file")),
    )
    op.create_table(
        "declaration_record",
        sa.Column("declaration_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("decided_by_user_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_declaration_record_decided_by_user_id"),
        ),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declaration.id"],
            name=op.f("fk_declaration_record_declaration_id"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_declaration_record_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_declaration_record_known_until"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration_record")),
    )
    with op.batch_alter_table("declaration_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_declaration_record_declaration_id"), ["declaration_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_declaration_record_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "declaration_registration",
        sa.Column("declaration_id", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("registered_position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declaration.id"],
            name=op.f("fk_declaration_registration_declaration_id"),
        ),
        sa.ForeignKeyConstraint(
            ["registered_position"],
            ["journal_entry.position"],
            name=op.f("fk_declaration_registration_registered_position"),
        ),
        sa.PrimaryKeyConstraint("declaration_id", name=op.f("pk_declaration_registration")),
    )

    connection = op.get_bind()
    for table in FIXED:
        append_only.protect(connection, table)
    for table, columns in FACTS.items():
        append_only.protect(connection, table, columns)


def downgrade() -> None:
    op.drop_table("declaration_registration")
    with op.batch_alter_table("declaration_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_declaration_record_known_from"))
        batch_op.drop_index(batch_op.f("ix_declaration_record_declaration_id"))

    op.drop_table("declaration_record")
    op.drop_table("declaration_file")
    with op.batch_alter_table("declaration_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_declaration_event_known_from"))
        batch_op.drop_index(batch_op.f("ix_declaration_event_declaration_id"))

    op.drop_table("declaration_event")
    with op.batch_alter_table("declaration_edition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_declaration_edition_edition_id"))

    op.drop_table("declaration_edition")
    with op.batch_alter_table("declaration_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_declaration_document_sha256"))

    op.drop_table("declaration_document")
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_declaration_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_declaration_certificate_number"))

    op.drop_table("declaration")
    with op.batch_alter_table("certificate_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_version_known_from"))
        batch_op.drop_index(batch_op.f("ix_certificate_version_certificate_id"))

    op.drop_table("certificate_version")
    with op.batch_alter_table("certificate_replacement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_replacement_known_from"))
        batch_op.drop_index(batch_op.f("ix_certificate_replacement_certificate_id"))

    op.drop_table("certificate_replacement")
    with op.batch_alter_table("certificate_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_document_sha256"))
        batch_op.drop_index(batch_op.f("ix_certificate_document_certificate_id"))

    op.drop_table("certificate_document")
    op.drop_table("certificate_claim")
    with op.batch_alter_table("webhook_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_webhook_attempt_delivery_id"))

    op.drop_table("webhook_attempt")
    with op.batch_alter_table("report_request_record", schema=None) as batch_op:
        batch_op.drop_index("ix_report_request_record_state_known_until")
        batch_op.drop_index(batch_op.f("ix_report_request_record_request_id"))
        batch_op.drop_index(batch_op.f("ix_report_request_record_report_id"))
        batch_op.drop_index(batch_op.f("ix_report_request_record_known_from"))

    op.drop_table("report_request_record")
    with op.batch_alter_table("report_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_draft_user_id"))
        batch_op.drop_index(batch_op.f("ix_report_draft_report_id"))
        batch_op.drop_index(batch_op.f("ix_report_draft_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_report_draft_batch"))
        batch_op.drop_index(batch_op.f("ix_report_draft_application_id"))

    op.drop_table("report_draft")
    with op.batch_alter_table("report_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_attachment_sha256"))

    op.drop_table("report_attachment")
    with op.batch_alter_table("information_request_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_information_request_record_request_id"))
        batch_op.drop_index(batch_op.f("ix_information_request_record_known_from"))

    op.drop_table("information_request_record")
    with op.batch_alter_table("information_answer_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_information_answer_file_sha256"))

    op.drop_table("information_answer_file")
    with op.batch_alter_table("application_reliance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_reliance_report_id"))
        batch_op.drop_index(batch_op.f("ix_application_reliance_known_from"))
        batch_op.drop_index(batch_op.f("ix_application_reliance_application_id"))

    op.drop_table("application_reliance")
    with op.batch_alter_table("webhook_delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_webhook_delivery_endpoint_id"))
        batch_op.drop_index("ix_webhook_delivery_due")

    op.drop_table("webhook_delivery")
    with op.batch_alter_table("report_request_content", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_request_content_request_id"))

    op.drop_table("report_request_content")
    with op.batch_alter_table("information_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_information_request_application_id"))

    op.drop_table("information_request")
    with op.batch_alter_table("foreign_validation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_foreign_validation_laboratory_id"))
        batch_op.drop_index(batch_op.f("ix_foreign_validation_known_from"))
        batch_op.drop_index(batch_op.f("ix_foreign_validation_foreign_result_id"))

    op.drop_table("foreign_validation")
    with op.batch_alter_table("foreign_result_status", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_foreign_result_status_known_from"))
        batch_op.drop_index(batch_op.f("ix_foreign_result_status_foreign_result_id"))

    op.drop_table("foreign_result_status")
    with op.batch_alter_table("foreign_result_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_foreign_result_record_known_from"))
        batch_op.drop_index(batch_op.f("ix_foreign_result_record_foreign_result_id"))

    op.drop_table("foreign_result_record")
    with op.batch_alter_table("foreign_reliance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_foreign_reliance_subject"))
        batch_op.drop_index(batch_op.f("ix_foreign_reliance_known_from"))
        batch_op.drop_index(batch_op.f("ix_foreign_reliance_foreign_result_id"))

    op.drop_table("foreign_reliance")
    with op.batch_alter_table("foreign_decision_reason", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_foreign_decision_reason_known_from"))
        batch_op.drop_index(batch_op.f("ix_foreign_decision_reason_foreign_result_id"))

    op.drop_table("foreign_decision_reason")
    with op.batch_alter_table("foreign_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_foreign_decision_known_from"))
        batch_op.drop_index(batch_op.f("ix_foreign_decision_foreign_result_id"))
        batch_op.drop_index(batch_op.f("ix_foreign_decision_arrangement_id"))

    op.drop_table("foreign_decision")
    with op.batch_alter_table("webhook_endpoint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_webhook_endpoint_organisation_id"))

    op.drop_table("webhook_endpoint")
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_upload_user_id"))
        batch_op.drop_index(batch_op.f("ix_upload_sha256"))
        batch_op.drop_index(batch_op.f("ix_upload_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_upload_created_at"))

    op.drop_table("upload")
    with op.batch_alter_table("task_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_record_task_id"))
        batch_op.drop_index(batch_op.f("ix_task_record_known_from"))

    op.drop_table("task_record")
    with op.batch_alter_table("sheet_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheet_import_subject"))

    op.drop_table("sheet_import")
    with op.batch_alter_table("report_request", schema=None) as batch_op:
        batch_op.drop_index("ix_report_request_body_id_number")

    op.drop_table("report_request")
    op.drop_table("notice_read")
    with op.batch_alter_table("foreign_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_foreign_result_issuer_id"))

    op.drop_table("foreign_result")
    with op.batch_alter_table("foreign_laboratory_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_foreign_laboratory_link_laboratory_id"))
        batch_op.drop_index(batch_op.f("ix_foreign_laboratory_link_known_from"))
        batch_op.drop_index(batch_op.f("ix_foreign_laboratory_link_body_id"))

    op.drop_table("foreign_laboratory_link")
    with op.batch_alter_table("foreign_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_foreign_import_scheme"))
        batch_op.drop_index(batch_op.f("ix_foreign_import_phase"))

    op.drop_table("foreign_import")
    op.drop_table("calendar_address")
    with op.batch_alter_table("body_identifier", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_body_identifier_value"))
        batch_op.drop_index(batch_op.f("ix_body_identifier_known_from"))
        batch_op.drop_index(batch_op.f("ix_body_identifier_body_id"))

    op.drop_table("body_identifier")
    with op.batch_alter_table("body_contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_body_contact_known_from"))
        batch_op.drop_index(batch_op.f("ix_body_contact_body_id"))

    op.drop_table("body_contact")
    with op.batch_alter_table("body_address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_body_address_known_from"))
        batch_op.drop_index(batch_op.f("ix_body_address_body_id"))

    op.drop_table("body_address")
    with op.batch_alter_table("application_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_draft_user_id"))

    op.drop_table("application_draft")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_subject"))
        batch_op.drop_index(batch_op.f("ix_task_cause"))

    op.drop_table("task")
    with op.batch_alter_table("surveillance_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_surveillance_record_surveillance_id"))
        batch_op.drop_index(batch_op.f("ix_surveillance_record_known_from"))

    op.drop_table("surveillance_record")
    op.drop_table("status_index")
    with op.batch_alter_table("signing_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signing_key_known_from"))
        batch_op.drop_index(batch_op.f("ix_signing_key_key_id"))

    op.drop_table("signing_key")
    with op.batch_alter_table("notice_mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_mail_state"))
        batch_op.drop_index(batch_op.f("ix_notice_mail_organisation_id"))

    op.drop_table("notice_mail")
    op.drop_table("notice")
    with op.batch_alter_table("foreign_list", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_foreign_list_scheme"))
        batch_op.drop_index(batch_op.f("ix_foreign_list_known_from"))

    op.drop_table("foreign_list")
    with op.batch_alter_table("arrangement_succession", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_arrangement_succession_predecessor_id"))
        batch_op.drop_index(batch_op.f("ix_arrangement_succession_known_from"))
        batch_op.drop_index(batch_op.f("ix_arrangement_succession_arrangement_id"))

    op.drop_table("arrangement_succession")
    with op.batch_alter_table("surveillance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_surveillance_subject"))

    op.drop_table("surveillance")
    op.drop_table("status_list_copy")
    op.drop_table("notice_progress")
    op.drop_table("foreign_review")
    op.drop_table("foreign_laboratory")
