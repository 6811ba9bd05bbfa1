"""The ten roles and what they are called; what each may do is decided by `app.policy`."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.fields import Label

TITLES: Mapping[str, Label] = {
    "admin": Label("Administrator", "Administrator"),
    "head": Label("Kepala Kantor", "Head of office"),
    "division_head": Label("Kepala Bidang Intelijen dan Penindakan", "Division head, intelligence, enforcement"),
    "analyst": Label("Analis", "Analyst"),
    "field_officer": Label("Petugas lapangan", "Field officer"),
    "secretariat": Label("Sekretariat", "Secretariat"),
    "timpora_chair": Label("Ketua Timpora", "Timpora chair"),
    "agency_coordinator": Label("Koordinator instansi", "Agency coordinator"),
    "agency_member": Label("Anggota instansi", "Agency member"),
    "auditor": Label("Auditor", "Auditor"),
}
