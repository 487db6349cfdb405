"""What every answer carries, whatever it is: no script, no foreign host, no frame, no guessing; and 304 for what is known.

The one thing to know: a route may set a header itself and keeps it; everything else gets the strict one.
"""

from flask import Flask, Response, request

from web.context import COOKIE, languages, settings

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_STRICT = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Said here so that no server adds its own name and version.
    "Server": "worldwidewe",
}
_A_YEAR = 365 * 24 * 3600


def install(app: Flask) -> None:
    app.after_request(_finish)


def _finish(response: Response) -> Response:
    _remember_language(response)
    _let_be_cached(response)
    for name, value in _STRICT.items():
        if name not in response.headers:
            response.headers[name] = value
    if settings().board_url.startswith("https://"):
        response.headers["Strict-Transport-Security"] = f"max-age={_A_YEAR}"
    return response


def _remember_language(response: Response) -> None:
    asked = request.args.get("lang")
    if asked in languages():
        secure = settings().board_url.startswith("https://")
        response.set_cookie(COOKIE, asked, max_age=_A_YEAR, samesite="Lax", httponly=True, secure=secure)


def _let_be_cached(response: Response) -> None:
    if request.endpoint == "static":
        # The address of a file carries its hash: what it names never changes.
        named = "v" in request.args and response.status_code < 400
        response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable" if named else "public, max-age=300"
        return
    private = response.cache_control.no_store or request.path.startswith(("/letters", "/health"))
    if response.status_code >= 400 or private:
        response.headers["Cache-Control"] = "no-store"
        return
    response.vary.update(("Accept-Language", "Cookie"))
    response.headers["Cache-Control"] = "no-cache"
    if request.method in {"GET", "HEAD"} and response.status_code == 200:
        response.add_etag()
        response.make_conditional(request)
