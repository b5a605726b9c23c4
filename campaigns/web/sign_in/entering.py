"""Signing in, in two steps, and out. No cookie is set before the last one."""

from __future__ import annotations

from flask import Response, make_response, redirect, request
from flask.typing import ResponseReturnValue

from campaigns.domain.people import Person
from campaigns.services import sign_in
from campaigns.services.halfway import Worthless
from campaigns.services.keys import Keys
from campaigns.services.limiting import TooManyTries
from campaigns.services.sign_in import Half, Step, Wrong
from campaigns.web.doors import local_path, show_out
from campaigns.web.forms.entrance import AppForm, CodeForm, SignInForm
from campaigns.web.responses import private_page
from campaigns.web.sign_in.answers import address, app_to_set_up, entered, shown, too_many, took_too_long
from campaigns.web.staff_page import done


class Entering:
    """The views."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def page(self) -> ResponseReturnValue:
        return _first_step(SignInForm(next=local_path(request.args.get("next", ""), "")))

    def begin_again(self) -> ResponseReturnValue:
        """Where a reload asks for the second step's address without a form."""
        return redirect("/sign-in", 303)

    def password(self) -> ResponseReturnValue:
        form = SignInForm(request.form)
        typed = form.email.data or "", form.password.data or ""
        try:
            half = sign_in.check_password(self._keys, *typed, address(self._keys))
        except TooManyTries as refused:
            return too_many(refused, "/sign-in")
        if half is None:
            form.complain()
            return _first_step(form, 422)
        return go_on(self._keys, half, form.next.data or "")

    def code(self) -> ResponseReturnValue:
        form = CodeForm(request.form)
        try:
            entry = sign_in.prove(self._keys, form.token.data or "", form.typed, address(self._keys), shown(self._keys))
        except Worthless:
            return took_too_long()
        except TooManyTries as refused:
            return too_many(refused, "/sign-in")
        except Wrong:
            form.complain()
            return _second_step(form, 422)
        return entered(self._keys, entry, form.next.data or "")

    def set_up(self) -> ResponseReturnValue:
        form = AppForm(request.form)
        token = form.token.data or ""
        try:
            person = sign_in.person_behind(self._keys, token)
        except Worthless:
            return took_too_long()
        return self._set_up(form, person)

    def _set_up(self, form: AppForm, person: Person) -> ResponseReturnValue:
        typed = form.token.data or "", form.key.data or "", form.code.data or ""
        try:
            entry = sign_in.set_up(self._keys, *typed, shown(self._keys))
        except Worthless:
            return took_too_long()
        except Wrong:
            form.complain()
            return _set_up(self._keys, form, person, 422)
        return entered(self._keys, entry, form.next.data or "")

    def leave(self) -> ResponseReturnValue:
        sign_in.leave(self._keys, shown(self._keys))
        return show_out(make_response(done("/sign-in", "signed-out")), self._keys)


def go_on(keys: Keys, half: Half, wished: str = "") -> ResponseReturnValue:
    """From the right password (or one just chosen) to whatever is left to do."""
    wished = local_path(wished, "")
    if half.step is Step.NOTHING:
        try:
            entry = sign_in.enter(keys, half.token, shown(keys))
        except Worthless:
            return took_too_long()
        return entered(keys, entry, wished)
    if half.step is Step.SET_UP and half.person is not None:
        return _set_up(keys, AppForm(token=half.token, next=wished), half.person)
    return _second_step(CodeForm(token=half.token, next=wished))


def _first_step(form: SignInForm, status: int = 200) -> Response:
    return private_page("sign_in/sign-in.html", status, form=form)


def _second_step(form: CodeForm, status: int = 200) -> Response:
    return private_page("sign_in/code.html", status, form=form)


def _set_up(keys: Keys, form: AppForm, person: Person, status: int = 200) -> Response:
    app = app_to_set_up(keys, person, form.key.data or "")
    return private_page("sign_in/set-up.html", status, form=form, **app)
