"""Where passkeys can be used: browsers bind them to one address of a site."""

from __future__ import annotations

from flask import request

from campaigns.services.ceremonies import Party
from campaigns.services.keys import Keys


def passkeys_elsewhere(keys: Keys) -> str | None:
    """An empty text where the browser is now; the origin to go to instead; None if this site can have no passkeys."""
    party = Party.of(keys.settings)
    if party is None:
        return None
    return "" if party.origin.endswith(f"//{request.host}") else party.origin
