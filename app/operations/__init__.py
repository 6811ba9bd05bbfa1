"""Writes worth a name. Each takes the session, the actor and the time; none commits."""

from app.operations import sentences as sentences
