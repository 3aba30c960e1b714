"""The WSGI application: `gunicorn` and `flask --app app` find it here."""

from aimstats.config import load_config
from aimstats.factory import create_app

app = create_app(load_config())
