"""How fast, against what: each module measures one figure beside its peer, in one run, and prints JSON lines."""
