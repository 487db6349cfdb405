"""What a mailbox is to us, and what an admin says about it: where it is, whom to believe, what to take for an item.

The one thing to know: a sender's name can be written by anybody. A mail counts only when the admin has listed its sender and
our own mail server has found it genuine.
"""

import re
from typing import Annotated, Literal, Self

import regex  # type: ignore[import-untyped]  # it ships no types
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from connectors.base.contract import About, Key, Notice, Rights, Url
from connectors.base.guard import for_keys
from connectors.generic.given import ZONE, Given

LINK_ONLY = "mail to a mailbox of the office: the link alone, never public"
KEY = Key(
    param="key",
    title="App password, or OAuth 2 token",
    where="https://support.google.com/accounts/answer/185833",
    how="Gmail gives out an app password for this mailbox; Microsoft 365 wants OAuth 2; other providers the password of"
    " the mailbox. docs/platforms/mailbox.md goes through them.",
)
ABOUT = About(
    name="mailbox",
    title="Mailbox (alert mails and newsletters, by IMAP or as .eml files)",
    home="https://www.rfc-editor.org/rfc/rfc9051",
    rights=Rights(show="link", audience="office", basis=LINK_ONLY),
    reads="mail",
    rhythm_minutes=60,
    robots=False,  # the one web address that is ever asked is a token endpoint, which is made for programs
    zone=ZONE,
    keys=(KEY,),
    keep_days=14,
    needs="a mailbox of its own that the alerts are sent to; or mails as .eml files in the folder of the source",
    caveats=(
        "2026-11-23: no mail of EEN, TED or Grants.gov was ever seen; a newsletter needs its own item_url_pattern.",
        "A link that only leads on through a tracking service is never followed, so what stands behind it is not read.",
    ),
)
_SENDER = re.compile(r"\*|(?:[^\s@<>,;:()\"]+@)?(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", re.I)
# Names under which strangers register side by side: *.com or *.rn.it would believe whoever has a domain.
_SHARED = re.compile(
    r"\*\.(?:[a-z0-9-]+|[a-z]{2}\.it|(?:ac|co|com|edu|gob|gouv|gov|govt|gv|id|mil|ne|net|or|org|sch)\.[a-z]{2})", re.I
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def one_line(text: str) -> str:
    """Refuse what would end one command of the protocol and begin another."""
    if _CONTROL.search(text):
        raise ValueError("must not hold control characters")
    return text


def _sender(text: str) -> str:
    if not _SENDER.fullmatch(text):
        raise ValueError("must be a mail address, a domain, or *.domain for every name below it")
    if _SHARED.fullmatch(text.rpartition("@")[2]):
        raise ValueError(f"{text} is everybody who has a domain there: name the domains of the senders")
    return text.lower()


Line = Annotated[str, AfterValidator(one_line)]
Sender = Annotated[str, AfterValidator(_sender)]


class Letterbox(BaseModel):
    """Where mails come from and whom to believe: what every source that is read by mail has to say."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    host: Line = Field(
        "",
        title="Mail server",
        description="Its name. Left empty: the .eml files in the folder of this source are read.",
        examples=["imap.example.org"],
        max_length=253,
    )
    port: int = Field(993, ge=1, le=65535, title="Port", description="993 for TLS, 143 for STARTTLS.")
    security: Literal["tls", "starttls", "none"] = Field(
        "tls",
        title="Encryption",
        description="tls from the first byte, or starttls. none is refused unless the server is on this very machine.",
    )
    user: Line = Field("", title="User", description="How the mailbox is opened; mostly its address.", max_length=254)
    auth: Literal["password", "xoauth2"] = Field(
        "password", title="Way to log in", description="password (an app password too), or xoauth2."
    )
    key: Line = Field(
        "mailbox",
        title="Name of the key",
        description="Under which name the vault keeps the password; with xoauth2 the refresh token, or the access token"
        " where no token address is given.",
        max_length=100,
    )
    token_url: Annotated[Url, AfterValidator(for_keys)] | None = Field(
        None,
        title="Token address (OAuth 2)",
        description="Where a refresh token is exchanged for an access token, at every visit.",
        examples=["https://oauth2.googleapis.com/token"],
        max_length=500,
    )
    client_id: Line = Field(
        "",
        title="Client (OAuth 2)",
        description="The id of the application; its secret, if it has one, lies in the vault under the name of the key"
        " with -client behind it.",
        max_length=300,
    )
    scope: Line = Field("", title="Scope (OAuth 2)", description="Left empty: what was granted.", max_length=500)
    folder: Line = Field("INBOX", min_length=1, title="Folder", description="As a person reads it.", max_length=200)
    since_days: int = Field(
        30, ge=1, le=365, title="Days back", description="How old a mail may be at the first visit, in days."
    )
    max_mails: int = Field(200, ge=1, le=1000, title="Most mails a visit", description="The others come next time.")
    allow_senders: tuple[Sender, ...] = Field(
        title="Senders",
        description="Whose mails are read: addresses (a +part does not count), domains, *.domain for every name below."
        " The mails of others are not even fetched. * (everybody) only where the mails are files.",
        examples=[["alerts@example.org"]],
        min_length=1,
        max_length=200,
    )
    trusted_authserv_ids: tuple[Line, ...] = Field(
        (),
        title="Our mail server",
        description="The name with which our own server begins its Authentication-Results. Copies by others are ignored.",
        examples=[["mx.example.org"]],
        max_length=20,
    )
    require_auth: Literal["dkim", "dmarc", "none"] = Field(
        "dkim",
        title="Proof of the sender",
        description="dkim: DKIM, DMARC, or SPF of the sender's own domain passed at our server. dmarc: DMARC passed."
        " none: only for servers that write no such header; a mail that failed is refused even then.",
    )
    audience: Literal["office", "members"] = Field(
        "office", title="Who may see it", description="office or members; what comes by mail is never public."
    )

    @model_validator(mode="after")
    def _everything_that_logging_in_takes(self) -> Self:
        if self.host and not self.user:
            raise ValueError("user: a mail server wants to know who asks")
        if self.host and "*" in self.allow_senders:
            raise ValueError("allow_senders: * is for files that a person has chosen, not for a mailbox")
        return self


def _pattern(text: str) -> str:
    try:
        regex.compile(text)
    except (regex.error, RecursionError, OverflowError) as exc:
        raise ValueError(f"is not a regular expression: {exc}") from exc
    return text


class Params(Letterbox, Given):
    """One folder of a mailbox, or one folder of .eml files, and what is true of everything in it."""

    parser: Literal["generic_links", "single_item"] = Field(
        "generic_links",
        title="What a mail is",
        description="generic_links: a list, every link an item. single_item: the mail itself is one item.",
    )
    item_url_pattern: Annotated[str, AfterValidator(_pattern)] = Field(
        "",
        title="Address of an item",
        description="A regular expression that is found in the address of every item and in no other. Left empty: every"
        " link that is not the sender's front page, a social network, or about the subscription.",
        examples=[r"example\.org/calls/\d+"],
        max_length=300,
    )
    attachments: Literal["refuse", "name"] = Field(
        "refuse",
        title="Attachments",
        description="They are never opened and never kept. refuse: they are not shown either. name: their names, types"
        " and sizes stand beside the item.",
    )


def rights(notice: Notice, params: Letterbox) -> Rights:
    """What comes by mail is the office's, or the members' where the office says so; a link, and never public."""
    return Rights(show="link", audience=params.audience, basis=LINK_ONLY)
