"""The floor of `bench/form.py`: a bare Flask-WTF form with the questions and country list of one page of the report.

A valid POST is one INSERT in one transaction through SQLAlchemy, on the same kind of database with the same settings.
Runs in the product's own environment, so that every library is the same: `bare_form:app`, BARE_FORM_DATABASE=FILE.
"""

from __future__ import annotations

import os

from flask import Flask, redirect
from flask_wtf import FlaskForm
from sqlalchemy import JSON, Column, Integer, MetaData, Table, create_engine, event, insert
from wtforms import DateField, RadioField, SelectField, StringField, SubmitField
from wtforms.validators import DataRequired, Length, Optional

from app.domain import countries

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Form</title></head><body><main><h1>Form</h1>
<form method="post" novalidate>{{ form.hidden_tag() }}
{% for field in form if field.type != "CSRFTokenField" %}<p>{{ field.label }} {{ field }}
{% for error in field.errors %}<b>{{ error }}</b>{% endfor %}</p>{% endfor %}</form></main></body></html>"""
COUNTRIES = list(countries.names("id").items())


class Person(FlaskForm):  # type: ignore[misc]
    full_name = StringField("Full name", [DataRequired(), Length(max=160)])
    sex = RadioField("Sex", [DataRequired()], choices=[("M", "Male"), ("F", "Female"), ("X", "X")])
    birth_date = DateField("Date of birth", [DataRequired()])
    birth_place = StringField("Place of birth", [Optional(), Length(max=160)])
    nationality = SelectField("Nationality", [DataRequired()], choices=COUNTRIES)
    passport_country = StringField("Passport issued by", [Optional(), Length(max=80)])
    passport_number = StringField("Passport number", [DataRequired(), Length(max=20)])
    passport_expires_on = DateField("Passport valid until", [DataRequired()])
    send = SubmitField("Continue")


def create_app(database: str) -> Flask:
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "a floor needs no secret"
    page = app.jinja_env.from_string(PAGE)
    engine = create_engine(f"sqlite:///{database}")

    @event.listens_for(engine, "connect")
    def _prepare(raw, _record):  # type: ignore[no-untyped-def]
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=NORMAL")

    person = Table("person", MetaData(), Column("id", Integer, primary_key=True), Column("body", JSON))
    person.metadata.create_all(engine)

    @app.route("/", methods=["GET", "POST"])
    def form():  # type: ignore[no-untyped-def]
        asked = Person()
        if asked.validate_on_submit():
            with engine.begin() as connection:
                connection.execute(insert(person).values(body={key: str(value) for key, value in asked.data.items()}))
            return redirect("/", 303)
        return page.render(form=asked)

    return app


app = create_app(os.environ["BARE_FORM_DATABASE"])
