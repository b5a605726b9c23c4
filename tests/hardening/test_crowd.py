"""A thousand visitors with addresses and parameters that nobody has used before: the server stays small and answers."""

from __future__ import annotations

import random
import string
from urllib.parse import urlencode

from tests.hardening.houses import FUND, House
from tests.served import Served

MANY = 1000
# What a worker may grow by, in KiB, having answered them: far less than keeping each answer would take.
GROWTH = 12 * 1024


def addresses(chance: random.Random) -> list[str]:
    """Half of them pages that exist, with parameters that do not; half of them nothing at all."""
    known = (f"/pl/{FUND}", "/en/", f"/embed/{FUND}", f"/embed/{FUND}.svg", f"/api/campaigns/{FUND}.json")
    return [f"{chance.choice(known)}?{junk(chance)}" for _ in range(MANY // 2)] + [
        f"/{chance.choice(('pl', 'en', 'embed', 'api/campaigns', 'x'))}/{word(chance)}?{junk(chance)}"
        for _ in range(MANY // 2)
    ]


def word(chance: random.Random) -> str:
    return "".join(chance.choices(string.ascii_lowercase, k=chance.randint(1, 60)))


def junk(chance: random.Random) -> str:
    names = ("lang", "size", "theme", "v", word(chance))
    return urlencode([(chance.choice(names), word(chance)) for _ in range(chance.randint(0, 5))])


def test_the_server_stays_small_whatever_is_asked_of_it(site: Served) -> None:
    chance = random.Random(11)
    for path in addresses(chance)[:200]:
        site.ask(path)
    before = site.processes()
    answers = [site.ask(path).status for path in addresses(chance)]
    after = site.processes()
    assert after.keys() == before.keys()
    assert {pid: after[pid] - before[pid] for pid in before if after[pid] - before[pid] > GROWTH} == {}
    assert set(answers) == {200, 404}
    assert answers[: MANY // 2] == [200] * (MANY // 2)


def test_the_edge_keeps_one_answer_for_all_that_mean_the_same(house: House) -> None:
    chance = random.Random(12)
    for path in addresses(chance):
        house.visit(path)
    kept = house.app.wsgi_app.shelf  # type: ignore[attr-defined]  # the edge, which is what Flask calls wsgi_app here
    assert len(kept) == 5
    assert kept.size < 100_000


def test_what_a_peer_says_of_its_address_counts_only_from_a_proxy_that_is_known(site: Served) -> None:
    answers = [site.begin_gift(FUND, f"192.0.2.{number}") for number in range(6)]
    assert [answer.status for answer in answers] == [303] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
