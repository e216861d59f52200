"""Rules: what a project is and where it stands. Pure; codes are stored, retired members stay."""

from enum import StrEnum


class ProjectState(StrEnum):
    """The life of a project. A stage of approval is another thing: see `rules.plan`."""

    DRAFT = "draft"
    IN_LIBRARY = "in_library"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    ARCHIVED = "archived"

    @property
    def label(self) -> str:
        return _STATES[self]

    @property
    def is_running(self) -> bool:
        """Whether something is still expected of it: plans, reports, acts."""
        return self in {ProjectState.IN_LIBRARY, ProjectState.SUSPENDED}


_STATES = {
    ProjectState.DRAFT: "草稿",
    ProjectState.IN_LIBRARY: "已入库",
    ProjectState.SUSPENDED: "暂停",
    ProjectState.COMPLETED: "已完成",
    ProjectState.ARCHIVED: "已归档",
}


class ProjectType(StrEnum):
    """项目性质, as plans of investment name it."""

    NEW = "new"
    CONTINUED = "continued"
    COMPLETING = "completing"
    PREPARATORY = "preparatory"

    @property
    def label(self) -> str:
        return _TYPES[self]


_TYPES = {
    ProjectType.NEW: "新开工",
    ProjectType.CONTINUED: "续建",
    ProjectType.COMPLETING: "竣工",
    ProjectType.PREPARATORY: "预备",
}


class CodeScheme(StrEnum):
    """Who gave the project its code: at most 24 letters, digits and hyphens either way."""

    NATIONAL = "national"
    LOCAL = "local"

    @property
    def label(self) -> str:
        return {"national": "国家项目代码", "local": "本地项目编号"}[self.value]


class ProgrammeState(StrEnum):
    """Whether projects may join a programme."""

    ACTIVE = "active"
    ARCHIVED = "archived"

    @property
    def label(self) -> str:
        return {"active": "实施中", "archived": "已归档"}[self.value]


class PaperKind(StrEnum):
    """What a paper of the project's library is."""

    APPROVAL = "approval"
    SHARED = "shared"

    @property
    def label(self) -> str:
        return {"approval": "审议同意文件", "shared": "共享材料"}[self.value]


class ProblemCategory(StrEnum):
    """存在问题 by what stands in the way."""

    APPROVAL = "approval"
    LAND = "land"
    CLEARANCE = "clearance"
    FUNDS = "funds"
    PLANNING = "planning"
    UTILITY = "utility"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _PROBLEMS[self]


_PROBLEMS = {
    ProblemCategory.APPROVAL: "审批手续",
    ProblemCategory.LAND: "用地",
    ProblemCategory.CLEARANCE: "征迁",
    ProblemCategory.FUNDS: "资金",
    ProblemCategory.PLANNING: "规划设计",
    ProblemCategory.UTILITY: "水电气等配套",
    ProblemCategory.OTHER: "其他",
}
