"""A real server on loopback and a real browser, of each worker its own. Both are stopped by their
handles."""

import csv
import fcntl
import hashlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from mingtang.assessment.rules.periods import period_before
from mingtang.assessment.rules.schemes import Cycle
from mingtang.base.clock import today
from tests import migrated
from tests.e2e.pages import Kept, Pages

HERE = Path(__file__).parent
# Without windows of its own it takes half the time of the whole browser.
BROWSERS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
CHROMIUM = os.environ.get("MINGTANG_CHROMIUM") or next(filter(os.path.exists, BROWSERS), "chromium")
# A page is open too briefly for its scripts to be compiled with profit: axe takes two thirds so.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--js-flags=--jitless"]
PASSWORD = "mingtang-demo"
FIRST_PASSWORD = "mingtang-first"  # given by who opened the account
PATIENCE = 60_000  # a busy machine is no fault of a page
expect.set_options(timeout=PATIENCE)
PICTURES = os.environ.get("MINGTANG_PICTURES", "")
YEAR = "60" if PICTURES else "0"  # cases of the last year: a picture shows a city at work
LAST_MONTH = period_before(Cycle.MONTH, today())
# Filed a week before last month and nothing since: the cards are of last month, which assessment
# judges.
FILED = (today() - LAST_MONTH.since).days + 7
REAL_CATALOGUE = "catalogue_511602.csv"
AXE = "axe.js"


class Judged:
    """Places on pages that axe has judged, see PLACES, in whichever worker: a line of sums each
    time, in a file that all of them read. What two judge at once is judged twice."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: set[int] = set()
        self._read = 0  # so many bytes of the file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    def fresh(self, places: list[int]) -> set[int]:
        with self._path.open("rb") as told:
            told.seek(self._read)
            lines = told.read().rpartition(b"\n")[0]  # another one may be writing
        self._read += len(lines)
        self._known.update(map(int, lines.split()))
        return set(places) - self._known

    def add(self, places: set[int]) -> None:
        line = " ".join(map(str, places)) + "\n"
        with self._path.open("ab", buffering=0) as told:
            told.write(line.encode())
        self._known |= places


class City:
    """A demo installation of its own, with a catalogue imported from a file."""

    url = ""  # once it is served

    def __init__(self, home: Path, as_loaded: Path) -> None:
        self.home = home
        self.as_loaded = as_loaded  # a copy from before anybody lived in it
        self.newcomers = {"e2e-ck"}  # who has a password that was given to them: lived_in.py
        self.past: dict[str, Any] = {}  # what lived_in.py has told
        self.let_in: dict[str, str] = {}  # by user name, key of a session
        self.judged = Judged(as_loaded.parent / "judged")
        self.environment = {**os.environ, "MINGTANG_HOME": str(home)}
        for name in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "MINGTANG_NODE"):
            self.environment.pop(name, None)

    def run(self, *arguments: str) -> str:
        return self._do("-m", "mingtang.site.cli", *arguments)

    def live(self, catalogue_file: Path) -> str:
        """What happens before anybody opens a page."""
        return self._do(str(HERE / "lived_in.py"), str(catalogue_file), str(FILED))

    def _do(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=900,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    def ask(self, statement: str, *values: str) -> tuple[Any, ...]:
        """One row of the database, without the seconds that a command takes to start."""
        address = f"file:{self.home / 'mingtang.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=30)) as database:
            (row,) = database.execute(statement, values).fetchall()
        return tuple(row)


def set_own_password(page: Page) -> None:
    """Who was given a password is led to the page of the own one, whatever they open."""
    expect(page.get_by_text("您用的是别人给的初始密码")).to_be_visible()
    page.get_by_label("原来的密码").fill(FIRST_PASSWORD)
    page.get_by_label("新密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输一遍新密码").fill(PASSWORD)
    page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_text("密码已修改")).to_be_visible()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_it_answers(url: str, server: subprocess.Popen) -> None:
    for _ in range(600):  # a minute: a busy machine is no fault of the server
        assert server.poll() is None, "the server ended before it answered"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {url}")


@pytest.fixture(scope="session")
def catalogue_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows of the real list where the developers' data is at hand, else a few in its format.

    The whole list is imported by tests/catalogue/test_importing.py.
    """
    shared = os.environ.get("MINGTANG_SHARED")
    real = Path(shared) / "data" / REAL_CATALOGUE if shared else None
    if not real or not real.exists():
        return HERE / "catalogue_sample.csv"
    made = tmp_path_factory.mktemp("catalogue") / REAL_CATALOGUE
    with (
        real.open(encoding="utf-8-sig", newline="") as rows,
        made.open("w", encoding="utf-8", newline="") as some,
    ):
        csv.writer(some).writerows(islice(csv.reader(rows), 60))
    return made


def _lay_axe(path: Path) -> None:
    """Where the server gives it to a page, which takes half of what it takes to be sent there."""
    (entry,) = json.loads((HERE / "vendor" / "vendor.json").read_text())
    source = (HERE / "vendor" / entry["file"]).read_bytes()
    assert hashlib.sha256(source).hexdigest() == entry["sha256"]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(source)


