"""Payments of the levy for using foreign workers, DKPTKA; people also say PTTKA (domain: persons and permits)."""

from __future__ import annotations

from datetime import date

from sqlmodel import SQLModel

from app.domain.actors import Scope
from app.domain.states import Arrows
from app.domain.types import Count, DocumentNumber, FileType, StoredFile, Usd
from app.domain.work_plans import paid_beyond_the_plan, unusual_amount
from app.models.record import Record
from app.registry import Registry, field

DESTINATIONS = [
    ("central", "Kas negara (pusat)", "State treasury"),
    ("province", "Kas daerah provinsi", "Provincial treasury"),
    ("kabupaten", "Kas daerah kabupaten/kota", "Treasury of the regency or city"),
]
LEVY_STATES = [
    ("claimed", "Menurut keterangan", "As stated"),
    ("proof_seen", "Bukti diterima", "Proof seen"),
    ("confirmed", "Terkonfirmasi", "Confirmed"),
    ("refunded", "Dikembalikan sebagian", "Partly refunded"),
]
LEVY_STEPS = Arrows({"claimed": ["proof_seen"], "proof_seen": ["confirmed"], "confirmed": ["refunded"]})


class LevyPaymentBase(SQLModel):
    work_plan: int = field(
        "RPTKA",
        "Work plan",
        reference="work_plan",
        listed=True,
        filter=True,
        natural_key=True,
        help=("RPTKA yang dibayar", "The plan that is paid for"),
    )
    reference: DocumentNumber = field(
        "Nomor bukti bayar",
        "Payment reference",
        listed=True,
        search=True,
        natural_key=True,
        aliases=["ntpn", "nomor bukti", "bukti bayar"],
        help=("NTPN atau nomor pada bukti bayar", "Number on the proof of payment"),
        example="A1B2C3D4E5F6G7H8",
    )
    persons: Count | None = field(
        "Jumlah orang",
        "People",
        default=None,
        listed=True,
        help=("TKA yang dibayar", "Workers paid for"),
    )
    months: Count = field(
        "Jumlah bulan",
        "Months",
        listed=True,
        aliases=["bulan"],
        help=("Dibayar di muka untuk bulan sebanyak ini", "Paid ahead for so many months"),
    )
    amount_usd: Usd = field(
        "Jumlah DKPTKA (USD)",
        "Amount (USD)",
        listed=True,
        aliases=["dkptka", "pttka", "jumlah pttka", "jumlah bayar"],
        help=("Dalam dolar Amerika Serikat, seperti pada tagihan", "In US dollars, as billed"),
        example="1.200",
    )
    paid_on: date | None = field(
        "Dibayar tanggal",
        "Paid on",
        default=None,
        listed=True,
        filter=True,
        aliases=["tanggal bayar"],
        help=("Tanggal pada bukti bayar", "Date on the proof of payment"),
    )
    proof: list[StoredFile] = field(
        "Berkas bukti bayar",
        "Proof of payment",
        default_factory=list,
        files=FileType(),
        help=("Tangkapan layar atau pindaian bukti bayar", "A screenshot or scan of the proof"),
    )
    destination: str | None = field(
        "Disetor ke",
        "Paid to",
        default=None,
        choices=DESTINATIONS,
        listed=True,
        filter=True,
        help=(
            "Pengesahan baru ke pusat; perpanjangan menurut cakupan wilayah RPTKA",
            "New approvals to the state; extensions by the regions of the plan",
        ),
    )
    status: str = field(
        "Status",
        "Status",
        default="claimed",
        choices=LEVY_STATES,
        states=LEVY_STEPS,
        listed=True,
        filter=True,
        help=("Terkonfirmasi setelah dicocokkan dengan penerima", "Confirmed once checked with the receiver"),
    )


class LevyPayment(LevyPaymentBase, Record, table=True):
    __tablename__ = "levy_payment"


levy_payment = Registry(
    LevyPayment,
    title=("Pembayaran DKPTKA", "Levy payments (DKPTKA)"),
    singular=("Pembayaran DKPTKA", "Levy payment (DKPTKA)"),
    icon="receipt",
    order_by="reference",
    scope=Scope(follows="work_plan"),
    remarks=[paid_beyond_the_plan, unusual_amount],
)
