"""Declarations in the workspace: made by a business, registered or refused by an officer."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from registry.accounts.permissions import SIGNED_IN
from registry.assessment import states
from registry.assessment.intake.uploads import receive_file
from registry.assessment.presenters.declarations import present_declaration, present_rows
from registry.assessment.queries.declarations import declaration_file as find_file
from registry.assessment.queries.declarations import declarations as find_declarations
from registry.assessment.queries.declarations import document_for, documents_of
from registry.assessment.queries.reuse import reusable_product
from registry.assessment.schemas import (
    DeclarationDecisionSchema,
    DeclarationSchema,
    StatusChangeSchema,
)
from registry.assessment.services.declaration_status import change_declaration
from registry.assessment.services.declarations import (
    decide_declaration,
    submit_declaration,
    take_back_declaration,
)
from registry.assessment.services.snapshots import issuing_register
from registry.assessment.views.blueprint import blueprint
from registry.assessment.views.form_pages import Data, FormPage, loaded, options, version
from registry.assessment.views.pages import PAGE, cursor_pager, page_reader
from registry.assessment.views.report_drafts import file_name
from registry.errors import Invalid, NotFound, NotSignedIn, RegistryError
from registry.history import AsOf
from registry.journal.queries import recorded_at
from registry.schema_fields import load
from registry.storage import FileStore
from registry.web.access import needs
from registry.web.downloads import stranger_file
from registry.web.edge import change, current_actor, parts, reading
from registry.web.errors import classify
from registry.web.forms import form_errors, nested
from registry.web.paging import decode_cursor

_DOCUMENT = re.compile(r"(documents\.[0-9]{1,2})\.file")


@blueprint.route("/workspace/declarations/new", methods=["GET", "POST"])
@needs("declaration:submit")
def declare() -> Response:
    """Declare conformity; ``?from=`` takes the product over from a certificate of one's own."""
    today = parts().clock.today()

    def take(data: Data) -> str:
        with change() as uow:
            number = submit_declaration(uow, data, issuing_register(parts().settings)).number
        return url_for("assessment.declaration_file", number=number)

    with reading() as session:
        known = reusable_product(session, current_actor(), request.args.get("from", "")[:60])
    return FormPage(
        template="assessment/declaration_form.html",
        read=loaded(DeclarationSchema()),
        take=take,
        said=gettext("Your declaration is received."),
        context={"bases": options("declaration-basis")},
        initial={"issued_on": today, "valid_from": today, **known},
        lines="documents",
        split=frozenset({"regulations", "product.models", "product.hs", "reports"}),
        receive=_receive_documents,
    ).answer()


def _receive_documents(fields: MultiDict[str, str]) -> None:
    """Take the files chosen as supporting documents; name each by its hash, and by its name."""
    for name, sent in sorted(request.files.items()):
        found = _DOCUMENT.fullmatch(name)
        if found is None or not sent.filename:
            continue
        title = file_name(sent.filename)
        try:
            upload = receive_file(parts(), current_actor(), title, sent.stream)
        except Invalid as error:
            texts = [text for texts in error.fields.values() for text in texts]
            raise Invalid({name: texts}) from None
        fields[f"{found[1]}.sha256"] = upload.sha256
        if not fields.get(f"{found[1]}.title", "").strip():
            fields[f"{found[1]}.title"] = title


@blueprint.get("/workspace/declarations/mine")
@needs("declaration:read-own")
def my_declarations() -> str:
    """List the declarations of the reader's own organisation."""
    return _list("assessment.my_declarations", own=True)


@blueprint.get("/workspace/declarations")
@needs("declaration:read-all")
def declarations_desk() -> str:
    """List all declarations, by state on request."""
    return _list("assessment.declarations_desk", own=False)


@blueprint.get("/workspace/declarations/<number>")
@needs(SIGNED_IN)
def declaration_file(number: str) -> Response:
    """Show a declaration to its declarer or to an officer."""
    return _page(number, {}, {})


