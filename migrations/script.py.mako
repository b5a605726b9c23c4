"""${message}

Old and new code run side by side while nodes are replaced: what this changes must suit the version before it too.
Both directions are tested on SQLite and PostgreSQL with data in them; books that hold entries are never dropped.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = "${up_revision}"
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
