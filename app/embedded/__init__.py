"""The servers and processes of an installation that brings its own world: Valkey, children, what they agreed on."""
