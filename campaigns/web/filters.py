"""What templates can say: translations, amounts, dates, percents, stories, and the addresses of our own files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from flask import Flask, Response, request
from jinja2 import StrictUndefined
from jinja2.ext import InternationalizationExtension
from markupsafe import Markup

from campaigns.config import Settings
from campaigns.domain.money import Money
from campaigns.domain.periods import first_of
from campaigns.language import LANGUAGES, current, gettext, language, ngettext, npgettext, pgettext
from campaigns.web.markdown import to_html
from campaigns.web.tongue import elsewhere

IMMUTABLE = "public, max-age=31536000, immutable"


# A page says the same few amounts over and over, and writing one the right way takes a while.
@lru_cache(maxsize=4096)
def _money(code: str, amount: Money) -> str:
    return language(code).money(amount)


@lru_cache(maxsize=4096)
def _exact(code: str, amount: Money) -> str:
    return language(code).exact(amount)


@lru_cache(maxsize=4096)
def _percent(code: str, percent: Decimal) -> str:
    return language(code).percent(percent)


@lru_cache(maxsize=1024)
def _moment(code: str, moment: datetime) -> str:
    return language(code).time(moment)


@lru_cache(maxsize=1024)
def _day(code: str, day: date | datetime) -> str:
    return language(code).date(day)


@lru_cache(maxsize=256)
def _story(code: str, text: str) -> Markup:
    return to_html(language(code).prose(text))


@lru_cache(maxsize=1024)
def _prose(code: str, text: str) -> str:
    return language(code).prose(text)


def money(amount: Money) -> str:
    """`5 000 zł`, in the language that is spoken."""
    return _money(current().code, amount)


def exact(amount: Money) -> str:
    """`5 000,00 zł`, with groszy always, in the language that is spoken."""
    return _exact(current().code, amount)


def percent(share: Decimal) -> str:
    """`45,7%`; takes percents, not a share of one."""
    return _percent(current().code, share)


def install(app: Flask, settings: Settings) -> None:
    """Set up the application's templates."""
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.undefined = StrictUndefined
    env.policies["ext.i18n.trimmed"] = True
    env.add_extension(InternationalizationExtension)
    # The extension adds this method to the environment, which no type can tell.
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.filters.update(
        money=money,
        percent=percent,
        exact=exact,
        number=lambda number: current().number(number),
        date=lambda day: _day(current().code, day),
        month=lambda month: current().month(first_of(month)),
        time=lambda moment: _moment(current().code, moment),
        prose=lambda text: _prose(current().code, text),
        markdown=lambda text: _story(current().code, text),
    )
    env.globals.update(
        language=current,
        languages=LANGUAGES,
        elsewhere=elsewhere,
        organisation=settings.organisation,
        base_url=settings.base_url,
        demo=settings.demo,
        asset=_assets(app),
    )
    app.after_request(_keep_assets)


def _assets(app: Flask) -> Callable[[str], str]:
    """The address of one of our files, with a hash of its content, so that browsers may keep it for good."""
    folder = Path(app.static_folder or "")

    @lru_cache(maxsize=32)
    def asset(name: str) -> str:
        digest = blake2b((folder / name).read_bytes(), digest_size=6).hexdigest()
        return f"{app.static_url_path}/{name}?v={digest}"

    return asset


def _keep_assets(response: Response) -> Response:
    if request.endpoint == "static" and request.args.get("v"):
        response.headers["Cache-Control"] = IMMUTABLE
    return response
