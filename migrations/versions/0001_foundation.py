"""The tables of the foundation, and the triggers that keep its history."""

import sqlalchemy as sa
from alembic import op

from registry import append_only

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# Rows that never change once they are there.
FIXED = (
    "journal_entry",
    "journal_seal",
    "journal_node",
    "journal_checkpoint",
    "report",
    "certificate",
    "certificate_number",
    "obligation_code",
    "obligation_word",
)

# Facts: a row may only be ended, once; the columns named never change.
FACTS = {
    "acceptance_decision": (
        "report_id",
        "on_date",
        "outcome",
        "conditions",
        "decided_outcome",
        "reasons",
        "decided_by_user_id",
        "id",
        "known_from",
    ),
    "accreditation_event": (
        "accreditation_id",
        "kind",
        "effective_on",
        "reason",
        "id",
        "known_from",
    ),
    "accreditation_record": (
        "accreditation_id",
        "accreditor_id",
        "standard",
        "number",
        "valid_from",
        "valid_until",
        "source",
        "id",
        "known_from",
    ),
    "application_record": (
        "application_id",
        "state",
        "state_since",
        "product",
        "method",
        "note",
        "submitted_by_user_id",
        "evaluator_id",
        "reviewer_id",
        "decision_maker_id",
        "recommendation",
        "reasons",
        "id",
        "known_from",
    ),
    "arrangement_listing": (
        "arrangement_id",
        "body_id",
        "standard",
        "valid_from",
        "valid_until",
        "id",
        "known_from",
    ),
    "arrangement_record": (
        "arrangement_id",
        "titles",
        "kind",
        "phase",
        "parties",
        "valid_from",
        "valid_until",
        "predecessor_id",
        "transition_until",
        "article",
        "source",
        "id",
        "known_from",
    ),
    "arrangement_scope": (
        "arrangement_id",
        "document_key",
        "product",
        "hs_codes",
        "result_type",
        "direction",
        "valid_from",
        "valid_until",
        "id",
        "known_from",
    ),
    "body_designation": (
        "body_id",
        "document_id",
        "activity",
        "ministry",
        "instrument",
        "valid_from",
        "valid_until",
        "id",
        "known_from",
    ),
    "body_record": ("body_id", "kinds", "valid_from", "valid_until", "id", "known_from"),
    "catalogue_record": (
        "catalogue_id",
        "name",
        "publisher",
        "address",
        "licence",
        "note",
        "id",
        "known_from",
    ),
    "catalogue_refresh": (
        "catalogue_id",
        "data_of",
        "rows",
        "new",
        "changed",
        "withdrawn",
        "unlisted",
        "adopted",
        "id",
        "known_from",
    ),
    "certificate_event": (
        "certificate_id",
        "kind",
        "effective_on",
        "reason",
        "decided_by_user_id",
        "id",
        "known_from",
    ),
    "comment_answer": ("comment_id", "on_date", "outcome", "observation", "id", "known_from"),
    "comment_period": ("edition_id", "first_day", "last_day", "id", "known_from"),
    "edition_comment": (
        "edition_id",
        "number",
        "user_id",
        "on_date",
        "source",
        "line",
        "clause",
        "paragraph",
        "type",
        "comment",
        "proposed_change",
        "id",
        "known_from",
    ),
    "edition_domain": ("edition_id", "domain", "id", "known_from"),
    "edition_record": (
        "edition_id",
        "state",
        "kind",
        "titles",
        "scope",
        "publisher",
        "lead_ministry",
        "doctype",
        "stage",
        "issued",
        "effective_from",
        "effective_until",
        "withdrawn_on",
        "instrument",
        "ics",
        "domains",
        "languages",
        "committee",
        "drafted_by",
        "pages",
        "url",
        "status_source",
        "source",
        "evidence",
        "note",
        "digest",
        "catalogue",
        "source_id",
        "drafted_by_user_id",
        "approved_by_user_id",
        "id",
        "known_from",
    ),
    "import_record": (
        "job_id",
        "state",
        "choice",
        "counts",
        "submitted_by_user_id",
        "approved_by_user_id",
        "reason",
        "id",
        "known_from",
    ),
    "journal_key": ("name", "public_key", "id", "known_from"),
    "obligation": (
        "edition_id",
        "product",
        "hs_codes",
        "method",
        "declaration",
        "valid_from",
        "valid_until",
        "note",
        "source",
        "digest",
        "with_edition",
        "id",
        "known_from",
    ),
    "organisation_record": (
        "organisation_id",
        "names",
        "country",
        "identifier_scheme",
        "identifier",
        "address",
        "website",
        "contact_name",
        "contact_email",
        "contact_phone",
        "id",
        "known_from",
    ),
    "partial_end": ("edition_id", "part", "first_day", "reason", "source", "id", "known_from"),
    "planned_entry_record": (
        "planned_entry_id",
        "titles",
        "designation",
        "domain",
        "ministry",
        "unit",
        "due",
        "note",
        "source",
        "id",
        "known_from",
    ),
    "programme_step": (
        "planned_entry_id",
        "state",
        "on_date",
        "edition_id",
        "note",
        "id",
        "known_from",
    ),
    "relation": (
        "edition_id",
        "type",
        "degree",
        "target_designation",
        "target_key",
        "on_date",
        "coexistence_until",
        "source",
        "id",
        "known_from",
    ),
    "report_record": ("report_id", "state", "state_since", "id", "known_from"),
    "role_grant": ("user_id", "role", "valid_from", "valid_until", "id", "known_from"),
    "scope_line": (
        "accreditation_id",
        "activity",
        "product",
        "characteristic",
        "method",
        "method_key",
        "method_dated",
        "range",
        "uncertainty",
        "valid_from",
        "valid_until",
        "id",
        "known_from",
    ),
    "term": (
        "vocabulary",
        "key",
        "sequence",
        "labels",
        "attributes",
        "valid_from",
        "valid_until",
        "source",
        "id",
        "known_from",
    ),
}


