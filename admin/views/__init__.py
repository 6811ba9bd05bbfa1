"""Screens of the staff door that are not lists of a registry."""

from flask import Blueprint


def screens() -> list[Blueprint]:
    """Blueprints to mount under /staff/NAME."""
    return []
