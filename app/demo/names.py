"""Small lists that the demo composes people and companies from. No line is a person or a company."""

# ruff: noqa: E501 (a list stays together)
from __future__ import annotations

# family names, given names of men, given names of women; "" as family = people with a single name
PEOPLE: dict[str, tuple[str, str, str]] = {
    "CHN": (
        "Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Hu Zhu Gao Lin He Guo Ma Luo",
        "Wei Jun Lei Qiang Bin Hao Peng Jian Gang Tao Feng Dong Yong Chao Long Bo",
        "Fang Min Jing Yan Xia Juan Li Na Hui Ying",
    ),
    "JPN": (
        "Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada",
        "Hiroshi Takashi Kenji Satoshi Makoto Akira Daisuke Kazuya Yuta Shota",
        "Yoko Keiko Akiko Naoko Yumi Emi",
    ),
    "KOR": (
        "Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Shin",
        "Min-jun Seo-jun Do-yun Ji-hoon Hyun-woo Sung-min Dong-hyun Jae-won Young-ho Sang-woo",
        "Seo-yeon Ji-woo Min-seo Ha-eun Eun-ji Soo-jin",
    ),
    "IND": (
        "Sharma Patel Singh Kumar Gupta Reddy Nair Iyer Das Mehta",
        "Rahul Amit Rajesh Suresh Vijay Anil Sanjay Arun Deepak Manoj",
        "Priya Anita Sunita Kavita Pooja",
    ),
    "MYS": (
        "Tan Lim Wong Lee Ng Chong Teoh Goh",
        "Kok-wai Chee-keong Wei-ming Boon-hock Ah-seng",
        "Mei-ling Siew-fong Pei-shan",
    ),
    "PHL": (
        "Santos Reyes Cruz Bautista Garcia Mendoza Torres Ramos",
        "Jose Mark Paolo Rogelio Ramon Eduardo Arnel Noel",
        "Maria Grace Rowena Liza Cristina",
    ),
    "USA": (
        "Miller Davis Wilson Moore Taylor Anderson Clark Hall",
        "John David Michael Robert Brian Kevin",
        "Karen Susan Lisa Emily",
    ),
    "GBR": (
        "Smith Jones Williams Brown Evans Thomas Roberts Walker",
        "Andrew Stephen Paul Mark Graham Ian",
        "Helen Claire Sarah",
    ),
    "AUS": (
        "Kelly Ryan Martin White Harris Cooper Ward Bennett",
        "Craig Scott Shane Peter Glenn Adam",
        "Rachel Nicole Megan",
    ),
    "SGP": ("Tan Lim Ong Koh Chua Yeo Toh Sim", "Jun-jie Wei-liang Kah-hoe Teck-soon", "Hui-min Xin-yi Li-ting"),
    "TWN": (
        "Chen Lin Huang Chang Lee Wang Wu Tsai Yang Hsu",
        "Chih-ming Chien-hung Chun-chieh Wen-hsiung Yi-chen",
        "Shu-fen Mei-hua Ya-ting",
    ),
    "THA": (
        "Saetang Chaiyasit Srisuk Thongdee Wongsawat",
        "Somchai Anan Prasert Wichai Kittisak",
        "Malee Siriporn Kanya",
    ),
    "VNM": ("Nguyen Tran Le Pham Hoang Vu Dang", "Van-hung Quoc-tuan Minh-duc Thanh-long", "Thi-lan Thu-ha Ngoc-anh"),
    "DEU": ("Müller Schmidt Schneider Fischer Weber Wagner", "Thomas Andreas Stefan Jürgen", "Sabine Katrin"),
    "FRA": ("Martin Bernard Dubois Moreau Laurent", "Pierre Philippe Nicolas Olivier", "Sophie Camille"),
    "ITA": ("Rossi Russo Ferrari Bianchi Romano", "Marco Andrea Luca Paolo", "Giulia Chiara"),
    "NLD": ("de Vries|van Dijk|Bakker|Visser|Smit", "Jan Pieter Willem Kees", "Anna Femke"),
    "RUS": ("Ivanov Petrov Smirnov Volkov Kuznetsov", "Sergei Dmitri Alexei Ivan", "Olga Elena"),
    "TUR": ("Yılmaz Kaya Demir Şahin Çelik", "Mehmet Mustafa Ahmet Ali", "Ayşe Fatma"),
    "BGD": ("Rahman Hossain Islam Ahmed Uddin", "Kamal Rafiq Jamal Tariq", "Nasrin Farzana"),
    "MMR": ("", "Aung Zaw|Kyaw Thu|Min Htet|Thura|Zeya", "Khin Myo|Thandar|Su Su"),
}
BIRTH_PLACES: dict[str, str] = {
    "CHN": "Shanghai Wuhan Chengdu Ningbo Qingdao Xiamen", "JPN": "Osaka Nagoya Sendai Fukuoka", "KOR": "Seoul Busan Incheon Daegu",
    "IND": "Mumbai Chennai Pune Delhi", "MYS": "Penang Ipoh Melaka", "PHL": "Manila Cebu Davao", "USA": "Chicago Houston Denver",
    "GBR": "Leeds Bristol Glasgow", "AUS": "Perth Brisbane Adelaide", "SGP": "Singapore", "TWN": "Taipei Taichung Kaohsiung",
    "THA": "Bangkok Chonburi", "VNM": "Hanoi Danang", "DEU": "Bremen Kassel", "FRA": "Lyon Nantes", "ITA": "Torino Bologna",
    "NLD": "Utrecht Breda", "RUS": "Samara Omsk", "TUR": "Bursa Konya", "BGD": "Dhaka Khulna", "MMR": "Yangon Mandalay",
}  # fmt: skip

