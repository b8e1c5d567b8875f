"""A participant's own page. The link is the key: it opens nothing but one registration, and for a time.

Every action is a button with a token of its own for this registration: mail scanners open links, and press none.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from chalice.app import Response

from chalicelib import answers, bodies, routing
from chalicelib.own import PARTICIPANT, mine, to_colleague
from chalicelib.routing import Unavailable
from chalicelib.screens import CancelScreen, ForgottenScreen, Listing, MovedScreen, OwnScreen, Problem
from chalicelib.visit import Visit
from shared.bootstrap import web as bootstrap
from shared.erasure import service as erasing
from shared.gatherings import questions
from shared.gatherings.model import Gathering, Session
from shared.links import LinkBroken, Purpose
from shared.privacy.model import Group
from shared.refusals import Invalid, Refusal, StoreUnavailable
from shared.registration import changes, correcting
from shared.registration.joining import way_in
from shared.registration.line import position
from shared.registration.model import Registration, RegistrationNotFound, Status, What
from shared.registration.queries import overtaken

pages = routing.pages()

FORM_LIVES: Final = timedelta(hours=2)


@pages.get("/tilmelding/{token}")
def registration(visit: Visit, token: str) -> Response:
    """Show the registration, and what can be done with it."""
    return _page(visit, token, *mine(visit, token))


@pages.get("/tilmelding/{token}/kalender.ics")
def calendar(visit: Visit, token: str) -> Response:
    """Give the sessions as calendar entries, under the ids of the invitations that were mailed."""
    found, gathering = mine(visit, token)
    return answers.calendar(visit, gathering, url=f"/tilmelding/{token}", registration=found)


@pages.get("/tilmelding/{token}/afmelding")
def question(visit: Visit, token: str) -> Response:
    """Ask whether the seat is really to be given back."""
    found, gathering = mine(visit, token)
    path = f"/tilmelding/{token}"
    screen = CancelScreen(Listing(gathering, visit.now), found, path, _csrf(visit, found))
    return answers.page(visit, "cancel.html", screen)


@pages.post("/tilmelding/{token}/afmelding")
def cancel(visit: Visit, token: str) -> Response:
    """Give the seat, or the place in the line, back."""
    return _end(visit, token, What.CANCELLED)


@pages.post("/tilmelding/{token}/bekraeft")
def confirm(visit: Visit, token: str) -> Response:
    """Say "this is me": the address is proven, and nobody else may change the registration."""
    return _act(visit, token, changes.claim)


@pages.post("/tilmelding/{token}/ja-tak")
def accept(visit: Visit, token: str) -> Response:
    """Accept the offered seat."""
    return _act(visit, token, changes.accept)


@pages.post("/tilmelding/{token}/nej-tak")
def decline(visit: Visit, token: str) -> Response:
    """Let the offered seat go to the next in line."""
    return _end(visit, token, What.NOT_INTERESTED)


@pages.post("/tilmelding/{token}/ikke-mig")
def not_me(visit: Visit, token: str) -> Response:
    """Give back what somebody else took in this person's name, and forget it."""
    done = "/tilmelding/slettet"
    try:
        return _act(visit, token, lambda key, _, **rest: erasing.disown(key, kept=bootstrap.kept(), **rest), done=done)
    except RegistrationNotFound:
        # Who presses the button twice is told the same.
        return answers.see_other(visit, done)


@pages.post("/tilmelding/{token}/sessioner")
def sessions(visit: Visit, token: str) -> Response:
    """Move to other sessions, or from on site to online."""
    fields = bodies.fields(visit.request)
    found, gathering = mine(visit, token)
    chosen = [value for name, values in fields.items() if name.startswith(("session", "choice-")) for value in values]
    if not gathering.choose_sessions:
        chosen += [session.id for session in gathering.sessions_without_choice()]
    wanted = chosen if gathering.choose_sessions or gathering.choices() else None
    mode = fields.get("mode", [""])[-1]
    return _save(
        visit, token, lambda key, by, **rest: changes.change_sessions(key, wanted, mode, by, **rest), chosen=chosen
    )


@pages.post("/tilmelding/{token}/svar")
def answer(visit: Visit, token: str) -> Response:
    """Keep answers to the gathering's questions, and needs."""
    fields = bodies.fields(visit.request)
    _, gathering = mine(visit, token)
    given = questions.from_form(gathering.questions, fields)
    needs = (fields.get("needs-diet", [""])[-1], fields.get("needs-accommodation", [""])[-1])
    return _save(visit, token, lambda key, by, **rest: changes.answer(key, given, needs, by, **rest), given=given)


@pages.post("/tilmelding/{token}/e-mail")
def address(visit: Visit, token: str) -> Response:
    """Have everything sent to another address from now on. This link dies; the new address gets another."""
    email = bodies.form(visit.request).get("email", "")
    return _act(
        visit,
        token,
        lambda key, by, **rest: correcting.change_address(key, email, by, **rest),
        done="/tilmelding/flyttet",
    )


