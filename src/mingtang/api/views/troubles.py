"""Views: what staff say troubles them, and how it was settled."""

from typing import Any

from ninja import Router

from mingtang.api import shapes
from mingtang.api import shapes_house as house
from mingtang.api import shapes_pages as told
from mingtang.api.views.common import After, Choice
from mingtang.api.views.pages import listed, presses, shows
from mingtang.troubles import views, views_training
from mingtang.troubles.forms import FORMS, AttendanceForm, CourseForm, ReportForm

router = Router(tags=["问题登记"])
ALL, ONE = "/desk/troubles", "/desk/troubles/{trouble_id}"


def _one(shown: dict[str, Any]) -> dict[str, Any]:
    return {**shown["one"], "acts": shown["acts"]}


shows(
    router,
    ALL,
    views.troubles,
    shapes.Page[told.TroubleLine],
    "登记的问题",
    listed,
    state=Choice,
    after=After,
)
shows(router, ONE, views.trouble, told.TroubleFile, "一个问题", _one)
presses(router, ALL, views.new, ReportForm, "登记问题")
for _deed, _form in FORMS.items():
    _path = f"{ONE}/acts/{_deed.value}"
    presses(router, _path, views.act, _form, str(_deed.label), verb=_deed.value)

COURSES = "/desk/courses"
COURSE = f"{COURSES}/{{course_id}}"


def _came(shown: dict[str, Any]) -> dict[str, Any]:
    rows = [
        {
            "username": one.attendee.username,
            "name": one.attendee.name,
            "hours": one.hours,
            "is_passed": one.is_passed,
        }
        for one in shown["rows"]
    ]
    course = shown["course"]
    return {"id": course.id, "topic": course.topic, "held_date": course.held_date, "rows": rows}


shows(
    router,
    COURSES,
    views_training.courses,
    shapes.Page[house.CourseLine],
    "系统使用培训",
    listed,
    after=After,
)
shows(router, COURSE, views_training.course, house.CourseFile, "一次培训谁参加了", _came)
presses(router, COURSES, views_training.courses, CourseForm, "登记系统使用培训")
presses(router, COURSE, views_training.course, AttendanceForm, "登记参加人员")
