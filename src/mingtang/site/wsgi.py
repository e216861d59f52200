"""The door for the web server."""

import gc
import os
import threading
import time

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from mingtang.site.door import Door

LOOK_SECONDS = 1.0


def end_with(parent: int) -> None:
    """End this process when `serve`, which started it, is gone: nobody else would."""
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    time.sleep(LOOK_SECONDS)  # requests under way get a moment
    os._exit(1)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingtang.site.settings.installation")
if os.environ.get("MINGTANG_PARENT"):
    threading.Thread(
        target=end_with, args=(int(os.environ["MINGTANG_PARENT"]),), daemon=True
    ).start()
application = Door(get_wsgi_application())
get_resolver().url_patterns  # noqa: B018  all views are loaded before anybody is answered
gc.collect()
gc.freeze()  # what is loaded stays: looking through it all again would hold everybody up for 0.2 s
