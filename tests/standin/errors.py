"""Refusals: those that go to the API's client in Stripe's shape, those that go to the test."""

import json
from collections.abc import Sequence


class Refused(ValueError):
    """The test asked for what cannot happen, such as paying an expired session."""


class ApiError(Exception):
    """An answer of the API that is not 2xx."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param

    def body(self) -> bytes:
        """Return the JSON that Stripe would send."""
        error = {"message": str(self), "type": self.kind}
        if self.code is not None:
            error["code"] = self.code
        if self.param is not None:
            error["param"] = self.param
        return json.dumps({"error": error}, indent=2).encode()


def invalid(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    """Return the 400 for a value that the API does not take."""
    return ApiError(400, message, code=code, param=param)


def unknown_parameters(names: Sequence[str]) -> ApiError:
    """Return the 400 for parameters that the API does not know."""
    noun = "parameter" if len(names) == 1 else "parameters"
    message = f"Received unknown {noun}: {', '.join(names)}"
    return invalid(message, param=names[0], code="parameter_unknown")


def missing_parameter(name: str) -> ApiError:
    """Return the 400 for a required parameter that is not there."""
    return invalid(f"Missing required param: {name}.", param=name, code="parameter_missing")


def no_such(kind: str, ident: str, *, param: str = "id", status: int = 404) -> ApiError:
    """Return the refusal for an object that does not exist: 404 in the path, 400 in a parameter."""
    noun = kind.rsplit(".", maxsplit=1)[-1]
    message = f"No such {noun}: '{ident}'"
    return ApiError(status, message, code="resource_missing", param=param)


def not_modelled(what: str) -> ApiError:
    """Return a 400 of the stand-in's own: the API would take this, the stand-in cannot act it."""
    return invalid(f"The stand-in does not model {what}", param=what, code="not_modelled_here")
