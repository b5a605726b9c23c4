"""What every part of the test's end holds on to: the account, its courier, its faults."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from tests.standin.account import Account
from tests.standin.ageing import catch_up
from tests.standin.delivery import Courier
from tests.standin.errors import ApiError, Refused
from tests.standin.faults import FaultQueue
from tests.standin.store import JSON

T = TypeVar("T")


class Handle:
    """The account, the courier that carries its notices, and the faults in store for its API."""

    def __init__(self, account: Account, courier: Courier, faults: FaultQueue) -> None:
        self._account = account
        self._courier = courier
        self._faults = faults
        self.clock = account.clock

    def _do(self, act: Callable[..., JSON], *arguments: Any) -> JSON:
        """Act under the lock, then, outside it, wait for the notices if the policy says so."""
        try:
            with self._account.lock:
                catch_up(self._account)
                result = copied(act(self._account, *arguments))
        except ApiError as error:
            raise Refused(str(error)) from error
        policy = self._courier.policy
        if policy.wait and policy.mode == "at_once":
            self._courier.wait_until_idle(timeout=30.0)
        return result


def copied(value: T) -> T:
    """Return a copy as the wire would carry it, so that no test holds the stand-in's own objects."""
    copy: T = json.loads(json.dumps(value))
    return copy
