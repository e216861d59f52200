"""Settings of an installation. Everything a city changes comes from the environment."""

import re
from pathlib import Path

from mingtang.accounts.rules import SECOND_FACTOR_ROLES, Role
from mingtang.cases.rules.archive import RETENTIONS
from mingtang.catalogue.rules.basic import INHERITABLE
from mingtang.catalogue.rules.gate import DISCLOSURES
from mingtang.catalogue.rules.profiles import PROFILES
from mingtang.persons.rules import KEPT_KINDS, REFUSALS_LEAST_DAYS
from mingtang.requests.rules.kinds import PART_KINDS as REQUEST_KINDS
from mingtang.site.settings.database import database, replica
from mingtang.site.settings.env import (
    WrongSetting,
    address,
    dated,
    dated_numbers,
    days_of,
    flag,
    metrics_for,
    needed,
    networks,
    number,
    one_of,
    provider,
    socket_address,
    text,
    words,
)
from mingtang.site.settings.identity import providers
from mingtang.site.settings.keys import make_keys, profile_of
from mingtang.site.settings.logs import logging

HOME = Path(text("MINGTANG_HOME", "var")).resolve()
try:
    HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
except OSError as error:
    raise WrongSetting("MINGTANG_HOME", f"不能使用数据目录 {HOME}：{error.strerror}。") from None

