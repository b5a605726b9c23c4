"""A storm: the running site under donors, repeated, shuffled and forged notices, and kill -9."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from threading import Event, Lock

from campaigns.config import Settings
from campaigns.services.opening import bring_up_to_date
from campaigns.storage.database import Database
from tests.standin import Policy, RemoteStandIn
from tests.storm.donors import give
from tests.storm.fates import METHODS, amount, befall
from tests.storm.forgers import forge
from tests.storm.site import Site
from tests.world import FUND, environment, new_fund

CLIENTS = 8
DONORS = 4


@dataclass(frozen=True)
class Weather:
    """How bad it gets. `seed` decides what donors, banks and forgers do; `mutant` names a fault of the program."""

    gifts: int
    kills: int
    seed: int
    database_kills: int = 0
    mutant: str | None = None


@dataclass
class Wreck:
    """The site after the storm, running, and who knows the truth about it."""

    site: Site
    settings: Settings
    provider: RemoteStandIn
    forged: list[int] = field(default_factory=list)
    seconds: float = 0


@contextmanager
def storm(url: str, folder: Path, weather: Weather, kill_database: Callable[[], None] | None = None) -> Iterator[Wreck]:
    """Let it blow over a fresh database; then everything that was not delivered is, until all of it is taken."""
    port = _free_port()
    policy = Policy(copies=2, delay=(0.0, 1.0), attempts=2, retry_delay=0.5, threads=CLIENTS, wait=False)
    with RemoteStandIn.spawn("--webhook-url", f"http://127.0.0.1:{port}/webhooks/stripe") as provider:
        provider.set_policy(replace(policy, seed=weather.seed))
        given = _environment(url, port, provider)
        settings = Settings.from_environment(given)
        with closing(Database(url)) as database:
            bring_up_to_date(settings, database)
            new_fund(database)
        if weather.mutant:
            given |= {"MUTANT": weather.mutant, "MUTANT_GAP": "0.2"}
        app = "tests.storm.mutant_app:app" if weather.mutant else "app:app"
        site = Site(given, port, folder / "site.log", app)
        wreck = Wreck(site, settings, provider)
        try:
            site.start()
            _Storm(wreck, weather, kill_database).blow()
            yield wreck
        finally:
            site.kill()


def _environment(url: str, port: int, provider: RemoteStandIn) -> dict[str, str]:
    return environment(
        url,
        BASE_URL=f"http://127.0.0.1:{port}",
        PAYMENT_GATEWAY="stripe",
        STRIPE_API_BASE=provider.url,
        STRIPE_SECRET_KEY=provider.api_key,
        STRIPE_WEBHOOK_SECRET=",".join(provider.signing_secrets()),
        GIVE_LIMITS="1000000/1d",
    )


class _Storm:
    """Donors, forgers and destroyers, each in threads of their own, until every gift is lived."""

    def __init__(self, wreck: Wreck, weather: Weather, kill_database: Callable[[], None] | None) -> None:
        self._wreck = wreck
        self._weather = weather
        self._kill_database = kill_database
        self._lived = 0
        self._counting = Lock()
        self._calm = Event()

    def blow(self) -> None:
        """Until the last gift is lived and the last kill done; re-raises what went wrong on any side."""
        begun = time.monotonic()
        with ThreadPoolExecutor(DONORS) as donors, ThreadPoolExecutor(2) as others:
            try:
                forging, destroying = others.submit(self._forge), others.submit(self._destroy)
                for gift in [donors.submit(self._live, number) for number in range(self._weather.gifts)]:
                    gift.result()
                destroying.result()
                _deliver_the_rest(self._wreck.provider, self._weather.seed)
            finally:
                self._calm.set()
        self._wreck.forged += forging.result()
        self._wreck.seconds = time.monotonic() - begun

    def _live(self, number: int) -> None:
        """One gift, from the form to whatever becomes of it."""
        chance = Random(self._weather.seed * 1_000_003 + number)
        method = chance.choice(METHODS)
        email = f"donor{number}@example.org" if number % 3 == 0 else ""
        page = give(self._wreck.site.url, FUND, amount(chance), method, email)
        befall(self._wreck.provider, page, method, chance)
        with self._counting:
            self._lived += 1

    def _forge(self) -> list[int]:
        provider = self._wreck.provider
        while not provider.events() and not self._calm.wait(0.2):
            pass
        genuine, secrets = provider.events()[:100], provider.signing_secrets()
        return forge(self._wreck.site.url, genuine, secrets, Random(self._weather.seed), self._calm)

    def _destroy(self) -> None:
        """Kill, in even steps of the gifts lived, and let what was killed come back."""
        blows = [self._kill_site] * self._weather.kills
        if self._kill_database is not None:
            blows += [self._kill_database] * self._weather.database_kills
        Random(self._weather.seed).shuffle(blows)
        for turn, blow in enumerate(blows, 1):
            while self._lived < self._weather.gifts * turn // (len(blows) + 1) and not self._calm.wait(0.02):
                pass
            blow()

    def _kill_site(self) -> None:
        self._wreck.site.kill()
        self._wreck.site.start()


def _deliver_the_rest(provider: RemoteStandIn, seed: int) -> None:
    provider.wait_until_delivered()
    for again in range(20):
        if not provider.pending():
            return
        provider.deliver_pending(order="shuffled", seed=seed + again, threads=CLIENTS)
    raise AssertionError(f"never taken: {provider.pending()[:3]}")


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
