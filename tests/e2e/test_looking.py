"""What looks at every page sees what is wrong: each fault is put into a page that is sound."""

import pytest

pytestmark = pytest.mark.e2e

FAULTS = {
    "color-contrast": "document.querySelector('h1').style.color = '#ddd'",
    "image-alt": "document.querySelector('main').append(new Image())",
    "label": """
        document.querySelector('main label').remove();
        document.querySelector('main form input:not([type=hidden])').setAttribute(
            'aria-labelledby', 'nothing');
    """,
    "button-name": "document.querySelector('main').append(document.createElement('button'))",
    "landmark-no-duplicate-main": "document.body.append(document.createElement('main'))",
    "list": """
        document.querySelector('main').insertAdjacentHTML('beforeend', '<ul><li>一</li></ul>');
        document.querySelector('main ul').append(document.createElement('p'));
    """,
    "link-name": "document.querySelector('main a').textContent = ''",
    "heading-order": "document.querySelector('main').append(document.createElement('h5'))",
    "sideways scroll": "document.querySelector('main').style.width = '4000px'",
    "squeezed column": """
        document.querySelector('main').insertAdjacentHTML('beforeend',
            '<table><tr><td>一二三四五六七八</td></tr></table>');
        document.querySelector('main td').style.cssText = 'display:block;width:1em';
    """,
}


def test_each_fault_is_seen(visitor):
    person = visitor(width=1280, height=900)
    for fault, planted in FAULTS.items():
        person.open("/sign-in/")
        person.look()
        assert person.complaints == []
        person.page.evaluate(f"() => {{ {planted} }}")
        person.look()
        assert any(fault in complaint for complaint in person.complaints), fault
        person.complaints.clear()


LEFT = """async () => [
    localStorage.length, sessionStorage.length, document.cookie, (await caches.keys()).length]"""
LEAVE = """async () => {
    localStorage.setItem('a', '1');
    sessionStorage.setItem('a', '1');
    document.cookie = 'a=1; path=/';
    await caches.open('a');
}"""


def test_a_page_that_is_left_to_the_next_holds_nothing(pages):
    size = {"width": 1280, "height": 900, "scripts": True}
    kept = pages.take(**size)
    kept.page.goto(f"{pages.url}/sign-in/")
    kept.page.context.clear_cookies()
    kept.page.evaluate(LEAVE)
    assert kept.page.evaluate(LEFT) == [1, 1, "a=1", 1]  # the control: it would be seen
    pages.give_back(kept, scripts=True)
    again = pages.take(**size | {"width": 390})
    assert again.page is kept.page
    assert again.page.evaluate(LEFT) == [0, 0, "", 0]
    assert again.page.evaluate("innerWidth") == 390
    pages.give_back(again, scripts=True)
