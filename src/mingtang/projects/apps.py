"""The app projects: 重大项目库."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "mingtang.projects"
    label = "projects"

    def ready(self) -> None:
        from mingtang.base import subjects
        from mingtang.joint.services import register_finder
        from mingtang.projects import present_subjects as agency
        from mingtang.projects.present import page_of, titles
        from mingtang.projects.services.finding import find

        subjects.register("project", page_of, titles)
        register_finder(find)
        subjects.register("agency", agency.page_of_letter, agency.titles_of_letters)
        subjects.register("agency_of", agency.page_of_owner)
        subjects.register("engagement", agency.page_of_engagement, agency.titles_of_engagements)
        subjects.register("intermediary", agency.page_of_firm, agency.titles_of_firms)
