"""The front desk: sends each HTTP request to the API, to the hosted page or to the control."""

from collections.abc import Callable
from urllib.parse import unquote

from tests.standin import pages
from tests.standin.account import Account
from tests.standin.api import RATE_LIMITED, SERVER_ERROR, Api, Request, refusal
from tests.standin.errors import ApiError
from tests.standin.faults import Fault, FaultQueue
from tests.standin.idempotency import Answer
from tests.standin.pages import Page
from tests.standin.switchboard import answer_control

_PAY = "/c/pay/"
_CONTROL = "/_control/"


class FrontDesk:
    """Knows the three doors, and plays the faults at the API's."""

    def __init__(
        self,
        control: object,
        account: Account,
        api: Api,
        faults: FaultQueue,
        wait: Callable[[float], object],
    ) -> None:
        self._control = control
        self._account = account
        self._api = api
        self._faults = faults
        self._wait = wait

    def answer(self, request: Request) -> Answer | None:
        """Return the answer to any request; None means hang up."""
        if request.path.startswith(_PAY):
            return self._page(request)
        if request.path.startswith(_CONTROL):
            verb = request.path.removeprefix(_CONTROL)
            return answer_control(self._control, self._account.api_key, verb, request)
        fault = self._faults.take(request.path)
        if fault is None:
            return self._api.answer(request)
        answer = None if fault.is_before_acting else self._api.answer(request, fault)
        return self._spoil(request, fault, answer)

    def _spoil(self, request: Request, fault: Fault, answer: Answer | None) -> Answer | None:
        """Return what the client sees of an answer, if anything."""
        if fault.kind == "error_500":
            return refusal(SERVER_ERROR, request)
        if fault.kind == "rate_limited":
            return refusal(RATE_LIMITED, request)
        if fault.kind == "timeout":
            self._wait(fault.seconds)
            return None
        return None if fault.kind == "close" else answer

    def _page(self, request: Request) -> Answer:
        session_id = unquote(request.path.removeprefix(_PAY))
        if request.method == "POST":
            return _html(pages.act(self._account, session_id, request.body))
        if request.method == "GET":
            return _html(pages.show(self._account, session_id))
        return refusal(ApiError(405, "Method not allowed."), request)


def _html(page: Page) -> Answer:
    headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    if page.location is not None:
        headers["Location"] = page.location
    return Answer(page.status, page.html.encode(), headers)
