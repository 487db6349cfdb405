"""A real mail server for the tests of mailboxes: Dovecot on loopback, without root, in a folder of its own, ended by its number.

The one thing to know: whoever logs in with the right password has a mailbox of his own, so every test takes another name and
shares the server.

    with Dovecot() as server:
        box = server.box("anna")
        box.add(b"From: ...", received=datetime(...))
"""

import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PASSWORD = "correct-horse"
_PLACES = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")
_CONF = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
instance_name = {name}
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
ssl = yes
ssl_cert = <{home}/server.pem
ssl_key = <{home}/server.key
mail_location = maildir:{home}/mail/%u
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""


def installed() -> str | None:
    """Where the server is, if it is: `apt-get install dovecot-imapd`."""
    return shutil.which("dovecot", path=os.pathsep.join((os.environ.get("PATH", ""), *_PLACES)))


@dataclass(slots=True)
class Box:
    """One mailbox, as its owner sees it with a program of his own."""

    port: int
    user: str

    def client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(self.user, PASSWORD)
        return client

    def add(self, *mails: bytes, folder: str = "INBOX", received: datetime | None = None) -> None:
        at = imaplib.Time2Internaldate(received or datetime(2026, 11, 22, 8, 0, tzinfo=UTC))
        client = self.client()
        for mail in mails:
            answer, said = client.append(folder, "", at, mail)
            assert answer == "OK", said
        client.logout()

    def create(self, folder: str) -> None:
        self._do("create", folder)

    def delete(self, folder: str) -> None:
        self._do("delete", folder)

    def flags(self, folder: str = "INBOX") -> list[str]:
        """The flags of every mail, as the server lists them."""
        client = self.client()
        client.select(folder, readonly=True)
        found = client.fetch("1:*", "(FLAGS)")[1]
        client.logout()
        return [line.decode() for line in found if isinstance(line, bytes)]

    def _do(self, what: str, folder: str) -> None:
        client = self.client()
        answer, said = getattr(client, what)(folder)
        assert answer == "OK", said
        client.logout()


class Dovecot:
    """The server. `plain` and `tls` are its ports, `ca` the file of the authority that vouches for it."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="imap-", dir="/tmp"))
        self.plain, self.tls = _free(), _free()
        self.ca = self.home / "ca.pem"
        root = os.getuid() == 0
        me = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.getuid())
        self._as = (me.pw_uid, me.pw_gid) if root else None
        certificates(self.home)
        facts = {"user": me.pw_name, "group": grp.getgrgid(me.pw_gid).gr_name, "uid": me.pw_uid, "gid": me.pw_gid}
        ports = {"plain": self.plain, "tls": self.tls, "password": PASSWORD, "name": self.home.name}
        (self.home / "dovecot.conf").write_text(_CONF.format(home=self.home, **facts, **ports))
        (self.home / "mail").mkdir()
        if self._as:
            for path in (self.home, *self.home.iterdir()):
                os.chown(path, *self._as)

    def __enter__(self) -> Self:
        program = installed()
        assert program, "dovecot is not installed: apt-get install dovecot-imapd"
        uid, gid = self._as or (None, None)
        self._process = subprocess.Popen(
            [program, "-F", "-c", str(self.home / "dovecot.conf")],
            user=uid,
            group=gid,
            extra_groups=[] if uid else None,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        ends = time.monotonic() + 20
        while not _answers(self.plain):
            if self._process.poll() is not None or time.monotonic() > ends:
                raise RuntimeError(f"dovecot did not start: {self._said()}")
            time.sleep(0.05)
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stderr:
            self._process.stderr.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def box(self, user: str) -> Box:
        return Box(self.plain, user)

    def _said(self) -> str:
        log = self.home / "log"
        return log.read_text() if log.exists() else "nothing in its log"


def certificates(home: Path) -> None:
    """Write an authority of our own (ca.pem) and a certificate by it for localhost (server.pem, server.key)."""
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority of this test")])
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    ca = _certificate(issuer, issuer, authority.public_key()).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    ca = ca.add_extension(usage, critical=True).add_extension(
        x509.SubjectKeyIdentifier.from_public_key(authority.public_key()), critical=False
    )
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    server = (
        _certificate(name, issuer, key.public_key())
        .add_extension(names, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False)
    )
    pem = serialization.Encoding.PEM
    (home / "ca.pem").write_bytes(ca.sign(authority, hashes.SHA256()).public_bytes(pem))
    (home / "server.pem").write_bytes(server.sign(authority, hashes.SHA256()).public_bytes(pem))
    private = serialization.PrivateFormat.PKCS8
    (home / "server.key").write_bytes(key.private_bytes(pem, private, serialization.NoEncryption()))


def _certificate(name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
    )


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 0.5) as probe:
            return probe.recv(4) == b"* OK"
    except OSError:
        return False
