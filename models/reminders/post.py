"""Posting mail over SMTP, one connection for a run."""

import re
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from models.base import clean_line, local, now
from models.reminders.sending import MaybePosted, NotPosted

SECONDS = 20
_DOT = re.compile(rb"^\.", re.MULTILINE)  # a line of a dot alone would end the text


class Mailer:
    """Posts mails to the server of `url`, such as `smtp://user:password@host:587?starttls=1`.

    Use as a context manager; the connection is opened by the first mail. A server that cannot
    be reached, or falls silent, is asked once in a run: many mails do not wait one after the
    other, and no more than one is lost to a server that takes a text and never answers.
    """

    def __init__(self, url: str, sender: str, *, seconds: float = SECONDS) -> None:
        self._url, self._seconds = urlsplit(url), seconds
        name, address = parseaddr(sender)
        self._sender = Address(name, addr_spec=address)
        self._server: smtplib.SMTP | None = None
        self._unreachable = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hang_up()

    def post(self, message: EmailMessage) -> None:
        """Hand one mail over. Raises NotPosted where it was certainly not taken, MaybePosted
        where the connection broke after its text had been sent.
        """
        message["From"] = self._sender
        message["Date"] = format_datetime(local(now()))
        message["Message-ID"] = make_msgid(domain=self._sender.domain)
        text = _DOT.sub(b"..", message.as_bytes(policy=SMTP)).removesuffix(b"\r\n")
        server = self._connected()
        try:
            self._accept(server.mail(self._sender.addr_spec))
            self._accept(server.rcpt(message["To"].addresses[0].addr_spec))
            # not by `data`, which does not tell whether it broke off before the text or behind it
            self._accept(server.docmd("DATA"), 300)
        except (OSError, smtplib.SMTPException) as error:
            self._broke_off(error)
            raise NotPosted(_told(error)) from None
        try:
            server.send(text + b"\r\n.\r\n")
            answer = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._broke_off(error)
            raise MaybePosted(_told(error)) from None
        self._accept(answer)

    def _accept(self, answer: tuple[int, bytes], good: int = 200) -> None:
        if not good <= answer[0] < good + 100:
            self._hang_up()
            raise NotPosted(_answered(*answer))

    def _connected(self) -> smtplib.SMTP:
        if self._unreachable:
            raise NotPosted(self._unreachable)
        if self._server is None:
            try:
                self._server = self._connect()
            except (OSError, smtplib.SMTPException, ValueError) as error:
                self._unreachable = _told(error)
                raise NotPosted(self._unreachable) from None
        return self._server

    def _connect(self) -> smtplib.SMTP:
        url, trusted = self._url, ssl.create_default_context()
        host = url.hostname or ""
        server: smtplib.SMTP | None = None
        try:
            if url.scheme == "smtps":
                server = smtplib.SMTP_SSL(
                    host, url.port or 465, timeout=self._seconds, context=trusted
                )
            else:
                server = smtplib.SMTP(host, url.port or 25, timeout=self._seconds)
                if parse_qs(url.query).get("starttls") == ["1"]:
                    server.starttls(context=trusted)
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            else:
                server.ehlo_or_helo_if_needed()
        except BaseException:
            if server is not None:
                server.close()
            raise
        return server

    def _broke_off(self, error: Exception) -> None:
        self._hang_up()
        if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
            self._unreachable = _told(error)  # smtplib tells a silence as a connection that closed

    def _hang_up(self) -> None:
        """End the connection; the next mail opens a new one."""
        server, self._server = self._server, None
        if server is None:
            return
        try:
            server.quit()
        except (OSError, smtplib.SMTPException):
            server.close()


def _told(error: Exception) -> str:
    """The server's answer, or what the network said, on one line."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _answered(error.smtp_code, error.smtp_error)
    return clean_line(str(error) or type(error).__name__)


def _answered(code: int, reply: bytes | str) -> str:
    text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    return clean_line(f"{code} {text}")
