"""Where one is signed in oneself, and how to end that."""

from __future__ import annotations

from campaigns.domain.people import Person, Session
from campaigns.services.audit_trail import Action, note
from campaigns.services.keys import Keys
from campaigns.storage import staff


def open_sessions(keys: Keys, person: Person) -> list[Session]:
    """The person's sign-ins that are not over, the newest first."""
    with keys.database.asking() as connection:
        return [session for session in staff.sessions_of(connection, person.id) if not session.is_over(keys.now())]


def end(keys: Keys, person: Person, session_id: int) -> bool:
    """End one of the person's own sign-ins; False if there is no such."""
    with keys.database.transaction() as connection:
        if not staff.end_session(connection, session_id, person.id):
            return False
        note(connection, keys, person, Action.SESSION_ENDED, f"staff:{person.id}", f"session {session_id}")
    return True


def end_others(keys: Keys, session: Session) -> int:
    """End all of the person's sign-ins but this one, and say how many there were."""
    person = session.person
    with keys.database.transaction() as connection:
        ended = staff.end_other_sessions(connection, session.id, person.id)
        note(connection, keys, person, Action.SESSION_ENDED, f"staff:{person.id}", f"{ended} others")
    return ended
