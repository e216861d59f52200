"""What the page of an opinion shows masked, and what of it may be shown for a reason."""

from django.urls import reverse

from mingtang.accounts.rules import Scope
from mingtang.base.masking import mask_person_name, mask_phone
from mingtang.consultations import queries
from mingtang.consultations.models import Comment
from mingtang.persons.rules import Hidden, Opened, hidden


def hidden_of(comment: Comment) -> tuple[Hidden, ...]:
    return hidden(
        ("name", "姓名", mask_person_name(comment.name), comment.name),
        ("phone", "电话", mask_phone(comment.phone), comment.phone),
    )


def of_subject(scope: Scope, comment_id: int) -> Opened:
    """Raises NotFound as the page does."""
    comment = queries.comment_for(scope, comment_id)
    url = reverse("consultations:office_comment", args=[comment.activity_id, comment.number])
    return Opened(f"意见 {comment.number}", url, hidden_of(comment))