MINGTANG_HOME = HOME
MINGTANG_KEY_FILE = Path(text("MINGTANG_KEY_FILE", str(HOME / "keys" / "sealed.key")))
# Signs the heads of the ledger. Whoever has it and the database could write history anew.
MINGTANG_LEDGER_KEY_FILE = Path(text("MINGTANG_LEDGER_KEY_FILE", str(HOME / "keys" / "ledger.key")))
# A folder in which signed heads are kept apart from the database: best another machine's.
MINGTANG_ANCHORS = Path(text("MINGTANG_ANCHORS", str(HOME / "anchors")))
# A folder on another disk to which `ship` carries what SQLite acknowledged; none: nobody ships.
MINGTANG_SHIP = Path(_ship).resolve() if (_ship := text("MINGTANG_SHIP")) else None
# A folder for the packages of archived cases, which the worker makes; empty: none by itself.
MINGTANG_PACKAGES = Path(_packages).resolve() if (_packages := text("MINGTANG_PACKAGES")) else None
MINGTANG_NODE = number("MINGTANG_NODE", None, least=0, most=1023)
MINGTANG_DEFAULT_PROMISED_DAYS = number("MINGTANG_DEFAULT_PROMISED_DAYS", 20, least=1, most=365)
# Calendar days for a correction: the law names none. Working days in which a clerk confirms that
# corrections are complete, and in which a hand-over slip is to be signed.
MINGTANG_CORRECTION_DAYS = number("MINGTANG_CORRECTION_DAYS", 30, least=1, most=365)
MINGTANG_CONFIRM_DAYS = number("MINGTANG_CONFIRM_DAYS", 0, least=0, most=5)
MINGTANG_SLIP_DAYS = number("MINGTANG_SLIP_DAYS", 1, least=0, most=30)
# How many days back a paper receipt of an outage is taken. Working days to explain a card of
# supervision, and to appeal against it.
MINGTANG_PAPER_RECEIPT_DAYS = number("MINGTANG_PAPER_RECEIPT_DAYS", 30, least=1, most=365)
MINGTANG_EXPLAIN_DAYS = number("MINGTANG_EXPLAIN_DAYS", 2, least=1, most=30)
MINGTANG_APPEAL_DAYS = number("MINGTANG_APPEAL_DAYS", 3, least=1, most=30)
# Rates that everybody sees: how many decided cases make one, and how many that one person decides
# on one day are set apart.
MINGTANG_PACE_LEAST = number("MINGTANG_PACE_LEAST", 10, least=1, most=1000)
MINGTANG_BULK_CLOSINGS = number("MINGTANG_BULK_CLOSINGS", 20, least=2, most=10000)
MINGTANG_PAYMENT_PROVIDER = text("MINGTANG_PAYMENT_PROVIDER", "mingtang.cases.payments.Counter")
# Kinds of procedure whose results are never published: they tell of people's circumstances.
MINGTANG_NOTICE_NEVER = words(
    "MINGTANG_NOTICE_NEVER", "benefit,public_service,confirmation", allowed=PROFILES
)
# Single items whose results are never published either, by their codes.
MINGTANG_NOTICE_NEVER_ITEMS = tuple(
    code.strip() for code in text("MINGTANG_NOTICE_NEVER_ITEMS").split(",") if code.strip()
)
# How long files of cases are kept; other times for kinds of procedure: permit=permanent,benefit=30.
MINGTANG_RETENTION = one_of("MINGTANG_RETENTION", "10", known=RETENTIONS)
MINGTANG_RETENTION_OF = dict(
    pair.split("=")
    for pair in words(
        "MINGTANG_RETENTION_OF",
        "",
        allowed=[f"{kind}={years}" for kind in PROFILES for years in RETENTIONS],
    )
)
# Who seals electronically: nobody, this machine's key (no legal effect, and says so), or a class.
MINGTANG_SEAL_PROVIDER = provider("MINGTANG_SEAL_PROVIDER", "none", known=("none", "local"))
MINGTANG_SEAL_KEY_FILE = HOME / "keys" / "seal.key"
# Ratings: how long the pad at a window asks, how many days a link in an SMS or on paper holds;
# whether every completed service is asked about by SMS; working days to set a bad one right; how
# many rated before a share is published; the name of the practice and since when.
MINGTANG_RATING_PAD_SECONDS = number("MINGTANG_RATING_PAD_SECONDS", 60, least=10, most=300)
MINGTANG_RATING_LINK_DAYS = number("MINGTANG_RATING_LINK_DAYS", 7, least=1, most=30)
MINGTANG_RATING_BY_SMS = flag("MINGTANG_RATING_BY_SMS")
MINGTANG_RECTIFY_SIMPLE_DAYS = number("MINGTANG_RECTIFY_SIMPLE_DAYS", 5, least=1, most=30)
MINGTANG_RECTIFY_COMPLEX_DAYS = number("MINGTANG_RECTIFY_COMPLEX_DAYS", 15, least=1, most=60)
MINGTANG_RATING_LEAST = number("MINGTANG_RATING_LEAST", 10, least=1, most=1000)
MINGTANG_RATING_NAMES = dated("MINGTANG_RATING_NAMES", "2013-01-01=一事一评,2021-01-01=一次一评")
# Consultations: how many days a draft is put before the public at least, by the law of the day
# (《重大行政决策程序暂行条例》第十五条, since 2019-09-01); working days after the term in which the
# result is given, which this place sets itself; how many answer before a share of a survey is shown
# for a part of them.
MINGTANG_CONSULTATION_LEAST_DAYS = dated_numbers(
    "MINGTANG_CONSULTATION_LEAST_DAYS", "2019-09-01=30", least=1, most=365
)
MINGTANG_CONSULTATION_RESULT_DAYS = dated_numbers(
    "MINGTANG_CONSULTATION_RESULT_DAYS", "2008-05-01=20", least=0, most=365
)
MINGTANG_SURVEY_LEAST = number("MINGTANG_SURVEY_LEAST", 10, least=1, most=1000)
# The board of a hall: for how many days a decision is shown, how many seconds a page stands, and
# under which themes an item says that its decisions are never shown (aid, marriage, households).
MINGTANG_BOARD_DAYS = number("MINGTANG_BOARD_DAYS", 30, least=1, most=60)
MINGTANG_BOARD_SECONDS = number("MINGTANG_BOARD_SECONDS", 12, least=3, most=300)
# With which font its pages are drawn as pictures; empty: the machine's Chinese one.
MINGTANG_BOARD_FONT = text("MINGTANG_BOARD_FONT")
MINGTANG_BOARD_NEVER_THEMES = frozenset(
    text(
        "MINGTANG_BOARD_NEVER_THEMES", "婚姻登记,户籍办理,生育收养,社会救助,优待抚恤,死亡殡葬"
    ).split(",")
)
# Major projects: the day of the month on which the monthly report is due.
MINGTANG_PROJECT_REPORT_DAY = number("MINGTANG_PROJECT_REPORT_DAY", 25, least=1, most=31)
# Agents: which projects they may not be asked for, by words of the industry or the beginning of
# its code (GB/T 4754); of how many completed nodes or engagements a median is shown.
MINGTANG_AGENCY_EXCLUDES = tuple(
    word.strip()
    for word in text("MINGTANG_AGENCY_EXCLUDES", "房地产,K70").split(",")
    if word.strip()
)
MINGTANG_AGENCY_LEAST = number("MINGTANG_AGENCY_LEAST", 5, least=1, most=1000)
# Where decisions about information requests are contested; kinds beside C1–C8 for which this place
# wants reconsideration first: d1,e2.
MINGTANG_RECONSIDERATION_BODY = text("MINGTANG_RECONSIDERATION_BODY", "江山市人民政府")
MINGTANG_COURT = text("MINGTANG_COURT", "江山市人民法院")
# What the platform above calls this place in its batches: three characters that it gives.
MINGTANG_EXCHANGE_SOURCE = text("MINGTANG_EXCHANGE_SOURCE")
MINGTANG_SCHEMES = Path(text("MINGTANG_SCHEMES")) if text("MINGTANG_SCHEMES") else None
# The unit to which letters come, by its code.
MINGTANG_LETTER_OFFICE = text("MINGTANG_LETTER_OFFICE", "centre")
MINGTANG_RECONSIDER_FIRST = words(
    "MINGTANG_RECONSIDER_FIRST", "", allowed=[kind.value for kind in REQUEST_KINDS]
)
# What a scanner types before and after a number.
MINGTANG_SCAN_PREFIX = text("MINGTANG_SCAN_PREFIX")
MINGTANG_SCAN_SUFFIX = text("MINGTANG_SCAN_SUFFIX")
# 七公开 and their order; a place that discloses more, or other things, names them here.
MINGTANG_DISCLOSURES = words(
    "MINGTANG_DISCLOSURES",
    "name,basis,conditions,materials,procedure,promised,fee",
    allowed=DISCLOSURES,
)
# 四级四同: what an item takes from the basic catalogue and may not change.
MINGTANG_INHERITED_FIELDS = words(
    "MINGTANG_INHERITED_FIELDS", ",".join(INHERITABLE), allowed=INHERITABLE
)
# Words under which citizens and firms look for items: what the editor offers for an item.
MINGTANG_THEMES = {
    "natural": (
        *("生育收养", "户籍办理", "民族宗教", "教育科研", "入伍服役", "就业创业", "职业资格"),
        *("婚姻登记", "优待抚恤", "住房保障", "社会保障", "社会救助", "证件办理", "交通出行"),
        *("旅游观光", "出境入境", "消费维权", "公共安全", "环保绿化", "文化体育", "公用事业"),
        *("医疗卫生", "离职退休", "死亡殡葬", "规划建设"),
    ),
    "legal": (
        *("设立变更", "准营准办", "资质认证", "年检年审", "税收财务", "人力资源", "投资审批"),
        *("融资信贷", "商务贸易", "农林牧渔", "国土和规划建设", "交通运输", "环保绿化"),
        *("水务气象", "科技创新", "文体教育", "质量技术", "安全生产", "公安消防", "检验检疫"),
        "法人注销",
    ),
}
MINGTANG_SITE_NAME = text("MINGTANG_SITE_NAME", "江山市政务服务")
MINGTANG_CENTRE_NAME = text("MINGTANG_CENTRE_NAME", "江山市行政服务中心管理办公室")
MINGTANG_OPEN_DATA_LICENCE = text("MINGTANG_OPEN_DATA_LICENCE", "CC-BY-4.0")
MINGTANG_HOTLINE = text("MINGTANG_HOTLINE", "12345")
# 网站标识码: ten digits that the national register of government sites gave; a tag of each page.
MINGTANG_SITE_ID_CODE = text("MINGTANG_SITE_ID_CODE")
if MINGTANG_SITE_ID_CODE and not re.fullmatch(r"\d{10}", MINGTANG_SITE_ID_CODE):
    raise WrongSetting("MINGTANG_SITE_ID_CODE", "网站标识码应为 10 位数字，没有就留空。")
