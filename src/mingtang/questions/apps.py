"""Forms that people fill in: what they ask and what was answered. Cases keep it."""

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "mingtang.questions"
    verbose_name = "表单"
