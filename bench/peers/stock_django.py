"""Stock Django admin over the company table, for `bench/list.py`: a ModelAdmin with columns, search and filters,
everything else as `startproject` leaves it; connections are kept, since Django opens one a request otherwise.

Runs in bench/.venv: `stock_django:app`, PEER_DATABASE=the address SQLAlchemy takes; `python stock_django.py` makes
Django's own tables and somebody who may sign in.
"""

import os
import sys
from urllib.parse import parse_qs, urlsplit

import django
import stock_company as company
from django.apps import AppConfig
from django.conf import settings
from django.core.wsgi import get_wsgi_application

USER = PASSWORD = "bench"


class Peer(AppConfig):
    name = __name__
    label = "peer"
    path = os.path.dirname(os.path.abspath(__file__))


def database(address):
    """The address as Django's setting has it."""
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": parts.path[1:]}
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path[1:],
        "USER": parts.username,
        "PASSWORD": parts.password or "",
        "HOST": query.get("host") or parts.hostname,
        "PORT": query.get("port") or parts.port or "",
    }


sys.modules.setdefault("stock_django", sys.modules[__name__])  # started as a script, it is still an application
Peer.name = "stock_django"
settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="stock_django",
    DATABASES={"default": database(os.environ["PEER_DATABASE"]) | {"CONN_MAX_AGE": 600}},
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "stock_django.Peer",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    STATIC_URL="static/",
    USE_TZ=True,
)
django.setup()

from django.contrib import admin  # noqa: E402 - only now may they be asked for
from django.db import models  # noqa: E402
from django.urls import path  # noqa: E402


class Named(models.Model):
    name = models.CharField(max_length=300)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name


class Zone(Named):
    class Meta:
        app_label, managed, db_table = "peer", False, "zone"


class Region(Named):
    class Meta:
        app_label, managed, db_table = "peer", False, "region"


def blank(key):
    return {} if key in company.REQUIRED else {"null": True, "blank": True}


def fields():
    made = {key: models.CharField(max_length=size, **blank(key)) for key, size in company.TEXTS.items()}
    for key, values in company.CHOICES.items():
        made[key] = models.CharField(max_length=20, choices=[(value, value) for value in values], **blank(key))
    made |= {key: models.DateField(null=True, blank=True) for key in company.DAYS}
    made |= {
        key: models.DecimalField(max_digits=12, decimal_places=8, null=True, blank=True) for key in company.NUMBERS
    }
    made |= {key: models.BooleanField(default=False) for key in company.FLAGS}
    for key, other in (("zone", Zone), ("region", Region)):
        made[key] = models.ForeignKey(other, models.PROTECT, null=True, blank=True, db_column=key, related_name="+")
    return made


meta = type("Meta", (), {"app_label": "peer", "managed": False, "db_table": "company"})
Company = type(
    "Company",
    (models.Model,),
    {"__module__": __name__, "Meta": meta, "__str__": lambda self: self.legal_name, **fields()},
)


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    list_display = company.LISTED
    search_fields = company.SEARCHED
    list_filter = company.FILTERED
    list_per_page = company.PAGE
    fields = company.FORM


urlpatterns = [path("admin/", admin.site.urls)]
app = get_wsgi_application()

if __name__ == "__main__":
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    if not User.objects.exists():
        User.objects.create_superuser(USER, "bench@kantor.example", PASSWORD)
