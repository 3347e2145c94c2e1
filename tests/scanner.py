"""A clamd of few words, for tests: it speaks INSTREAM on a real socket and keeps what it got."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

OK, FOUND = b"stream: OK\0", b"stream: Eicar-Test-Signature FOUND\0"


class Scanner:
    """Answers each conversation with `answer`; None: it hangs up before it answers."""

    def __init__(self, listening: socket.socket, address: str) -> None:
        self.listening, self.address = listening, address
        self.answer: bytes | None = OK
        self.waits = threading.Event()
        self.waits.set()  # cleared: it does not answer until it is set
        self.got: list[bytes] = []
        self.pieces: list[int] = []
        self.faults: list[str] = []

    def serve(self) -> None:
        while True:
            try:
                line, _address = self.listening.accept()
            except OSError:
                return
            with line, suppress(OSError):  # who asks may hang up
                self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        given = line.makefile("rb")
        if given.read(10) != b"zINSTREAM\0":
            self.faults.append("not the command")
            return
        content = b""
        while size := int.from_bytes(given.read(4), "big"):
            piece = given.read(size)
            if len(piece) != size:
                self.faults.append("a piece that is shorter than it says")
                return
            self.pieces.append(size)
            content += piece
        self.got.append(content)
        self.waits.wait(10)
        if self.answer is not None:
            line.sendall(self.answer)


@contextmanager
def scanner(folder, kind: str) -> Iterator[Scanner]:
    """One that listens at a path in `folder` (`unix`) or at a free port (`tcp`)."""
    if kind == "unix":
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listening.bind(str(folder / "clamd"))
        address = f"unix://{folder / 'clamd'}"
    else:
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{listening.getsockname()[1]}"
    listening.listen()
    one = Scanner(listening, address)
    thread = threading.Thread(target=one.serve, daemon=True)
    thread.start()
    try:
        yield one
    finally:
        one.waits.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)
