"""Rules of forms: a schema is compiled once; answers are read, checked, shown by it. Pure."""

from mingtang.questions.rules.answers import (
    Answers as Answers,
)
from mingtang.questions.rules.answers import (
    Fault as Fault,
)
from mingtang.questions.rules.answers import (
    check as check,
)
from mingtang.questions.rules.answers import (
    is_asked as is_asked,
)
from mingtang.questions.rules.answers import (
    offered as offered,
)
from mingtang.questions.rules.answers import (
    relevant as relevant,
)
from mingtang.questions.rules.compiling import (
    SchemaInvalid as SchemaInvalid,
)
from mingtang.questions.rules.compiling import (
    compiled as compiled,
)
from mingtang.questions.rules.compiling import (
    faults_of as faults_of,
)
from mingtang.questions.rules.compiling.words import (
    PLAIN as PLAIN,
)
from mingtang.questions.rules.form import (
    Condition as Condition,
)
from mingtang.questions.rules.form import (
    Form as Form,
)
from mingtang.questions.rules.form import (
    Kind as Kind,
)
from mingtang.questions.rules.form import (
    Question as Question,
)
from mingtang.questions.rules.form import (
    Section as Section,
)
from mingtang.questions.rules.form import (
    yes_and_no as yes_and_no,
)
from mingtang.questions.rules.order import (
    in_order as in_order,
)
from mingtang.questions.rules.order import (
    ordered as ordered,
)
from mingtang.questions.rules.showing import (
    Change as Change,
)
from mingtang.questions.rules.showing import (
    Line as Line,
)
from mingtang.questions.rules.showing import (
    differences as differences,
)
from mingtang.questions.rules.showing import (
    in_words as in_words,
)
from mingtang.questions.rules.showing import (
    outline as outline,
)
from mingtang.questions.rules.showing import (
    shown as shown,
)
from mingtang.questions.rules.values import (
    as_typed as as_typed,
)
from mingtang.questions.rules.values import (
    read as read,
)
