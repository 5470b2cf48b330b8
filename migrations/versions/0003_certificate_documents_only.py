"""Keep a certificate's files in one table, ``certificate_document``.

``certificate_file`` named the file last made. A row of ``certificate_document`` names
each making, so what only the former names, the unsigned files of the foundation, is
copied there under a kind that is never served.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COPY = """
INSERT INTO certificate_document
  (certificate_id, version, kind, sha256, size, key_id, unsigned_sha256, level, note, made_at)
SELECT file.certificate_id, 1, 'unsigned-pdf', file.sha256, file.size, '', file.sha256, 'none',
  NULL, file.rendered_at
FROM certificate_file AS file
WHERE NOT EXISTS (
  SELECT 1 FROM certificate_document AS made
  WHERE made.certificate_id = file.certificate_id AND made.sha256 = file.sha256
)
ORDER BY file.certificate_id
"""

# The latest making of the newest version; what was never signed only where nothing was.
_BACK = """
INSERT INTO certificate_file (certificate_id, sha256, size, rendered_at)
SELECT certificate_id, sha256, size, made_at
FROM (
  SELECT made.*, row_number() OVER (
    PARTITION BY certificate_id ORDER BY kind, version DESC, id DESC
  ) AS place
  FROM certificate_document AS made
  WHERE kind IN ('pdf', 'unsigned-pdf')
) AS ordered
WHERE place = 1
"""


def upgrade() -> None:
    op.execute(_COPY)
    op.drop_table("certificate_file")


def downgrade() -> None:
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
    op.execute(_BACK)
