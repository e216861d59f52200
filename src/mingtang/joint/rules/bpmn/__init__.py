"""Rules: a route as BPMN 2.0 and back. BPMN is a view of it, never what runs (ADR 0020)."""

from mingtang.joint.rules.bpmn.reading import BpmnUnreadable, Imported, Refused, read
from mingtang.joint.rules.bpmn.writing import write

__all__ = ["BpmnUnreadable", "Imported", "Refused", "read", "write"]