@blueprint.get("/workspace/declarations/<number>/documents/<sha256>")
@needs(SIGNED_IN)
def declaration_document(number: str, sha256: str) -> Response:
    """Give a supporting document to its declarer or to an officer."""
    registry = parts()
    with reading() as session:
        as_of = AsOf(registry.clock.today())
        found = document_for(session, current_actor(), number, sha256, as_of)
    path = FileStore(registry.settings.attachments_dir).path(found.sha256)
    kind = found.media_type or "application/octet-stream"
    return stranger_file(path, kind, found.name, found.sha256)


@blueprint.post("/workspace/declarations/<number>/decide")
@needs("declaration:decide")
def declaration_decide(number: str) -> Response:
    """Register or refuse a declaration."""

    def take() -> str:
        data = load(DeclarationDecisionSchema(), request.form.to_dict(), form=True)
        register = issuing_register(parts().settings)
        with change() as uow:
            decide_declaration(uow, number, data, register, expected=version())
        return str(gettext("Your decision is recorded."))

    return _step(number, take)


@blueprint.post("/workspace/declarations/<number>/take-back")
@needs("declaration:submit")
def declaration_take_back(number: str) -> Response:
    """Take one's own declaration back."""

    def take() -> str:
        with change() as uow:
            take_back_declaration(uow, number, expected=version())
        return str(gettext("The declaration is taken back."))

    return _step(number, take)


@blueprint.post("/workspace/declarations/<number>/<any(suspend, reinstate, withdraw):action>")
@needs("declaration:change-status")
def declaration_change(number: str, action: str) -> Response:
    """Suspend, reinstate or withdraw a registered declaration from a day on."""

    def take() -> str:
        # The page shows one form for each action, so that each has field names of its own.
        typed = nested(request.form).get(action)
        data = load(StatusChangeSchema(), typed if isinstance(typed, dict) else {})
        with change() as uow:
            change_declaration(uow, action, number, data, expected=version())
        return str(gettext("The change is recorded."))

    return _step(number, take, prefix=f"{action}.")


def _step(number: str, take: Callable[[], str], prefix: str = "") -> Response:
    try:
        said = take()
    except (NotFound, NotSignedIn):
        raise
    except RegistryError as error:
        errors = {
            f"{prefix}{name}" if name else "": texts for name, texts in form_errors(error).items()
        }
        return _page(number, errors, request.form, classify(error)[0])
    flash(said, "success")
    return redirect(url_for("assessment.declaration_file", number=number), 303)


def _page(
    number: str, errors: Mapping[str, list[str]], typed: Mapping[str, str], status: int = 200
) -> Response:
    actor = current_actor()
    today = parts().clock.today()
    with reading() as session:
        facts = find_file(session, actor, number, AsOf(today))
        held = {one.sha256: one.size for one in documents_of(session, facts.declaration.id)}
        moments = {
            event.known_from: moment
            for event in facts.events
            if (moment := recorded_at(session, event.known_from)) is not None
        }
        context = present_declaration(facts, page_reader(session), moments)
    own = actor.organisation_id == facts.declaration.organisation_id
    state = facts.record.state
    page = render_template(
        "assessment/declaration_file.html",
        **context,
        own=own,
        held=held,
        handles=actor.may("declaration:read-all"),
        may_decide=not own and actor.may("declaration:decide") and state == states.SUBMITTED,
        may_take_back=own and actor.may("declaration:submit") and state == states.SUBMITTED,
        actions=[]
        if own or facts.status is None
        else states.DECLARATION_STATUS.actions_from(facts.status.key, actor),
        today=today,
        errors=errors,
        typed=typed,
    )
    return make_response(page, status)


def _list(endpoint: str, *, own: bool) -> str:
    cursor = decode_cursor(request.args.get("cursor"), int)
    state = request.args.get("state", "").strip()[:60]
    with reading() as session:
        found = find_declarations(
            session,
            current_actor(),
            AsOf(parts().clock.today()),
            state=state or None,
            after=cursor[0] if cursor else None,
            limit=PAGE + 1,
        )
    context: dict[str, Any] = {
        "rows": present_rows(found[:PAGE]),
        "own": own,
        "state": state,
        "states": options("declaration-state"),
        "pager": cursor_pager(
            endpoint,
            first_page=cursor is None,
            following=found[PAGE - 1].declaration.id if len(found) > PAGE else None,
            state=state or None,
        ),
    }
    return render_template("assessment/declarations_desk.html", **context)
