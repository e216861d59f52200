"""What ratings hold about a person who signed in to give one."""

from collections.abc import Iterator

from mingtang.base.clock import legal_date
from mingtang.interaction.models import Rating
from mingtang.interaction.rules import Level
from mingtang.persons.holdings import Holder
from mingtang.persons.rules import Held, Who

KEPT = "评价提交后任何人不能改、不能删，好评率由此计算；公开时不带姓名。"


def tell(who: Who) -> Iterator[Held]:
    for one in Rating.objects.filter(rated_by=who.person_id).order_by("rated_at", "id"):
        day = legal_date(one.rated_at).isoformat()
        told = [("日期", day), ("评价", Level(one.level).label), ("内容", one.text)]
        yield Held("评价", tuple(fact for fact in told if fact[1]), KEPT)


HOLDER = Holder("interaction", "评价", tell, models=("interaction.Rating",))