# Foreign workers by nationality, January to September 2023: Kemnaker, quoted by IDN Times, 19 October 2023.
NATIONALITIES: dict[str, int] = {
    "CHN": 57738, "JPN": 11803, "KOR": 11735, "IND": 6321, "MYS": 4241, "PHL": 3824, "USA": 2728, "GBR": 2293, "AUS": 2146, "SGP": 1543,
}  # fmt: skip
OTHERS = 16834  # "Lainnya" of the same source, spread evenly over OTHER_NATIONALITIES
OTHER_NATIONALITIES = ("TWN", "THA", "VNM", "DEU", "FRA", "ITA", "NLD", "RUS", "TUR", "BGD", "MMR")
MEN, WOMEN = 144334, 23714  # 2023: BPS and Kemnaker, quoted by Databoks

# Positions of the same Kemnaker figures: weight, titles, what such a person does.
POSITIONS: tuple[tuple[int, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        64277,
        (
            "Insinyur Proses",
            "Insinyur Mesin",
            "Ahli Kendali Mutu",
            "Teknisi Senior",
            "Ahli Kelistrikan",
            "Ahli Cetakan",
        ),
        (
            "Menganalisis proses produksi",
            "Menyetel dan menguji mesin baru",
            "Melatih operator lini",
            "Memeriksa mutu produk",
        ),
    ),
    (
        26215,
        ("Konsultan Teknik", "Penasihat Produksi", "Konsultan Manajemen Mutu"),
        ("Memberi saran perbaikan lini produksi", "Menyusun prosedur kerja", "Menilai pemasok"),
    ),
    (
        22039,
        ("Manajer Produksi", "Manajer Pabrik", "Manajer Pembelian", "Manajer Keuangan"),
        ("Memimpin bagian produksi", "Mengawasi anggaran", "Mengatur jadwal pabrik"),
    ),
    (8049, ("Direktur", "Direktur Teknik", "Presiden Direktur"), ("Memimpin perusahaan",)),
    (626, ("Komisaris",), ("Mengawasi direksi",)),
)

COMPANY_FIRST = (
    "Surya Cahaya Mitra Karya Sinar Bumi Graha Tirta Wira Nusa Adi Bina Cipta Duta Eka Fajar Gemilang Harapan Inti Jaya "
    "Kencana Lintas Mega Prima Sentra Tunas Utama Wahana Anugerah Bintang"
)
# what a company makes, its KBLI code
COMPANY_TRADES: tuple[tuple[str, str], ...] = (
    ("Logam", "24101"), ("Plastik", "22291"), ("Kimia", "20118"), ("Kertas", "17011"), ("Keramik", "23929"), ("Tekstil", "13111"),
    ("Garmen", "14111"), ("Sepatu", "15202"), ("Elektronika", "26120"), ("Kabel", "27320"), ("Mesin", "28299"), ("Otomotif", "29300"),
    ("Pangan", "10799"), ("Minuman", "11040"), ("Farmasi", "21012"), ("Furnitur", "31001"), ("Kaca", "23111"), ("Baja", "24102"),
    ("Kemasan", "17021"), ("Logistik", "52101"), ("Energi", "35111"), ("Konstruksi", "41019"), ("Rekayasa", "71102"), ("Niaga", "46900"),
)  # fmt: skip
COMPANY_LAST = "Abadi Sejahtera Makmur Lestari Mandiri Perkasa Nusantara Sentosa Indah Raya Internasional Pratama"
INDONESIAN = (
    "Budi Agus Dewi Siti Rina Hendra Wahyu Indah Eko Yuni Bambang Ratna Dian Joko Fitri Slamet Lestari Rudi Maya Arif",
    "Santoso Wijaya Susanti Pratiwi Nugroho Hidayat Kusuma Saputra Anggraini Setiawan Rahayu Wibowo Utami Gunawan",
)
CONTACT_POSITIONS = ("Manajer HRD", "Staf HRD", "Legal", "Sekretaris Direksi", "Admin Personalia")
STREETS = ("Jl. Industri Raya", "Jl. Kawasan Utara", "Jl. Kawasan Selatan", "Jl. Niaga", "Jl. Gerbang Timur")

