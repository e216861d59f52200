"""The demo: a city to try the system on, made through the real commands.

It refuses to load beside real cases, and its accounts refuse to live in production.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.conf import settings

from mingtang.accounts import queries as account_queries
from mingtang.accounts import services as accounts
from mingtang.accounts.rules import EVERY_ITEM, Role
from mingtang.assessment import services as assessment
from mingtang.base.clock import day_bounds, legal_date
from mingtang.base.errors import Conflict
from mingtang.base.marks import mark, marked
from mingtang.cases.rules import Verb
from mingtang.catalogue import services as catalogue
from mingtang.joint.services import shipping as routes
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.regions import queries as regions
from mingtang.regions import services as region_services
from mingtang.site import (
    demo_agents,
    demo_campaigns,
    demo_consultations,
    demo_disclosure,
    demo_editions,
    demo_joint,
    demo_letters,
    demo_lists,
    demo_projects,
    demo_requests,
    demo_screens,
    demo_villages,
)
from mingtang.supervision import services as supervision
from mingtang.timing import services as timing

NAMESPACE = uuid.UUID("6d696e67-7461-4e67-8d65-6d6f00000001")
COUNTY = "330881"
LOADED = "yes"


class BesideRealData(Conflict):
    def __init__(self, count: int) -> None:
        super().__init__(
            f"此数据目录已有真实数据（{count} 次操作），不能载入演示数据。"
            "请用 MINGTANG_HOME 指定一个空目录。"
        )


def check_may_load() -> None:
    """Raises BesideRealData where anything but the demo was done; Conflict in production."""
    if settings.MINGTANG_IS_PRODUCTION:
        raise Conflict("正式环境（MINGTANG_PRODUCTION=1）不能载入演示数据。")
    if not marked("demo") and (count := ledger.command_count()):
        raise BesideRealData(count)


def command_id(name: str) -> str:
    """The id of a demo command: the same every time, so that loading twice changes nothing."""
    return uuid.uuid5(NAMESPACE, name).hex


@dataclass(frozen=True)
class Staff:
    username: str
    name: str
    role: Role
    organisation: str
    items: tuple[str, ...] | None = None
    is_part_time: bool = False
    is_at_window: bool = False


CENTRE = "centre"
STAFF = (
    Staff("chuangkou", "祝晓芳", Role.GENERAL_CLERK, CENTRE, (EVERY_ITEM,), is_at_window=True),
    Staff("zhongxin", "毛建国", Role.CENTRE_MANAGER, CENTRE),
    Staff("jiancha", "周立平", Role.INSPECTOR, CENTRE),
    Staff("lianluo", "姜雨", Role.SECTION_CONTACT, "slj", is_part_time=True),
    Staff("gongkai", "徐静", Role.DISCLOSURE_OFFICE, CENTRE, is_part_time=True),
    Staff("gongkai-zr", "周国平", Role.DISCLOSURE_HEAD, CENTRE),
    Staff("baomi", "姜海峰", Role.SECRECY_REVIEWER, CENTRE, is_part_time=True),
    Staff("shengai", "周敏", Role.REFORM_OFFICE, CENTRE),
    Staff("shengai-sh", "何志远", Role.REFORM_OFFICE, CENTRE),
    Staff("guanli", "徐志强", Role.SYSTEM_ADMIN, CENTRE),
    Staff("shuili-gk", "毛秀珍", Role.DISCLOSURE_OFFICE, "slj", is_part_time=True),
    Staff("shuili-zr", "吴建军", Role.DISCLOSURE_HEAD, "slj"),
    Staff("shuili-ck", "郑梅", Role.CLERK, "slj", is_at_window=True),
    Staff("shuili-cb", "柴伟", Role.HANDLER, "slj"),
    Staff("shuili-sp", "何国华", Role.APPROVER, "slj"),
    Staff("shuili-sd", "王丽", Role.CHIEF_REPRESENTATIVE, "slj", is_at_window=True),
    Staff("gongshang-cb", "吴斌", Role.HANDLER, "gsj"),
    Staff("gongshang-sp", "刘芳", Role.APPROVER, "gsj"),
    Staff("gongshang-sd", "毛芸", Role.CHIEF_REPRESENTATIVE, "gsj"),
    Staff("guihua-cb", "徐燕", Role.HANDLER, "ghj"),
    Staff("guihua-sp", "姜伟民", Role.APPROVER, "ghj"),
    Staff("zhujian-cb", "郑涛", Role.HANDLER, "zjj"),
    Staff("zhujian-sp", "毛永红", Role.APPROVER, "zjj"),
    Staff("gongan-cb", "周凯", Role.HANDLER, "gaj"),
    Staff("gongan-sp", "徐立军", Role.APPROVER, "gaj"),
    Staff("xiaofang-cb", "祝磊", Role.HANDLER, "xfdd"),
    Staff("hecun-ck", "姜春梅", Role.GENERAL_CLERK, "town-121", (EVERY_ITEM,)),
    Staff("hecun-cb", "周国良", Role.HANDLER, "town-121"),
    Staff("hecun-sp", "郑小军", Role.APPROVER, "town-121"),
    Staff("hecun-cun", "毛水英", Role.GENERAL_CLERK, "village-121228", (EVERY_ITEM,)),
    Staff("yaojian-cb", "周晓东", Role.HANDLER, "yjj"),
    Staff("yaojian-sp", "祝秀兰", Role.APPROVER, "yjj"),
    Staff("guotu-cb", "王永康", Role.HANDLER, "gtj"),
    Staff("guotu-sp", "郑国强", Role.APPROVER, "gtj"),
    Staff("minzheng-cb", "徐小玲", Role.HANDLER, "mzj"),
    Staff("minzheng-sp", "何卫东", Role.APPROVER, "mzj"),
    Staff("canlian-cb", "姜爱华", Role.HANDLER, "cl"),
    Staff("canlian-sp", "柴建平", Role.APPROVER, "cl"),
    Staff("zhifa-cb", "毛立新", Role.HANDLER, "zfj"),
    Staff("zhifa-sp", "吴海燕", Role.APPROVER, "zfj"),
    Staff("fagai-cb", "刘志明", Role.HANDLER, "fgj"),
    Staff("fagai-sp", "周雪梅", Role.APPROVER, "fgj"),
    Staff("xiangmu", "赵文斌", Role.PROJECT_OFFICE, "fgj"),
    Staff("daiban", "徐明", Role.AGENT, CENTRE),
    Staff("xinfang", "姜小英", Role.LETTER_OFFICE, CENTRE),
    Staff("xinfang-2", "毛海燕", Role.LETTER_OFFICE, CENTRE, is_part_time=True),
    Staff("xinfang-zr", "祝建民", Role.LETTER_HEAD, CENTRE),
    Staff("cunwenshu", "郑荷花", Role.VILLAGE_CLERK, "town-002"),
    Staff("cunjiandu", "王友根", Role.VILLAGE_SUPERVISOR, "town-002"),
    Staff("cunjiandu2", "毛桂香", Role.VILLAGE_SUPERVISOR, "town-002"),
    Staff("zhensanwu", "徐建华", Role.VILLAGE_OFFICE, "town-002"),
)
AUTHOR, REVIEWER = "shengai", "shengai-sh"  # of the items' editions
# How the sign-in names of a unit's people begin.
OFFICES = {
    "slj": "shuili",
    "gsj": "gongshang",
    "ghj": "guihua",
    "zjj": "zhujian",
    "gaj": "gongan",
    "xfdd": "xiaofang",
    "yjj": "yaojian",
    "gtj": "guotu",
    "mzj": "minzheng",
    "cl": "canlian",
    "zfj": "zhifa",
    "fgj": "fagai",
    "town-121": "hecun",
}
CITIZENS = (
    ("jumin", "毛小明", "330881190001010015", "13800000001"),
    ("qiye", "姜大成", "330881190001010023", "13800000002"),
)
ENTERPRISE = ("113325000026455663", "江山市演示木业有限公司")
# What happens to people and projects, in the order in which it is told.
LIVES = (
    demo_requests,
    demo_letters,
    demo_joint,
    demo_projects,
    demo_agents,
    demo_villages,
    demo_screens,
    demo_consultations,
)


def load(at: datetime, tell: Callable[[str], object] = lambda stage: None) -> None:
    """Regions, calendar, both catalogues, people and forms. What was loaded stays. `tell` hears
    what comes next."""
    check_may_load()
    if marked("demo") == LOADED:
        _search(at)
        _rules(at)
        _disclosure(at)
        return
    mark("demo", "loading", at)
    tell("载入日历、区划、单位和窗口")
    timing.seed_calendars(at=at)
    region_services.load_regions(
        county=COUNTY, actor=SYSTEM, at=at, command_id=command_id("regions")
    )
    _places(at)
    tell("载入事项目录")
    catalogue.load_demo_basic_items(actor=SYSTEM, at=at, command_id=command_id("basic-items"))
    catalogue.import_demo_items(actor=SYSTEM, at=at, command_id=command_id("items"))
    catalogue.load_demo_life_events(actor=SYSTEM, at=at, command_id=command_id("life-events"))
    tell("建立搜索索引")
    _search(at)
    tell("安排人员和岗位")
    _people(at)
    _rules(at)
    tell("发布申请表")
    demo_editions.publish_forms(
        author=actor_of(AUTHOR, at),
        reviewer=actor_of(REVIEWER, at),
        at=at,
        command_id=command_id,
    )
    _disclosure(at)
    demo_campaigns.load(
        author=actor_of(AUTHOR, at),
        reviewer=actor_of(REVIEWER, at),
        lead=CENTRE,
        area6=COUNTY,
        command_id=command_id,
    )
    demo_lists.load(
        author=actor_of(AUTHOR, at),
        reviewer=actor_of(REVIEWER, at),
        centre=CENTRE,
        at=at,
        command_id=command_id,
    )
    assessment.load_shipped(actor=SYSTEM, at=at, command_id=command_id("schemes"))
    _lives(at)
    mark("demo", LOADED, at)


def _lives(at: datetime) -> None:
    """Who somebody is does not change within a day of the demo: looked up once."""
    known = cache(lambda username, day: actor_of(username, day_bounds(day)[0]))
    for lives in LIVES:
        lives.load(
            at,
            actor_of=lambda username, moment: known(username, legal_date(moment)),
            command_id=command_id,
        )


def _places(at: datetime) -> None:
    """Where the hall and the townships' centres are, made up and saying so."""
    hours = "工作日 8:30–11:30，13:30–17:00"
    told = [(hall, "城中路 1 号（演示地址）") for hall in regions.halls()]
    told += [(one, f"{one.region_name}集镇（演示地址）") for one in regions.township_centres()]
    rows = [
        {
            "region": place.region_code,
            "name": place.name,
            "address": address,
            "phone": settings.MINGTANG_HOTLINE,
            "hours": hours,
        }
        for place, address in told
    ]
    region_services.describe_places(rows=rows, actor=SYSTEM, at=at, command_id=command_id("places"))


