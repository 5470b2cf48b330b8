"""``registry certificate verify``: offline from a trust bundle, or by the own register."""

import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
from click.testing import CliRunner, Result

from registry.assessment.file_answers import OFFLINE_ANSWERS
from registry.assessment.presenters.file_checks import WORDS
from registry.assessment.schemas import StatusChangeSchema
from registry.assessment.services.certificates import suspend_certificate, withdraw_certificate
from registry.assessment.services.trust import trust_bundle
from registry.cli import main
from registry.commands.certificates import EXIT_CODES
from registry.credentials import credential_key, document_key
from registry.schema_fields import load
from tests.support import false_files
from tests.support.assessment import World
from tests.support.credentials import pdf_of, token_of


class Desk:
    """Somebody with a certificate's file and a trust bundle, and nothing else."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder
        certificate = world.certificate()
        self.number = certificate.number
        self.day = certificate.valid_from.isoformat()
        self.last = certificate.valid_until
        self.pdf = self.write("certificate.pdf", pdf_of(world, certificate.id))
        self.token = self.write("certificate.jwt", token_of(world, certificate.id).encode())
        self.bundle = self.export()

    def write(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def export(self) -> Path:
        return self.write("trust.json", trust_bundle(self.world.registry).to_json().encode())

    def offline(self, file: Path, *options: str, bundle: Path | None = None) -> Result:
        arguments = ["certificate", "verify", str(file), "--trust", str(bundle or self.bundle)]
        return CliRunner().invoke(main, [*arguments, "--lang", "en", *options])

    def change(self, service: Any) -> None:
        data = {"effective_on": self.world.day(0), "reason": "Mẫu không đạt"}
        with self.world.registry.units(self.world.actor("officer")) as uow:
            service(uow, self.number, load(StatusChangeSchema(), data))


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    folder = tmp_path / "desk"
    folder.mkdir()
    return Desk(world, folder)


@pytest.fixture
def no_network(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Forbid every connection from now on, and name a data folder that must not come to be."""
    assert desk.bundle.exists()

    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("something opened a connection")

    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    never = tmp_path / "never"
    monkeypatch.setenv("REGISTRY_DATA_DIR", str(never))
    yield
    assert not never.exists()


@pytest.mark.usefixtures("no_network")
def test_without_network_and_register_the_bundle_decides(desk: Desk) -> None:
    for file in (desk.pdf, desk.token):
        result = desk.offline(file, "--at", desk.day)
        assert result.exit_code == 0, result.output
        for words in (
            "GENUINE AND IN FORCE",
            desk.number,
            "[Trình diễn] Công ty Camera Sao Mai",
            "ask online for today",
            "trial key",
            "proven to be among the first",
        ):
            assert words in result.output


@pytest.mark.usefixtures("no_network")
def test_the_age_of_the_status_is_said_and_may_be_limited(desk: Desk) -> None:
    shown = json.loads(desk.offline(desk.pdf, "--at", desk.day, "--json").output)
    assert shown["exit_code"] == 0
    assert shown["status"]["as_of"].startswith("2026-11-20T02:00:00")
    # Without lists nothing can be said of the status.
    bare = json.loads(desk.bundle.read_text())
    bare["status_lists"] = {}
    bundle = desk.write("bare.json", json.dumps(bare).encode())
    result = desk.offline(desk.pdf, "--at", desk.day, bundle=bundle)
    assert result.exit_code == 7
    assert "THE STATUS IS NOT KNOWN" in result.output


@pytest.mark.usefixtures("no_network")
def test_the_day_asked_decides(desk: Desk) -> None:
    after = (desk.last + timedelta(days=1)).isoformat()
    for day, code, words in (
        ("2020-01-01", 3, "NOT YET IN FORCE"),
        (desk.last.isoformat(), 0, "GENUINE AND IN FORCE"),
        (after, 3, "EXPIRED"),
    ):
        result = desk.offline(desk.pdf, "--at", day)
        assert result.exit_code == code
        assert words in result.output


