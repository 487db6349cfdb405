"""What stands around the text of a page: menus, forms, cookie notices. Taken off, so that it is never read as the text.

The one thing to know: a consent notice has been stored as the text of a call before; whatever is read of a page for people
passes here first.
"""

import re

from bs4 import Tag

_NOISE = (
    "script, style, nav, footer, aside, form, noscript, template, iframe, dialog, button, [role=navigation], [role=dialog]"
    ", [aria-modal=true], [hidden]"
)
_CONSENT = re.compile(
    r"cookie|consent|gdpr|iubenda|onetrust|cmplz|didomi|usercentrics|privacy-?(?:banner|notice|popup)|breadcrumb"
    r"|newsletter-?(?:form|sign)|share-?(?:buttons|bar|links)|social-?(?:share|links)|skip-?link|addtoany",
    re.IGNORECASE,
)


def take_off(content: Tag, selectors: tuple[str, ...] = ()) -> None:
    """Take menus, forms and notices off an element, and what an admin's own selectors point at. Alters it."""
    for selector in (_NOISE, *selectors):
        for part in content.select(selector):
            if not part.decomposed:
                part.decompose()
    for part in content.find_all(True):
        if not part.decomposed and _CONSENT.search(_called(part)):
            part.decompose()


def _called(part: Tag) -> str:
    names = part.get_attribute_list("class") if part.has_attr("class") else []
    return f"{part.get('id') or ''} {' '.join(str(name) for name in names)}"
