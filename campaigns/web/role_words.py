"""What the roles are called, and what each may do, in the reader's words."""

from __future__ import annotations

from campaigns.domain.people import Role
from campaigns.language import gettext


def role_name(role: Role) -> str:
    """One word for a role."""
    match role:
        case Role.ADMIN:
            return gettext("Administrator")
        case Role.TREASURER:
            return gettext("Treasurer")
        case Role.AUDITOR:
            return gettext("Auditor")
        case Role.EDITOR:
            return gettext("Editor")


def role_hint(role: Role) -> str:
    """What somebody of this role may do and may not."""
    match role:
        case Role.ADMIN:
            return gettext("Manages people and the site, and sees the books. Books nothing, sees no donor’s data.")
        case Role.TREASURER:
            return gettext("Keeps the books: books, refunds, exports and closes months.")
        case Role.AUDITOR:
            return gettext("Sees and exports the books. Changes nothing.")
        case Role.EDITOR:
            return gettext("Edits campaigns and widgets. Sees neither the books nor any donor’s data.")
