"""Numbered steps of the schema (versions/0001_….py …), one head. `python -m migrations.make` writes the next one."""
