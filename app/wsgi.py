"""The WSGI application of a web process: `gunicorn --config python:app.serving app.wsgi:app`."""

from app import database
from app.config import settings
from app.factory import create_app

app = create_app(settings())
database.dispose()  # gunicorn forks from here; a connection must not be shared
