"""Training in the same install: the program is one, the place another. What tells the place where
it is, and whom it may reach, comes from the environment; so training is a changed environment."""

from collections.abc import Mapping
from pathlib import Path

FLAG = "MINGTANG_TRAINING"
FOLDER = "training"  # within the data folder of the installation
ADDRESS = "MINGTANG_TRAINING_URL"  # where the training is reached, for links and QR codes
# What training takes over: names, looks and limits. Everything else is left behind: databases,
# keys, mail, SMS, webhooks, sign-in of others. A new setting stays outside until it is named here.
KEPT = frozenset(
    {
        *("MINGTANG_SITE_NAME", "MINGTANG_CENTRE_NAME", "MINGTANG_HOTLINE", "MINGTANG_LOG"),
        *("MINGTANG_HOSTS", "MINGTANG_ORIGINS", "MINGTANG_SCAN_PREFIX", "MINGTANG_SCAN_SUFFIX"),
        *("MINGTANG_RECONSIDERATION_BODY", "MINGTANG_COURT", "MINGTANG_LETTER_OFFICE"),
        *("MINGTANG_DISCLOSURES", "MINGTANG_RETENTION", "MINGTANG_RETENTION_OF"),
        *("MINGTANG_BEHIND_TLS", "MINGTANG_PROXIES", "MINGTANG_BOARD_FONT", ADDRESS),
    }
)
NEVER = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")


def environment(of: Mapping[str, str], home: Path) -> dict[str, str]:
    """The environment of the training beside the installation whose data lie in `home`."""
    found = {
        name: value
        for name, value in of.items()
        if name not in NEVER and (name in KEPT or not name.startswith("MINGTANG_"))
    }
    if of.get("MINGTANG_PRODUCTION") == "1":
        found.setdefault("MINGTANG_BEHIND_TLS", "1")
    if ADDRESS in of:
        found["MINGTANG_PUBLIC_URL"] = of[ADDRESS]
    found["MINGTANG_HOME"] = str(home / FOLDER)
    found["MINGTANG_SMS_PROVIDER"] = found["MINGTANG_MAIL_PROVIDER"] = "none"
    return found | {FLAG: "1"}
