"""The part of the control that lets the API fail."""

from tests.standin.faults import Fault, Kind
from tests.standin.handle import Handle


class Sabotage(Handle):
    """Faults for requests to come."""

    def fail_next(
        self,
        kind: Kind,
        *,
        acted: bool = False,
        seconds: float = 0.0,
        times: int = 1,
        path: str = "/v1/",
    ) -> None:
        """Let the next API requests under `path` meet a fault; see `faults.Fault`."""
        self._faults.order(Fault(kind, acted, seconds), times=times, path=path)

    def clear_faults(self) -> None:
        """Forget faults that no request has met."""
        self._faults.clear()
