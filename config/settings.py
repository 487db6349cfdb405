"""What a deployment decides: read from the environment (`WORLDWIDEWE_*`) and from `<home>/settings.env`.

Nothing here can be changed from the web: what opens the private network or names the mail server is for whoever runs
the machine. Every setting is listed with its default in docs/settings.md.
"""

from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="WORLDWIDEWE_", extra="ignore", frozen=True)

    home: Path = Field(Path("var"), description="Folder of the store, the kept letters and the key.")
    database: str | None = Field(
        None, description="SQLAlchemy address of the store; default: SQLite in the home folder."
    )
    board_host: str = Field("127.0.0.1", description="Address on which the board listens.")
    board_port: int = Field(8000, ge=0, le=65535, description="Port of the board.")
    health_port: int = Field(
        0, ge=0, le=65535, description="Port on 127.0.0.1 at which monitors ask `run` or `worker`; 0: none."
    )
    public_url: str | None = Field(
        None, description="Address of the board in letters and feeds, without a final slash."
    )
    contact: str | None = Field(
        None, description="Page that tells the platforms who reads them; default: /about of the board."
    )
    office: str = Field("World Wide We", description="Name of the federation or office that sends the letters.")
    languages: tuple[str, ...] = Field(
        ("it", "en"), description="Languages of board and letters; the first is the default."
    )
    zone: str = Field("Europe/Rome", description="Time zone of the office: Monday 08:00 is meant in it.")
    country: str = Field(
        "IT", description="Country of members that do not say otherwise; what lies outside it is abroad."
    )

    mailer: Literal["maildir", "smtp"] = Field(
        "maildir", description="Where letters go: files in <home>/maildir, or SMTP."
    )
    mail_from: str = Field(
        "digest@localhost.localdomain", description="Sender of the letters, in the domain that signs them."
    )
    mail_reply_to: str | None = Field(None, description="A mailbox that somebody reads.")
    office_email: str | None = Field(
        None,
        pattern=r"^[^\s<>()\[\],;:\\\"@]+@[^\s<>()\[\],;:\\\"@]+$",
        description="Mailbox of the office: it hears once when a source is not well, and again when it is.",
    )
    smtp_host: str = Field("127.0.0.1", description="Mail server.")
    smtp_port: int = Field(25, ge=1, le=65535, description="Port of the mail server.")
    smtp_user: str | None = Field(None, description="User at the mail server.")
    smtp_password: SecretStr | None = Field(None, description="Password at the mail server.")
    smtp_starttls: bool = Field(True, description="Refuse to send without TLS.")

    private_networks: tuple[IPv4Network | IPv6Network, ...] = Field(
        (), description="Private networks that sources may be read from, as CIDR. Empty: none."
    )
    loopback_hosts: tuple[str, ...] = Field(
        (),
        description="Loopback hosts (127.0.0.1:8801) that may be read, without pacing: simulators, tests, benchmarks.",
    )
    proxy: str | None = Field(None, description="Egress proxy. Proxies of the environment are not used.")
    extra_ca: str | None = Field(None, description="File with certificates to trust besides the usual ones.")
    demo: bool = Field(False, description="Show the sample members' letters in the browser.")
    workers: int = Field(4, ge=1, le=32, description="How many sources are read at once.")

    @cached_property
    def database_url(self) -> str:
        """The store's address; `postgresql://` means the psycopg driver."""
        if not self.database:
            return f"sqlite:///{self.home.resolve() / 'store.sqlite'}"
        for plain in ("postgresql://", "postgres://"):
            if self.database.startswith(plain):
                return "postgresql+psycopg://" + self.database.removeprefix(plain)
        return self.database

    @cached_property
    def board_url(self) -> str:
        """The address of the board as readers see it, without a final slash."""
        return (self.public_url or f"http://{self.board_host}:{self.board_port}").rstrip("/")

    @cached_property
    def contact_page(self) -> str:
        return self.contact or f"{self.board_url}/about"


def load() -> Settings:
    """Read the settings: environment first, then `settings.env` in the home folder."""
    first = Settings()
    return Settings(_env_file=first.home / "settings.env", _env_file_encoding="utf-8")
