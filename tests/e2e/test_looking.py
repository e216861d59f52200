"""What looks at every page sees what is wrong: each fault is put into a page that is sound."""

import pytest

FAULTS = {
    "color-contrast": "document.querySelector('h1').style.color = '#ddd'",
    "image-alt": "document.querySelector('main').append(new Image())",
    "label": """
        document.querySelector('main label').remove();
        document.querySelector('main form input:not([type=hidden])').setAttribute(
            'aria-labelledby', 'nothing');
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


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_seen(visitor, fault):
    person = visitor(width=1280, height=900)
    person.open("/sign-in/")
    person.look()
    assert person.complaints == []
    person.page.evaluate(f"() => {{ {FAULTS[fault]} }}")
    person.look()
    assert any(fault in complaint for complaint in person.complaints)
    person.complaints.clear()
