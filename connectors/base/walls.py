"""What stands in the place of a page: a challenge, a login, a wall of cookies, a notice of maintenance. Pure.

The one thing to know: the cues are few and sure. A page is judged by what only such pages have, never by a word that a
call for tenders may hold as well ("maintenance", "login", "captcha"), for a false alarm silences a sound source.
"""

import re
from collections.abc import Mapping
from html import unescape

_HEAD = 100_000
_FEW_LINKS = 15
_TITLE = re.compile(r"<title[^<>]*>([^<]{1,300})", re.IGNORECASE)
_PASSWORD = re.compile(r"<input[^<>]*\btype\s*=\s*[\"']?password", re.IGNORECASE)
_LINK = re.compile(r"<a\s", re.IGNORECASE)
_PARTS = re.compile(r"\s*[|·»«:]\s*|\s+[–—-]\s+")

# Set by the walls themselves on the page that they put in between, and by nobody else.
_CHALLENGES = (
    "_cf_chl_opt",
    "captcha-delivery.com/captcha",
    'id="px-captcha"',
    "incapsula incident id",
    "/.well-known/sgcaptcha/",
    "anubis_challenge",
    "gokuprops",
    "enable javascript and cookies to continue",
)
# Titles that mean this and nothing else, wherever the name of the site stands beside them.
_CHALLENGE_TITLES = re.compile(
    r"attention required!|ddos-guard|making sure you.re not a bot!?|pardon our interruption\W*"
)
_COOKIE_TITLES = re.compile(
    r"before you continue.*|prima di continuare.*|avant d.accéder.*|bevor sie fortfahren.*|antes de continuar.*"
    r"|cookies? required|consenso ai cookie"
)
_LOGIN_TITLES = re.compile(
    r"log-?\s?in|sign-?\s?in|sign-?\s?on|eu login|member login|authentication required|single sign-?\s?on"
    r"|accedi|autenticazione|autenticati|area riservata|accesso (?:all.)?area riservata"
    r"|connexion|se connecter|s.identifier|authentification|identifiez-vous"
    r"|anmelden|anmeldung|einloggen|iniciar sesión|inicio de sesión|iniciar sessão|inloggen|aanmelden|logowanie|zaloguj się"
)
_MAINTENANCE_TITLES = re.compile(
    r"(?:down for|under|site|website|scheduled|planned) maintenance|maintenance mode"
    r"|(?:503 )?service (?:temporarily )?unavailable|temporarily unavailable|we.ll be back(?: soon)?\W*"
    r"|(?:sito|servizio|portale) in manutenzione|manutenzione in corso|servizio (?:momentaneamente )?non disponibile"
    r"|(?:site )?en maintenance|maintenance en cours|service indisponible"
    r"|wartungsarbeiten|wartungsmodus|(?:sitio )?en mantenimiento|em manutenção|(?:site )?in onderhoud"
)
# Titles that may be a part of another: only where nothing stands beside them.
_CHALLENGE_ALONE = re.compile(
    r"(?:just a|one) moment\W*|un (?:instant|momento)\W*|nur einen moment\W*|verifying you are human\W*"
    r"|checking your browser.*|robot check"
)
_MAINTENANCE_ALONE = re.compile(r"maintenance|manutenzione|in manutenzione|wartung|mantenimiento")


def challenged(headers: Mapping[str, str]) -> bool:
    """Whether an answer says by its headers that it is a wall and no page, whatever its status."""
    mitigated = headers.get("cf-mitigated", "").strip().lower() == "challenge"
    return mitigated or headers.get("x-amzn-waf-action", "").strip().lower() in ("challenge", "captcha")


def instead_of_page(html: str) -> str | None:
    """Say what came in the place of a web page, None if it may well be that page."""
    head = html[:_HEAD].lower()
    titles = _titles(head)
    if any(sign in head for sign in _CHALLENGES) or _CHALLENGE_ALONE.fullmatch(titles[0]):
        return "a wall against robots"
    if any(map(_CHALLENGE_TITLES.fullmatch, titles)):
        return "a wall against robots"
    if any(map(_LOGIN_TITLES.fullmatch, titles)) and _PASSWORD.search(head):
        return "a login page"
    # A page of calls leads somewhere; what asks to wait or to agree first does not.
    if len(_LINK.findall(head)) < _FEW_LINKS:
        # The Commission's login asks for the address alone first, and for the password on the next page.
        if titles[0] == "eu login":
            return "a login page"
        if any(map(_MAINTENANCE_TITLES.fullmatch, titles)) or _MAINTENANCE_ALONE.fullmatch(titles[0]):
            return "a notice of maintenance"
        if any(map(_COOKIE_TITLES.fullmatch, titles)):
            return "a wall of cookies"
    return None


def instead_of_data(body: str) -> str | None:
    """Say what came where JSON or XML was due; None if it is no web page."""
    head = body[:_HEAD].lstrip("\ufeff \t\r\n").lower()
    if not re.match(r"<!doctype\s+html|<html|<head|<body|<title|<meta|<script|<div", head):
        return None
    if told := instead_of_page(head):
        return told
    return "a login page" if _PASSWORD.search(head) else "a web page"


def _titles(head: str) -> tuple[str, ...]:
    found = _TITLE.search(head)
    whole = " ".join(unescape(found[1]).split()) if found else ""
    return (whole, *(part for part in _PARTS.split(whole) if part))
