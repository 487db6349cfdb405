"""The board in Chromium, as people meet it: narrow, dark, by keyboard, without scripts, on paper."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Response

PAGES = ("/", "/opportunities", "/opportunities?q=zzz&kind=tender&country=FR", "/opportunities/1", "/sources", "/about")
MEASURE_CONTRAST = """
() => {
  const channel = value => { value /= 255; return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4; };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const parse = colour => colour.match(/[\\d.]+/g).map(Number);
  const ground = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!own || element.closest('.vh, option') || !element.checkVisibility()) continue;
    const a = light(parse(getComputedStyle(element).color)), b = light(ground(element));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${element.outerHTML.slice(0, 120)}`);
  }
  return poor;
}
"""
SMALL_TARGETS = """
() => [...document.querySelectorAll('a, button, input, select, summary')]
  .filter(e => e.checkVisibility() && !e.closest('p, dd, dt, li.plain, .plain, .text, .vh') && !e.matches('.skip'))
  .map(e => { const target = e.closest('label') || e; return [target.getBoundingClientRect(), target]; })
  .filter(([box]) => box.width < 24 || box.height < 24)
  .map(([box, e]) => `${box.width}x${box.height} ${e.outerHTML.slice(0, 120)}`)
"""


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=address, locale="it-IT", viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_nothing_scrolls_sideways_on_a_screen_of_320_pixels(open_page: Page) -> None:
    open_page.set_viewport_size({"width": 320, "height": 640})
    for path in PAGES:
        open_page.goto(path)
        assert open_page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_every_text_stands_out_from_its_ground_in_dark_and_in_light(open_page: Page) -> None:
    for scheme in ("dark", "light"):
        open_page.emulate_media(color_scheme=scheme)
        for path in PAGES:
            open_page.goto(path)
            assert open_page.evaluate(MEASURE_CONTRAST) == [], (scheme, path)
    open_page.emulate_media(color_scheme="dark")
    assert open_page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 24, 23)"


def test_targets_are_large_enough_for_a_finger(open_page: Page) -> None:
    for width in (1280, 360):
        open_page.set_viewport_size({"width": width, "height": 800})
        for path in PAGES:
            open_page.goto(path)
            assert open_page.evaluate(SMALL_TARGETS) == [], (width, path)


def test_the_keyboard_reaches_everything_and_shows_where_it_is(open_page: Page) -> None:
    for path in ("/", "/opportunities", "/opportunities/1"):
        open_page.goto(path)
        reachable = open_page.locator(
            "a:visible, button:visible, input:visible, select:visible, summary:visible"
        ).count()
        met = set()
        for _ in range(reachable):
            open_page.keyboard.press("Tab")
            seen = open_page.evaluate(
                "() => { const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();"
                " return [e.outerHTML + b.y, s.outlineStyle, parseFloat(s.outlineWidth), b.bottom > 0 && b.top < innerHeight]; }"
            )
            met.add(seen[0])
            assert seen[1] != "none", seen[0][:120]
            assert seen[2] >= 2
            assert seen[3], f"out of sight: {seen[0][:120]}"
        assert len(met) >= reachable - 1


def test_B12_search_filter_and_read_work_without_javascript(chromium: Browser, address: str) -> None:
    context = chromium.new_context(base_url=address, locale="it-IT", java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("searchbox").fill("nettoyage")
    page.get_by_role("button", name="Cerca").click()
    assert page.url == f"{address}/opportunities?q=nettoyage"
    page.get_by_role("checkbox", name="Francia").check()
    page.get_by_label("Appalti riservati", exact=True).select_option("res-ws")
    page.get_by_role("button", name="Mostra").last.click()
    assert page.url == f"{address}/opportunities?q=nettoyage&country=FR&reserved=res-ws"
    page.get_by_role("link", name="Francia – Servizi di pulizia").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Francia – Servizi di pulizia")
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("link", name="Open at the source").is_visible()
    context.close()


def test_B15_a_page_weighs_little_and_asks_nobody_else(open_page: Page, address: str) -> None:
    for path in PAGES:
        answers: list[Response] = []

        def note(answer: Response, answers: list[Response] = answers) -> None:
            answers.append(answer)

        open_page.on("response", note)
        open_page.goto(path, wait_until="networkidle")
        open_page.remove_listener("response", note)
        sizes = {answer.url: len(answer.body()) for answer in answers}
        assert all(url.startswith(address) for url in sizes), sizes
        assert len(sizes) <= 15
        assert sum(sizes.values()) <= 100_000, (path, sizes)


def test_B16_paper_has_no_navigation_shows_the_deadline_and_prints_addresses(open_page: Page) -> None:
    open_page.emulate_media(media="print")
    open_page.goto("/opportunities")
    for gone in ("nav", "#filter", "input[type=search]", ".sort", ".jump"):
        assert open_page.locator(gone).locator("visible=true").count() == 0, gone
    row = open_page.locator(".row").first
    assert row.locator("time").first.is_visible()
    assert row.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
    open_page.goto("/opportunities/1")
    printed = open_page.locator(".action a").evaluate("e => getComputedStyle(e, '::after').content")
    assert "attr(href)" in printed or "https://notices.example.org/it/notice/100001-2026" in printed
    assert open_page.locator(".lead time").is_visible()


def test_B16_a_shared_link_says_what_it_is_and_by_when(open_page: Page) -> None:
    open_page.goto("/opportunities/1")
    said = {
        name: open_page.locator(f"meta[property='{name}']").get_attribute("content")
        for name in ("og:title", "og:description")
    }
    assert said == {
        "og:title": "Francia – Servizi di pulizia di uffici – Nettoyage des bâtiments communaux et des écoles",
        "og:description": "Gara d'appalto · Francia · Iscrizione: 24 novembre 2026",
    }
    assert open_page.locator("link[rel=canonical]").get_attribute("href") == "http://board.example.org/opportunities/1"
