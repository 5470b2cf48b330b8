"""Home, about, open data, and the kinds of problem the API answers with."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from registry.accounts.permissions import PUBLIC
from registry.assessment.queries.overview import count_bodies, count_certificates
from registry.catalog.presenters.common import body_name, counted
from registry.catalog.programme import tally
from registry.catalog.queries.editions import EditionFacts, count_editions, national_list
from registry.catalog.queries.programme import ProgrammeEntry, programme
from registry.catalog.views.drift import share_asked
from registry.errors import NotFound
from registry.history import AsOf
from registry.journal.queries import entries, head
from registry.site.journal_views import present_row
from registry.vocabulary.queries import all_labels, terms
from registry.web.access import needs
from registry.web.edge import asked_as_of, parts, reading
from registry.web.errors import PROBLEMS
from registry.web.i18n import translate

blueprint = Blueprint("public", __name__)

_EXAMPLES = ("camera giám sát", "QCVN 135", "TCVN ISO/IEC 27002", "trí tuệ nhân tạo")
_CHANGES = 8
# Accounts, tokens and words are journalled too, but they are not what readers come for.
_NO_NEWS = ("user", "token", "term", "journal-key", "signing-key")


@blueprint.get("/")
@needs(PUBLIC)
def home() -> str:
    """Show what the register is for: search, the six domains, a certificate, progress."""
    with reading() as session:
        as_of = asked_as_of(session)
        facts = national_list(session, as_of, parts().settings.zone)
        labels = all_labels(session)
        domains = [
            {
                "key": term.key,
                "lead_ministries": [
                    body_name(labels, key) for key in term.attributes.get("lead_ministries", ())
                ],
                **counted(_of_domain(facts, term.key)),
            }
            for term in terms(session, "domain", as_of)
        ]
        plan = _plan(session, as_of, labels, domains, facts)
        news = entries(session, without=_NO_NEWS, limit=_CHANGES)
        changes = [present_row(row, labels) for row in news]
        totals = _totals(session)
        drift = share_asked(session, as_of)
    return render_template(
        "public/home.html",
        search_examples=_EXAMPLES,
        totals=totals,
        domains=domains,
        plan=plan,
        changes=changes,
        drift=drift,
        today=as_of.at,
    )


@blueprint.get("/about")
@needs(PUBLIC)
def about() -> str:
    """Say what the register covers, so that a miss means something."""
    with reading() as session:
        as_of = AsOf(parts().clock.today())
        facts = national_list(session, as_of, parts().settings.zone)
        coverage = {
            **_totals(session),
            "since": _first_day(session),
            "domains": [
                {"key": term.key, "total": len(_of_domain(facts, term.key))}
                for term in terms(session, "domain", as_of)
            ],
            "last_change": next((e.recorded_at for e in entries(session, limit=1)), None),
        }
    return render_template("public/about.html", coverage=coverage, contact=None)


@blueprint.get("/open-data")
@needs(PUBLIC)
def open_data() -> str:
    """Offer everything public for download."""
    with reading() as session:
        position = head(session)
        national, followed = count_editions(session)
    exports = [
        _export(gettext("National list"), "national", national),
        _export(gettext("Followed catalogues"), "followed", followed),
        {
            "title": gettext("Journal"),
            "description": gettext("Every entry with its leaf hash, in order."),
            "records": position,
            "files": [
                {"label": "JSON Lines", "href": url_for("journal.download"), "size": None},
            ],
        },
    ]
    return render_template(
        "public/open_data.html", exports=exports, position=position, licence=None
    )


@blueprint.get("/problems/<kind>")
@needs(PUBLIC)
def problem(kind: str) -> str:
    """Explain a kind of problem that the API answers with (RFC 9457, "type")."""
    title = PROBLEMS.get(kind)
    if title is None:
        raise NotFound("There is no such kind of problem.")
    return render_template("site/problem.html", kind=kind, title=translate(title))


def _of_domain(facts: list[EditionFacts], domain: str) -> list[EditionFacts]:
    return [f for f in facts if domain in f.record.domains]


def _plan(
    session: Session,
    as_of: AsOf,
    labels: Any,
    domains: list[dict[str, Any]],
    facts: list[EditionFacts],
) -> dict[str, Any] | None:
    """Return the progress of the published plan over all domains."""
    attributes = [term.attributes for term in terms(session, "domain", as_of)]
    plans = [a["plan"] for a in attributes if a.get("plan")]
    if not plans:
        return None
    ministries = dict.fromkeys(key for a in attributes for key in a.get("lead_ministries", ()))
    entries = programme(session, as_of)
    rows = [
        {
            "key": d["key"],
            "published": d["total"] - d["planned"],
            "planned": _in_work(e for e in entries if e.record.domain == d["key"]),
        }
        for d in domains
    ]
    return {
        "deadline": min(date.fromisoformat(plan["deadline"]) for plan in plans),
        "ministries": [body_name(labels, key) for key in ministries],
        # An edition of two domains is published once.
        "published": counted_published([f for f in facts if f.record.domains]),
        # Before anything is planned here, nobody knows how much there is to come.
        "planned": _in_work(entries) if entries else None,
        "scale": max((row["published"] + row["planned"] for row in rows), default=1) or 1,
        "domains": rows,
    }


def _in_work(entries: Iterable[ProgrammeEntry]) -> int:
    """Return how many entries of the programme are planned and not yet published."""
    return tally(entry.standing for entry in entries).in_work


def counted_published(facts: list[EditionFacts]) -> int:
    """Return how many of ``facts`` are published, in force or ended."""
    counts = counted(facts)
    return counts["total"] - counts["planned"]


def _totals(session: Session) -> dict[str, int]:
    national, followed = count_editions(session)
    return {
        "editions": national,
        "external_editions": followed,
        "bodies": count_bodies(session),
        "certificates": count_certificates(session),
    }


def _first_day(session: Session) -> date | None:
    first = entries(session, after=0, limit=1)
    return first[0].recorded_at.astimezone(parts().settings.zone).date() if first else None


def _export(title: str, which: str, records: int) -> dict[str, Any]:
    return {
        "title": title,
        "description": None,
        "records": records,
        "files": [
            {
                "label": label,
                "href": url_for("catalog.export", which=which, form=form),
                "size": None,
            }
            for label, form in (("CSV", "csv"), ("Excel", "xlsx"), ("JSON Lines", "jsonl"))
        ],
    }
