"""Errors a person may read. Pure: every app's rules build on this one class."""


class DomainError(Exception):
    """A refusal whose text says, in Chinese, what is wrong, where, and how to mend it.

    `status` is the HTTP status a view answers with: 403, 404, 409, 422 or 503. `heading` stands
    over the page with the sentence where that of the status would mislead.
    """

    status = 422
    heading = ""

    @property
    def message(self) -> str:
        return str(self)


class NotAllowed(DomainError):
    status = 403


class NotFound(DomainError):
    """Also the answer to "exists, but not for you": the two must look the same."""

    status = 404

    def __init__(self, message: str = "没有找到您要的内容，请核对编号后重试。") -> None:
        super().__init__(message)


class Conflict(DomainError):
    """Someone was faster, or the thing has moved on since the page was opened."""

    status = 409