def upgrade() -> None:
    op.create_table(
        "arrangement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangement")),
        sa.UniqueConstraint("slug", name=op.f("uq_arrangement_slug")),
    )
    op.create_table(
        "catalogue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue")),
        sa.UniqueConstraint("key", name=op.f("uq_catalogue_key")),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("designation", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("key", name=op.f("uq_document_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_document_slug")),
    )
    op.create_table(
        "idempotent_response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_digest", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotent_response")),
        sa.UniqueConstraint("actor", "key", name=op.f("uq_idempotent_response_actor_key")),
    )
    with op.batch_alter_table("idempotent_response", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_idempotent_response_created_at"), ["created_at"], unique=False
        )

    op.create_table(
        "journal_checkpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_checkpoint")),
    )
    with op.batch_alter_table("journal_checkpoint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_checkpoint_size"), ["size"], unique=False)

    op.create_table(
        "journal_entry",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("sealed_digest", sa.Text(), nullable=True),
        sa.Column("hash_version", sa.Integer(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_journal_entry")),
    )
    with op.batch_alter_table("journal_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_entry_action"), ["action"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_journal_entry_recorded_at"), ["recorded_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_journal_entry_subject"), ["subject"], unique=False)

    op.create_table(
        "journal_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_journal_node")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisation_slug")),
    )
    op.create_table(
        "planned_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_entry")),
    )
    op.create_table(
        "arrangement_record",
        sa.Column("arrangement_id", sa.Integer(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=True),
        sa.Column("parties", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("predecessor_id", sa.Integer(), nullable=True),
        sa.Column("transition_until", sa.Date(), nullable=True),
        sa.Column("article", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["arrangement_id"],
            ["arrangement.id"],
            name=op.f("fk_arrangement_record_arrangement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_arrangement_record_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_arrangement_record_known_until"),
        ),
        sa.ForeignKeyConstraint(
            ["predecessor_id"],
            ["arrangement.id"],
            name=op.f("fk_arrangement_record_predecessor_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangement_record")),
    )
    with op.batch_alter_table("arrangement_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_arrangement_record_arrangement_id"), ["arrangement_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_arrangement_record_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "arrangement_scope",
        sa.Column("arrangement_id", sa.Integer(), nullable=False),
        sa.Column("document_key", sa.Text(), nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("hs_codes", sa.JSON(), nullable=False),
        sa.Column("result_type", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["arrangement_id"], ["arrangement.id"], name=op.f("fk_arrangement_scope_arrangement_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_arrangement_scope_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_arrangement_scope_known_until"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangement_scope")),
    )
    with op.batch_alter_table("arrangement_scope", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_arrangement_scope_arrangement_id"), ["arrangement_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_arrangement_scope_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "body",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_body_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_body_organisation_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_body_slug")),
    )
    op.create_table(
        "catalogue_record",
        sa.Column("catalogue_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["catalogue_id"], ["catalogue.id"], name=op.f("fk_catalogue_record_catalogue_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_catalogue_record_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_catalogue_record_known_until"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_record")),
    )
    with op.batch_alter_table("catalogue_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_catalogue_record_catalogue_id"), ["catalogue_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_catalogue_record_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "catalogue_refresh",
        sa.Column("catalogue_id", sa.Integer(), nullable=False),
        sa.Column("data_of", sa.Text(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("unlisted", sa.Integer(), nullable=False),
        sa.Column("adopted", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["catalogue_id"], ["catalogue.id"], name=op.f("fk_catalogue_refresh_catalogue_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_catalogue_refresh_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_catalogue_refresh_known_until"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_refresh")),
    )
    with op.batch_alter_table("catalogue_refresh", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_catalogue_refresh_catalogue_id"), ["catalogue_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_catalogue_refresh_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("designation", sa.Text(), nullable=False),
        sa.Column("national", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_edition_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("key", name=op.f("uq_edition_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_edition_slug")),
    )
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_edition_national"), ["national"], unique=False)

    op.create_table(
        "journal_key",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_journal_key_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_journal_key_known_until")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_key")),
    )
    with op.batch_alter_table("journal_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_key_known_from"), ["known_from"], unique=False)

    op.create_table(
        "journal_seal",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["position"], ["journal_entry.position"], name=op.f("fk_journal_seal_position")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_journal_seal")),
    )
    op.create_table(
        "organisation_record",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("identifier_scheme", sa.Text(), nullable=True),
        sa.Column("identifier", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("contact_email", sa.Text(), nullable=True),
        sa.Column("contact_phone", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_organisation_record_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_organisation_record_known_until"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_record_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_record")),
    )
    with op.batch_alter_table("organisation_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organisation_record_known_from"), ["known_from"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_organisation_record_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "planned_entry_record",
        sa.Column("planned_entry_id", sa.Integer(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("designation", sa.Text(), nullable=True),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("ministry", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_planned_entry_record_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_planned_entry_record_known_until"),
        ),
        sa.ForeignKeyConstraint(
            ["planned_entry_id"],
            ["planned_entry.id"],
            name=op.f("fk_planned_entry_record_planned_entry_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_entry_record")),
    )
    with op.batch_alter_table("planned_entry_record", schema=None) as batch_op:
        batch_op.create_index(
            "ix_planned_entry_record_current", ["planned_entry_id", "known_until"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_planned_entry_record_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "term",
        sa.Column("vocabulary", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_term_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_term_known_until")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
    )
    with op.batch_alter_table("term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_term_known_from"), ["known_from"], unique=False)
        batch_op.create_index("ix_term_vocabulary_key", ["vocabulary", "key"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_user_account_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    op.create_table(
        "accreditation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_accreditation_body_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accreditation")),
    )
    with op.batch_alter_table("accreditation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accreditation_body_id"), ["body_id"], unique=False)

    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("secret_sha256", sa.Text(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_api_token_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_api_token_secret_sha256")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_user_id"), ["user_id"], unique=False)

    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_application_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_application_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("number", name=op.f("uq_application_number")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_application_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "arrangement_listing",
        sa.Column("arrangement_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("standard", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["arrangement_id"],
            ["arrangement.id"],
            name=op.f("fk_arrangement_listing_arrangement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["body_id"], ["body.id"], name=op.f("fk_arrangement_listing_body_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_arrangement_listing_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_arrangement_listing_known_until"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrangement_listing")),
    )
    with op.batch_alter_table("arrangement_listing", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_arrangement_listing_arrangement_id"), ["arrangement_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_arrangement_listing_body_id"), ["body_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_arrangement_listing_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "body_designation",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("ministry", sa.Text(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_body_designation_body_id")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_body_designation_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_body_designation_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_body_designation_known_until"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_designation")),
    )
    with op.batch_alter_table("body_designation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_body_designation_body_id"), ["body_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_body_designation_document_id"), ["document_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_body_designation_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "body_record",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_body_record_body_id")),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_body_record_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_body_record_known_until")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_record")),
    )
    with op.batch_alter_table("body_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_body_record_body_id"), ["body_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_body_record_known_from"), ["known_from"], unique=False)

    op.create_table(
        "comment_period",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_comment_period_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_comment_period_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_comment_period_known_until")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_period")),
    )
    with op.batch_alter_table("comment_period", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_comment_period_edition_id"), ["edition_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_comment_period_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "edition_comment",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("line", sa.Text(), nullable=True),
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("paragraph", sa.Text(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("proposed_change", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_comment_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_edition_comment_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_edition_comment_known_until")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_edition_comment_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_comment")),
    )
    with op.batch_alter_table("edition_comment", schema=None) as batch_op:
        batch_op.create_index("ix_edition_comment_edition", ["edition_id", "number"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_edition_comment_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "edition_domain",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_domain_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_edition_domain_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_edition_domain_known_until")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_domain")),
    )
    with op.batch_alter_table("edition_domain", schema=None) as batch_op:
        batch_op.create_index("ix_edition_domain_domain", ["domain", "known_until"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_edition_domain_edition_id"), ["edition_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_edition_domain_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "edition_record",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("lead_ministry", sa.Text(), nullable=True),
        sa.Column("doctype", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("issued", sa.Text(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_until", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("instrument", sa.JSON(), nullable=False),
        sa.Column("ics", sa.JSON(), nullable=False),
        sa.Column("domains", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("committee", sa.JSON(), nullable=False),
        sa.Column("drafted_by", sa.Text(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("status_source", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("catalogue", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("drafted_by_user_id", sa.Integer(), nullable=True),
        sa.Column("approved_by_user_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_edition_record_approved_by_user_id"),
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_edition_record_drafted_by_user_id"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_edition_record_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_edition_record_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_edition_record_known_until")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_record")),
    )
    with op.batch_alter_table("edition_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_edition_record_catalogue"), ["catalogue"], unique=False
        )
        batch_op.create_index(
            "ix_edition_record_current", ["edition_id", "known_until"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_edition_record_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "import_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("national", sa.Boolean(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("uploaded_by_user_id", sa.Integer(), nullable=True),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("layout", sa.JSON(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=True),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=True),
        sa.Column("written", sa.JSON(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["uploaded_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_import_job_uploaded_by_user_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_job")),
    )
    with op.batch_alter_table("import_job", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_import_job_content_hash"), ["content_hash"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_import_job_phase"), ["phase"], unique=False)

    op.create_table(
        "obligation",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("product", sa.JSON(), nullable=False),
        sa.Column("hs_codes", sa.JSON(), nullable=False),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("declaration", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("with_edition", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_obligation_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_obligation_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_obligation_known_until")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligation")),
    )
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_obligation_digest"), ["digest"], unique=False)
        batch_op.create_index("ix_obligation_edition", ["edition_id", "known_until"], unique=False)
        batch_op.create_index(batch_op.f("ix_obligation_known_from"), ["known_from"], unique=False)

    op.create_table(
        "partial_end",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_partial_end_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_partial_end_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_partial_end_known_until")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partial_end")),
    )
    with op.batch_alter_table("partial_end", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partial_end_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_partial_end_known_from"), ["known_from"], unique=False)

    op.create_table(
        "programme_step",
        sa.Column("planned_entry_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_programme_step_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_programme_step_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_programme_step_known_until")
        ),
        sa.ForeignKeyConstraint(
            ["planned_entry_id"],
            ["planned_entry.id"],
            name=op.f("fk_programme_step_planned_entry_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_step")),
    )
    with op.batch_alter_table("programme_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_programme_step_edition_id"), ["edition_id"], unique=False
        )
        batch_op.create_index(
            "ix_programme_step_entry", ["planned_entry_id", "known_until"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_programme_step_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "relation",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("degree", sa.Text(), nullable=True),
        sa.Column("target_designation", sa.Text(), nullable=False),
        sa.Column("target_key", sa.Text(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("coexistence_until", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_relation_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_relation_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_relation_known_until")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation")),
    )
    with op.batch_alter_table("relation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relation_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relation_known_from"), ["known_from"], unique=False)
        batch_op.create_index(batch_op.f("ix_relation_target_key"), ["target_key"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_role_grant_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_role_grant_known_until")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_role_grant_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_known_from"), ["known_from"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_grant_user_id"), ["user_id"], unique=False)

    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_saved_search_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_search_user_id_name")),
    )
    with op.batch_alter_table("saved_search", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_search_user_id"), ["user_id"], unique=False)

    op.create_table(
        "accreditation_event",
        sa.Column("accreditation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accreditation_id"],
            ["accreditation.id"],
            name=op.f("fk_accreditation_event_accreditation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_accreditation_event_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_accreditation_event_known_until"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accreditation_event")),
    )
    with op.batch_alter_table("accreditation_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_accreditation_event_accreditation_id"),
            ["accreditation_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_accreditation_event_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "accreditation_record",
        sa.Column("accreditation_id", sa.Integer(), nullable=False),
        sa.Column("accreditor_id", sa.Integer(), nullable=False),
        sa.Column("standard", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accreditation_id"],
            ["accreditation.id"],
            name=op.f("fk_accreditation_record_accreditation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["accreditor_id"], ["body.id"], name=op.f("fk_accreditation_record_accreditor_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_accreditation_record_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_accreditation_record_known_until"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accreditation_record")),
    )
    with op.batch_alter_table("accreditation_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_accreditation_record_accreditation_id"),
            ["accreditation_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_accreditation_record_accreditor_id"), ["accreditor_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_accreditation_record_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "application_record",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("product", sa.JSON(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("submitted_by_user_id", sa.Integer(), nullable=False),
        sa.Column("evaluator_id", sa.Integer(), nullable=True),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("decision_maker_id", sa.Integer(), nullable=True),
        sa.Column("recommendation", sa.Text(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_application_record_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_maker_id"],
            ["user_account.id"],
            name=op.f("fk_application_record_decision_maker_id"),
        ),
        sa.ForeignKeyConstraint(
            ["evaluator_id"], ["user_account.id"], name=op.f("fk_application_record_evaluator_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_application_record_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_application_record_known_until"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["user_account.id"], name=op.f("fk_application_record_reviewer_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_application_record_submitted_by_user_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_record")),
    )
    with op.batch_alter_table("application_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_record_application_id"), ["application_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_application_record_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "certificate_number",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("reserved_position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_certificate_number_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["reserved_position"],
            ["journal_entry.position"],
            name=op.f("fk_certificate_number_reserved_position"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_certificate_number")),
        sa.UniqueConstraint("application_id", name=op.f("uq_certificate_number_application_id")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_certificate_number_year_serial")),
    )
    op.create_table(
        "comment_answer",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("observation", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["edition_comment.id"], name=op.f("fk_comment_answer_comment_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_comment_answer_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_comment_answer_known_until")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_answer")),
    )
    with op.batch_alter_table("comment_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_comment_answer_comment_id"), ["comment_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_comment_answer_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "import_record",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("submitted_by_user_id", sa.Integer(), nullable=True),
        sa.Column("approved_by_user_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_import_record_approved_by_user_id"),
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["import_job.id"], name=op.f("fk_import_record_job_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_import_record_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_import_record_known_until")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_import_record_submitted_by_user_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_record")),
    )
    with op.batch_alter_table("import_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_record_job_id"), ["job_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_import_record_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "obligation_code",
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("digits", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_obligation_code_obligation_id")
        ),
        sa.PrimaryKeyConstraint("obligation_id", "digits", name=op.f("pk_obligation_code")),
    )
    with op.batch_alter_table("obligation_code", schema=None) as batch_op:
        batch_op.create_index("ix_obligation_code_digits", ["digits"], unique=False)

    op.create_table(
        "obligation_word",
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_obligation_word_obligation_id")
        ),
        sa.PrimaryKeyConstraint("obligation_id", "word", name=op.f("pk_obligation_word")),
    )
    with op.batch_alter_table("obligation_word", schema=None) as batch_op:
        batch_op.create_index("ix_obligation_word_word", ["word"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("submitted_by_user_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_report_application_id")
        ),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_report_body_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_report_edition_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["report.id"], name=op.f("fk_report_replaces_id")),
        sa.ForeignKeyConstraint(
            ["submitted_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_report_submitted_by_user_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("body_id", "number", name=op.f("uq_report_body_id_number")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_report_application_id"), ["application_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_report_body_id"), ["body_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_edition_id"), ["edition_id"], unique=False)

    op.create_table(
        "scope_line",
        sa.Column("accreditation_id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("characteristic", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("method_key", sa.Text(), nullable=False),
        sa.Column("method_dated", sa.Boolean(), nullable=False),
        sa.Column("range", sa.Text(), nullable=True),
        sa.Column("uncertainty", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["accreditation_id"], ["accreditation.id"], name=op.f("fk_scope_line_accreditation_id")
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_scope_line_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_scope_line_known_until")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope_line")),
    )
    with op.batch_alter_table("scope_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_scope_line_accreditation_id"), ["accreditation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_scope_line_known_from"), ["known_from"], unique=False)
        batch_op.create_index(batch_op.f("ix_scope_line_method_key"), ["method_key"], unique=False)

    op.create_table(
        "acceptance_decision",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("decided_outcome", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=True),
        sa.Column("decided_by_user_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_acceptance_decision_decided_by_user_id"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from"],
            ["journal_entry.position"],
            name=op.f("fk_acceptance_decision_known_from"),
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_acceptance_decision_known_until"),
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_acceptance_decision_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance_decision")),
    )
    with op.batch_alter_table("acceptance_decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_acceptance_decision_known_from"), ["known_from"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_acceptance_decision_report_id"), ["report_id"], unique=False
        )

    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("issued_position", sa.Integer(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_certificate_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_certificate_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["issued_position"],
            ["journal_entry.position"],
            name=op.f("fk_certificate_issued_position"),
        ),
        sa.ForeignKeyConstraint(
            ["number"], ["certificate_number.number"], name=op.f("fk_certificate_number")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_certificate_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("application_id", name=op.f("uq_certificate_application_id")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_certificate_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "report_record",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_since", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_report_record_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"], ["journal_entry.position"], name=op.f("fk_report_record_known_until")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_report_record_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_record")),
    )
    with op.batch_alter_table("report_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_report_record_known_from"), ["known_from"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_report_record_report_id"), ["report_id"], unique=False)

    op.create_table(
        "certificate_event",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by_user_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Integer(), nullable=False),
        sa.Column("known_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_event_certificate_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_certificate_event_decided_by_user_id"),
        ),
        sa.ForeignKeyConstraint(
            ["known_from"], ["journal_entry.position"], name=op.f("fk_certificate_event_known_from")
        ),
        sa.ForeignKeyConstraint(
            ["known_until"],
            ["journal_entry.position"],
            name=op.f("fk_certificate_event_known_until"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_event")),
    )
    with op.batch_alter_table("certificate_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_event_certificate_id"), ["certificate_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_event_known_from"), ["known_from"], unique=False
        )

    op.create_table(
        "certificate_file",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("rendered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_file_certificate_id")
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_certificate_file")),
    )

    connection = op.get_bind()
    append_only.prepare(connection)
    for table in FIXED:
        append_only.protect(connection, table)
    for table, columns in FACTS.items():
        append_only.protect(connection, table, columns)


def downgrade() -> None:
    op.drop_table("certificate_file")
    with op.batch_alter_table("certificate_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_event_known_from"))
        batch_op.drop_index(batch_op.f("ix_certificate_event_certificate_id"))

    op.drop_table("certificate_event")
    with op.batch_alter_table("report_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_record_report_id"))
        batch_op.drop_index(batch_op.f("ix_report_record_known_from"))

    op.drop_table("report_record")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_edition_id"))

    op.drop_table("certificate")
    with op.batch_alter_table("acceptance_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acceptance_decision_report_id"))
        batch_op.drop_index(batch_op.f("ix_acceptance_decision_known_from"))

    op.drop_table("acceptance_decision")
    with op.batch_alter_table("scope_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scope_line_method_key"))
        batch_op.drop_index(batch_op.f("ix_scope_line_known_from"))
        batch_op.drop_index(batch_op.f("ix_scope_line_accreditation_id"))

    op.drop_table("scope_line")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_edition_id"))
        batch_op.drop_index(batch_op.f("ix_report_body_id"))
        batch_op.drop_index(batch_op.f("ix_report_application_id"))

    op.drop_table("report")
    with op.batch_alter_table("obligation_word", schema=None) as batch_op:
        batch_op.drop_index("ix_obligation_word_word")

    op.drop_table("obligation_word")
    with op.batch_alter_table("obligation_code", schema=None) as batch_op:
        batch_op.drop_index("ix_obligation_code_digits")

    op.drop_table("obligation_code")
    with op.batch_alter_table("import_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_record_known_from"))
        batch_op.drop_index(batch_op.f("ix_import_record_job_id"))

    op.drop_table("import_record")
    with op.batch_alter_table("comment_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_answer_known_from"))
        batch_op.drop_index(batch_op.f("ix_comment_answer_comment_id"))

    op.drop_table("comment_answer")
    op.drop_table("certificate_number")
    with op.batch_alter_table("application_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_record_known_from"))
        batch_op.drop_index(batch_op.f("ix_application_record_application_id"))

    op.drop_table("application_record")
    with op.batch_alter_table("accreditation_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accreditation_record_known_from"))
        batch_op.drop_index(batch_op.f("ix_accreditation_record_accreditor_id"))
        batch_op.drop_index(batch_op.f("ix_accreditation_record_accreditation_id"))

    op.drop_table("accreditation_record")
    with op.batch_alter_table("accreditation_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accreditation_event_known_from"))
        batch_op.drop_index(batch_op.f("ix_accreditation_event_accreditation_id"))

    op.drop_table("accreditation_event")
    with op.batch_alter_table("saved_search", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_search_user_id"))

    op.drop_table("saved_search")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_grant_user_id"))
        batch_op.drop_index(batch_op.f("ix_role_grant_known_from"))

    op.drop_table("role_grant")
    with op.batch_alter_table("relation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_relation_target_key"))
        batch_op.drop_index(batch_op.f("ix_relation_known_from"))
        batch_op.drop_index(batch_op.f("ix_relation_edition_id"))

    op.drop_table("relation")
    with op.batch_alter_table("programme_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_step_known_from"))
        batch_op.drop_index("ix_programme_step_entry")
        batch_op.drop_index(batch_op.f("ix_programme_step_edition_id"))

    op.drop_table("programme_step")
    with op.batch_alter_table("partial_end", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partial_end_known_from"))
        batch_op.drop_index(batch_op.f("ix_partial_end_edition_id"))

    op.drop_table("partial_end")
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_obligation_known_from"))
        batch_op.drop_index("ix_obligation_edition")
        batch_op.drop_index(batch_op.f("ix_obligation_digest"))

    op.drop_table("obligation")
    with op.batch_alter_table("import_job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_job_phase"))
        batch_op.drop_index(batch_op.f("ix_import_job_content_hash"))

    op.drop_table("import_job")
    with op.batch_alter_table("edition_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_record_known_from"))
        batch_op.drop_index("ix_edition_record_current")
        batch_op.drop_index(batch_op.f("ix_edition_record_catalogue"))

    op.drop_table("edition_record")
    with op.batch_alter_table("edition_domain", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_domain_known_from"))
        batch_op.drop_index(batch_op.f("ix_edition_domain_edition_id"))
        batch_op.drop_index("ix_edition_domain_domain")

    op.drop_table("edition_domain")
    with op.batch_alter_table("edition_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_comment_known_from"))
        batch_op.drop_index("ix_edition_comment_edition")

    op.drop_table("edition_comment")
    with op.batch_alter_table("comment_period", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_period_known_from"))
        batch_op.drop_index(batch_op.f("ix_comment_period_edition_id"))

    op.drop_table("comment_period")
    with op.batch_alter_table("body_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_body_record_known_from"))
        batch_op.drop_index(batch_op.f("ix_body_record_body_id"))

    op.drop_table("body_record")
    with op.batch_alter_table("body_designation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_body_designation_known_from"))
        batch_op.drop_index(batch_op.f("ix_body_designation_document_id"))
        batch_op.drop_index(batch_op.f("ix_body_designation_body_id"))

    op.drop_table("body_designation")
    with op.batch_alter_table("arrangement_listing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_arrangement_listing_known_from"))
        batch_op.drop_index(batch_op.f("ix_arrangement_listing_body_id"))
        batch_op.drop_index(batch_op.f("ix_arrangement_listing_arrangement_id"))

    op.drop_table("arrangement_listing")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_application_edition_id"))

    op.drop_table("application")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_user_id"))

    op.drop_table("api_token")
    with op.batch_alter_table("accreditation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accreditation_body_id"))

    op.drop_table("accreditation")
    op.drop_table("user_account")
    with op.batch_alter_table("term", schema=None) as batch_op:
        batch_op.drop_index("ix_term_vocabulary_key")
        batch_op.drop_index(batch_op.f("ix_term_known_from"))

    op.drop_table("term")
    with op.batch_alter_table("planned_entry_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_planned_entry_record_known_from"))
        batch_op.drop_index("ix_planned_entry_record_current")

    op.drop_table("planned_entry_record")
    with op.batch_alter_table("organisation_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_record_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_organisation_record_known_from"))

    op.drop_table("organisation_record")
    op.drop_table("journal_seal")
    with op.batch_alter_table("journal_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_key_known_from"))

    op.drop_table("journal_key")
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_national"))
        batch_op.drop_index(batch_op.f("ix_edition_document_id"))

    op.drop_table("edition")
    with op.batch_alter_table("catalogue_refresh", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catalogue_refresh_known_from"))
        batch_op.drop_index(batch_op.f("ix_catalogue_refresh_catalogue_id"))

    op.drop_table("catalogue_refresh")
    with op.batch_alter_table("catalogue_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catalogue_record_known_from"))
        batch_op.drop_index(batch_op.f("ix_catalogue_record_catalogue_id"))

    op.drop_table("catalogue_record")
    op.drop_table("body")
    with op.batch_alter_table("arrangement_scope", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_arrangement_scope_known_from"))
        batch_op.drop_index(batch_op.f("ix_arrangement_scope_arrangement_id"))

    op.drop_table("arrangement_scope")
    with op.batch_alter_table("arrangement_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_arrangement_record_known_from"))
        batch_op.drop_index(batch_op.f("ix_arrangement_record_arrangement_id"))

    op.drop_table("arrangement_record")
    op.drop_table("planned_entry")
    op.drop_table("organisation")
    op.drop_table("journal_node")
    with op.batch_alter_table("journal_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_entry_subject"))
        batch_op.drop_index(batch_op.f("ix_journal_entry_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_journal_entry_action"))

    op.drop_table("journal_entry")
    with op.batch_alter_table("journal_checkpoint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_checkpoint_size"))

    op.drop_table("journal_checkpoint")
    with op.batch_alter_table("idempotent_response", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotent_response_created_at"))

    op.drop_table("idempotent_response")
    op.drop_table("document")
    op.drop_table("catalogue")
    op.drop_table("arrangement")
    append_only.remove(op.get_bind())
