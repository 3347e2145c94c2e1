"""A real SMTP server on a free port, which keeps what it takes."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from tests.served import PATIENCE


class Inbox:
    """`mails` are (recipients of the envelope, the parsed mail); addresses in `refused` get 550.

    With `breaks_off` the server takes the text of a mail and hangs up without an answer, with
    `hangs_up` before the text. With `silent_at` it never answers that command (MAIL or DATA).
    """

    def __init__(self) -> None:
        self.mails: list[tuple[tuple[str, ...], EmailMessage]] = []
        self.refused: set[str] = set()
        self.breaks_off = self.hangs_up = False
        self.silent_at = ""
        self.connections = 0
        self.url = ""

    @property
    def to(self) -> list[str]:
        return sorted(address for recipients, _mail in self.mails for address in recipients)

    async def handle_EHLO(
        self, _server: Any, session: Any, _envelope: Any, name: str, replies: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = name
        return replies

    async def handle_MAIL(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        await self._answer_at("MAIL")
        envelope.mail_from = address
        return "250 OK"

    async def _answer_at(self, command: str) -> None:
        if command == self.silent_at:
            await asyncio.sleep(PATIENCE)

    async def handle_RCPT(
        self, server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return "550-no such\x00 mailbox\r\n550 here"
        envelope.rcpt_tos.append(address)
        if self.hangs_up:
            await server.push("250 OK")
            server.transport.close()
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=default)
        self.mails.append((tuple(envelope.rcpt_tos), mail))  # type: ignore[arg-type]
        await self._answer_at("DATA")
        if self.breaks_off:
            server.transport.abort()
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server() -> Iterator[Inbox]:
    """The inbox of a running server; its address is `inbox.url`."""
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port(), server_hostname="test")
    inbox.url = f"smtp://127.0.0.1:{controller.port}"
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()
