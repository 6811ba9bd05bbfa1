"""Words by which rows that are no records are known: sums, signatures, groups, notes, page numbers."""

from __future__ import annotations

import re

TOTAL = re.compile(
    r"(?:(?:sub[\s-]*total|grand\s+total|total|t o t a l|(?:sub[\s-]*)?(?:jumlah|j u m l a h|jml|jlh)|sum|average"
    r"|rata[\s-]*rata)\b"
    r"|[合总總小共累]\s*[计計]|[합총소누]\s*계|총\s*인원|人数)[\s.:=：]*(.*)",
    re.I | re.S,
)
TOTAL_REST = re.compile(
    r"(?:\d.*|\(.*|(?:tka|tenaga|orang|org|keseluruhan|seluruh|semua|karyawan|pegawai|pekerja|total|laki|pria|wanita"
    r"|perempuan|halaman|per|dept|departemen|bagian|divisi|of|all|workers|foreign|persons?|people|employees?)\b.*|[人名명].*)?",
    re.I | re.S,
)
SIGNED = re.compile(
    r"mengetahui|menyetujui|disetujui|diperiksa|dibuat\b|disusun oleh|dilaporkan|pelapor\b|hormat (?:kami|saya)"
    r"|tertanda|yang (?:membuat|melaporkan|bertanda)|ttd\b|tanda ?tangan|materai|meterai|stempel|cap (?:perusahaan|dan)"
    r"|(?:approved|prepared|checked|reviewed|acknowledged|known|signed) by|signature|best regards|sincerely"
    r"|rekap\w*\b|ringkasan|summary\b"
    r"|制表|填表|审核|審核|审批|批准|签字|签名|簽名|签章|盖章|作成|承認|確認|押印|작성|검토|확인|승인|결재|서명"
    r"|demikian|atas perhatian|terima ?kasih|nip[.:\s]\s*\d|nik[.:\s]\s*\d|\(?\s*[._…–-]{4,}|\(\s*\)",
    re.I,
)
ROLE = re.compile(
    r"(?:(?:general|hr\w*|plant|factory|personnel|human|office)\s+)*(?:manager|manajer|direktur|director|pimpinan|kepala"
    r"|president|hrd|hr|hrga|supervisor|penanggung jawab|head)\b",
    re.I,
)
PLACED = re.compile(
    r"[^\W\d][\w .'()-]{2,40}(?:,\s*(?:tgl\.?|tanggal)?[\s\d.…_]{0,20}|\s+\d{1,2}\s+)"
    r"(?:januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|nopember|desember|january|february"
    r"|march|may|june|july|august|october|december|[.…_]{3,})\s*[\d.…_]{2,20}"
    r"|[^\W\d][\w .'()-]{2,40},\s*(?:tgl\.?|tanggal)?\s*\d{0,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{2,4}",
    re.I,
)
FOOTNOTE = re.compile(
    r"\*|\d?\)\s|\S{1,12}\s*=\s|(?:catatan|keterangan|ket|note|notes|nb|n\.b|sumber|source|lampiran|halaman|page|dicetak|printed|legenda)\b[\s.:]"
    r"|(?:catatan|keterangan|notes?)$|(?:备注|備註|備考|注|説明|说明|비고|참고)\s*[:：]|※",
    re.I,
)
GROUP = re.compile(
    r"(?:departemen|departement|dept|divisi|bagian|bag\.|seksi|unit|section|department|division|cabang|lokasi|plant|pabrik"
    r"|gedung|area|kelompok|group|grup|tahun|bulan|periode|kebangsaan|negara|warga negara|kategori|kitas|kitap|itas"
    r"|itap|line|shift|warehouse|gudang|kantor|perusahaan|pt|cv|wilayah|wna|tka|tim|team|branch|site|nationality|country)\b"
    r"|[A-Z][.)]\s|[IVX]{1,5}[.)]\s",
    re.I,
)
PAGE = re.compile(r"(?:hal|halaman|page|lembar)\b[\s.:]*\d.*|[\d\s/.:-]+", re.I)
NOTHING = frozenset(["-", "--", "---", "–", "—", "nihil", "n/a", "na", "none", "kosong", "tidak ada", "tdk ada"])
