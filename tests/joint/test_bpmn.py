"""Routes as BPMN: valid by the schemas of the OMG, and back as they were; others' files in part.

The schemas (BPMN20.xsd and those that it includes) come with SpiffWorkflow, a test dependency;
its engine plays our files too.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree

from mingtang.joint.rules.bpmn import BpmnUnreadable, read, write
from mingtang.joint.rules.bpmn.names import MODEL, OURS
from mingtang.joint.rules.bpmn.parsing import MOST_BYTES
from mingtang.joint.rules.route import Need, Node, NodeKind, Route, Stage, Tie
from tests.joint.routes import chain, routes


@cache
def schema() -> etree.XMLSchema:
    found = find_spec("SpiffWorkflow")
    assert found is not None
    assert found.submodule_search_locations is not None
    folder = Path(found.submodule_search_locations[0])
    return etree.XMLSchema(etree.parse(folder / "bpmn" / "parser" / "schema" / "BPMN20.xsd"))


def faults(data: bytes) -> list[str]:
    schema().validate(etree.fromstring(data))
    return [error.message for error in schema().error_log]


SIDES = ("x", "y", "width", "height")


def written(route: Route) -> bytes:
    return write(route, code="demo", name="示例路线", edition=3, organisations={"gtj": "国土局"})


@pytest.mark.slow
@given(routes())
def test_a_written_route_is_valid_and_comes_back_as_it_was(route: Route) -> None:
    data = written(route)
    assert faults(data) == []
    found = read(data)
    assert found.refused == ()
    assert (found.code, found.name) == ("demo", "示例路线")
    assert found.route == route


@given(routes())
def test_every_shape_and_every_line_is_laid_out_once(route: Route) -> None:
    root = etree.fromstring(written(route))
    drawn = [one.get("bpmnElement") for one in root.iter("{*}BPMNShape", "{*}BPMNEdge")]
    tags = ("userTask", "manualTask", "serviceTask", "subProcess", "startEvent", "endEvent")
    tags += ("parallelGateway", "sequenceFlow", "association")
    modelled = [one.get("id") for tag in tags for one in root.iter(f"{{{MODEL}}}{tag}")]
    assert sorted(drawn) == sorted(modelled)
    assert all(len(edge) >= 2 for edge in root.iter("{*}BPMNEdge"))


@given(routes())
def test_tasks_of_a_stage_stand_inside_it_and_not_on_each_other(route: Route) -> None:
    root = etree.fromstring(written(route))
    boxes = {
        shape.get("bpmnElement"): [
            float(shape[0].get(side)) for side in ("x", "y", "width", "height")
        ]
        for shape in root.iter("{*}BPMNShape")
    }
    for stage in route.stages:
        x, y, wide, tall = boxes[f"stage.{stage.key}"]
        inside = [boxes[f"node.{node.key}"] for node in stage.nodes]
        for number, (left, top, width, height) in enumerate(inside):
            assert (x < left, left + width < x + wide) == (True, True)
            assert (y < top, top + height < y + tall) == (True, True)
            for other in inside[number + 1 :]:
                assert (
                    left + width <= other[0]
                    or other[0] + other[2] <= left
                    or top + height <= other[1]
                    or other[1] + other[3] <= top
                )


SMALL = Route(
    (
        Stage(
            "s1",
            "前期",
            (
                Node("a", "备案", organisation="gtj", days=3),
                Node("b", "规划", days=5, needs=(Need("a"),)),
                Node("c", "环评", needs=(Need("a", Tie.SIMULATE),), kind=NodeKind.SITE_VISIT),
            ),
            lead="gtj",
            days=20,
        ),
        Stage("s2", "施工", (Node("d", "许可", needs=(Need("b"),)),)),
        Stage("s3", "配套", (Node("e", "供水", kind=NodeKind.UTILITY),), is_serial=False),
    )
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"bpmn:userTask", b"bpmn:userWork"),
        (b"<bpmn:outgoing>flow.process.1</bpmn:outgoing>", b"<bpmn:outgoing>a b</bpmn:outgoing>"),
        (b' targetRef="stage.s2"', b""),
        (b'id="node.a"', b'id="1 a"'),
        (b"<omgdc:Bounds x=", b"<omgdc:Bounds left="),
        (b'isExpanded="true"', b'isExpanded="wide"'),
    ],
)
def test_the_validator_sees_a_broken_file(old: bytes, new: bytes) -> None:
    data = written(SMALL)
    assert faults(data) == []
    assert old in data
    assert faults(data.replace(old, new)) != []


def test_the_file_says_the_promise_to_people_and_to_us() -> None:
    text = written(SMALL).decode()
    assert "办件；单位：国土局；承诺时限：3个工作日" in text
    assert "承诺时限：待确认" in text
    assert f'xmlns:mt="{OURS}"' in text
    assert 'mt:edition="3"' in text


def test_another_engine_plays_the_file_in_the_order_of_its_needs() -> None:
    from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
    from SpiffWorkflow.util.task import TaskState

    parser = BpmnParser()
    playable = written(SMALL).replace(b'isExecutable="false"', b'isExecutable="true"')
    parser.add_bpmn_xml(etree.fromstring(playable))
    workflow = BpmnWorkflow(parser.get_spec("process"), parser.get_subprocess_specs("process"))
    nodes = {f"node.{node.key}" for _stage, node in SMALL.nodes()}
    order: list[str] = []
    for _ in range(20):
        workflow.do_engine_steps()
        for task in workflow.get_tasks(state=TaskState.READY | TaskState.STARTED):
            if task.task_spec.bpmn_id in nodes and task.task_spec.bpmn_id not in order:
                order.append(task.task_spec.bpmn_id)
                task.run()
                task.complete()  # what others do: the engine only waits for it
    assert workflow.completed
    assert sorted(order) == sorted(nodes)
    assert order.index("node.a") < order.index("node.b") < order.index("node.d")


HEAD = f"""<definitions xmlns="{MODEL}" targetNamespace="urn:elsewhere" id="d">"""


def foreign(inside: str, before: str = "") -> bytes:
    process = f'<process id="P" name="企业投资">{inside}</process>'
    return f"{HEAD}{before}{process}</definitions>".encode()


FLAT = """
<laneSet id="L"><lane id="L1" name="国土局"><flowNodeRef>T1</flowNodeRef></lane></laneSet>
<startEvent id="S"/><userTask id="T1" name="用地预审"/><exclusiveGateway id="G"/>
<userTask id="T2" name="环评"/><scriptTask id="X" name="算一算"/><task id="T3" name="许可"/>
<endEvent id="E"/>
<sequenceFlow id="f1" sourceRef="S" targetRef="T1"/>
<sequenceFlow id="f2" sourceRef="T1" targetRef="G"/>
<sequenceFlow id="f3" sourceRef="G" targetRef="T2">
<conditionExpression>x</conditionExpression></sequenceFlow>
<sequenceFlow id="f4" sourceRef="G" targetRef="X"/>
<sequenceFlow id="f5" sourceRef="X" targetRef="T3"/>
<sequenceFlow id="f6" sourceRef="T3" targetRef="nowhere"/>
<textAnnotation id="N"><text>注</text></textAnnotation>
<association id="A" sourceRef="T1" targetRef="N"/>
"""


def test_anothers_file_is_read_as_far_as_it_goes_and_the_rest_is_listed() -> None:
    found = read(foreign(FLAT))
    (stage,) = found.route.stages
    assert (found.name, stage.name) == ("企业投资", "企业投资")
    assert [(node.key, node.name, node.organisation) for node in stage.nodes] == [
        ("t1", "用地预审", "国土局"),
        ("t2", "环评", ""),
        ("t3", "许可", ""),
    ]
    assert [[need.node for need in node.needs] for node in stage.nodes] == [[], ["t1"], ["t1"]]
    assert {(one.element, one.id) for one in found.refused} == {
        ("exclusiveGateway", "G"),
        ("scriptTask", "X"),
        ("conditionExpression", "f3"),
        ("sequenceFlow", "f6"),
        ("textAnnotation", "N"),
        ("text", "N"),
        ("association", "A"),
    }
    assert all(one.why.endswith("。") for one in found.refused)


STAGED = """
<subProcess id="One" name="一"><documentation>说明</documentation>
<task id="A" name="甲"><documentation>写给人看</documentation><extensionElements/></task>
<subProcess id="Deep" name="套"/></subProcess>
<subProcess id="Two" name="二"><manualTask id="B" name="乙"/></subProcess>
<subProcess id="Three" name="三"><task id="C" name="丙"/></subProcess>
<task id="Loose" name="散"/>
<sequenceFlow id="f1" sourceRef="One" targetRef="Two"/>
<sequenceFlow id="f2" sourceRef="One" targetRef="Three"/>
"""


def test_sub_processes_become_stages_and_what_stages_cannot_say_is_listed() -> None:
    before = '<collaboration id="K"/>'
    found = read(foreign(STAGED, before))
    assert [(one.name, one.is_serial) for one in found.route.stages] == [
        ("一", True),
        ("二", True),
        ("三", True),
        ("散", False),
    ]
    assert {(one.element, one.id) for one in found.refused} == {
        ("collaboration", "K"),
        ("documentation", "One"),
        ("documentation", "A"),
        ("extensionElements", "A"),
        ("subProcess", "Deep"),
        ("subProcess", "Three"),  # waits for One only
        ("manualTask", "B"),  # of which kind?
        ("task", "Loose"),
    }


def test_a_circle_is_read_and_left_to_the_checks() -> None:
    ways = '<sequenceFlow id="f1" sourceRef="A" targetRef="B"/>'
    ways += '<sequenceFlow id="f2" sourceRef="B" targetRef="A"/>'
    found = read(foreign(f'<task id="A" name="甲"/><task id="B" name="乙"/>{ways}'))
    assert [[need.node for need in node.needs] for _s, node in found.route.nodes()] == [
        ["b"],
        ["a"],
    ]


BOMB = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"not xml", "不是完好的 XML"),
        (b"<definitions/>", "不是 BPMN 2.0 的流程定义"),
        (f"{HEAD}</definitions>".encode(), "没有流程"),
        (foreign(""), "没有可以读入的任务"),
        (foreign('<task id="A"/><task id="A"/>'), "id“A”用了不止一次"),
        ((BOMB + "<d>&b;</d>").encode(), "DTD"),
        (b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><d/>', "DTD"),
        (b" " * (MOST_BYTES + 1), "千字节"),
        (b"<a>" * 50, "套得过深"),
        (f"{HEAD}{'<a/>' * 10_001}</definitions>".encode(), "过多"),
        (foreign("".join(f'<task id="t{n}"/>' for n in range(61))), "60个环节"),
        ("<a/>".encode("utf-16") + b"\xff", "不是完好的 XML"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "不是完好的 XML"),
    ],
)
def test_what_is_no_bpmn_or_not_safe_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(BpmnUnreadable) as refused:
        read(data)
    assert sentence in refused.value.message


def test_a_single_node_needs_no_gateway() -> None:
    assert b"Gateway" not in written(chain(Node("a", "甲")))