@pages.post("/tilmelding/{token}/kollega")
def hand_over(visit: Visit, token: str) -> Response:
    """Give the seat to a colleague."""
    return _act(visit, token, to_colleague(bodies.form(visit.request)))


@pages.get("/tilmelding/flyttet")
def moved(visit: Visit) -> Response:
    """Say that mail goes to another address now."""
    return answers.page(visit, "moved.html", MovedScreen())


@pages.get("/tilmelding/slettet")
def forgotten(visit: Visit) -> Response:
    """Say that nothing is left of a registration that was somebody else's doing."""
    return answers.page(visit, "forgotten.html", ForgottenScreen())


def _save(visit: Visit, token: str, do: Callable[..., object], **typed: Any) -> Response:
    """Keep what a form has, and say on the page that it is kept."""
    return _act(visit, token, do, done=f"/tilmelding/{token}?done=saved", **typed)


def _end(visit: Visit, token: str, what: What) -> Response:
    return _act(visit, token, lambda key, by, **rest: changes.cancel(key, by, what=what, **rest))


def _act(
    visit: Visit,
    token: str,
    do: Callable[..., object],
    *,
    done: str | None = None,
    given: Mapping[str, questions.Given] | None = None,
    chosen: Sequence[str] | None = None,
) -> Response:
    """Do what a button asks for, and show the page again; with all that was typed if it could not be done."""
    form = bodies.form(visit.request)
    found, gathering = mine(visit, token)
    if bootstrap.links().read(Purpose.OWN_FORM, form.get("csrf", ""), now=visit.now) != (found.id,):
        raise LinkBroken
    try:
        do(
            (found.gathering_id, found.id),
            PARTICIPANT,
            around=bootstrap.surroundings(),
            now=visit.now,
            correlation_id=visit.correlation_id,
        )
    except Refusal as refusal:
        found = bootstrap.registrations().get(found.gathering_id, found.id)
        return _page(visit, token, found, gathering, refusal, typed=form, given=given, chosen=chosen)
    except StoreUnavailable:
        # It may be too busy to write and still be read.
        busy = Unavailable(retry_after=5)
        return _page(visit, token, found, gathering, busy, typed=form, given=given, chosen=chosen)
    return answers.see_other(visit, done or f"/tilmelding/{token}")


def _page(
    visit: Visit,
    token: str,
    found: Registration,
    gathering: Gathering,
    refusal: Refusal | None = None,
    *,
    typed: Mapping[str, str] | None = None,
    given: Mapping[str, questions.Given] | None = None,
    chosen: Sequence[str] | None = None,
) -> Response:
    store = bootstrap.registrations()
    waits = found.status is Status.WAITLISTED
    faults = refusal.faults if isinstance(refusal, Invalid) else ()
    needs = found.needs
    kept = {"needs-diet": needs.diet, "needs-accommodation": needs.accommodation} if needs else {}
    screen = OwnScreen(
        listing=Listing(gathering, visit.now),
        mine=found,
        token=token,
        csrf=_csrf(visit, found),
        library=bootstrap.libraries().current(found.participant.library).name,
        position=position(store.line(gathering.id), found.id) if waits else None,
        booker=_booker(found),
        overtaken=overtaken(found, store=store),
        asked=questions.unanswered(gathering.questions, found.answers),
        ways_in=tuple(_ways_in(visit, found, gathering)),
        needs_kept_until=visit.network.legal.periods.erased_on(Group.NEEDS, gathering.ends_at),
        typed=kept | dict(typed or {}),
        answers=found.answers if given is None else given,
        sessions=found.sessions if chosen is None else tuple(chosen),
        mode=found.mode if chosen is None else (typed or {}).get("mode", found.mode),
        faults=faults,
        problem=Problem.of(refusal) if refusal is not None and not faults else None,
        saved=refusal is None and visit.query.get("done") == "saved",
    )
    status, retry_after = (refusal.status, refusal.retry_after) if refusal else (200, None)
    return answers.page(visit, "registration.html", screen, status=status, retry_after=retry_after)


def _booker(found: Registration) -> str:
    if found.booking_id is None:
        return ""
    try:
        return bootstrap.registrations().receipt(found.gathering_id, found.booking_id).name
    except RegistrationNotFound:
        # The booker has had all data erased since.
        return ""


def _csrf(visit: Visit, found: Registration) -> str:
    return bootstrap.links().token(Purpose.OWN_FORM, found.id, expires=visit.now + FORM_LIVES)


def _ways_in(visit: Visit, found: Registration, gathering: Gathering) -> Iterator[tuple[Session, str]]:
    """Yield the sessions that are not over and that the person takes part in online, each with the way in."""
    for session in gathering.sessions:
        if session.id in found.sessions and visit.now < session.joined_until:
            path = way_in(found, gathering, session, bootstrap.links())
            yield from [(session, path)] if path else []