MINGTANG_PUBLIC_URL = address("MINGTANG_PUBLIC_URL")
MINGTANG_IS_PRODUCTION = flag("MINGTANG_PRODUCTION")
# A place to practise beside the real one; `mingtang training` sets it, with a data folder of its
# own. Whatever would lead outside stops the start.
MINGTANG_IS_TRAINING = flag("MINGTANG_TRAINING")
for _outside in (
    *("DATABASE_URL", "MINGTANG_PRODUCTION", "MINGTANG_SMTP_HOST", "MINGTANG_WEBHOOK_URL"),
    *("MINGTANG_IMAP_HOST", "MINGTANG_MAIL_DROP", "MINGTANG_OUTGOING_NETS"),
):
    if MINGTANG_IS_TRAINING and text(_outside):
        raise WrongSetting(_outside, "演练环境不能设置这一项：它会通到外面。")
# Who signs in with a second factor: codes of roles, or none. In real use administrators and those
# who decide; in a demo nobody has to, and everybody may. After how many minutes it is asked anew
# who it is, for a decision, an export or a seal; 0: never.
_factor_roles = words(
    "MINGTANG_SECOND_FACTOR_ROLES",
    ",".join(sorted(SECOND_FACTOR_ROLES)) if MINGTANG_IS_PRODUCTION else "none",
    allowed=[*Role, "none"],
)
MINGTANG_SECOND_FACTOR_ROLES = frozenset(role for role in Role if role in _factor_roles)
MINGTANG_PROOF_MINUTES = number(
    "MINGTANG_PROOF_MINUTES", 15 if MINGTANG_IS_PRODUCTION else 0, least=0, most=480
)
# Hours after the sign-in when a session of staff, of a citizen, is over whatever is done in it.
MINGTANG_SESSION_HOURS = number("MINGTANG_SESSION_HOURS", 12, least=1, most=24)
MINGTANG_IDLE_MINUTES = number("MINGTANG_IDLE_MINUTES", 60, least=5, most=720)
MINGTANG_CITIZEN_SESSION_HOURS = number("MINGTANG_CITIZEN_SESSION_HOURS", 8, least=1, most=24)
# Zero bits that each part of a puzzle asks of a browser where much comes from one address; 0: none
# is asked, who comes too often waits. One more doubles the work.
MINGTANG_PUZZLE_BITS = number("MINGTANG_PUZZLE_BITS", 10, least=0, most=16)
# Who else says who somebody is (OpenID Connect): the province for citizens, the city for staff.
MINGTANG_OIDC = providers(is_production=MINGTANG_IS_PRODUCTION)
# How many masked fields somebody may have shown on a day (a reason is noted each time).
MINGTANG_REVEALS_A_DAY = number("MINGTANG_REVEALS_A_DAY", 100, least=1, most=10000)
# Calendar days in which a request about one's own data is answered (GB/T 35273: thirty).
MINGTANG_PERSONAL_DAYS = number("MINGTANG_PERSONAL_DAYS", 30, least=1, most=30)
# For how many days personal data are kept that are no file (`mingtang retain` lists them).
MINGTANG_KEEP_DAYS = days_of("MINGTANG_KEEP_DAYS", known=KEPT_KINDS, most=36500)
if MINGTANG_KEEP_DAYS.get("refusals", REFUSALS_LEAST_DAYS) < REFUSALS_LEAST_DAYS:
    raise WrongSetting("MINGTANG_KEEP_DAYS", f"安全事件至少保存 {REFUSALS_LEAST_DAYS} 天。")
