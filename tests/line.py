"""A line to a database whose packets are lost from a moment on, in one direction or the other."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Loss:
    """Once `said` is on its way to the server, half of it still arrives there, and nothing after
    it (`asking`); or all of it, and of the answers `more` bytes come back (not `asking`). Then
    nobody says a word, or the connection `ends`.
    """

    said: bytes
    asking: bool
    more: int = 0
    ends: bool = False
    has_begun: threading.Event = field(default_factory=threading.Event)


class Line:
    """A port of loopback that leads to another one. What was lost does not come later."""

    def __init__(self, port: int) -> None:
        self.leads_to, self.loss = port, Loss(b"", asking=True)
        self.lose_nothing()
        self.door = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self._take, daemon=True).start()

    def lose(self, said: bytes, *, asking: bool, more: int = 0, ends: bool = False) -> Loss:
        """Lose packets of the first connection that says this; all others are as they were."""
        self.loss = Loss(said, asking, more, ends)
        return self.loss

    def lose_nothing(self) -> None:
        self.loss = Loss(b"\0nobody says this\0", asking=True)

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self.door.accept()
                server = socket.create_connection(("127.0.0.1", self.leads_to))
                room = [float("inf"), float("inf")]  # bytes that are still let through, each way
                for pump in (self._to_server, self._to_client):
                    threading.Thread(target=pump, args=(client, server, room), daemon=True).start()

    def _to_server(self, client: socket.socket, server: socket.socket, room: list[float]) -> None:
        while piece := _received(client):
            loss = self.loss
            if not loss.has_begun.is_set() and loss.said in piece:
                loss.has_begun.set()
                room[0 if loss.asking else 1] = len(piece) // 2 if loss.asking else loss.more
            _passed_on(server, piece, room, 0)
        _hung_up(server)

    def _to_client(self, client: socket.socket, server: socket.socket, room: list[float]) -> None:
        while piece := _received(server):
            _passed_on(client, piece, room, 1)
            if not room[1] and self.loss.ends:
                break
        _hung_up(client)


def _passed_on(end: socket.socket, piece: bytes, room: list[float], way: int) -> None:
    taken = piece[: int(min(room[way], len(piece)))]
    room[way] -= len(taken)
    with suppress(OSError):
        end.sendall(taken)


def _received(end: socket.socket) -> bytes:
    try:
        return end.recv(65_536)
    except OSError:
        return b""


def _hung_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    """Such a line, for as long as the block lasts."""
    line = Line(port)
    try:
        yield line
    finally:
        line.door.close()
