"""The edge in a crowd: one computation at a time, bytes of a bounded age, and memory of a bounded size."""

import secrets
import threading
import time
import tracemalloc
from itertools import count

import pytest

from campaigns.web.edge import Bounds
from tests.web.edges import Clock, Got, Site, edge, together, visit


def test_fifty_visitors_at_once_cost_one_computation() -> None:
    site = Site(before=lambda: time.sleep(0.2))
    app = edge(site)
    got = together(50, lambda: visit(app))
    assert [each.body for each in got] == [b"answer 1"] * 50
    assert len(site.asked) == 1
    assert len(app.flights) == 0


def test_while_one_renews_the_page_the_others_get_the_last_one() -> None:
    clock, site = Clock(), Site()
    app = edge(site, clock)
    visit(app)
    clock.now += 3
    begun, go = threading.Event(), threading.Event()

    def linger() -> None:
        begun.set()
        go.wait(10)

    site.before = linger
    renewing = threading.Thread(target=visit, args=[app])
    renewing.start()
    begun.wait(10)
    meanwhile = visit(app).body
    go.set()
    renewing.join()
    assert (meanwhile, visit(app).body) == (b"answer 1", b"answer 2")


def test_nobody_gets_bytes_older_than_five_seconds() -> None:
    clock, site = Clock(), Site()
    app = edge(site, clock)
    visit(app)
    clock.now += 5
    site.before = lambda: time.sleep(0.2)
    assert {got.body for got in together(10, lambda: visit(app))} == {b"answer 2"}


def test_bytes_are_as_old_as_the_moment_at_which_their_making_began() -> None:
    clock, site = Clock(), Site()
    site.before = lambda: setattr(clock, "now", clock.now + 0.9)
    app = edge(site, clock)
    visit(app)
    clock.now += 0.2
    assert visit(app).body == b"answer 2"


def test_a_failure_is_told_to_those_who_wait_and_kept_for_nobody() -> None:
    site = Site("503 Service Unavailable", before=lambda: time.sleep(0.2))
    app = edge(site)
    got = together(20, lambda: visit(app))
    assert [each.status for each in got] == ["503 Service Unavailable"] * 20
    assert len(site.asked) == 1
    site.status, site.before = "200 OK", lambda: None
    assert visit(app).status == "200 OK"


def test_an_application_that_breaks_blocks_nobody() -> None:
    numbers = count(1)

    def break_once() -> None:
        time.sleep(0.1)
        if next(numbers) == 1:
            raise RuntimeError("broken")

    site = Site(before=break_once)
    app = edge(site)
    good: list[Got] = []
    broken: list[str] = []

    def come() -> Got:
        try:
            good.append(visit(app))
        except RuntimeError as error:
            broken.append(str(error))
        return Got("", {}, b"")

    together(10, come)
    assert (len(broken), len(good)) == (1, 9)
    assert len(app.flights) == 0


def test_a_request_that_hangs_holds_up_the_others_for_no_longer_than_their_patience() -> None:
    go = threading.Event()
    turns = count(1)
    site = Site(before=lambda: next(turns) == 1 and go.wait(20))
    clock = Clock()
    app = edge(site, clock, Bounds(patience=0.1))
    hanging = threading.Thread(target=visit, args=[app])
    hanging.start()
    while not site.asked:
        time.sleep(0.01)
    clock.now += 0.5
    began = time.monotonic()
    assert visit(app).body == b"answer 2"
    assert len(app.flights) == 0
    assert visit(app).body == b"answer 2"
    assert time.monotonic() - began < 5
    go.set()
    hanging.join()
    assert visit(app).body == b"answer 2"


@pytest.mark.parametrize("bounds", [Bounds(entries=64, size=1024 * 1024), Bounds(entries=512, size=256 * 1024)])
def test_a_thousand_addresses_with_random_parameters_stay_within_bounds(bounds: Bounds) -> None:
    app = edge(Site(body=lambda _: secrets.token_bytes(10_000)), bounds=bounds)
    visit(app)
    tracemalloc.start()
    for number in range(1000):
        query = f"lang=en&size=line&{secrets.token_hex(400)}={secrets.token_hex(400)}"
        visit(app, f"/embed/{secrets.token_hex(8)}" if number % 2 else f"/pl/{secrets.token_hex(8)}", query)
        assert len(app.shelf) <= bounds.entries
        assert app.shelf.size <= bounds.size
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used < 2 * 1024 * 1024


def test_random_parameters_on_one_address_make_no_new_entries() -> None:
    site = Site()
    app = edge(site)
    for _ in range(1000):
        visit(app, "/embed/x", f"lang={secrets.token_hex(4)}&{secrets.token_hex(4)}=1&size=card")
    assert (len(site.asked), len(app.shelf)) == (1, 1)


def test_a_thousand_unknown_addresses_are_not_kept() -> None:
    app = edge(Site("404 Not Found"))
    for _ in range(1000):
        visit(app, f"/pl/{secrets.token_hex(8)}")
    assert (len(app.shelf), app.shelf.size, len(app.flights)) == (0, 0, 0)


def test_what_was_not_used_for_longest_makes_room() -> None:
    clock, site = Clock(), Site()
    app = edge(site, clock, Bounds(fresh=60, stale=60, entries=3))
    for path in ("/pl/a", "/pl/b", "/pl/c", "/pl/a", "/pl/d"):
        clock.now += 1
        visit(app, path)
    asked = len(site.asked)
    visit(app, "/pl/a")
    assert len(site.asked) == asked
    visit(app, "/pl/b")
    assert len(site.asked) == asked + 1


def test_one_huge_answer_does_not_push_out_the_others() -> None:
    site = Site(body=lambda environ: b"x" * (900_000 if environ["PATH_INFO"] == "/pl/huge" else 10))
    app = edge(site, bounds=Bounds(size=1024 * 1024))
    visit(app, "/pl/small")
    assert len(visit(app, "/pl/huge").body) == 900_000
    assert len(app.shelf) == 1


def test_answers_of_a_busy_edge_are_always_of_their_own_address() -> None:
    clock = Clock()
    site = Site(body=lambda environ: environ["PATH_INFO"].encode())
    app = edge(site, clock, Bounds(entries=4))
    wrong: list[str] = []

    def walk() -> Got:
        for number in range(300):
            path = f"/pl/{number * 7 % 9}"
            clock.now += 0.01
            if visit(app, path).body != path.encode():
                wrong.append(path)
        return Got("", {}, b"")

    assert len(together(8, walk)) == 8
    assert wrong == []
    assert len(app.shelf) <= 4
