"""Languages: which one a reader gets, and how dates, terms and messages are shown in it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from babel import Locale
from flask import Flask, Response, g, request
from flask_babel import (
    Babel,
    format_date,
    format_datetime,
    format_decimal,
    get_locale,
    get_translations,
    gettext,
)

from registry.config import LANGUAGES
from registry.messages import Message
from registry.vocabulary.queries import all_labels
from registry.web.edge import parts, reading

_COOKIE = "language"


class Localised(NamedTuple):
    """A text and the language it is really in, for the ``lang`` attribute."""

    text: str
    lang: str


def init_i18n(app: Flask, zone: str) -> None:
    """Set the reader's language for each request and register the template helpers."""
    Babel(
        app,
        default_translation_directories=str(app.config["TRANSLATION_FOLDER"]),
        default_timezone=zone,
        locale_selector=reader_language,
        timezone_selector=lambda: zone,
    )
    # Flask-Babel finds the catalogue anew for each of a page's hundred texts.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _catalogue().ugettext(text),
        lambda one, many, number: _catalogue().ungettext(one, many, number),
        newstyle=True,
        pgettext=lambda context, text: _catalogue().upgettext(context, text),
        npgettext=lambda context, one, many, number: _catalogue().unpgettext(
            context, one, many, number
        ),
    )
    app.add_template_filter(show_date, "dateformat")
    app.add_template_filter(show_instant, "datetimeformat")
    app.add_template_filter(show_number, "numberformat")
    app.add_template_global(localise, "t")
    app.add_template_global(term_label, "term_label")
    app.add_template_global(get_locale, "get_locale")

    @app.after_request
    def remember_choice(response: Response) -> Response:
        chosen = request.args.get("lang")
        if chosen in LANGUAGES:
            response.set_cookie(
                _COOKIE,
                chosen,
                max_age=365 * 86400,
                samesite="Lax",
                secure=app.config["SESSION_COOKIE_SECURE"],
            )
        # A page differs by language, so caches must keep them apart.
        response.vary.update(("Accept-Language", "Cookie"))
        return response


def _catalogue() -> Any:
    """Return the translations into this request's language."""
    kept = g.get("catalogue")
    if kept is None:
        kept = g.catalogue = get_translations()
    return kept


def reader_language() -> str:
    """Return the language asked for by ``?lang=``, else chosen before, else by the browser."""
    for wish in (request.args.get("lang"), request.cookies.get(_COOKIE)):
        if wish in LANGUAGES:
            return str(wish)
    return request.accept_languages.best_match(LANGUAGES) or parts().settings.language


def current_language() -> str:
    """Return the language of this answer ("vi")."""
    locale = get_locale()
    return str(locale.language) if locale else parts().settings.language


def translate(message: str) -> str:
    """Return a service's message in the reader's language."""
    if isinstance(message, Message):
        parameters = {
            name: show_date(value) if isinstance(value, date) else value
            for name, value in message.parameters.items()
        }
        return str(gettext(message.pattern)).format(**parameters)
    return str(gettext(message)) if message else ""


def translate_fields(fields: Mapping[str, Sequence[str]] | None) -> dict[str, list[str]]:
    """Return field messages in the reader's language."""
    return {path: [translate(text) for text in texts] for path, texts in (fields or {}).items()}


def localise(texts: Mapping[str, str] | None) -> Localised:
    """Return the text in the reader's language, else in English, else in whatever there is."""
    language = current_language()
    if not texts:
        return Localised("", language)
    for candidate in (language, *LANGUAGES, "en"):
        if texts.get(candidate):
            return Localised(texts[candidate], candidate)
    first = next(iter(texts))
    return Localised(texts[first], first)


def term_label(vocabulary: str, key: str | None) -> str:
    """Return what a vocabulary's ``key`` is called in the reader's language, or the key itself."""
    if key is None:
        return ""
    if "term_labels" not in g:
        with reading() as session:
            g.term_labels = all_labels(session)
    labels = g.term_labels.get((vocabulary, key))
    return localise(labels).text if labels else key


def show_date(value: date | str | None) -> str:
    """Return a date as its reader writes it; "2023" and "2023-12" keep their precision."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return show_instant(value)
    if isinstance(value, date):
        return _day(value)
    pieces = value.split("-")
    try:
        if len(pieces) == 3:
            return _day(date.fromisoformat(value))
        if len(pieces) == 2:
            return f"{int(pieces[1]):02}/{pieces[0]}"
    except ValueError:
        pass
    return value


def _day(value: date) -> str:
    # The official Vietnamese form, and the one that English readers outside America share.
    pattern = "d 'tháng' M 'năm' y" if current_language() == "vi" else "d MMMM y"
    return str(format_date(value, pattern))


def show_instant(value: datetime | None) -> str:
    """Return an instant in the register's time zone, to the minute."""
    if value is None:
        return ""
    pattern = "HH:mm dd/MM/y" if current_language() == "vi" else "d MMM y, HH:mm"
    return str(format_datetime(value, pattern))


def show_number(value: float | int | None) -> str:
    """Return a number with the reader's separators."""
    return str(format_decimal(value)) if value is not None else ""


def language_name(code: str) -> str:
    """Return a language's own name ("Tiếng Việt")."""
    name = Locale(code).get_display_name(code) or code
    return name[:1].upper() + name[1:]
