"""Screens of the staff door that are not lists of a registry."""

from flask import Blueprint


def screens() -> list[Blueprint]:
    """Blueprints to mount under /staff/NAME (NAME is the blueprint's without "staff_")."""
    from admin.views import inbox, links, mail, requests

    return [inbox.blueprint, requests.blueprint, links.blueprint, mail.blueprint]
