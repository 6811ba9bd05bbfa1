"""The local mail box: takes every mail of a demo or a first try-out, sends none on, and shows them on a page."""
