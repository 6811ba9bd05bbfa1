from typing import Any

from flask_babel import Domain

class CustomDomain(Domain):
    _translation_directories: list[str]

domain: CustomDomain
wtforms_domain: Any

def gettext(string: str, **variables: Any) -> str: ...
def ngettext(singular: str, plural: str, num: int, **variables: Any) -> str: ...
def lazy_gettext(string: str, **variables: Any) -> str: ...