@pytest.mark.parametrize(
    ("service", "words"),
    [(suspend_certificate, "SUSPENDED"), (withdraw_certificate, "WITHDRAWN OR REPLACED")],
)
def test_the_last_known_status_is_used(desk: Desk, service: Any, words: str) -> None:
    desk.change(service)
    assert desk.offline(desk.pdf, "--at", desk.day).exit_code == 0
    desk.export()
    result = desk.offline(desk.pdf, "--at", desk.day)
    assert result.exit_code == 3
    assert words in result.output


@pytest.mark.usefixtures("no_network")
def test_each_false_file_ends_with_its_code(desk: Desk) -> None:
    pdf = desk.pdf.read_bytes()
    for name, content, code in (
        ("flipped.pdf", false_files.flipped(pdf), 4),
        ("shadowed.pdf", false_files.shadowed(pdf), 4),
        ("cut.pdf", pdf[:-10], 4),
        ("unsigned.pdf", false_files.unsigned(pdf), 6),
        ("hello.pdf", b"hello", 6),
        ("empty.pdf", b"", 6),
        ("none.jwt", b"eyJhbGciOiJub25lIiwidHlwIjoidmMrand0In0.e30.", 5),
    ):
        result = desk.offline(desk.write(name, content))
        assert result.exit_code == code, (name, result.output)
        assert isinstance(result.exception, SystemExit)
    bare = json.loads(desk.bundle.read_text()) | {"keys": []}
    bundle = desk.write("nobody.json", json.dumps(bare).encode())
    assert desk.offline(desk.pdf, bundle=bundle).exit_code == 5


def test_after_a_rotation_the_old_holds_and_an_old_bundle_says_what_it_lacks(desk: Desk) -> None:
    registry = desk.world.registry
    for name in (document_key.TRIAL_FILE, credential_key.TRIAL_FILE):
        (registry.settings.data_dir / name).unlink()
    issued = desk.world.certificate()
    newer = desk.write("newer.pdf", pdf_of(desk.world, issued.id))
    token = desk.write("newer.jwt", token_of(desk.world, issued.id).encode())
    for file in (newer, token):
        result = desk.offline(file, "--at", desk.day)
        assert result.exit_code == 5
        assert "SIGNED BY A KEY THAT THE BUNDLE DOES NOT KNOW" in result.output
        assert "get a new bundle" in result.output
    desk.export()
    for file in (desk.pdf, desk.token, newer, token):
        assert desk.offline(file, "--at", desk.day).exit_code == 0


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("content", [b"{}", b"\xff\xfe", b"[]", b"{" * 100_000])
def test_a_bundle_that_is_none_is_said_to_be_none(desk: Desk, content: bytes) -> None:
    result = desk.offline(desk.pdf, bundle=desk.write("bad.json", content))
    assert result.exit_code == 1
    assert "is no trust bundle" in result.output


def test_with_its_own_register_the_register_decides(desk: Desk) -> None:
    desk.change(suspend_certificate)
    arguments = ["certificate", "verify", str(desk.pdf), "--lang", "en"]
    result = CliRunner().invoke(main, arguments, obj=desk.world.registry)
    assert result.exit_code == 3, result.output
    assert "GENUINE, BUT SUSPENDED" in result.output
    assert f"/verify/{desk.number}" in result.output


def test_vietnamese_comes_first(desk: Desk) -> None:
    arguments = ["certificate", "verify", str(desk.pdf), "--trust", str(desk.bundle)]
    result = CliRunner().invoke(main, [*arguments, "--at", desk.day])
    assert "CÓ THẬT VÀ CÒN HIỆU LỰC" in result.output


def test_every_answer_has_words_and_a_code() -> None:
    assert set(OFFLINE_ANSWERS) == EXIT_CODES.keys() == WORDS.keys()