def _lay_city(place: Path, catalogue_file: Path) -> None:
    """The demo as it was loaded, and with a catalogue besides, in two folders."""
    made = City(place / "lived-in", place / "as-loaded")
    migrated.lay(made.home / "mingtang.sqlite3")
    made.run("demo", "--no-serve", "--cases", YEAR)
    shutil.copytree(made.home, made.as_loaded)
    _lay_axe(made.home / "static" / AXE)
    if not PICTURES:
        (place / "past").write_text(made.live(catalogue_file))


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory, catalogue_file: Path) -> Iterator[City]:
    """One worker loads it, the others wait; each lives in a copy of its own."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (shared / "city.turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (shared / "city" / "done").exists():
            _lay_city(shared / "city", catalogue_file)
            (shared / "city" / "done").touch()
    made = City(tmp_path_factory.mktemp("city") / "home", shared / "city" / "as-loaded")
    shutil.copytree(shared / "city" / "lived-in", made.home)
    if not PICTURES:
        made.past = json.loads((shared / "city" / "past").read_text().splitlines()[-1])
        made.let_in = made.past.pop("let_in")
    port = _free_port()
    made.url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "mingtang.site.cli", "serve", "--port", str(port)],
        env=made.environment,
    )
    try:
        _wait_until_it_answers(f"{made.url}/health/", server)
        yield made
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


class Visitor:
    """A person with a browser: opens pages, and every page seen is looked at by axe."""

    def __init__(self, page: Page, city: City, *, has_scripts: bool = True) -> None:
        self.page, self.city, self.has_scripts = page, city, has_scripts
        self.url = city.url
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", self._hear_error)

    def leave(self) -> None:
        self.page.remove_listener("console", self._hear)
        self.page.remove_listener("pageerror", self._hear_error)

    def _hear(self, message) -> None:
        expected = "the server responded with a status of 4"  # forms answered with 422 and the like
        if message.type == "error" and expected not in message.text:
            self.complaints.append(f"console: {message.text}")

    def _hear_error(self, error) -> None:
        self.complaints.append(f"script: {error}")

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)
        self.look()

    def picture(self, name: str) -> None:
        """Two screens of the page at most: what is further down is seen on the page itself."""
        if not PICTURES:
            return
        size = self.page.viewport_size
        whole = self.page.evaluate("document.documentElement.scrollHeight")
        height = min(whole, 2 * size["height"])
        clip = {"x": 0, "y": 0, "width": size["width"], "height": height}
        self.page.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
        self.page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True, clip=clip)

    def press(self, name: str, role: str = "button") -> None:
        self.follow(self.page.get_by_role(role, name=name, exact=False).first)

    def follow(self, place: Locator) -> None:
        """Click what leads to another page, and wait until that one is there."""
        with self.page.expect_navigation():  # begins to wait before the click
            place.click()
        self.look()

    def look(self) -> None:
        """Whether the page scrolls sideways or squeezes a column, and what axe finds.

        Axe judges a page where there is a place on it that it has not judged yet at this size, for
        whichever worker.
        Without scripts nothing can look; the pages are the same ones.
        """
        if not self.has_scripts:
            return
        places, wide, narrow = self.page.evaluate(SEEN)
        fresh = self.city.judged.fresh(places)
        if fresh:
            self.city.judged.add(fresh)
            for rule, targets in self.page.evaluate(VIOLATIONS, list(fresh)):
                self.complaints.append(f"axe {self.page.url}: {rule} {targets}")
        if wide > 1:
            self.complaints.append(f"sideways scroll of {wide}px: {self.page.url}")
        for cell in narrow:
            self.complaints.append(f"squeezed column: {self.page.url} {cell}")

    def sign_in(self, username: str) -> None:
        """By the page of signing in; who has been let in once comes with the cookie of then, and
        opens the page that they came for. Staff of the demo were: lived_in.py.

        Whoever sat here before takes the cookie along: to sign in over it would end that session.
        """
        cookie = {"name": "sessionid", "url": self.url, "httpOnly": True, "sameSite": "Lax"}
        context = self.page.context
        context.clear_cookies(name="sessionid")
        if username in self.city.let_in:
            context.add_cookies([cookie | {"value": self.city.let_in[username]}])
            return
        self.open("/sign-in/")
        self.page.get_by_label("用户名").fill(username)
        is_new = username in self.city.newcomers
        self.page.get_by_label("密码").fill(FIRST_PASSWORD if is_new else PASSWORD)
        self.follow(self.page.locator("main form button[type=submit]").first)
        if is_new:
            self.open("/today/")
            set_own_password(self.page)
            self.city.newcomers.remove(username)
            self.open("/today/")
        keys = [one["value"] for one in context.cookies() if one["name"] == "sessionid"]
        if keys and "/sign-in/" not in self.page.url:
            (self.city.let_in[username],) = keys


# The places of a page at this size, each a sum: an element with its kind, classes and
# states, whether it has words and a name, and all this of what it stands in, up to the root; the
# order of the headings is one too. Not which words and figures, nor how many rows of a kind follow.
PLACES = r"""() => {
    const states =
        /^(class|style|type|role|hidden|open|disabled|tabindex|scope|lang|autocomplete|aria-.*)$/;
    const named = /^aria-(label|labelledby|describedby|controls|owns|details)$/;
    const leads = (names) => names.split(/\s+/).every(one => document.getElementById(one));
    const told = ({name, value}) => name + '=' + (
        !named.test(name) ? value : name === 'aria-label' ? value.trim() !== '' : leads(value));
    const hasName = (place) => [
        place.labels?.length > 0, place.hasAttribute('alt'), !!place.getAttribute('title')?.trim(),
        place.textContent.trim() !== ''];
    const added = (sum, text) => {
        for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)) % 4294967291;
        return sum;
    };
    const sums = new Map([[null, innerWidth]]), places = new Map();
    for (const place of document.querySelectorAll('*')) {  // what holds others comes before them
        const kept = [...place.attributes].filter(one => states.test(one.name)).map(told);
        const shell = [place.tagName, ...kept, ...hasName(place)].join(' ');
        const sum = added(sums.get(place.parentElement), shell);
        sums.set(place, sum);
        places.set(sum, place);
    }
    const headings = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')];
    const order = headings.map(one => one.tagName).join('').replace(/(H\d)\1+/g, '$1');
    return places.set(added(innerWidth, order), document.body);
}"""

# All rules are run over the whole page; contrast, which takes most, is worked out for the places
# that are new and what stands in them. In one run: each begins with all places of the page, in a
# script that is cold.
VIOLATIONS = rf"""async (fresh) => {{
    const axeIsThere = () => new Promise((there, failed) => {{
        const script = document.createElement('script');
        script.onload = () => {{ script.remove(); there(); }};
        Object.assign(script, {{src: '/static/{AXE}', onerror: failed}});
        document.head.append(script);
    }});
    const places = ({PLACES})();
    if (!window.axe) await axeIsThere();
    const marked = fresh.map(sum => places.get(sum)).filter(
        place => document.body.contains(place));
    const selector = '[data-fresh], [data-fresh] *';
    axe.configure({{rules: [{{id: 'color-contrast', selector}}]}});
    marked.forEach(place => place.setAttribute('data-fresh', ''));
    const rules = {{'landmark-complementary-is-top-level': {{enabled: true}}}};
    const found = await axe.run(
        document, {{rules, resultTypes: ['violations'], preload: false}});
    marked.forEach(place => place.removeAttribute('data-fresh'));
    return found.violations.map(one => [one.id, one.nodes.map(node => node.target)]);
}}"""

# A cell whose text of six characters or more stands in a column narrower than six of them.
# Where rows are stacked, headings are there for screen readers only.
NARROW = """() => [...document.querySelectorAll('td, th, dd, dt')].filter(cell => {
    const head = cell.closest('thead');
    if (head && getComputedStyle(head).position === 'absolute') return false;
    const size = parseFloat(getComputedStyle(cell).fontSize);
    const box = cell.getBoundingClientRect();
    const unseen = [...cell.querySelectorAll('.sr-only')].map(part => part.innerText.length);
    const seen = cell.innerText.trim().length - unseen.reduce((sum, part) => sum + part, 0);
    return box.width > 0 && seen >= 6 && box.width < 6 * size;
}).map(cell => cell.innerText.trim().slice(0, 30))"""

# Places, by how much the page is too wide, and cells that are squeezed.
SEEN = f"""() => {{
    const root = document.documentElement;
    return [[...({PLACES})().keys()], root.scrollWidth - root.clientWidth, ({NARROW})()];
}}"""


@pytest.fixture(scope="session")
def pages(browser: Browser, city: City) -> Pages:
    return Pages(browser, city.url, PATIENCE)


@pytest.fixture
def visitor(pages: Pages, city: City) -> Iterator:
    """Makes visitors; at the end none of them may have had a complaint."""
    visitors: list[tuple[Visitor, Kept, bool]] = []

    def make(
        *,
        width: int = 390,
        height: int = 844,
        scripts: bool = True,
        large: bool = False,
        anew: bool = False,
    ) -> Visitor:
        """`anew`: whose browser is changed for good, and is left to nobody."""
        kept = pages.take(width=width, height=height, scripts=scripts, anew=anew)
        if large:
            cookie = {"name": "mt_type", "value": "large", "url": city.url}
            kept.page.context.add_cookies([cookie])
        made = Visitor(kept.page, city, has_scripts=scripts)
        visitors.append((made, kept, anew))
        return made

    yield make
    for made, kept, anew in visitors:
        made.leave()
        if anew:
            kept.page.context.close()
        else:
            pages.give_back(kept, scripts=made.has_scripts)
    complaints = [complaint for made, *_ in visitors for complaint in made.complaints]
    assert complaints == []
