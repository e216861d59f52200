"""Rules: the names that writing and reading BPMN share."""

from mingtang.joint.rules.route import NodeKind

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
OURS = "urn:mingtang:route:1"
# "dc" is taken: libraries of office files give it to Dublin Core, for the whole process.
PREFIXES = {"bpmn": MODEL, "bpmndi": DIAGRAM, "omgdc": DC, "omgdi": DI, "mt": OURS}

TASKS = {  # which task of BPMN a kind of node is drawn as
    NodeKind.CASE: "userTask",
    NodeKind.JOINT_REVIEW: "userTask",
    NodeKind.SITE_VISIT: "manualTask",
    NodeKind.OWNER: "manualTask",
    NodeKind.OWNER_INTERMEDIARY: "serviceTask",
    NodeKind.GOVERNMENT_INTERMEDIARY: "serviceTask",
    NodeKind.UTILITY: "serviceTask",
}
NODE, STAGE = "node.", "stage."  # before the keys, in the ids of our own files


def model(name: str) -> str:
    return f"{{{MODEL}}}{name}"


def ours(name: str) -> str:
    return f"{{{OURS}}}{name}"
