"""The room of the payment providers: where their notices arrive."""

from campaigns.web.hooks.notices import create_blueprint

__all__ = ["create_blueprint"]
