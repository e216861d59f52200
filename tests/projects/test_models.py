"""The database keeps what must be true of a project, whoever writes to it."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from mingtang.projects.models import MonthlyReport, Problem, Programme, Project, Suspension
from tests.world import World, morning

pytestmark = pytest.mark.django_db
AT = morning(2013, 3, 1)


def a_project(world: World, **more: object) -> Project:
    content: dict[str, object] = {
        "name": "木门产业园一期",
        "owner_name": "江山某木业有限公司",
        "place": world.water.region,
        "investment_cents": 120_000_000_00,
        "type": "new",
        "start_year": 2013,
        "end_year": 2015,
        "responsible": world.water,
        "entered_at": AT,
        "entered_by": world.clerk,
    }
    return Project.objects.create(**content | more)


def refuses(constraint: str, make):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make()


def test_without_its_approval_document_it_stays_a_draft(world):
    project = a_project(world)
    refuses(
        "project_draft_until_approved",
        lambda: Project.objects.filter(id=project.id).update(
            state="in_library", admitted_at=AT, admitted_by=world.clerk
        ),
    )


def test_number_day_and_file_of_the_document_come_together(world):
    project = a_project(world)
    refuses(
        "project_approval_whole",
        lambda: Project.objects.filter(id=project.id).update(approval_number="江政发〔2013〕1号"),
    )


def test_a_draft_is_not_published(world):
    project = a_project(world)
    refuses(
        "project_draft_unpublished",
        lambda: Project.objects.filter(id=project.id).update(is_published=True),
    )


def test_a_code_is_one_projects_alone(world):
    a_project(world, code_scheme="local", code="JS-2013-001")
    refuses(
        "UNIQUE|project_code_once",
        lambda: a_project(world, code_scheme="local", code="JS-2013-001"),
    )
    refuses("project_code_of_scheme", lambda: a_project(world, code="JS-2013-002"))
    a_project(world), a_project(world)  # those without a code do not collide


def test_silence_is_consent_only_where_a_document_says_so(world):
    refuses(
        "programme_consent_by_document",
        lambda: Programme.objects.create(code="a", name="某计划", silence_is_consent=True),
    )
    Programme.objects.create(
        code="b",
        name="某计划",
        silence_is_consent=True,
        consent_basis="江政发〔2013〕9号",
        consent_basis_date=date(2013, 3, 1),
    )


def test_a_month_is_reported_once_and_within_the_sum_of_its_year(world):
    project = a_project(world)
    report = {
        "project": project,
        "year": 2013,
        "month": 10,
        "done_cents": 5,
        "year_cents": 9,
        "progress": "基础完成",
        "due_date": date(2013, 10, 25),
        "reported_date": date(2013, 10, 28),
        "reported_at": AT,
        "reported_by": world.clerk,
    }
    assert MonthlyReport.objects.create(**report).is_late
    refuses("UNIQUE|monthly_report_once", lambda: MonthlyReport.objects.create(**report))
    more = report | {"month": 11, "year_cents": 4}
    refuses("monthly_report_sum_within_year", lambda: MonthlyReport.objects.create(**more))


def test_a_solved_problem_says_how(world):
    problem = Problem.objects.create(
        project=a_project(world),
        category="land",
        text="尚有两户未签约",
        owner=world.water,
        raised_at=AT,
        raised_by=world.clerk,
        due_date=date(2013, 4, 1),
    )
    refuses(
        "problem_solved_how",
        lambda: Problem.objects.filter(id=problem.id).update(solved_at=AT, solved_by=world.clerk),
    )


def test_a_project_stands_still_once_at_a_time(world):
    project = a_project(world)
    one = {
        "project": project,
        "reason": "等待用地指标",
        "from_date": date(2013, 5, 1),
        "suspended_at": AT,
        "suspended_by": world.clerk,
    }
    Suspension.objects.create(**one)
    refuses("UNIQUE|suspension_one_open", lambda: Suspension.objects.create(**one))