MINGTANG_BEHIND_TLS = flag("MINGTANG_BEHIND_TLS", default=MINGTANG_IS_PRODUCTION)
MINGTANG_METRICS = metrics_for("MINGTANG_METRICS", is_behind_tls=MINGTANG_BEHIND_TLS)
# Who may say on whose behalf a request comes: without it all visitors would share one rate limit.
MINGTANG_PROXIES = networks("MINGTANG_PROXIES", "127.0.0.1,::1" if MINGTANG_BEHIND_TLS else "")
MINGTANG_MAX_UPLOAD_BYTES = 10 * 1024 * 1024
MINGTANG_CLAMAV = socket_address("MINGTANG_CLAMAV")

# Which cryptography the ledger and sealed fields use, intl or gm (国密): chosen before the first
# key is made, and kept beside it from then on.
MINGTANG_PROFILE = profile_of(MINGTANG_KEY_FILE)
make_keys(
    MINGTANG_PROFILE,
    sealed=MINGTANG_KEY_FILE,
    ledger=MINGTANG_LEDGER_KEY_FILE,
    session=HOME / "keys" / "session.key",
)
SECRET_KEY = (HOME / "keys" / "session.key").read_bytes().hex()
DEBUG = False
ALLOWED_HOSTS = text("MINGTANG_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in text("MINGTANG_ORIGINS").split(",") if origin]

INSTALLED_APPS = [
    "mingtang.site",
    "mingtang.api",
    "mingtang.exchange",
    "mingtang.reports",
    "mingtang.assessment",
    "mingtang.bottlenecks",
    "mingtang.troubles",
    "mingtang.tv",
    "mingtang.screens",
    "mingtang.supervision",
    "mingtang.projects",
    "mingtang.licences",
    "mingtang.villages",
    "mingtang.interaction",
    "mingtang.consultations",
    "mingtang.letters",
    "mingtang.queues",
    "mingtang.joint",
    "mingtang.cases",
    "mingtang.disclosure",
    "mingtang.channels",
    "mingtang.requests",
    "mingtang.catalogue",
    "mingtang.outage",
    "mingtang.counts",
    "mingtang.questions",
    "mingtang.files",
    "mingtang.messages",
    "mingtang.timing",
    "mingtang.persons",
    "mingtang.accounts",
    "mingtang.regions",
    "mingtang.ledger",
    "mingtang.base",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "mingtang.site.middleware.follow_requests",
    "mingtang.base.middleware.ask_once",
    "mingtang.base.middleware.keep_pages",
    *(["mingtang.base.middleware.say_it_is_training"] if MINGTANG_IS_TRAINING else []),
    "mingtang.base.replica.pin_writers",
    "django.middleware.security.SecurityMiddleware",
    "mingtang.base.middleware.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "mingtang.site.middleware.choose_language",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "mingtang.site.middleware.answer_domain_errors",
]
ROOT_URLCONF = "mingtang.site.urls"
WSGI_APPLICATION = "mingtang.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "mingtang.base.shown.Pages",
        "NAME": "django",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mingtang.site.context.page",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

_pooled = flag("MINGTANG_POOLED")
DATABASES = {"default": database(text("DATABASE_URL"), HOME, pooled=_pooled)}
# Boards and statistics are read there, while it is at most so many seconds behind.
if _replica := text("MINGTANG_REPLICA_URL"):
    if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        raise WrongSetting("MINGTANG_REPLICA_URL", "只读副本要有 PostgreSQL 的 DATABASE_URL。")
    DATABASES["replica"] = replica(_replica, pooled=_pooled)
MINGTANG_REPLICA_LAG = number("MINGTANG_REPLICA_LAG", 5, least=1, most=60)
DATABASE_ROUTERS = ["mingtang.base.replica.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

AUTHENTICATION_BACKENDS = ["mingtang.accounts.backend.PersonBackend"]
# Demo accounts only, which refuse to live beside real cases or in production.
MINGTANG_DEMO_PASSWORD = "mingtang-demo"  # noqa: S105
AUTH_USER_MODEL = "accounts.Person"
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "site:home"
SESSION_ENGINE = "mingtang.accounts.sessions"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = MINGTANG_BEHIND_TLS
# With this prefix a browser takes them over TLS and from this very host alone (RFC 6265bis).
_HOST = "__Host-" if MINGTANG_BEHIND_TLS else ""
_HOST += "training_" if MINGTANG_IS_TRAINING else ""  # a port does not keep cookies apart
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_HOST}sessionid", f"{_HOST}csrftoken"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "mingtang.site.views.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if MINGTANG_BEHIND_TLS else 0
# Names below this site's: a city has others there, which may speak no TLS. Its own decision.
SECURE_HSTS_INCLUDE_SUBDOMAINS = flag("MINGTANG_HSTS_SUBDOMAINS")
# The proxy must set this header itself and drop what a browser sends under its name.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if MINGTANG_BEHIND_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]  # English: the public pages only
LOCALE_PATHS = [Path(__file__).resolve().parents[2] / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"  # legal dates are local
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a draft with all its tables full has about 3,500
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LEDGER_FOLLOWERS = [
    "mingtang.counts.followers.DAY_COUNTS",
    "mingtang.messages.followers.OWN_DATA",
    "mingtang.disclosure.search.FINDING",
    "mingtang.disclosure.services.counting.FEEDS",
    "mingtang.cases.followers.DUE_DATES",
    "mingtang.cases.followers.MESSAGES",
    "mingtang.channels.followers.PRINT_RUNS",
    "mingtang.channels.followers.TAKEN_GUIDES",
    "mingtang.disclosure.followers.AUTO_DRAFTS",
    "mingtang.requests.followers.DUE_DATES",
    "mingtang.requests.followers.NOTES",
    "mingtang.joint.followers.PARTS",
    "mingtang.joint.followers.DUE_DATES",
    "mingtang.joint.followers.NOTES",
    "mingtang.queues.followers.TICKET_CASES",
    "mingtang.interaction.followers.SERVICES",
    "mingtang.interaction.followers.BAD_RATINGS",
    "mingtang.interaction.followers.ANSWERS",
    "mingtang.interaction.followers.ASKING",
    "mingtang.consultations.followers.PUBLISHED",
    "mingtang.consultations.followers.DUE_DATES",
    "mingtang.consultations.followers.NOTES",
    "mingtang.letters.followers.DUE_DATES",
    "mingtang.letters.followers.NOTES",
    "mingtang.letters.followers.FROM_REQUESTS",
    "mingtang.letters.search.FINDING",
    "mingtang.joint.followers_meetings.NOTES",
    "mingtang.projects.followers_agents.NOTES",
    "mingtang.projects.followers.STAGES",
    "mingtang.villages.followers.NOTES",
    "mingtang.supervision.followers.SUPERVISION",
    "mingtang.supervision.followers.CARD_NOTES",
    "mingtang.supervision.followers.TASK_NOTES",
    "mingtang.supervision.followers.PACE",
    "mingtang.licences.followers.LICENCES",
    "mingtang.licences.followers.NOTES",
    "mingtang.bottlenecks.followers.BOTTLENECKS",
]

# Tuples of occasions on which people are told something, as the apps list them.
MESSAGE_TEMPLATES = [
    "mingtang.cases.rules.occasions.OCCASIONS",
    "mingtang.messages.occasions.OCCASIONS",
    "mingtang.requests.rules.occasions.OCCASIONS",
    "mingtang.joint.rules.occasions.OCCASIONS",
    "mingtang.interaction.rules.occasions.OCCASIONS",
    "mingtang.consultations.rules.occasions.OCCASIONS",
    "mingtang.letters.rules.occasions.OCCASIONS",
    "mingtang.joint.rules.meeting_occasions.OCCASIONS",
    "mingtang.projects.rules.agency_occasions.OCCASIONS",
    "mingtang.villages.rules.occasions.OCCASIONS",
    "mingtang.licences.rules.OCCASIONS",
    "mingtang.supervision.rules.occasions.OCCASIONS",
]
# What only writes a log line must not pass for a way to reach people.
UNTIL_CHOSEN = "none" if MINGTANG_IS_PRODUCTION else "log"
MINGTANG_SMS_PROVIDER = provider("MINGTANG_SMS_PROVIDER", UNTIL_CHOSEN, known=("log", "none"))
MINGTANG_MAIL_PROVIDER = provider(
    "MINGTANG_MAIL_PROVIDER", UNTIL_CHOSEN, known=("log", "smtp", "none")
)
# Another system of the city is told that something happened, signed with this key.
MINGTANG_WEBHOOK_URL = address("MINGTANG_WEBHOOK_URL")
MINGTANG_WEBHOOK_KEY = text("MINGTANG_WEBHOOK_KEY")
if MINGTANG_WEBHOOK_URL and len(MINGTANG_WEBHOOK_KEY) < 32:
    raise WrongSetting("MINGTANG_WEBHOOK_KEY", "系统通知要用至少 32 个字符的密钥签名。")
# Networks inside that the house may call all the same (CIDR); without them only the open network.
MINGTANG_OUTGOING_NETS = networks("MINGTANG_OUTGOING_NETS")
_WHY = "用 smtp 发邮件时不能为空。"
_sends_mail = MINGTANG_MAIL_PROVIDER == "smtp"
_security = one_of("MINGTANG_SMTP_SECURITY", "starttls", known=("starttls", "tls", "none"))
EMAIL_HOST = needed("MINGTANG_SMTP_HOST", _WHY) if _sends_mail else ""
EMAIL_PORT = number("MINGTANG_SMTP_PORT", 465 if _security == "tls" else 587, least=1, most=65535)
EMAIL_HOST_USER = text("MINGTANG_SMTP_USER")
EMAIL_HOST_PASSWORD = text("MINGTANG_SMTP_PASSWORD")
EMAIL_USE_TLS, EMAIL_USE_SSL = _security == "starttls", _security == "tls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = needed("MINGTANG_MAIL_FROM", _WHY) if _sends_mail else ""


# Letters by mail: a folder into which *.eml files are put, and an IMAP account. Neither: no mail.
MINGTANG_MAIL_DROP = Path(_drop) if (_drop := text("MINGTANG_MAIL_DROP")) else None
MINGTANG_IMAP_HOST = text("MINGTANG_IMAP_HOST")
MINGTANG_IMAP_SECURITY = one_of("MINGTANG_IMAP_SECURITY", "tls", known=("tls", "none"))
MINGTANG_IMAP_PORT = number(
    "MINGTANG_IMAP_PORT", 993 if MINGTANG_IMAP_SECURITY == "tls" else 143, least=1, most=65535
)
MINGTANG_IMAP_USER = text("MINGTANG_IMAP_USER")
MINGTANG_IMAP_PASSWORD = text("MINGTANG_IMAP_PASSWORD")
MINGTANG_IMAP_FOLDER = text("MINGTANG_IMAP_FOLDER", "INBOX")

LOGGING = logging()
