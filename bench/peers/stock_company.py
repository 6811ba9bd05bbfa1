"""What both stock admins show of the company table: the columns, choices and filters the product's own list has."""

LISTED = ["legal_name", "nib", "capital_status", "sector", "zone", "status"]
SEARCHED = ["legal_name", "nib", "npwp16"]
FILTERED = ["status", "capital_status", "sector", "scale", "legal_form", "zone"]
TEXTS = {
    "legal_name": 300, "nib": 13, "npwp16": 16, "nitku": 22, "kbli": 5, "address": 2000,
}  # fmt: skip
CHOICES = {
    "nib_status": ["active", "revoked", "unknown"],
    "legal_form": ["pt", "pt_perorangan", "cv", "firma", "koperasi", "yayasan", "perkumpulan", "mission", "ingo",
                   "government"],
    "capital_status": ["pma", "pmdn"],
    "scale": ["micro", "small", "medium", "large"],
    "risk": ["low", "medium_low", "medium_high", "high"],
    "kbli_year": ["2020", "2025"],
    "sector_stated": list("ABCDEFGHIJKLMNOPQRSTU"),
    "sector": list("ABCDEFGHIJKLMNOPQRSTU"),
    "status": ["unconfirmed", "documented", "field_verified", "not_found", "closed"],
}  # fmt: skip
DAYS = ["nib_status_as_of", "address_verified_on"]
NUMBERS = ["lat", "lon"]
FLAGS = ["is_sponsor", "is_employer"]
REFERENCES = ["zone", "region"]
FORM = [*TEXTS, *CHOICES, *DAYS, *NUMBERS, *FLAGS, *REFERENCES]
REQUIRED = {"legal_name", "status"}
PAGE = 50
