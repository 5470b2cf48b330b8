"""Webhook endpoints of the reader's organisation and what was sent to them."""

from collections.abc import Callable

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from registry.assessment.views.form_pages import FormPage, loaded
from registry.assessment.views.pages import PAGE, cursor_pager, page_reader
from registry.errors import NotFound, NotSignedIn, RegistryError
from registry.notices.models import WebhookEndpoint
from registry.notices.presenters import event_families, present_deliveries, present_endpoint
from registry.notices.queries.concerned import SUBJECT_KINDS
from registry.notices.queries.endpoints import deliveries, endpoint_of
from registry.notices.queries.endpoints import endpoints as find_endpoints
from registry.notices.schemas import EndpointSchema
from registry.notices.services import webhooks as service
from registry.notices.views.blueprint import blueprint
from registry.unit_of_work import UnitOfWork
from registry.web.access import needs
from registry.web.edge import change, current_actor, parts, reading
from registry.web.errors import classify
from registry.web.forms import form_errors
from registry.web.paging import decode_cursor

_KEEP = service.KEEP


@blueprint.get("/workspace/webhooks")
@needs(_KEEP)
def endpoints() -> str:
    """List the endpoints of the reader's organisation."""
    with reading() as session:
        reader = page_reader(session)
        rows = [present_endpoint(one, reader) for one in find_endpoints(session, current_actor())]
    return render_template("notices/webhooks.html", rows=rows)


@blueprint.route("/workspace/webhooks/new", methods=["GET", "POST"])
@needs(_KEEP)
def endpoint_new() -> Response:
    """Register an endpoint; its secret is shown once."""
    made: list[WebhookEndpoint] = []

    def take(data: dict[str, object]) -> str:
        with change() as uow:
            made.append(
                service.register_endpoint(uow, data, private=parts().settings.webhooks_private)
            )
        return url_for("notices.endpoints")

    page = FormPage(
        template="notices/webhook_form.html",
        read=loaded(EndpointSchema()),
        take=take,
        said=gettext("The endpoint is registered."),
        context={"families": _families(), "endpoint": None},
        many=frozenset({"event_types"}),
    ).answer()
    return _secret(made[0]) if made else page


@blueprint.route("/workspace/webhooks/<int:endpoint_id>/change", methods=["GET", "POST"])
@needs(_KEEP)
def endpoint_change(endpoint_id: int) -> Response:
    """Change address, description and event types."""
    with reading() as session:
        endpoint = endpoint_of(session, current_actor(), endpoint_id)

    def take(data: dict[str, object]) -> str:
        with change() as uow:
            private = parts().settings.webhooks_private
            service.change_endpoint(uow, endpoint_id, data, private=private)
        return url_for("notices.endpoint", endpoint_id=endpoint_id)

    return FormPage(
        template="notices/webhook_form.html",
        read=loaded(EndpointSchema()),
        take=take,
        said=gettext("The endpoint is changed."),
        context={"families": _families(), "endpoint": {"id": endpoint.id}},
        initial={
            "url": endpoint.url,
            "description": endpoint.description or "",
            "event_types": endpoint.event_types,
        },
        many=frozenset({"event_types"}),
    ).answer()


@blueprint.get("/workspace/webhooks/<int:endpoint_id>")
@needs(_KEEP)
def endpoint(endpoint_id: int) -> Response:
    """Show an endpoint with its log."""
    return _page(endpoint_id, {}, 200)


@blueprint.post("/workspace/webhooks/<int:endpoint_id>/rotate")
@needs(_KEEP)
def endpoint_rotate(endpoint_id: int) -> Response:
    """Make a new secret and show it once."""
    with change() as uow:
        endpoint = service.rotate_secret(uow, endpoint_id)
    return _secret(endpoint)


@blueprint.post("/workspace/webhooks/<int:endpoint_id>/<any(pause, resume, test):action>")
@needs(_KEEP)
def endpoint_step(endpoint_id: int, action: str) -> Response:
    """Pause, resume, or send a test message."""
    steps: dict[str, tuple[Callable[[UnitOfWork, int], object], str]] = {
        "pause": (service.pause_endpoint, gettext("Nothing is sent until you resume.")),
        "resume": (service.resume_endpoint, gettext("Messages are sent again.")),
        "test": (service.send_test, gettext("A test message is on its way; see the log below.")),
    }
    command, said = steps[action]
    return _step(endpoint_id, lambda uow: command(uow, endpoint_id), said)


@blueprint.post("/workspace/webhooks/<int:endpoint_id>/deliveries/<int:delivery_id>/again")
@needs(_KEEP)
def delivery_again(endpoint_id: int, delivery_id: int) -> Response:
    """Send a message once more."""
    return _step(
        endpoint_id,
        lambda uow: service.send_again(uow, endpoint_id, delivery_id),
        gettext("The message is sent again."),
    )


@blueprint.post("/workspace/webhooks/<int:endpoint_id>/remove")
@needs(_KEEP)
def endpoint_remove(endpoint_id: int) -> Response:
    """Remove an endpoint with its log."""
    with change() as uow:
        service.remove_endpoint(uow, endpoint_id)
    flash(gettext("The endpoint is removed."), "success")
    return redirect(url_for("notices.endpoints"), 303)


def _step(endpoint_id: int, command: Callable[[UnitOfWork], object], said: str) -> Response:
    try:
        with change() as uow:
            command(uow)
    except (NotFound, NotSignedIn):
        raise
    except RegistryError as error:
        return _page(endpoint_id, form_errors(error), classify(error)[0])
    flash(said, "success")
    return redirect(url_for("notices.endpoint", endpoint_id=endpoint_id), 303)


def _page(endpoint_id: int, errors: dict[str, list[str]], status: int) -> Response:
    cursor = decode_cursor(request.args.get("cursor"), int)
    with reading() as session:
        reader = page_reader(session)
        found = endpoint_of(session, current_actor(), endpoint_id)
        log = deliveries(session, endpoint_id, before=cursor[0] if cursor else None, limit=PAGE + 1)
    page = render_template(
        "notices/webhook.html",
        endpoint=present_endpoint(found, reader),
        log=present_deliveries(log[:PAGE], reader),
        errors=errors,
        pager=cursor_pager(
            "notices.endpoint",
            first_page=cursor is None,
            following=log[PAGE - 1].delivery.id if len(log) > PAGE else None,
            endpoint_id=endpoint_id,
        ),
    )
    return make_response(page, status)


def _secret(endpoint: WebhookEndpoint) -> Response:
    response = make_response(
        render_template(
            "notices/webhook_secret.html",
            endpoint={"id": endpoint.id, "url": endpoint.url},
            secret=endpoint.secret,
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _families() -> list[str]:
    with reading() as session:
        return event_families(page_reader(session).labels, SUBJECT_KINDS)
