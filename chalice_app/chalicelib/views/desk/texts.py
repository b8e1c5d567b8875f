"""What the mails of a gathering say: each as it will be, with own words in it, to be tried and saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from chalice.app import Response

from chalicelib import answers, planning, routing, trials
from chalicelib.bodies import validated
from chalicelib.forms import texts as forms
from chalicelib.participants import GATHERING
from chalicelib.planning import Form, WritingScreen
from chalicelib.visit import DeskVisit
from chalicelib.wire_gatherings import PatchBody
from shared.bootstrap import web as bootstrap
from shared.gatherings import service as gatherings, wording
from shared.gatherings.model import Gathering, GatheringChangedMeanwhile
from shared.messages.model import Trial
from shared.refusals import N_, Refusal
from shared.roles import Role

pages = routing.desk()

PATH: Final = f"{GATHERING}/mails"
SHOW: Final = "show"
"""The button that saves nothing."""

TRIALS: Final = {f"try.{kind}": kind for kind in wording.KINDS}
"""The buttons that send a test mail, and its kind."""

TRIED: Final = N_("A test mail is on its way to you.")
SAVED: Final = N_("Your changes are saved.")


@dataclass(frozen=True, slots=True)
class TextsScreen(WritingScreen):
    """The form. `mails` are the mails as they will be, subject and text, by kind and language."""

    labels: ClassVar[Mapping[str, str]] = forms.LABELS
    mails: Mapping[str, Mapping[str, tuple[str, str]]] = field(kw_only=True)

    @property
    def path(self) -> str:
        """Where the form is sent, without language."""
        return PATH.format(gathering_id=self.gathering.id)


@pages.get(PATH, Role.COORDINATOR, own=True)
def texts(visit: DeskVisit, gathering_id: str) -> Response:
    """Show the mails as they are."""
    kept = bootstrap.gatherings().get(gathering_id)
    return _form(visit, _opening(visit, kept), kept, done=SAVED if visit.query.get("done") == "saved" else None)


@pages.post(PATH, Role.COORDINATOR, own=True)
def write(visit: DeskVisit, gathering_id: str) -> Response:
    """Keep the words, or show the mails with them; or send one of these to who writes it."""
    kept, form = bootstrap.gatherings().get(gathering_id), Form.sent(visit)
    refusal = planning.tried(lambda: _do(visit, form, kept))
    if isinstance(refusal, GatheringChangedMeanwhile):
        kept = bootstrap.gatherings().get(gathering_id)
        form, theirs = form.merged(_opening(visit, kept))
        return _form(visit, form, kept, refusal, theirs=theirs)
    if refusal or form.action == SHOW:
        return _form(visit, form, kept, refusal)
    if form.action in TRIALS:
        return _form(visit, form, kept, done=TRIED)
    return answers.see_other(visit, f"{PATH.format(gathering_id=gathering_id)}?done=saved")


def _opening(visit: DeskVisit, kept: Gathering) -> Form:
    return Form.opening(forms.to_fields(kept, visit.network.languages), version=kept.version)


def _do(visit: DeskVisit, form: Form, kept: Gathering) -> None:
    """Do what the button says, with words that can be saved."""
    patch = validated(PatchBody, {"version": max(form.version, 1), "texts": _read(visit, form)})
    wanted = patch.onto(kept, visit.network)
    wanted.check(languages=visit.network.languages)
    if form.action in TRIALS:
        trials.send(visit, _trial(visit, wanted, TRIALS[form.action], visit.voice.language))
    elif form.action != SHOW:
        gatherings.change(
            wanted,
            version=patch.version,
            languages=visit.network.languages,
            programmes=bootstrap.programmes(),
            store=bootstrap.gatherings(),
            now=visit.now,
            correlation_id=visit.correlation_id,
        )


def _read(visit: DeskVisit, form: Form) -> dict[str, dict[str, str]]:
    return forms.read(planning.reader(form, visit))


def _trial(visit: DeskVisit, gathering: Gathering, kind: str, language: str) -> Trial:
    return trials.trial(visit, gathering.id, kind, language, body=gathering.texts.get(kind, {}), subject={})


def _form(
    visit: DeskVisit,
    form: Form,
    kept: Gathering,
    refusal: Refusal | None = None,
    *,
    theirs: Mapping[str, list[str]] | None = None,
    done: str | None = None,
) -> Response:
    shown = replace(kept, texts=_read(visit, form))

    def said(kind: str, language: str) -> tuple[str, str]:
        return trials.said(visit, _trial(visit, shown, kind, language), shown)

    languages = visit.network.languages
    mails = {kind: {language: said(kind, language) for language in languages} for kind in wording.KINDS}
    screen = TextsScreen(
        visit.login, form, gathering=kept, mails=mails, theirs=theirs or {}, refusal=refusal, done=done
    )
    return planning.show(visit, "desk/texts.html", screen)
