"""A phone's photos on networks that cut them anywhere."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from sync.phone.ports import NetError
from sync.phone.saving import Picture
from sync.phone.uploads import PIECE_BYTES
from tests.simulation.conftest import World
from tests.simulation.network import Answer, Send

BIG = 2 * PIECE_BYTES + 1_000
BORDERS = [border + beside for border in (0, PIECE_BYTES, 2 * PIECE_BYTES, BIG) for beside in (-1, 0, 1)]


def long(size: int = BIG, first: int = 0) -> bytes:
    """Return so many bytes that repeat nowhere near."""
    return bytes((first + i * i // 7) % 251 for i in range(size))


def pieces(world: World) -> list[str]:
    """Return how the server was asked about photos."""
    return [line.split()[0] for line in world.network.sent if "/blobs/" in line]


@pytest.mark.parametrize("cut", [cut for cut in BORDERS if 0 <= cut <= BIG])
def test_wherever_an_upload_is_cut_it_goes_on_from_the_last_whole_piece(world: World, cut: int) -> None:
    world.phone.finding("dirt", photos=[Picture(long())])
    left = cut

    def cutting(send: Send, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        nonlocal left
        answer = send(method, path, headers, body) if len(body) <= left or not body else None
        left -= len(body)
        if answer is None or (body and left <= 0):
            raise NetError("cut")
        return answer

    world.network.always["/blobs/"] = cutting
    assert not world.phone.sync().complete
    assert world.phone.store.uploads(state="done") == []
    world.network.always.clear()
    world.network.sent.clear()

    assert world.phone.sync().complete

    assert list(world.server.photos.values()) == [long()]
    assert len(pieces(world)) <= 1 + 3 - cut // PIECE_BYTES


def test_a_small_photo_is_one_request(world: World) -> None:
    world.phone.finding("dirt", photos=[Picture(b"small")])
    assert world.phone.sync().photos == 1
    assert pieces(world) == ["POST"]


def test_bytes_that_changed_over_there_after_the_second_piece_are_begun_again(world: World) -> None:
    world.phone.finding("dirt", photos=[Picture(long())])
    patches = 0

    def spoiling(send: Send, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        nonlocal patches
        patches += method == "PATCH"
        if method == "PATCH" and patches == 2:
            for place, part in world.server.parts.items():
                world.server.parts[place] = part[:-1] + bytes([part[-1] ^ 1])
        return send(method, path, headers, body)

    world.network.always["/blobs/"] = spoiling
    assert world.phone.sync().complete
    assert patches == 4
    assert list(world.server.photos.values()) == [long()]


def test_a_piece_that_was_damaged_on_its_way_is_sent_again(world: World) -> None:
    world.phone.finding("dirt", photos=[Picture(long())])

    def passing(send: Send, *request: object) -> Answer:
        return send(*request)  # type: ignore[arg-type]

    def damaging(send: Send, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        return send(method, path, headers, bytes([body[0] ^ 4]) + body[1:])

    world.network.faults = [("/blobs/", passing), ("/blobs/", passing), ("/blobs/", damaging)]
    assert world.phone.sync().complete
    assert list(world.server.photos.values()) == [long()]


def test_a_whole_that_is_always_wrong_stops_no_other_photo(world: World) -> None:
    world.phone.finding("dirt", photos=[Picture(long()), Picture(b"small")])

    def spoiling(send: Send, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        for place, part in world.server.parts.items():
            world.server.parts[place] = b"\xff" + part[1:]
        return send(method, path, headers, body)

    world.network.always["/blobs/"] = spoiling
    assert not world.phone.sync().complete
    assert list(world.server.photos.values()) == [b"small"]
    world.network.always.clear()
    assert world.phone.sync().complete


def test_every_byte_over_there_is_no_photo_yet(world: World) -> None:
    world.phone.finding("dirt", photos=[Picture(b"small")])

    def unsaid(send: Send, *request: object) -> Answer:
        status, headers, body = send(*request)  # type: ignore[arg-type]
        return status, {name: value for name, value in headers.items() if name != "Fieldsync-Stored"}, body

    world.network.always["/blobs/"] = unsaid
    assert not world.phone.sync().complete
    assert world.phone.store.uploads(state="done") == []


def test_a_server_that_never_gets_on_is_left_alone(world: World) -> None:
    world.phone.finding("dirt", photos=[Picture(long())])

    def stuck(send: Send, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        status, told, content = send(method, path, headers, body)
        return (
            (status, {**told, "Upload-Offset": "7"}, content)
            if method == "PATCH"
            else (status, told, content)
        )

    world.network.always["/blobs/"] = stuck
    assert not world.phone.sync().complete
    assert len(pieces(world)) < 10


def test_new_records_go_between_the_pieces_of_a_photo(world: World) -> None:
    world.phone.finding("dirt", photos=[Picture(long(5 * PIECE_BYTES))])
    saved = False

    def saving(send: Send, *request: object) -> Answer:
        nonlocal saved
        if not saved:
            saved = True
            world.phone.finding("hazard")
        return send(*request)  # type: ignore[arg-type]

    world.network.always["/blobs/"] = saving
    assert world.phone.sync().complete
    last_push = max(i for i, line in enumerate(world.network.sent) if line.endswith("/push"))
    assert [line.split()[0] for line in world.network.sent[last_push + 1 :]].count("PATCH") >= 1


def test_two_phones_bring_the_same_photo_each_for_itself(world: World) -> None:
    copy = world.phone.store.copy()
    world.phone.finding("dirt", photos=[Picture(long())])
    other = world.another_phone_on(copy, "clone")
    other.finding("hazard", photos=[Picture(long())])

    for _ in range(3):
        first, second = world.phone.sync(), other.sync()

    assert first.complete
    assert second.complete
    assert list(world.server.photos.values()) == [long()]
