"""A network that does to a request what networks do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sync.phone.ports import NetError

Answer = tuple[int, Mapping[str, str], bytes]
Send = Callable[[str, str, Mapping[str, str], bytes], Answer]
Fault = Callable[[Send, str, str, Mapping[str, str], bytes], Answer]

LOGIN_PAGE = b"<html><body>Welcome to the free Wi-Fi</body></html>"


def lost_request(_send: Send, *_request: object) -> Answer:
    """Drop the request: the server never sees it."""
    raise NetError("lost request")


def lost_answer(send: Send, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Let the server act and drop its answer."""
    send(method, path, headers, body)
    raise NetError("lost answer")


def doubled(send: Send, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Deliver the request twice, answer the second."""
    send(method, path, headers, body)
    return send(method, path, headers, body)


def cut_answer(send: Send, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Cut the answer's body in the middle."""
    status, answered, content = send(method, path, headers, body)
    return status, answered, content[: len(content) // 2]


def cut_request(send: Send, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Cut the request's body in the middle."""
    return send(method, path, headers, body[: len(body) // 2])


def captive_portal(_send: Send, *_request: object) -> Answer:
    """Answer with the log-in page of somebody's Wi-Fi, as a success."""
    return 200, {"Content-Type": "text/html"}, LOGIN_PAGE


def liar(_send: Send, *_request: object) -> Answer:
    """Answer with our media type and an old answer's form, but without the nonce."""
    body = b'{"proto":1,"nonce":"AAAAAAAAAAAAAAAAAAAAAA","count":0,"outcomes":[],"receipt":null,"anchor":""}'
    return 200, {"Content-Type": "application/vnd.fieldsync+json"}, body


def server_error(_send: Send, *_request: object) -> Answer:
    """Fail as a proxy does."""
    return 502, {"Content-Type": "text/html", "Retry-After": "7"}, b"Bad gateway"


def replayed_answer() -> Fault:
    """Answer each path with what was answered there first: a cache that should not be."""
    seen: dict[str, Answer] = {}

    def fault(send: Send, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if path not in seen:
            seen[path] = send(method, path, headers, body)
        return seen[path]

    return fault


class Network:
    """The way to a server. `faults` are met by the requests whose path they name, each once."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.faults: list[tuple[str, Fault]] = []
        self.always: dict[str, Fault] = {}
        self.sent: list[str] = []

    def fail(self, path: str, fault: Fault, times: int = 1) -> None:
        """Let the next `times` requests whose path contains `path` meet a fault."""
        self.faults += [(path, fault)] * times

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a request, or do to it what the next fault does."""
        self.sent.append(f"{method} {path}")
        for part, fault in self.always.items():
            if part in path:
                return fault(self._send, method, path, headers, body)
        for i, (part, fault) in enumerate(self.faults):
            if part in path:
                del self.faults[i]
                return fault(self._send, method, path, headers, body)
        return self._send(method, path, headers, body)


FAULTS: dict[str, Fault] = {
    "lost_req": lost_request,
    "lost_ack": lost_answer,
    "dup": doubled,
    "truncated": cut_answer,
    "cut": cut_request,
    "html200": captive_portal,
    "liar": liar,
    "502": server_error,
}
STEPS = ("nonce", "hello", "have", "push", "pull", "blobs")
