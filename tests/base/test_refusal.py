"""A refusal says why, and gives back what was written."""

from django import forms

from mingtang.base.web import refusal

WHY = "这件事已由别人办了。"


class Form(forms.Form):
    command_id = forms.CharField(widget=forms.HiddenInput)
    opinion = forms.CharField(min_length=4)
    kind = forms.ChoiceField(choices=[("a", "甲")])
    note = forms.CharField(required=False)


def test_what_was_written_is_given_back_but_no_choice_and_nothing_hidden():
    sent = Form({"command_id": "0f", "opinion": " 同意取水 ", "kind": "a", "note": "附图"})
    assert refusal(WHY, sent) == f"{WHY}您刚才填写的内容：同意取水；附图"


def test_of_a_form_with_faults_too():
    assert refusal(WHY, Form({"opinion": "好", "kind": "b"})) == f"{WHY}您刚才填写的内容：好"


def test_where_nothing_was_written_it_is_the_sentence_alone():
    assert refusal(WHY, Form({"kind": "a", "note": "  "})) == WHY
    assert refusal(WHY, Form()) == WHY
