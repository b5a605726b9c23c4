"""The stand-in as a process of its own, under the same control."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import stripe

from tests.standin import Policy, Refused, RemoteStandIn
from tests.standin.control import Control
from tests.standin.switchboard import VERBS
from tests.standin.till import Till


@pytest.fixture(scope="module")
def remote() -> Iterator[RemoteStandIn]:
    with RemoteStandIn.spawn("--secrets", "2", "--threads", "4") as running:
        yield running


@pytest.fixture
def till(remote: RemoteStandIn) -> Iterator[Till]:
    with Till(remote.url, remote.api_key) as opened:
        yield opened


def test_every_verb_can_be_called_from_afar() -> None:
    attributes = vars(Control).keys() | {name for part in Control.__mro__[:-1] for name in vars(part)}
    public = {name for name in attributes if not name.startswith("_")}
    assert public - VERBS == {"signed", "webhook_secret", "webhook_secrets"}


def test_money_moves_as_in_the_tests_own_process(remote: RemoteStandIn, till: Till) -> None:
    before = remote.account_total()
    session = till.open(4200, client_reference_id="far")
    paid = remote.pay(session.id, "card", card_country="PL")
    remote.refund(paid["payment_intent"], amount=200)
    assert remote.session_of("far")["status"] == "complete"
    assert remote.gross_minus_refunds("far") == remote.account_total() - before == 4000


def test_refusals_come_back_as_refusals(remote: RemoteStandIn, till: Till) -> None:
    session = till.open()
    remote.expire(session_id=session.id)
    with pytest.raises(Refused, match="expired"):
        remote.pay(session.id)
    with pytest.raises(Refused, match="unknown mode"):
        remote.change_policy(mode="soon")


def test_policies_and_notices_are_told_over_http(remote: RemoteStandIn, till: Till) -> None:
    remote.set_webhook_url("http://127.0.0.1:9")
    remote.set_policy(Policy("held", delay=(0.0, 0.01), attempts=1))
    remote.pay(till.open().id)
    event = remote.pending()[0]
    tries = remote.deliver_pending(order="reversed", threads=2)
    assert {t["status"] for t in tries} == {None}
    for secret in remote.webhook_secrets:
        assert stripe.WebhookSignature.verify_header(*remote.signed(event["id"]), secret, 300)
    remote.discard_pending()
    assert remote.pending() == []


def test_secrets_are_rotated_from_afar(remote: RemoteStandIn) -> None:
    new = remote.add_webhook_secret()
    assert remote.webhook_secret == new
    remote.retire_webhook_secret(new)
    assert new not in remote.webhook_secrets


def test_faults_are_ordered_from_afar(remote: RemoteStandIn, till: Till) -> None:
    remote.fail_next("rate_limited", times=1)
    with pytest.raises(stripe.RateLimitError):
        till.open()


@pytest.mark.parametrize(
    "verb,key,status", [("pay", "", 401), ("explode", None, 404), ("__class__", None, 404), ("pay", None, 409)]
)
def test_the_control_is_closed_to_strangers(remote: RemoteStandIn, verb: str, key: str | None, status: int) -> None:
    parts = urlsplit(remote.url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    headers = {"Authorization": f"Bearer {remote.api_key if key is None else key}"}
    connection.request("POST", f"/_control/{verb}", json.dumps({}), headers)
    response = connection.getresponse()
    assert (response.status, "refused" in json.loads(response.read())) == (status, True)
    connection.close()
