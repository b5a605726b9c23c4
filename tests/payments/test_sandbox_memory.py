"""The sandbox's memory in a real database, on each kind: all or nothing, and one writer at a time for each object."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from campaigns.storage.database import Database
from campaigns.storage.sandbox_memory import StoredSandbox
from tests.payments.providers import Letters, Sandbox, heard, open_checkout, order, paid_gift

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def memory(database: Database) -> StoredSandbox:
    """An empty memory."""
    return StoredSandbox(database)


def test_what_was_put_is_there_until_it_is_dropped(memory: StoredSandbox) -> None:
    with memory.changing() as shelf:
        shelf.put("one", "gift", {"zażółć": [1, None]})
        assert shelf.get("one") == {"zażółć": [1, None]}
    assert memory.get("one") == {"zażółć": [1, None]}
    with memory.changing() as shelf:
        shelf.put("one", "gift", {"state": "paid"})
        shelf.drop("two")
    assert memory.get("one") == {"state": "paid"}
    with memory.changing() as shelf:
        shelf.drop("one")
    assert memory.get("one") is None


def test_a_block_that_fails_leaves_no_trace(memory: StoredSandbox) -> None:
    def fail() -> None:
        with memory.changing() as shelf:
            shelf.put("one", "gift", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert memory.get("one") is None


def test_the_newest_of_a_kind_come_first(memory: StoredSandbox) -> None:
    with memory.changing() as shelf:
        for id in ("b", "a", "c"):
            shelf.put(f"gift_{id}", "gift", {"id": id})
        shelf.put("notice_z", "notice", {})
    assert memory.newest("gift", 2) == [{"id": "c"}, {"id": "b"}]


def test_what_is_due_comes_in_order_and_only_of_its_kind(memory: StoredSandbox) -> None:
    with memory.changing() as shelf:
        shelf.put("late", "gift", {}, NOON + timedelta(seconds=1))
        shelf.put("now", "gift", {}, NOON)
        shelf.put("early", "gift", {}, NOON - timedelta(days=1))
        shelf.put("other", "notice", {}, NOON)
        shelf.put("never", "gift", {})
    assert memory.due("gift", NOON, 10) == ["early", "now"]
    assert memory.due("gift", NOON, 1) == ["early"]


def test_what_was_due_and_is_no_more_is_not_listed(memory: StoredSandbox) -> None:
    for due_at in (NOON, None):
        with memory.changing() as shelf:
            shelf.put("one", "gift", {}, due_at)
    assert memory.due("gift", NOON, 10) == []


def test_changes_of_one_object_wait_for_each_other(memory: StoredSandbox) -> None:
    """Even the first one, when there is nothing to lock yet."""
    together = Barrier(4)

    def count(_: int) -> None:
        together.wait()
        for _ in range(5):
            with memory.changing() as shelf:
                counter = shelf.get("counter") or {"count": 0}
                shelf.put("counter", "counter", {"count": counter["count"] + 1})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(4)))
    assert memory.get("counter") == {"count": 20}


def test_a_donor_who_clicks_in_four_windows_pays_once(memory: StoredSandbox) -> None:
    sandbox, together = Sandbox(memory, Letters()), Barrier(4)
    ordered = order(sandbox)

    def click(_: int) -> str:
        together.wait()
        return sandbox.gateway.open_checkout(ordered).id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(click, range(4)))) == 1


def test_a_gift_goes_its_whole_way(memory: StoredSandbox) -> None:
    sandbox = Sandbox(memory, Letters())
    payment_id = paid_gift(sandbox)
    sandbox.dispute(payment_id)
    sandbox.lose(payment_id)
    sandbox.run_out(open_checkout(sandbox).id)
    known = heard(sandbox)
    assert (len(known.paid), len(known.disputes), len(known.expired)) == (1, 1, 1)
