"""Screens of the staff door that are not lists of a registry."""

from flask import Blueprint


def screens() -> list[Blueprint]:
    """Blueprints to mount under /staff/NAME (NAME is the blueprint's without "staff_")."""
    from admin.views import (
        accounts,
        bulk,
        calendar,
        files,
        inbox,
        jobs,
        letters,
        links,
        mail,
        requests,
        rights,
        saved_views,
        settings,
        sheet_import,
    )

    made = [
        inbox,
        requests,
        links,
        mail,
        accounts,
        sheet_import,
        bulk,
        jobs,
        calendar,
        rights,
        letters,
        settings,
        saved_views,
        files,
    ]
    return [screen.blueprint for screen in made]
