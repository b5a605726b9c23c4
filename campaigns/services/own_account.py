"""What one changes of one's own account besides the ways to prove who one is."""

from __future__ import annotations

from campaigns.domain.people import Person
from campaigns.services.audit_trail import Action, note
from campaigns.services.keys import Keys
from campaigns.storage import people


def change_language(keys: Keys, person: Person, language: str) -> None:
    """Speak to this person in another language, in pages and letters."""
    with keys.database.transaction() as connection:
        people.set_language(connection, person.id, language)
        note(connection, keys, person, Action.PERSON_CHANGED, f"staff:{person.id}", f"language {language}")