# code, title, works, sponsor, from, until, replaced by. In part after press reports of Kepmen M.IP-08.GR.01.01/2025.
VISA_INDICES: tuple[tuple[str, str, bool, str, str, str | None, str | None], ...] = (
    ("E23", "Bekerja dengan penjamin perusahaan", True, "company", "2025-06-02", None, None),
    ("E23U", "Bekerja dengan penjamin bukan perusahaan", True, "non_company", "2025-06-02", None, None),
    ("E28A", "Penanam modal", False, "company", "2025-06-02", None, None),
    ("E28G", "Penanam modal, wakil perusahaan induk", False, "company", "2025-06-02", None, None),
    ("E31B", "Penyatuan keluarga", False, "none", "2025-06-02", None, None),
    ("C2", "Kunjungan bisnis", False, "company", "2025-06-02", None, None),
    ("C18", "Calon tenaga kerja asing dalam uji coba", True, "company", "2025-06-02", None, None),
    ("B1", "Visa saat kedatangan", False, "none", "2025-06-02", None, None),
    ("C312", "Bekerja (indeks lama)", True, "company", "2015-01-01", "2023-12-31", "E23"),
    ("E23B", "Bekerja (indeks sebelum penggabungan)", True, "company", "2024-01-01", "2025-06-01", "E23"),
    ("E23H", "Bekerja (indeks sebelum penggabungan)", True, "company", "2024-01-01", "2025-06-01", "E23"),
    ("B211B", "Kunjungan bisnis (indeks lama)", False, "company", "2020-01-01", "2023-12-31", "C2"),
)
# code, name, kind, region
AGENCIES: tuple[tuple[str, str, str, str | None], ...] = (
    ("imigrasi", "Kantor Imigrasi (contoh)", "imigrasi", None),
    ("disnaker", "Dinas Tenaga Kerja (contoh)", "disnaker", "35.16"),
    ("dukcapil", "Dinas Kependudukan dan Pencatatan Sipil (contoh)", "dukcapil", "35.16"),
    ("kesbangpol", "Badan Kesatuan Bangsa dan Politik (contoh)", "kesbangpol", "35.16"),
    ("kejaksaan", "Kejaksaan Negeri (contoh)", "kejaksaan", "35.16"),
    ("kecamatan", "Kecamatan (contoh)", "kecamatan", "35.16.05"),
    ("koramil", "Koramil (contoh)", "koramil", "35.16.05"),
    ("polsek", "Polsek (contoh)", "polsek", "35.16.05"),
    ("pengelola", "Pengelola Kawasan Nusa Abadi (contoh)", "pengelola_kawasan", "35.16.05"),
)
# local part of the address, name, role, agency
STAFF: tuple[tuple[str, str, str, str], ...] = (
    ("admin", "Arif Nugroho", "admin", "imigrasi"),
    ("kepala", "Ratna Kusuma", "head", "imigrasi"),
    ("kabid", "Bambang Hidayat", "division_head", "imigrasi"),
    ("analis", "Dewi Anggraini", "analyst", "imigrasi"),
    ("lapangan", "Joko Saputra", "field_officer", "imigrasi"),
    ("sekretariat", "Yuni Pratiwi", "secretariat", "imigrasi"),
    ("timpora", "Hendra Wijaya", "timpora_chair", "imigrasi"),
    ("disnaker", "Indah Rahayu", "agency_coordinator", "disnaker"),
    ("kecamatan", "Slamet Santoso", "agency_member", "kecamatan"),
    ("auditor", "Maya Utami", "auditor", "imigrasi"),
)
