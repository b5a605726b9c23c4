"""The donors' room: campaigns, giving, and the pages that tell how it all works."""

from campaigns.web.donor.blueprint import create_blueprint

__all__ = ["create_blueprint"]
