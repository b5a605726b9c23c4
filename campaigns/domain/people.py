"""Staff: their roles, what each may do, and how long a sign-in lasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Role(StrEnum):
    ADMIN = "admin"
    TREASURER = "treasurer"
    AUDITOR = "auditor"
    EDITOR = "editor"


class Permission(StrEnum):
    """What a page or a form needs its reader to be allowed."""

    SIGNED_IN = "signed_in"  # one's own account
    CHANGE_FACTORS = "change_factors"  # one's own password, codes and passkeys
    SEE_BOOKS = "see_books"
    EXPORT = "export"
    SEE_AUDIT = "see_audit"
    BOOK = "book"  # by hand: entries, reversals, imports
    REFUND = "refund"
    SEE_DONOR = "see_donor"
    CLOSE = "close"
    MANAGE_PEOPLE = "manage_people"
    RUN_SITE = "run_site"  # the organisation's settings and the emergency switch
    EDIT = "edit"  # campaigns, posts and widgets


_P = Permission
_OWN = frozenset({_P.SIGNED_IN, _P.CHANGE_FACTORS})
_READ_BOOKS = _OWN | {_P.SEE_BOOKS, _P.EXPORT, _P.SEE_AUDIT}

# An editor sees no donor's data anywhere, nor the books. An auditor changes nothing. An admin has people and the site
# in hand, and for that very reason not the money.
MAY: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: _OWN | {_P.SEE_BOOKS, _P.SEE_AUDIT, _P.MANAGE_PEOPLE, _P.RUN_SITE, _P.EDIT},
    Role.TREASURER: _READ_BOOKS | {_P.BOOK, _P.REFUND, _P.SEE_DONOR, _P.CLOSE},
    Role.AUDITOR: _READ_BOOKS,
    Role.EDITOR: _OWN | {_P.EDIT},
}

# What wants the person to have proved a moment ago who they are.
FRESH = frozenset({_P.CHANGE_FACTORS, _P.REFUND, _P.EXPORT, _P.SEE_DONOR, _P.CLOSE, _P.MANAGE_PEOPLE, _P.RUN_SITE})
FRESH_FOR = timedelta(minutes=10)

LONGEST = timedelta(hours=8)
_IDLE = {Role.EDITOR: LONGEST}
_USUAL_IDLE = timedelta(minutes=15)

INVITATION_LIFETIME = timedelta(hours=72)
RESET_LIFETIME = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Person:
    """One of the staff. Times are UTC."""

    id: int
    email: str
    name: str
    role: Role
    language: str
    disabled: bool = False

    def may(self, permission: Permission) -> bool:
        return not self.disabled and permission in MAY[self.role]

    @property
    def needs_second_factor(self) -> bool:
        """Whoever sees the books or manages people proves more than a password."""
        return self.role is not Role.EDITOR


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in that is kept: when it began, when it was last used, and when the person last proved who they are."""

    id: int
    person: Person
    created_at: datetime
    signed_at: datetime
    seen_at: datetime

    def is_over(self, now: datetime) -> bool:
        idle = _IDLE.get(self.person.role, _USUAL_IDLE)
        return self.person.disabled or now >= self.created_at + LONGEST or now >= self.seen_at + idle

    def is_fresh(self, now: datetime) -> bool:
        return now < self.signed_at + FRESH_FOR
