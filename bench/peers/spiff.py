"""SpiffWorkflow: cases of four steps one after another; each step read, done, written to SQLite."""

import json
import sqlite3
import sys
import time
from itertools import pairwise

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

STEPS = 4


def process() -> bytes:
    names = [f"step{n}" for n in range(STEPS)]
    path = ["start", *names, "end"]
    nodes = "".join(f'<manualTask id="{one}" name="{one}"/>' for one in names)
    flows = "".join(
        f'<sequenceFlow id="flow{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate(pairwise(path))
    )
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"'
        ' targetNamespace="bench"><process id="case" isExecutable="true"><startEvent id="start"/>'
        f'{nodes}<endEvent id="end"/>{flows}</process></definitions>'
    ).encode()


def main() -> None:
    count = json.load(sys.stdin)["cases"]
    parser = BpmnParser()
    parser.add_bpmn_str(process())
    spec = parser.get_spec("case")
    serializer = BpmnWorkflowSerializer()
    database = sqlite3.connect("cases.sqlite3", isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE cases (id INTEGER PRIMARY KEY, state TEXT)")
    for number in range(count):
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        told = (number, serializer.serialize_json(workflow))
        database.execute("INSERT INTO cases VALUES (?, ?)", told)
    begin = time.process_time()
    for _ in range(STEPS):
        for number in range(count):
            database.execute("BEGIN IMMEDIATE")
            row = database.execute("SELECT state FROM cases WHERE id = ?", (number,)).fetchone()
            workflow = serializer.deserialize_json(row[0])
            workflow.get_next_task(state=TaskState.READY, manual=True).run()
            workflow.do_engine_steps()
            told = (serializer.serialize_json(workflow), number)
            database.execute("UPDATE cases SET state = ? WHERE id = ?", told)
            database.execute("COMMIT")
    taken = time.process_time() - begin
    assert workflow.is_completed()
    json.dump({"milliseconds": taken / count / STEPS * 1e3}, sys.stdout)


if __name__ == "__main__":
    main()
