"""Verifies an exported log without the server that wrote it: ``python -m sync.verify FOLDER``.

The folder is what ``roundsman export-log`` made; see ``docs/protocol/export.md``. It needs nothing
but these files and this package. Whoever asks must get the server's public key and the last head by
another way than from whoever hands over the folder, and compare them with what is printed.
"""

from __future__ import annotations

import hashlib
import json
import sys
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sync.encoding import ZERO_HASH, sha256_hex
from sync.keys import log_of, verify
from sync.receipts import ledger_step, verify_receipt
from sync.records import SchemaError, parse_body, private_hash, verify_record

FORMAT = 1
HEAD_PREFIX = "roundsman head\n"


class NoExport(ValueError):
    """The folder holds no exported log that this release can read."""


@dataclass(slots=True)
class Verified:
    """What was looked at, and the first thing of each kind that does not fit."""

    counts: Counter[str] = field(default_factory=Counter)
    findings: dict[str, str] = field(default_factory=dict)
    head: dict[str, Any] = field(default_factory=dict)
    """The signed head: organisation, moment, ledger position and chain."""
    keys: dict[str, str] = field(default_factory=dict)
    """The server's public keys, by their names."""

    def note(self, kind: str, what: str) -> None:
        """Name something, if it is the first of its kind."""
        self.findings.setdefault(kind, what)


def verify_export(folder: Path) -> Verified:
    """Check an exported log, in memory bounded by 32 bytes per record of the ledger.

    :raises NoExport: there is none
    """
    try:
        index = json.loads((folder / "export.json").read_bytes())
        keys = dict(index["server_keys"])
        logs = {log["log"]: log for log in index["logs"]}
        signed = index["head"]
        known = index["format"] == FORMAT
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoExport(f"{folder} holds no exported log: {error}") from error
    if not known:
        raise NoExport(f"{folder} has another format than {FORMAT}")
    told = Verified(keys=keys)
    ledger, chains = _ledger(folder, told)
    _head(signed, chains, told)
    _receipts(folder, keys, chains, told)
    for log in logs.values():
        if log["public_key"] and log_of(log["public_key"]) != log["log"]:
            told.note("log", f"log {log['log']}: the key is another log's")
        _log(folder / "records" / f"{log['log']}.jsonl", log, ledger, told)
    for sha256, size in index["photos"]:
        told.counts["photos"] += 1
        _photo(folder / "photos" / sha256, sha256, size, told)
    return told


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for text in file:
            yield json.loads(text)


def _ledger(folder: Path, told: Verified) -> tuple[bytes, list[str]]:
    """Return the hashes of the ledger in their order, and its chain after each."""
    hashes, chains = bytearray(), [ZERO_HASH]
    for line in _lines(folder / "ledger.jsonl"):
        if line["pos"] != len(chains):
            told.note("ledger", f"position {len(chains)}: it is missing")
            break
        hashes += bytes.fromhex(line["hash"])
        chains.append(ledger_step(chains[-1], line["hash"]))
        told.counts["ledger"] += 1
    return bytes(hashes), chains


def _head(signed: dict[str, str], chains: list[str], told: Verified) -> None:
    if not verify(told.keys.get(signed["kid"], ""), (HEAD_PREFIX + signed["body"]).encode(), signed["sig"]):
        told.note("head", "the signature is not the server's")
        return
    told.head = json.loads(signed["body"])
    if (told.head["ledger_pos"], told.head["ledger_chain"]) != (len(chains) - 1, chains[-1]):
        told.note("head", f"the ledger ends at {told.head['ledger_pos']}, and not as it stands here")


def _receipts(folder: Path, keys: dict[str, str], chains: list[str], told: Verified) -> None:
    for line in _lines(folder / "receipts.jsonl"):
        told.counts["receipts"] += 1
        said = verify_receipt(keys.get(line["kid"], ""), line["body"], line["sig"])
        if said is None:
            told.note("receipt", f"receipt {line['id']}: the signature is not the server's")
        elif said.ledger_pos >= len(chains) or chains[said.ledger_pos] != said.ledger_chain:
            told.note("receipt", f"receipt {line['id']}: the ledger is not the one that was confirmed")


def _log(path: Path, log: dict[str, Any], ledger: bytes, told: Verified) -> None:
    """Check the records of one log, in the order of their numbers."""
    last: tuple[int, str] | None = None
    open_end: tuple[str, str, str, bool] | None = None

    def end_run() -> None:
        nonlocal open_end
        if open_end is None:
            return
        where, body, sig, judged_bad = open_end
        open_end = None
        told.counts["signatures"] += 1
        if log["public_key"] and verify_record(log["public_key"], body, sig):
            return
        if judged_bad or not log["public_key"]:
            told.counts["unproven"] += 1
        else:
            told.note("signature", f"{where}: it is not the log's")

    for line in _lines(path):
        told.counts["records"] += 1
        data = b64decode(line["raw"]) if "raw" in line else line["body"].encode()
        where = f"log {log['log']} position {line['pos']}"
        found = sha256_hex(data)
        at = line["pos"] - 1
        if ledger[32 * at : 32 * at + 32].hex() != found:
            told.note("record", f"{where}: it is not the record of the ledger")
        seq, prev, private = _place(data)
        for name, part in line.get("private", {}).items():
            told.counts["private parts"] += 1
            if private.get(name) != private_hash(part["salt"], part["value"]):
                told.note("private", f"{where}: {name} is not what the body names")
        if last is None or seq is None or (seq, prev) != (last[0] + 1, last[1]):
            end_run()
        last = (seq, found) if seq is not None else None
        if line["alg"] == "ES256":
            judged_bad = line.get("outcome") == "quarantined"
            open_end = (where, data.decode(errors="replace"), line["sig"], judged_bad)
        else:
            told.counts["unproven"] += 1
    end_run()


def _place(data: bytes) -> tuple[int | None, str, dict[str, str]]:
    try:
        envelope = parse_body(data.decode()).envelope
    except SchemaError as error:
        return (error.place.seq, error.place.prev, {}) if error.place else (None, "", {})
    except UnicodeDecodeError:
        return None, "", {}
    return envelope.seq, envelope.prev, dict(envelope.private)


def _photo(path: Path, sha256: str, size: int, told: Verified) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        same = found == sha256 and path.stat().st_size == size
    except OSError:
        told.note("photo", f"{sha256}: it is missing")
        return
    if not same:
        told.note("photo", f"{sha256}: the file is another one")


def main(arguments: list[str]) -> int:
    """Verify the folder that is named, print what was found; 0 when all of it fits."""
    say = sys.stdout.write
    if len(arguments) != 1:
        say("python -m sync.verify FOLDER\n")
        return 2
    try:
        told = verify_export(Path(arguments[0]))
    except NoExport as error:
        say(f"{error}\n")
        return 2
    except (OSError, ValueError, KeyError, TypeError) as error:
        say(f"the export cannot be read: {type(error).__name__}: {error}\n")
        return 1
    say("looked at " + ", ".join(f"{n} {what}" for what, n in sorted(told.counts.items())) + "\n")
    for name, key in told.keys.items():
        say(f"server key {name}: {key}\n")
    if told.head:
        say(f"head: ledger position {told.head['ledger_pos']}, chain {told.head['ledger_chain']}\n")
    for kind, what in told.findings.items():
        say(f"{kind}: {what}\n")
    say("NOT everything fits\n" if told.findings else "everything fits\n")
    return 1 if told.findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