def _search(at: datetime) -> None:
    """An earlier demo has items, but neither an index nor everyday words."""
    if not catalogue.synonyms_loaded():
        catalogue.load_shipped_synonyms(actor=SYSTEM, at=at, command_id=command_id("synonyms"))
    if catalogue.missing_from_index():
        catalogue.reindex_items(legal_date(at))


def _rules(at: datetime) -> None:
    """The rules of supervision, in force since before the first case of the demo, and the shipped
    routes of joint matters. An earlier demo has none of these."""
    supervision.load_shipped_rules(
        since=date(2013, 1, 1), actor=SYSTEM, at=at, command_id=command_id("supervision-rules")
    )
    routes.load_for_demo(actor=SYSTEM, at=at, command_id=command_id("routes"))


def _disclosure(at: datetime) -> None:
    """What the centre makes public. An earlier demo has none of it, nor the people for it."""
    people = account_queries.people_by_username(["gongkai", "gongkai-zr"])
    if len(people) == 2:
        demo_disclosure.load(
            worker=actor_of("gongkai", at),
            head=actor_of("gongkai-zr", at),
            centre=CENTRE,
            at=at,
            command_id=command_id,
        )


def _people(at: datetime) -> None:
    since = date(2013, 1, 1)
    for staff in STAFF:
        person = _account(staff.username, staff.name, at)
        unit = regions.organisation_by_code(staff.organisation)
        post = accounts.assign_post(
            person_id=person,
            organisation_id=unit.id,
            role=staff.role,
            valid_from=since,
            window_id=_window(staff, unit.id) if staff.is_at_window else None,
            item_codes=list(staff.items) if staff.items else None,
            is_part_time=staff.is_part_time,
            actor=SYSTEM,
            at=at,
            command_id=command_id(f"post/{staff.username}"),
        )
        if staff.role is Role.CHIEF_REPRESENTATIVE:
            _letter(int(post["post_id"]), staff.organisation, at)
    for username, name, number, phone in CITIZENS:
        person = _account(username, name, at, identity_number=number, phone=phone)
    credit_code, enterprise = ENTERPRISE
    accounts.register_mandate(
        proxy_id=person,
        credit_code=credit_code,
        enterprise_name=enterprise,
        valid_from=since,
        actor=SYSTEM,
        at=at,
        command_id=command_id("mandate"),
    )


