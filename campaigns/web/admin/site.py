"""/admin/site: the emergency switch, how the site stands, and how it is set up."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from campaigns.domain.people import Permission
from campaigns.services import halting
from campaigns.services.condition import condition_of
from campaigns.services.keys import Keys
from campaigns.web.admin.settings import settings_shown
from campaigns.web.doors import Room, who
from campaigns.web.responses import private_page
from campaigns.web.staff_page import done

_HERE = "/admin/site"


def furnish(room: Room, keys: Keys) -> None:
    """Add this part of the room. Turning the switch has a second step, which says what it does."""

    def show() -> ResponseReturnValue:
        return private_page("admin/site.html", state=condition_of(keys), settings=settings_shown(keys.settings))

    def before_halt() -> ResponseReturnValue:
        return private_page("admin/site-halt.html")

    def before_resume() -> ResponseReturnValue:
        return private_page("admin/site-resume.html")

    def halt() -> ResponseReturnValue:
        halting.halt(keys, who())
        return done(_HERE, "halted")

    def resume() -> ResponseReturnValue:
        halting.resume(keys, who())
        return done(_HERE, "resumed")

    room.page("/site", "site", Permission.RUN_SITE, show)
    room.page("/site/halt", "site_before_halt", Permission.RUN_SITE, before_halt)
    room.deed("/site/halt", "site_halt", Permission.RUN_SITE, halt)
    room.page("/site/resume", "site_before_resume", Permission.RUN_SITE, before_resume)
    room.deed("/site/resume", "site_resume", Permission.RUN_SITE, resume)
