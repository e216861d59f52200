"""Rules of surveys: questions as they are typed, what a sheet may say, how sheets add up. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mingtang.base.errors import Conflict, DomainError

MOST_QUESTIONS, MOST_OPTIONS, LONGEST_WORDS = 30, 20, 500


class QuestionKind(StrEnum):
    SINGLE = "single"
    MULTIPLE = "multiple"
    TEXT = "text"

    @property
    def label(self) -> str:
        return {"single": "单选", "multiple": "多选", "text": "文字"}[self]


MARKS = {"多选": QuestionKind.MULTIPLE, "文字": QuestionKind.TEXT, "单选": QuestionKind.SINGLE}


class BadSurvey(DomainError):
    """Questions that cannot be asked: the text names the line."""


class BadSheet(DomainError):
    """A sheet that does not fit its questions."""


class AnsweredAlready(Conflict):
    heading = "您已经答过了"

    def __init__(self) -> None:
        super().__init__("这份问卷每人只答一次，您的答卷已经收到，不用再答。")


class UnknownToken(DomainError):
    def __init__(self) -> None:
        super().__init__("答题码不正确，请对照纸条重新输入。没有答题码的，可以登录后作答。")


@dataclass(frozen=True)
class Question:
    text: str
    kind: QuestionKind
    options: tuple[str, ...] = ()


def read_questions(typed: str) -> tuple[Question, ...]:
    """Questions typed one under another: a line with the question, then its options, each behind
    "- ". Before the question may stand 多选： or 文字：. Raises BadSurvey."""
    found: list[tuple[str, QuestionKind, list[str]]] = []
    for number, line in enumerate(typed.splitlines(), 1):
        text = line.strip()
        if not text:
            continue
        if text.startswith("-"):
            if not found:
                raise BadSurvey(f"第 {number} 行是选项，上面还没有题目。请先写题目。")
            found[-1][2].append(text.removeprefix("-").strip())
        else:
            found.append((*_headed(text), []))
    made = tuple(Question(text, kind, tuple(options)) for text, kind, options in found)
    check_questions(made)
    return made


def _headed(text: str) -> tuple[str, QuestionKind]:
    for mark, kind in MARKS.items():
        if text.startswith((f"{mark}：", f"{mark}:")):
            return text[len(mark) + 1 :].strip(), kind
    return text, QuestionKind.SINGLE


def check_questions(questions: Sequence[Question]) -> None:
    """Raises BadSurvey."""
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        raise BadSurvey(f"问卷应有 1 到 {MOST_QUESTIONS} 道题，现在是 {len(questions)} 道。")
    for number, one in enumerate(questions, 1):
        if not 2 <= len(one.text) <= 200:
            raise BadSurvey(f"第 {number} 题的题目应为 2 到 200 个字。")
        if one.kind is QuestionKind.TEXT and one.options:
            raise BadSurvey(f"第 {number} 题是文字题，不要写选项。")
        if one.kind is not QuestionKind.TEXT and not 2 <= len(one.options) <= MOST_OPTIONS:
            raise BadSurvey(
                f"第 {number} 题应有 2 到 {MOST_OPTIONS} 个选项，每行一个，前面写“- ”。"
            )
        if len(set(one.options)) < len(one.options) or any(
            not 1 <= len(option) <= 100 for option in one.options
        ):
            raise BadSurvey(f"第 {number} 题的选项应各不相同，每项 1 到 100 个字。")


@dataclass(frozen=True)
class Said:
    """What one sheet says to one question."""

    choices: tuple[int, ...] = ()
    text: str = ""


def check_said(number: int, question: Question, said: Said) -> None:
    """A question with options wants an answer; words may be left out. Raises BadSheet."""
    chosen = said.choices
    if question.kind is QuestionKind.TEXT:
        if chosen or len(said.text) > LONGEST_WORDS:
            raise BadSheet(f"第 {number} 题最多写 {LONGEST_WORDS} 个字。")
        return
    if not chosen:
        raise BadSheet(f"第 {number} 题还没有选，请选择。")
    fits = all(0 <= one < len(question.options) for one in chosen)
    is_one = question.kind is QuestionKind.MULTIPLE or len(chosen) == 1
    if said.text or not fits or not is_one or len(set(chosen)) < len(chosen):
        raise BadSheet(f"第 {number} 题的选项不对，请在列出的选项里选。")


@dataclass(frozen=True)
class Tally:
    """How often each option was chosen, of how many sheets that answered."""

    base: int
    counts: tuple[int, ...]

    def share(self, option: int) -> int:
        """In percent, rounded half up; 0 of nobody."""
        return (200 * self.counts[option] + self.base) // (2 * self.base) if self.base else 0


def tally(question: Question, chosen: Sequence[Sequence[int]]) -> Tally:
    """`chosen`: of each sheet the options that it chose, none where it left the question out."""
    counted = Counter(option for one in chosen for option in one)
    counts = tuple(counted[option] for option in range(len(question.options)))
    return Tally(sum(bool(one) for one in chosen), counts)


@dataclass(frozen=True)
class CrossRow:
    """One option of the first question: how those who chose it answered the second. None where
    they are too few: a share of a handful tells of persons."""

    option: str
    tally: Tally | None


def cross(
    rows: Question,
    columns: Question,
    pairs: Sequence[tuple[Sequence[int], Sequence[int]]],
    least: int,
) -> list[CrossRow]:
    """`pairs`: of each sheet what it chose in the one question and in the other."""
    found = []
    for number, option in enumerate(rows.options):
        those = [second for first, second in pairs if number in first]
        one = tally(columns, those)
        found.append(CrossRow(option, one if one.base >= least else None))
    return found
