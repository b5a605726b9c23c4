"""What all commands share: the keys of the house, and plain sentences for what can be mended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app

from campaigns.config import UnsafeSettings
from campaigns.payments.gateway import GatewayError
from campaigns.services import archive, hiring
from campaigns.services.keys import Keys
from campaigns.storage.database import DatabaseUnavailable
from campaigns.storage.vault import CannotOpen


def the_keys() -> Keys:
    """What the program works with."""
    keys: Keys = current_app.extensions["keys"]
    return keys


@contextmanager
def plainly() -> Iterator[None]:
    """What the person at the terminal can mend is said in one sentence, without a stack trace."""
    try:
        yield
    except DatabaseUnavailable as error:
        raise click.ClickException(f"The database cannot be used: {error}.") from error
    except CannotOpen as error:
        raise click.ClickException(f"An address cannot be opened with the keys in PII_KEYS: {error}.") from error
    except (UnsafeSettings, archive.Refused, hiring.Impossible, GatewayError) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"The file cannot be used: {error.filename}: {error.strerror}.") from error
