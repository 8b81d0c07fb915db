"""The server's own secrets."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from server.secrets import Secrets, SecretsError, make_private


def test_they_are_made_once_and_kept(tmp_path: Path) -> None:
    first, second = Secrets.load(tmp_path / "var"), Secrets.load(tmp_path / "var")
    assert (first.proof, first.cursor, first.session) == (second.proof, second.cursor, second.session)
    assert first.receipt.public_key == second.receipt.public_key
    assert first.kid == second.kid
    plain = (first.proof, first.cursor, first.session, first.factor)
    assert len(set(plain)) == 4
    assert {len(value) for value in plain} == {32}


def test_nobody_else_may_read_them(tmp_path: Path) -> None:
    Secrets.load(tmp_path / "var")
    folder = tmp_path / "var" / "secrets"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_two_installations_share_nothing(tmp_path: Path) -> None:
    one, other = Secrets.load(tmp_path / "a"), Secrets.load(tmp_path / "b")
    assert one.proof != other.proof
    assert one.receipt.public_key != other.receipt.public_key


def test_an_installation_of_an_earlier_release_gets_the_secret_that_came_later(tmp_path: Path) -> None:
    before = Secrets.load(tmp_path)
    (tmp_path / "secrets" / "factor").unlink()
    after = Secrets.load(tmp_path)
    assert after.factor != before.factor
    assert (after.proof, Secrets.load(tmp_path).factor) == (before.proof, after.factor)
    assert stat.S_IMODE((tmp_path / "secrets" / "factor").stat().st_mode) == 0o600
    assert len(list((tmp_path / "secrets").iterdir())) == 5


DAMAGES = [
    (name, damage)
    for name in ("proof", "cursor", "session", "receipt", "factor")
    for damage in ("missing", "empty", "short", "zero", "open")
    if (name, damage) != ("factor", "missing")
]


@pytest.mark.parametrize(("name", "damage"), DAMAGES)
def test_the_server_does_not_start_with_a_secret_that_is_none(tmp_path: Path, name: str, damage: str) -> None:
    Secrets.load(tmp_path)
    path = tmp_path / "secrets" / name
    if damage == "missing":
        path.unlink()
    elif damage == "open":
        path.chmod(0o644)
    else:
        path.write_bytes({"empty": b"", "short": path.read_bytes()[:31], "zero": bytes(32)}[damage])
    with pytest.raises(SecretsError, match=name):
        Secrets.load(tmp_path)


def test_one_secret_does_not_serve_two_purposes(tmp_path: Path) -> None:
    Secrets.load(tmp_path)
    folder = tmp_path / "secrets"
    (folder / "cursor").write_bytes((folder / "proof").read_bytes())
    with pytest.raises(SecretsError, match="twice"):
        Secrets.load(tmp_path)


def test_processes_that_start_at_once_have_the_same_secrets(tmp_path: Path) -> None:
    barrier = threading.Barrier(8)
    found: list[bytes] = []

    def start() -> None:
        barrier.wait()
        found.append(Secrets.load(tmp_path).proof)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secrets"]


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o701, 0o777])
def test_a_data_folder_that_others_may_enter_is_closed_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: int
) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var").chmod(mode)

    make_private(tmp_path / "var")

    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
    assert f"({mode:o})" in caplog.text
    caplog.clear()
    make_private(tmp_path / "var")
    make_private(tmp_path / "new")
    assert caplog.text == ""
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_data_folder_that_only_somebody_else_can_close_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o755)

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "chmod", refuse)
    with pytest.raises(SecretsError, match="chmod 700"):
        make_private(tmp_path)
