"""Stock Flask-Admin over the company table, for `bench/list.py`: its own SQLAlchemy view with columns to search
and to filter by, everything else as it comes.

Runs in bench/.venv: `stock_flask_admin:app`, PEER_DATABASE=the address SQLAlchemy takes.
"""

import os

import stock_company as company
from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, Numeric, String
from sqlalchemy.orm import relationship

app = Flask(__name__)
app.config |= {"SECRET_KEY": "bench", "SQLALCHEMY_DATABASE_URI": os.environ["PEER_DATABASE"]}
db = SQLAlchemy(app)


class Named:
    id = Column(Integer, primary_key=True)
    name = Column(String)

    def __str__(self):
        return self.name


class Zone(Named, db.Model):
    __tablename__ = "zone"


class Region(Named, db.Model):
    __tablename__ = "region"


columns = {key: Column(String(size), nullable=key not in company.REQUIRED) for key, size in company.TEXTS.items()}
columns |= {key: Column(String(20), nullable=key not in company.REQUIRED) for key in company.CHOICES}
columns |= {key: Column(Date) for key in company.DAYS} | {key: Column(Numeric) for key in company.NUMBERS}
columns |= {key: Column(Boolean, nullable=False, default=False) for key in company.FLAGS}
columns |= {f"{key}_id": Column(key, Integer, ForeignKey(f"{key}.id")) for key in company.REFERENCES}
columns |= {"zone": relationship(Zone), "region": relationship(Region)}
Company = type("Company", (db.Model,), {"__tablename__": "company", "id": Column(Integer, primary_key=True), **columns})
choices = {key: [(value, value) for value in values] for key, values in company.CHOICES.items()}


class CompanyView(ModelView):
    column_list = company.LISTED
    column_searchable_list = company.SEARCHED
    column_filters = tuple(key if key != "zone" else "zone_id" for key in company.FILTERED)
    form_columns = company.FORM
    form_choices = choices
    page_size = company.PAGE
    named_filter_urls = True


Admin(app, name="Peer").add_view(CompanyView(Company, db))
