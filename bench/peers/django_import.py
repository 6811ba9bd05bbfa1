"""The peer of `bench/import_.py`: django-import-export's preview and import of the same file, on SQLite.

Runs in bench/.venv: python django_import.py FILE FOLDER → {"rows", "seconds"}.
"""

import csv
import json
import sys
import time
import types
from pathlib import Path


def main(file: str, folder: str) -> None:
    import django
    from django.apps import AppConfig
    from django.conf import settings

    peer = types.ModuleType("peer")  # Django wants its models in an installed application
    peer.PeerConfig = type("PeerConfig", (AppConfig,), {"name": "peer", "path": folder, "__module__": "peer"})
    sys.modules["peer"] = peer
    settings.configure(
        SECRET_KEY="bench",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(Path(folder) / "peer.db")}},
        INSTALLED_APPS=["django.contrib.contenttypes", "import_export", "peer.PeerConfig"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()
    from django.db import connection, models
    from import_export import resources
    from tablib import Dataset

    class Company(models.Model):
        legal_name = models.CharField(max_length=300, db_index=True)
        town = models.CharField(max_length=300, blank=True, db_index=True)
        county = models.CharField(max_length=300, blank=True)
        rating = models.CharField(max_length=300, blank=True)
        route = models.CharField(max_length=500, blank=True)

        class Meta:
            app_label = "peer"

    with connection.schema_editor() as editor:
        editor.create_model(Company)

    class CompanyResource(resources.ModelResource):
        class Meta:
            model = Company
            import_id_fields = ("legal_name", "town")
            fields = ("legal_name", "town", "county", "rating", "route")
            skip_unchanged = True

    started = time.perf_counter()
    with open(file, encoding="utf-8-sig", newline="") as opened:
        rows = [tuple((row + [""] * 5)[:5]) for row in csv.reader(opened)][1:]
    # Its own import stops at a key that occurs twice; the product folds such rows, so the peer gets one of each.
    unique = {(row[0], row[1]): row for row in rows}
    data = Dataset(*unique.values(), headers=["legal_name", "town", "county", "rating", "route"])
    CompanyResource().import_data(data, dry_run=True)
    CompanyResource().import_data(data, dry_run=False, raise_errors=True)
    seconds = time.perf_counter() - started
    assert Company.objects.count() == len(unique)
    print(json.dumps({"rows": len(rows), "seconds": seconds}))


if __name__ == "__main__":
    main(*sys.argv[1:3])
