"""Anything that can happen to gifts, in any order: hypothesis plays donors, banks, a treasurer, and a bad post."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from random import Random
from secrets import token_hex
from typing import ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from campaigns.domain.campaign import Figures
from campaigns.domain.money import Money
from campaigns.domain.pledge import Method
from campaigns.payments.gateway import BadNotice
from campaigns.payments.signature import sign
from campaigns.services.bookkeeping import book_offline_gift
from campaigns.services.jobs import run_jobs
from campaigns.services.settlement import receive, replay
from campaigns.storage.database import Connection, Database
from tests.property.model import SETTLES_AFTER, Gift, Model, Offline, Shown, renewed
from tests.property.reading import Books, alerts_for_a_human, published, read_books
from tests.world import FUND, a_site, new_fund, page_of

T = TypeVar("T")

GUARDED = "guarded-fund"
SLUGS = (FUND, GUARDED)

AMOUNTS = st.integers(500, 20_000)
WHICH = st.integers(0, 9)
METHODS = st.sampled_from([Method.BLIK, Method.P24, Method.CARD])
PATIENCE = st.sampled_from([timedelta(seconds=20), timedelta(minutes=5), timedelta(minutes=61)])


class Died(Exception):
    """The process is gone, and its transaction with it."""


class Mortal(Database):
    """The database of a node that dies at the end of its next transactions, before it can commit the last of them."""

    lives = 0

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        with super().transaction() as connection:
            yield connection
            self.lives -= 1
            if self.lives == 0:
                raise Died


class AnySequence(RuleBasedStateMachine):
    """A live and a guarded campaign, one provider, two nodes, and what really happened beside it, in `model`."""

    fresh: ClassVar[Callable[[], str]]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.world = self.stack.enter_context(a_site(type(self).fresh(), GIVE_LIMITS="9999/1d"))
        self.nodes = (self.world.keys, self.stack.enter_context(self.world.another_node()))
        self.post = self.stack.enter_context(ThreadPoolExecutor(2))
        self.model = Model()
        self.shown: Shown | None = None
        self.waiting: list[bytes] = []
        self.asked = 0
        self.mortal = self.stack.enter_context(closing(Mortal(self.world.keys.settings.database_url)))
        for slug, figures in zip(SLUGS, (Figures.LIVE, Figures.GUARDED), strict=True):
            new_fund(self.world.database, slug, figures=figures)

    # Donors.

    @rule(minor=AMOUNTS, method=METHODS, slug=st.sampled_from(SLUGS), twice=st.booleans())
    def a_donor_begins(self, minor: int, method: Method, slug: str, twice: bool) -> None:
        form, amount = token_hex(8), str(Money(minor, "PLN").major)
        started = [self.world.give(amount, method, slug, form=form) for _ in range(1 + twice)]
        pages = {page_of(each) for each in started}
        assert len(pages) == 1
        self.model.gifts[pages.pop()] = Gift(slug, minor, method is not Method.P24, started[0].pledge.expires_at)

    @precondition(lambda self: self.model.pages("open"))
    @rule(which=WHICH)
    def a_donor_pays(self, which: int) -> None:
        page = _one_of(self.model.pages("open"), which)
        self.world.bank.pay(page)
        self.model.gifts[page].state = "paid"
        self._hear()

    @precondition(lambda self: self.model.pages("open"))
    @rule(which=WHICH)
    def a_donor_pays_with_money_that_comes_later(self, which: int) -> None:
        page = _one_of(self.model.pages("open"), which)
        self.world.bank.pay_later(page)
        gift = self.model.gifts[page]
        gift.state, gift.settles_at = "processing", self.world.clock() + SETTLES_AFTER
        self._hear()

    @precondition(lambda self: self.model.pages("open"))
    @rule(which=WHICH)
    def a_bank_says_no(self, which: int) -> None:
        page = _one_of(self.model.pages("open"), which)
        self.world.bank.decline(page)
        self.model.gifts[page].state = "failed"
        self._hear()

    # Banks.

    @precondition(lambda self: self.model.refundable())
    @rule(which=WHICH, share=st.sampled_from([0.1, 0.5, 1]))
    def money_goes_back(self, which: int, share: float) -> None:
        page = _one_of(self.model.refundable(), which)
        gift = self.model.gifts[page]
        minor = max(int(gift.left * share), 1)
        told = self.world.bank.refund(page, Money(minor, "PLN"), token_hex(8))
        gift.refunds[told.refunds[-1].id] = minor
        self._hear()

    @precondition(lambda self: self.model.refunds())
    @rule(which=WHICH)
    def a_refund_comes_back(self, which: int) -> None:
        page, refund = _one_of(self.model.refunds(), which)
        self.world.bank.return_refund(refund)
        del self.model.gifts[page].refunds[refund]
        self._hear()

    @precondition(lambda self: self.model.disputable())
    @rule(which=WHICH)
    def a_gift_is_disputed(self, which: int) -> None:
        page = _one_of(self.model.disputable(), which)
        gift = self.model.gifts[page]
        self.world.bank.dispute(page)
        gift.held, gift.dispute_is_open = gift.left, True
        self._hear()

    @precondition(lambda self: self.model.disputed())
    @rule(which=WHICH, won=st.booleans())
    def a_dispute_ends(self, which: int, won: bool) -> None:
        page = _one_of(self.model.disputed(), which)
        gift = self.model.gifts[page]
        gift.dispute_is_open = False
        if won:
            self.world.bank.win(page)
            gift.held = 0
        else:
            self.world.bank.lose(page)
        self._hear()

    # The treasurer, and time.

    @rule(minor=AMOUNTS, slug=st.sampled_from(SLUGS))
    def cash_is_booked(self, minor: int, slug: str) -> None:
        amount, now = Money(minor, "PLN"), self.world.clock()
        effect = book_offline_gift(self.world.database, slug, amount, Method.CASH, "pl", now)
        self.model.cash[effect] = Offline(slug, minor)

    @precondition(lambda self: self.model.standing_cash())
    @rule(which=WHICH)
    def a_mistake_is_reversed(self, which: int) -> None:
        effect = _one_of(self.model.standing_cash(), which)
        self.world.reverse(effect)
        self.model.cash[effect].reversed = True

    @rule(by=PATIENCE)
    def time_passes(self, by: timedelta) -> None:
        self.world.clock.turn(by)
        self._hear()

    @rule(node=st.integers(0, 1))
    def jobs_run(self, node: int) -> None:
        assert -1 not in run_jobs(self.nodes[node], self.world.clock()).values()
        self.shown = renewed(self.shown, self._books().booked[GUARDED], self.world.clock())

    # The post.

    @precondition(lambda self: self.waiting)
    @rule(chance=st.randoms(use_true_random=False), nodes=st.integers(1, 2))
    def some_notices_arrive(self, chance: Random, nodes: int) -> None:
        """Some of those that wait, and some that came before, shuffled, at one node or at both at once."""
        arriving = chance.sample(self.waiting, chance.randint(1, len(self.waiting)))
        again = chance.sample(self.world.told, min(2, len(self.world.told)))
        self._deliver(arriving + again, chance, nodes)
        self.waiting = [body for body in self.waiting if body not in arriving]

    @precondition(lambda self: self.waiting)
    @rule(chance=st.randoms(use_true_random=False))
    def everything_arrives(self, chance: Random) -> None:
        self._deliver(self.waiting, chance, nodes=1)
        self.waiting = []

    @precondition(lambda self: self.waiting)
    @rule(which=WHICH, dies_in=st.integers(1, 2))
    def a_node_dies_while_it_handles_a_notice(self, which: int, dies_in: int) -> None:
        body = _one_of(self.waiting, which)
        self.mortal.lives = dies_in
        try:
            self.world.deliver([body], replace(self.world.keys, database=self.mortal))
        except Died:
            return  # not answered with 200, so it comes again
        self.waiting.remove(body)

    @precondition(lambda self: self.model.gifts)
    @rule(which=WHICH)
    def a_treasurer_asks_the_provider_again(self, which: int) -> None:
        page = _one_of(list(self.model.gifts), which)
        for object_id in (page, self.world.bank.gift(page).payment_id):
            outcomes = replay(self.world.keys, object_id)
            self.asked += sum(not outcome.repeated for outcome in outcomes)

    @precondition(lambda self: self.world.told)
    @rule(which=WHICH)
    def somebody_forges_a_notice(self, which: int) -> None:
        body = _one_of(self.world.told, which).replace(b'"minor": ', b'"minor": 9')
        try:
            receive(self.world.keys, body, sign(body, [token_hex(32)], self.world.clock()))
        except BadNotice:
            return
        raise AssertionError("a forged notice was believed")

    # What must hold.

    @invariant()
    def the_books_are_right(self) -> None:
        books = self._books()
        self._agree_with_themselves(books)
        if not self.waiting:
            self._say_what_happened(books)

    def _agree_with_themselves(self, books: Books) -> None:
        assert books.faults == []
        assert books.unbalanced == []
        for slug in SLUGS:
            assert books.booked[slug][0] == books.posted[slug] == books.exported[slug]
        assert published(self.world, FUND) == books.booked[FUND][:3]
        guarded = self.shown
        assert published(self.world, GUARDED) == (
            (guarded.minor, guarded.pledged, guarded.supporters) if guarded else (0, 0, 0)
        )

    def _say_what_happened(self, books: Books) -> None:
        assert {slug: self.model.figures(slug) for slug in SLUGS} == books.booked
        account = sum(self.world.bank.gift(page).left.minor for page in self.model.gifts)
        assert books.at_provider + books.fees == account
        kept = len(self.world.told) + self.asked
        assert self.world.inbox() == ({"done": kept} if kept else {})
        assert alerts_for_a_human(self.world) == 0

    def teardown(self) -> None:
        """In the end everything arrives, and every fee is known."""
        with self.stack:
            self._deliver(self.waiting, Random(0), nodes=2)
            self.waiting = []
            self.the_books_are_right()
            for _ in range(2):  # money that is on its way comes in the first round, its fee in the second
                self.world.clock.turn(timedelta(minutes=15))
                self._hear()
                self._deliver(self.waiting, Random(0), nodes=1)
                self.waiting = []
                self.jobs_run(0)
            self.the_books_are_right()
            assert self._books().fees == self.model.fees()

    def _hear(self) -> None:
        self.waiting += self.world.hear()
        self.model.time_passes(self.world.clock())

    def _deliver(self, bodies: list[bytes], chance: Random, nodes: int) -> None:
        orders = [chance.sample(bodies, len(bodies)) for _ in range(nodes)]
        if nodes == 1:
            self.world.deliver(orders[0])
            return
        for outcomes in self.post.map(self.world.deliver, orders, self.nodes):
            assert len(outcomes) == len(bodies)

    def _books(self) -> Books:
        return read_books(self.world.database)


def _one_of(things: list[T], which: int) -> T:
    return things[which % len(things)]
