"""The pages' door: what the browser sees."""

from flask import Blueprint, Flask, Response

pages = Blueprint("pages", __name__)


@pages.get("/robots.txt")
def robots() -> Response:
    """Let crawlers read the pages; the API says the same in JSON and is limited."""
    return Response("User-agent: *\nDisallow: /api/\nDisallow: /export/\n", mimetype="text/plain")


def register(app: Flask) -> None:
    """Add the pages to the app."""
    app.register_blueprint(pages)
