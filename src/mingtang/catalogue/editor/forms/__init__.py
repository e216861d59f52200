"""Forms of the editor: a reason, and a draft with all its fields and tables."""

from mingtang.catalogue.editor.forms.commands import CommandForm, DiscardForm, ReasonForm
from mingtang.catalogue.editor.forms.content import ContentForm
from mingtang.catalogue.editor.forms.new_item import NewItemForm
from mingtang.catalogue.editor.forms.page import DraftForms

__all__ = ["CommandForm", "ContentForm", "DiscardForm", "DraftForms", "NewItemForm", "ReasonForm"]
