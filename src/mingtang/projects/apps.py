"""The app projects: 重大项目库."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "mingtang.projects"
    label = "projects"

    def ready(self) -> None:
        from mingtang.base import subjects
        from mingtang.projects.present import page_of, titles

        subjects.register("project", page_of, titles)
