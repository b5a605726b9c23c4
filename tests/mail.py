"""A real mail server on this machine: keeps the letters that it takes, and fails in the ways that real ones fail."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
TAKEN = "250 OK"


@dataclass
class MailServer:
    """What it took, as `letters`, and how it is to behave from now on."""

    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    # By recipient, the answer to RCPT instead of 250.
    refused: dict[str, str] = field(default_factory=dict)
    # The answer to DATA and to MAIL instead of 250.
    refuses_content: str | None = None
    refuses_sender: str | None = None
    # Hangs up, without a word, on the letter after this many.
    hangs_up_after: int | None = None
    # Takes that letter all the same before it hangs up.
    takes_it_first: bool = False
    # Seconds that it thinks about each letter.
    slow: float = 0
    password: str | None = None

    @property
    def url(self) -> str:
        return f"smtp://{HOST}:{self.port}"

    async def handle_MAIL(  # noqa: N802  (the name that aiosmtpd calls, here and below)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.refuses_sender or TAKEN

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address not in self.refused:
            envelope.rcpt_tos.append(address)
        return self.refused.get(address, TAKEN)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.slow)
        hangs_up = self.hangs_up_after is not None and len(self.letters) >= self.hangs_up_after
        if self.refuses_content is None and (not hangs_up or self.takes_it_first):
            assert isinstance(envelope.content, bytes)
            self.letters.append(message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default))
            self.recipients += envelope.rcpt_tos
        if hangs_up:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return self.refuses_content or TAKEN

    def check_password(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password.decode() == self.password
        return AuthResult(success=right, handled=right)


@contextmanager
def running(server: MailServer, tls: ssl.SSLContext | None = None, *, at_once: bool = False) -> Iterator[MailServer]:
    """The server, listening: in the clear, with STARTTLS where `tls` is given, or with TLS `at_once`."""
    loop = asyncio.new_event_loop()

    def converse() -> SMTP:
        server.connections += 1
        return SMTP(
            server,
            hostname="localhost",
            loop=loop,
            enable_SMTPUTF8=True,
            tls_context=None if at_once else tls,
            auth_require_tls=False,
            auth_callback=None,
            authenticator=server.check_password,
        )

    listening = loop.run_until_complete(loop.create_server(converse, HOST, 0, ssl=tls if at_once else None))
    server.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        listening.close()  # not from this thread while the loop runs in the other
        loop.run_until_complete(_end_conversations())
        loop.close()


async def _end_conversations() -> None:
    conversations = asyncio.all_tasks() - {asyncio.current_task()}
    for conversation in conversations:
        conversation.cancel()
    await asyncio.gather(*conversations, return_exceptions=True)


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for this machine, signed by itself: the file for who is to trust it, and the server's side."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server that takes everything until it is told otherwise."""
    with running(MailServer()) as server:
        yield server
