"""A mail server that says what a test wants it to say, over a real socket: for what no real server can be made to do."""

import socket
import threading
from collections.abc import Mapping
from typing import Self

FRESH = b"* FLAGS ()\r\n* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n"
Script = Mapping[str, bytes | None]
"""Command, in capitals, to what is sent before its tagged OK. None: the connection is dropped; b"!" first: sent as it is."""


class Scripted:
    """Answers every command by its first word, `UID` commands by two. `said` are the lines that came in."""

    def __init__(self, script: Script, *, greeting: bytes = b"* OK hello\r\n") -> None:
        self.script = {"EXAMINE": FRESH, "UID SEARCH": b"* SEARCH 1\r\n", **script}
        self.said: list[str] = []
        self._greeting = greeting
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        with connection, connection.makefile("rb") as lines:
            try:
                connection.sendall(self._greeting)
                for raw in lines:
                    if not self._answer(connection, raw.decode().rstrip("\r\n")):
                        return
            except OSError:
                return

    def _answer(self, connection: socket.socket, line: str) -> bool:
        self.said.append(line)
        tag, _, rest = line.partition(" ")
        words = rest.upper().split()
        name = " ".join(words[:2]) if words[:1] == ["UID"] else (words or [""])[0]
        answer = self.script.get(name, b"")
        if name == "CAPABILITY":
            answer = b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n"
        if name == "LOGOUT":
            answer = b"* BYE\r\n"
        if answer is None:
            return False
        if answer.startswith(b"!"):
            connection.sendall(answer[1:].replace(b"TAG", tag.encode()))
            return True
        connection.sendall(answer + f"{tag} OK done\r\n".encode())
        return True
