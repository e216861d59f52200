"""Write docs/alone.md from the table that a test keeps: what one person may do alone.

DJANGO_SETTINGS_MODULE=mingtang.site.settings.test python -m scripts.make_alone
"""

import django

django.setup()

from tests.structure.test_alone import PAGE, page  # noqa: E402

PAGE.write_text(page(), encoding="utf-8")
