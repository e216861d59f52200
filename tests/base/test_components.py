"""Components say what they mean to every reader: by eye, by ear, by keyboard."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import SafeString


class Application(forms.Form):
    kind = forms.ChoiceField(
        label="类型", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect
    )
    name = forms.CharField(
        label="姓名", help_text="与证件一致。", error_messages={"required": "请填写姓名。"}
    )
    paper = forms.FileField(label="附件", required=False)
    agreed = forms.BooleanField(label="我已阅读")
    command_id = forms.CharField(widget=forms.HiddenInput)


def shown(source: str, **context: object) -> str:
    text = Template("{% load components %}" + source).render(Context(context))
    return " ".join(text.split())


def test_an_error_and_a_help_text_are_tied_to_their_input():
    html = shown("{% field form.name autocomplete='name' %}", form=Application({}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'autocomplete="name"' in html
    assert '<label class="field__label" for="id_name">' in html


def test_a_field_without_fault_claims_none():
    html = shown("{% field form.name %}", form=Application())
    assert "aria-invalid" not in html
    assert 'aria-describedby="id_name_helptext"' in html


def test_what_was_typed_is_kept():
    assert 'value="毛建军"' in shown("{% field form.name %}", form=Application({"name": "毛建军"}))


def test_choices_stand_in_a_fieldset_that_carries_the_error():
    html = shown("{% field form.kind %}", form=Application({}))
    assert '<fieldset class="field field--wrong" aria-describedby="id_kind_error">' in html
    assert html.count('type="radio"') == 2


def test_a_box_to_tick_has_its_words_in_the_label():
    html = shown("{% field form.agreed %}", form=Application())
    assert '<label class="choice" for="id_agreed">' in html


def test_a_lost_file_is_mentioned_only_to_one_who_chose_it():
    chosen = {"paper": SimpleUploadedFile("a.pdf", b"x")}
    assert "请重新选择" in shown("{% field form.paper %}", form=Application({}, chosen))
    assert "请重新选择" not in shown("{% field form.paper %}", form=Application({}))
    assert "请重新选择" not in shown("{% field form.paper %}", form=Application())


def test_the_summary_of_errors_leads_to_each_field():
    html = shown("{% error_summary form %}", form=Application({}))
    for target in ("id_kind_0", "id_name", "id_agreed"):
        assert f'href="#{target}"' in html
    assert "#id_command_id" not in html  # a hidden field cannot be visited
    assert "姓名：请填写姓名。" in html
    assert shown("{% error_summary form %}", form=Application()) == ""


def test_two_acts_on_one_page_share_no_id():
    acts = [
        {"verb": verb, "label": verb, "url": f"/{verb}/", "form": Application()}
        for verb in ("grant", "refuse")
    ]
    html = shown(
        "{% for act in acts %}{% action act %}{% endfor %}", acts=acts, csrf_token="t" * 32
    )
    assert html.count('id="id_grant_name"') == 1
    assert html.count('id="id_refuse_name"') == 1
    assert 'id="id_name"' not in html
    assert html.count("csrfmiddlewaretoken") == 2


def test_a_refused_act_comes_back_open():
    act = {"verb": "grant", "label": "准予", "url": "/grant/", "form": Application({})}
    assert '<details class="action" open>' in shown("{% action act %}", act=act)
    act["form"] = Application()
    assert '<details class="action">' in shown("{% action act %}", act=act)


def test_an_act_that_asks_nothing_is_one_button():
    act = {"verb": "claim", "label": "领取", "url": "/claim/", "form": None}
    html = shown("{% action act %}", act=act)
    assert "<details" not in html
    assert '<button class="button button--plain" type="submit">领取</button>' in html


@pytest.mark.parametrize(
    ("tone", "icon"), [("ok", "check"), ("info", "dot"), ("warn", "bang"), ("bad", "triangle")]
)
def test_a_status_is_colour_icon_and_word(tone, icon):
    html = shown("{% status '已受理' tone %}", tone=tone)
    assert f"status--{tone}" in html
    assert f"icons.svg#{icon}" in html
    assert "已受理" in html


def test_what_is_drawn_once_is_not_taken_for_another():
    """The same words marked safe and not, one after the other, in both orders."""
    for word in ("<b>甲</b>", "<i>乙</i>"):
        drawn = {
            safe: shown("{% status label %}", label=SafeString(word) if safe else word)
            for safe in ((True, False) if "b" in word else (False, True))
        }
        assert word in drawn[True]
        assert word not in drawn[False]
    with translation.override("en"):
        assert "red" in shown("{% light 'red' %}").lower()
    assert "红灯" in shown("{% light 'red' %}")


def test_an_unknown_tone_still_shows_the_word():
    assert "status--info" in shown("{% status '归档' 'purple' %}")


def test_a_light_is_spoken_as_well_as_coloured():
    html = shown("{% light 'red' '超期 1 个工作日' %}")
    assert '<span class="sr-only">红灯</span>' in html
    assert "sr-only" not in shown("{% light 'red' %}")
    assert "红灯" in shown("{% light 'red' %}")


def test_an_instant_is_shown_where_the_law_counts():
    html = shown("{% when at %}", at=datetime(2013, 12, 31, 16, 30, tzinfo=UTC))
    assert html == '<time datetime="2014-01-01T00:30+08:00">2014年1月1日 00:30</time>'


def test_a_day_and_a_text_are_shown_as_they_are():
    assert "2013年12月9日" in shown("{% when on %}", on=date(2013, 12, 9))
    assert shown("{% when text %}", text="当天") == "当天"
    assert shown("{% when none %}", none=None) == ""


def test_a_blank_disclosure_says_so():
    assert "本事项尚未载明" in shown("{% prose text %}", text="  ")
    assert shown("{% prose text %}", text="甲<乙") == '<div class="prose"><p>甲&lt;乙</p></div>'
    assert shown("{% prose lines %}", lines=["一", "二"]).count("<li>") == 2


def test_the_current_entry_of_a_timeline_is_marked_for_the_ear():
    entries = [
        {"title": "收件", "status": "done", "at": "2013-09-17"},
        {"title": "审查", "status": "current"},
        {"title": "送达", "status": "todo"},
    ]
    html = shown("{% timeline entries %}", entries=entries)
    assert html.count('aria-current="step"') == 1
    assert [word in html for word in ("已完成", "办理中", "待办")] == [True] * 3


def test_breadcrumbs_begin_at_home_and_end_here():
    html = shown("{% breadcrumbs '网上办事' '/items/' '取水许可' %}")
    assert (
        html.index(">首页<") < html.index('<a href="/items/">网上办事</a>') < html.index("取水许可")
    )
    assert '<li aria-current="page">取水许可</li>' in html


def test_a_preference_comes_back_to_its_page():
    address = RequestFactory().get("/items/", {"q": "水"}).get_full_path()
    html = shown("{% preference 'type' 'large' '长辈版' %}", page_address=address)
    assert 'name="type" value="large"' in html
    assert 'name="next" value="/items/?q=%E6%B0%B4"' in html


def test_what_a_card_holds_is_escaped_once():
    html = shown("{% card '标题' %}{{ text }}{% endcard %}", text="<b>&</b>")
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in html
    assert '<h2 class="card__heading">标题</h2>' in html