def actor_of(username: str, at: datetime) -> Actor:
    """Somebody of the demo, acting in the first of their posts."""
    person = account_queries.person_by_username(username)
    scope = account_queries.scope_of(person, legal_date(at))
    return account_queries.actor_of(scope, scope.grants[0] if scope.grants else None)


def _window(staff: Staff, organisation_id: int) -> int:
    """The first window of a unit; of the general ones, for who sits there."""
    serving = regions.windows_serving(organisation_id)
    is_general = staff.role is Role.GENERAL_CLERK
    return next(one.id for one in serving if one.is_general == is_general)


def _account(username: str, name: str, at: datetime, **more: str) -> int:
    made = accounts.add_person(
        username=username,
        name=name,
        password=settings.MINGTANG_DEMO_PASSWORD,
        is_demo=True,
        actor=SYSTEM,
        at=at,
        command_id=command_id(f"person/{username}"),
        **more,
    )
    return int(made["person_id"])


LETTERS = {"slj": ("江水授", "江山市水利局"), "gsj": ("江工商授", "江山市工商行政管理局")}


def _letter(post_id: int, organisation: str, at: datetime) -> None:
    mark, unit = LETTERS[organisation]
    accounts.grant_authority(
        post_id=post_id,
        document_number=f"{mark}〔2013〕1号",
        item_codes=[EVERY_ITEM],
        acts=[Verb.GRANT.value],
        seal=f"{unit}行政审批专用章",
        valid_from=date(2013, 1, 1),
        valid_to=date(2035, 12, 31),
        actor=SYSTEM,
        at=at,
        command_id=command_id(f"letter/{organisation}"),
    )
