"""The WSGI application: `granian --interface wsgi app:app`, `flask --app app <command>`."""

import sys

from campaigns.application import create_app
from campaigns.config import UnsafeSettings

try:
    app = create_app()
except UnsafeSettings as reason:
    sys.exit(f"{reason}")
