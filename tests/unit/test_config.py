"""Settings: safe defaults, and a clear word about what cannot be."""

import stat
import threading
from pathlib import Path

import pytest

from registry.config import LANGUAGES, load_settings
from registry.errors import Invalid


def environ(tmp_path: Path, **more: str) -> dict[str, str]:
    return {"REGISTRY_DATA_DIR": str(tmp_path / "data"), **more}


def test_defaults_are_those_of_one_machine(tmp_path: Path) -> None:
    settings = load_settings(environ(tmp_path))
    assert settings.data_dir.is_dir()
    assert settings.database_url == f"sqlite:///{settings.data_dir / 'registry.db'}"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.language == LANGUAGES[0] == "vi"
    assert settings.zone.key == "Asia/Ho_Chi_Minh"
    assert not settings.secure_cookies
    assert settings.index_dir.parent == settings.files_dir.parent == settings.data_dir


def test_blank_variables_count_as_not_given(tmp_path: Path) -> None:
    blank = dict.fromkeys(
        ("REGISTRY_DATABASE_URL", "REGISTRY_LANGUAGE", "REGISTRY_TIME_ZONE", "PORT"), ""
    )
    assert load_settings(environ(tmp_path) | blank) == load_settings(environ(tmp_path))


def test_the_address_follows_the_port_and_https_secures_the_cookies(tmp_path: Path) -> None:
    assert load_settings(environ(tmp_path, PORT="9000")).base_url == "http://127.0.0.1:9000"
    public = load_settings(environ(tmp_path, REGISTRY_BASE_URL="https://tieuchuan.example.vn/"))
    assert public.base_url == "https://tieuchuan.example.vn"
    assert public.secure_cookies


def test_the_secret_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    first = load_settings(environ(tmp_path))
    kept = first.data_dir / "secret-key"
    assert len(first.secret_key) >= 48
    assert load_settings(environ(tmp_path)).secret_key == first.secret_key
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert load_settings(environ(tmp_path, REGISTRY_SECRET_KEY="given")).secret_key == "given"
    other = load_settings({"REGISTRY_DATA_DIR": str(tmp_path / "other")})
    assert other.secret_key != first.secret_key


def test_processes_that_start_at_once_agree_on_the_secret(tmp_path: Path) -> None:
    start = threading.Barrier(8)
    found: list[str] = []

    def read() -> None:
        start.wait()
        found.append(load_settings(environ(tmp_path)).secret_key)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert found[0]
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret-key"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REGISTRY_LANGUAGE", "xx"),
        ("REGISTRY_TIME_ZONE", "Asia/Nowhere"),
        ("REGISTRY_TIME_ZONE", "../../etc/passwd"),
        ("REGISTRY_TIME_ZONE", "Asia"),
    ],
)
def test_a_setting_that_cannot_be_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        load_settings(environ(tmp_path, **{name: value}))
    assert list(refused.value.fields) == [name]
