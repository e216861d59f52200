"""The app projects: 重大项目库."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "mingtang.projects"
    label = "projects"
