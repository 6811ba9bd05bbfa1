"""The one form builder of both human doors: declared fields in, a WTForms class out.

    Form = build(fields, "id", lookups=lookups)
    form = Form(request.form)                       # or Form(data={"legal_name": "PT Contoh"})
    clean, problems = schema.validate(values(form))
    errors_onto(form, problems, "id")

The form itself checks nothing: `Schema.validate` is the one validator, and its problems are put at the fields.
"""

from app.webforms.build import Lookup, Lookups, build, errors_onto, summary, values
from app.webforms.controls import Control

__all__ = ["Control", "Lookup", "Lookups", "build", "errors_onto", "summary", "values"]
