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
