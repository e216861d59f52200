"""Pages of the browser that one test leaves to the next. To begin one, in a process of its own that
has nothing of the house yet, takes three times as long as to open an address in it."""

from collections import defaultdict
from dataclasses import dataclass

from playwright.sync_api import Browser, CDPSession, Page


@dataclass
class Kept:
    page: Page
    tools: CDPSession


class Pages:
    """Of one browser at one city. Who takes a page finds nothing of whoever had it."""

    def __init__(self, browser: Browser, url: str, patience: int) -> None:
        self._browser, self.url, self._patience = browser, url, patience
        self._free: dict[bool, list[Kept]] = defaultdict(list)  # with scripts, or without

    def take(self, *, width: int, height: int, scripts: bool, anew: bool = False) -> Kept:
        """`anew`: in a browser that nobody had before."""
        size = {"width": width, "height": height}
        if self._free[scripts] and not anew:
            kept = self._free[scripts].pop()
            kept.page.set_viewport_size(size)
            return kept
        context = self._browser.new_context(
            viewport=size, java_script_enabled=scripts, locale="zh-CN"
        )
        context.set_default_timeout(self._patience)
        page = context.new_page()
        return Kept(page, context.new_cdp_session(page))

    def give_back(self, kept: Kept, *, scripts: bool) -> None:
        """All that a site can keep in a browser goes, but for the files that it may keep: they
        are named for what is in them."""
        page, context = kept.page, kept.page.context
        for other in context.pages:
            if other != page:
                other.close()
        page.emulate_media(media="null")
        page.goto(f"{self.url}/health/")  # so that nothing writes any more
        told = {"origin": self.url, "storageTypes": "all"}
        kept.tools.send("Storage.clearDataForOrigin", told)
        context.clear_cookies()
        self._free[scripts].append(kept)
