import django.db.models.deletion
import mingtang.base.ids
import mingtang.base.sealed
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("files", "0006_scan_state"),
        ("regions", "0002_places_reached"),
    ]

    operations = [
        migrations.CreateModel(
            name="Request",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=mingtang.base.ids.next_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("filed", "待确认收到"),
                            ("handling", "办理中"),
                            ("correcting", "待您补正"),
                            ("consulting", "征求意见中"),
                            ("awaiting_fee", "待您缴费"),
                            ("drafted", "待审批"),
                            ("decided", "已答复"),
                            ("delivered", "已送达"),
                            ("withdrawn", "已撤回"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("counter", "当面提交"),
                            ("registered", "挂号信、快递（签收）"),
                            ("letter", "平常信函"),
                            ("internet", "网上提交"),
                            ("fax", "传真"),
                            ("email", "电子邮件"),
                            ("phone", "口头提出，工作人员代写"),
                        ],
                        max_length=20,
                    ),
                ),
                ("next_due_date", models.DateField(null=True)),
                (
                    "applicant_kind",
                    models.CharField(
                        choices=[
                            ("natural", "自然人"),
                            ("business", "商业企业"),
                            ("research", "科研机构"),
                            ("charity", "社会公益组织"),
                            ("legal_service", "法律服务机构"),
                            ("other", "其他"),
                        ],
                        max_length=20,
                    ),
                ),
                ("applicant_name", models.CharField(max_length=120)),
                ("identity_number", mingtang.base.sealed.SealedField(default="")),
                ("identity_index", models.CharField(blank=True, default="", max_length=64)),
                ("phone", mingtang.base.sealed.SealedField(default="")),
                ("address", mingtang.base.sealed.SealedField(default="")),
                ("email", mingtang.base.sealed.SealedField(default="")),
                ("code_salt", models.BinaryField(max_length=16)),
                ("description", models.TextField()),
                ("purpose", models.TextField(blank=True, default="")),
                (
                    "wanted_form",
                    models.CharField(
                        choices=[
                            ("paper", "纸质"),
                            ("electronic", "电子数据"),
                            ("inspect", "当面查阅"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "wanted_way",
                    models.CharField(
                        choices=[
                            ("online", "网上查看"),
                            ("post", "邮寄"),
                            ("pick_up", "自行领取"),
                            ("email", "电子邮件"),
                        ],
                        max_length=20,
                    ),
                ),
                ("help_note", models.CharField(blank=True, default="", max_length=200)),
                ("salt", models.CharField(max_length=32)),
                ("commitment", models.CharField(max_length=64)),
                ("submitted_at", models.DateTimeField()),
                ("arrived_date", models.DateField()),
                ("registered_at", models.DateTimeField(null=True)),
                ("confirmed_date", models.DateField(null=True)),
                ("received_date", models.DateField(null=True)),
                ("received_at", models.DateTimeField(null=True)),
                ("counted_from_date", models.DateField(null=True)),
                ("correction_count", models.SmallIntegerField(default=0)),
                ("extended_at", models.DateTimeField(null=True)),
                ("lapse_proposed_at", models.DateTimeField(null=True)),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("a", "予以公开"),
                            ("b", "部分公开（区分处理的，只计这一情形）"),
                            ("c1", "属于国家秘密"),
                            ("c2", "其他法律行政法规禁止公开"),
                            ("c3", "危及“三安全一稳定”"),
                            ("c4", "保护第三方合法权益"),
                            ("c5", "属于三类内部事务信息"),
                            ("c6", "属于四类过程性信息"),
                            ("c7", "属于行政执法案卷"),
                            ("c8", "属于行政查询事项"),
                            ("d1", "本机关不掌握相关政府信息"),
                            ("d2", "没有现成信息需要另行制作"),
                            ("d3", "补正后申请内容仍不明确"),
                            ("e1", "信访举报投诉类申请"),
                            ("e2", "重复申请"),
                            ("e3", "要求提供公开出版物"),
                            ("e4", "无正当理由大量反复申请"),
                            ("e5", "要求行政机关确认或重新出具已获取信息"),
                            (
                                "f1",
                                "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
                            ),
                            (
                                "f2",
                                "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
                            ),
                            ("f3", "其他"),
                        ],
                        max_length=4,
                        null=True,
                    ),
                ),
                ("result_date", models.DateField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("end_reason", models.TextField(blank=True, default="")),
                ("moved_at", models.DateTimeField(null=True)),
                ("moved_reference", models.CharField(blank=True, default="", max_length=120)),
                ("transferred_at", models.DateTimeField(null=True)),
                (
                    "applicant_person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeated_by",
                        to="requests.request",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "extended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "moved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.organisation",
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "transferred_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "filed",
                                    "handling",
                                    "correcting",
                                    "consulting",
                                    "awaiting_fee",
                                    "drafted",
                                ],
                            )
                        ),
                        fields=["organisation", "next_due_date", "id"],
                        name="request_worklist",
                    ),
                    models.Index(
                        fields=["organisation", "submitted_at", "id"], name="request_register"
                    ),
                    models.Index(
                        condition=models.Q(("received_date__isnull", False)),
                        fields=["organisation", "received_date", "id"],
                        name="request_received",
                    ),
                    models.Index(fields=["applicant_person", "submitted_at"], name="request_mine"),
                    models.Index(
                        fields=["identity_index", "submitted_at"], name="request_identity"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "filed",
                                    "handling",
                                    "correcting",
                                    "consulting",
                                    "awaiting_fee",
                                    "drafted",
                                    "decided",
                                    "delivered",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="request_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "channel__in",
                                [
                                    "counter",
                                    "registered",
                                    "letter",
                                    "internet",
                                    "fax",
                                    "email",
                                    "phone",
                                ],
                            )
                        ),
                        name="request_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "applicant_kind__in",
                                [
                                    "natural",
                                    "business",
                                    "research",
                                    "charity",
                                    "legal_service",
                                    "other",
                                ],
                            )
                        ),
                        name="request_applicant_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "result__in",
                                [
                                    "a",
                                    "b",
                                    "c1",
                                    "c2",
                                    "c3",
                                    "c4",
                                    "c5",
                                    "c6",
                                    "c7",
                                    "c8",
                                    "d1",
                                    "d2",
                                    "d3",
                                    "e1",
                                    "e2",
                                    "e3",
                                    "e4",
                                    "e5",
                                    "f1",
                                    "f2",
                                    "f3",
                                ],
                            ),
                            ("result", None),
                            _connector="OR",
                        ),
                        name="request_result_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("registered_at", None), ("registered_by", None)),
                            models.Q(
                                ("registered_at__isnull", False), ("registered_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="request_registered_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("received_at", None), ("received_by", None)),
                            models.Q(
                                ("received_at__isnull", False), ("received_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="request_received_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("extended_at", None), ("extended_by", None)),
                            models.Q(
                                ("extended_at__isnull", False), ("extended_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="request_extended_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("moved_at", None), ("moved_by", None)),
                            models.Q(("moved_at__isnull", False), ("moved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="request_moved_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("transferred_at", None), ("transferred_by", None)),
                            models.Q(
                                ("transferred_at__isnull", False), ("transferred_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="request_transferred_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            ("state", "withdrawn"),
                            _connector="OR",
                        ),
                        name="request_ended_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("result", None), ("result_date", None)),
                            models.Q(("result__isnull", False), ("result_date__isnull", False)),
                            _connector="OR",
                        ),
                        name="request_result_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("counted_from_date", None),
                                ("received_at", None),
                                ("received_date", None),
                            ),
                            models.Q(
                                ("counted_from_date__isnull", False),
                                ("received_at__isnull", False),
                                ("received_date__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="request_receipt_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("result_date", None),
                            models.Q(
                                ("received_date__isnull", False),
                                ("result_date__gte", models.F("received_date")),
                            ),
                            _connector="OR",
                        ),
                        name="request_result_after_receipt",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "state__in",
                                    [
                                        "filed",
                                        "handling",
                                        "correcting",
                                        "consulting",
                                        "awaiting_fee",
                                        "drafted",
                                    ],
                                ),
                                ("result", None),
                            ),
                            models.Q(
                                ("state__in", ["decided", "delivered"]), ("result__isnull", False)
                            ),
                            models.Q(
                                ("state", "withdrawn"),
                                models.Q(
                                    models.Q(("received_date", None), ("result", None)),
                                    ("result", "f3"),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="request_result_by_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "filed"),
                            ("state", "withdrawn"),
                            ("received_date__isnull", False),
                            _connector="OR",
                        ),
                        name="request_received_in_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "filed",
                                    "handling",
                                    "correcting",
                                    "consulting",
                                    "awaiting_fee",
                                    "drafted",
                                ],
                            ),
                            ("ended_at__isnull", False),
                            _connector="OR",
                        ),
                        name="request_ended_in_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("earlier", models.F("id")), _negated=True),
                        name="request_not_its_earlier",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("description", ""), _negated=True),
                        name="request_says_what",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=mingtang.base.ids.next_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("agent", "代理人"),
                            ("third", "第三方"),
                            ("joint", "共同制作机关"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("phone", mingtang.base.sealed.SealedField(default="")),
                ("address", mingtang.base.sealed.SealedField(default="")),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parties",
                        to="requests.request",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["request", "id"], name="party_request")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["agent", "third", "joint"])),
                        name="party_role_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=mingtang.base.ids.next_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("is_lapse", models.BooleanField(default=False)),
                ("override", models.TextField(blank=True, default="")),
                ("drafted_at", models.DateTimeField(null=True)),
                ("returned_at", models.DateTimeField(null=True)),
                ("return_reason", models.TextField(blank=True, default="")),
                ("approved_at", models.DateTimeField(null=True)),
                ("delivered_date", models.DateField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                (
                    "delivered_way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("online", "网上查看"),
                            ("post", "邮寄"),
                            ("pick_up", "自行领取"),
                            ("email", "电子邮件"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "delivered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.document",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "returned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.document",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="requests.request",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("drafted_at", None), ("drafted_by", None)),
                            models.Q(("drafted_at__isnull", False), ("drafted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="decision_drafted_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("returned_at", None), ("returned_by", None)),
                            models.Q(
                                ("returned_at__isnull", False), ("returned_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="decision_returned_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at", None), ("approved_by", None)),
                            models.Q(
                                ("approved_at__isnull", False), ("approved_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="decision_approved_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivered_at", None), ("delivered_by", None)),
                            models.Q(
                                ("delivered_at__isnull", False), ("delivered_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="decision_delivered_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivered_at", None), ("delivered_date", None)),
                            models.Q(
                                ("delivered_at__isnull", False), ("delivered_date__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="decision_delivered_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("drafted_at", None), ("is_lapse", True)),
                            models.Q(("drafted_at__isnull", False), ("is_lapse", False)),
                            _connector="OR",
                        ),
                        name="decision_drafted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            ("drafted_by", None),
                            models.Q(("approved_by", models.F("drafted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="decision_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_at", None), ("returned_at", None), _connector="OR"
                        ),
                        name="decision_one_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_at", None), ("document__isnull", False), _connector="OR"
                        ),
                        name="decision_has_letter",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("returned_at", None)),
                        fields=("request",),
                        name="decision_one_standing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DecisionPart",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=mingtang.base.ids.next_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("place", models.SmallIntegerField()),
                ("scope", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("a", "予以公开"),
                            ("b", "部分公开（区分处理的，只计这一情形）"),
                            ("c1", "属于国家秘密"),
                            ("c2", "其他法律行政法规禁止公开"),
                            ("c3", "危及“三安全一稳定”"),
                            ("c4", "保护第三方合法权益"),
                            ("c5", "属于三类内部事务信息"),
                            ("c6", "属于四类过程性信息"),
                            ("c7", "属于行政执法案卷"),
                            ("c8", "属于行政查询事项"),
                            ("d1", "本机关不掌握相关政府信息"),
                            ("d2", "没有现成信息需要另行制作"),
                            ("d3", "补正后申请内容仍不明确"),
                            ("e1", "信访举报投诉类申请"),
                            ("e2", "重复申请"),
                            ("e3", "要求提供公开出版物"),
                            ("e4", "无正当理由大量反复申请"),
                            ("e5", "要求行政机关确认或重新出具已获取信息"),
                            (
                                "f1",
                                "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
                            ),
                            (
                                "f2",
                                "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
                            ),
                            ("f3", "其他"),
                        ],
                        max_length=4,
                    ),
                ),
                ("basis", models.CharField(blank=True, default="", max_length=200)),
                ("reason", models.TextField(blank=True, default="")),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="requests.decision",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "a",
                                    "c1",
                                    "c2",
                                    "c3",
                                    "c4",
                                    "c5",
                                    "c6",
                                    "c7",
                                    "c8",
                                    "d1",
                                    "d2",
                                    "d3",
                                    "e1",
                                    "e2",
                                    "e3",
                                    "e4",
                                    "e5",
                                    "f1",
                                    "f2",
                                    "f3",
                                ],
                            )
                        ),
                        name="decision_part_kind_known",
                    ),
                    models.UniqueConstraint(
                        fields=("decision", "place"), name="decision_part_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "a"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="decision_part_reasoned",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FeeNotice",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=mingtang.base.ids.next_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[("count", "按件计收"), ("volume", "按量计收")], max_length=10
                    ),
                ),
                ("quantity", models.PositiveIntegerField()),
                ("before_count", models.PositiveIntegerField(default=0)),
                ("amount_cents", models.BigIntegerField()),
                ("due_date", models.DateField()),
                ("charged_at", models.DateTimeField()),
                ("paid_date", models.DateField(null=True)),
                ("paid_at", models.DateTimeField(null=True)),
                (
                    "charged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.document",
                    ),
                ),
                (
                    "paid_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fee_notice",
                        to="requests.request",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("basis__in", ["count", "volume"])),
                        name="fee_notice_basis_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("charged_at", None), ("charged_by", None)),
                            models.Q(("charged_at__isnull", False), ("charged_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="fee_notice_charged_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("paid_at", None), ("paid_by", None)),
                            models.Q(("paid_at__isnull", False), ("paid_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="fee_notice_paid_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("paid_at", None), ("paid_date", None)),
                            models.Q(("paid_at__isnull", False), ("paid_date__isnull", False)),
                            _connector="OR",
                        ),
                        name="fee_notice_paid_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_cents__gt", 0)), name="fee_notice_amount"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("basis", "count"), ("before_count", 0), _connector="OR"
                        ),
                        name="fee_notice_one_basis",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Remedy",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=mingtang.base.ids.next_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("complaint", "投诉举报"),
                            ("reconsideration", "行政复议"),
                            ("suit_direct", "行政诉讼（未经复议直接起诉）"),
                            ("suit_after", "行政诉讼（复议后起诉）"),
                        ],
                        max_length=20,
                    ),
                ),
                ("body", models.CharField(max_length=120)),
                ("reference", models.CharField(blank=True, default="", max_length=120)),
                ("note", models.TextField(blank=True, default="")),
                ("raised_date", models.DateField()),
                ("registered_at", models.DateTimeField()),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("upheld", "结果维持"),
                            ("corrected", "结果纠正"),
                            ("other", "其他结果"),
                        ],
                        max_length=12,
                        null=True,
                    ),
                ),
                ("closed_date", models.DateField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("result_note", models.TextField(blank=True, default="")),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remedies",
                        to="requests.request",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["raised_date", "id"], name="remedy_raised")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["complaint", "reconsideration", "suit_direct", "suit_after"],
                            )
                        ),
                        name="remedy_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("result__in", ["upheld", "corrected", "other"]),
                            ("result", None),
                            _connector="OR",
                        ),
                        name="remedy_result_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("registered_at", None), ("registered_by", None)),
                            models.Q(
                                ("registered_at__isnull", False), ("registered_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="remedy_registered_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None)),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="remedy_closed_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_date", None), ("result", None)),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_date__isnull", False),
                                ("result__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="remedy_result_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_date", None),
                            ("closed_date__gte", models.F("raised_date")),
                            _connector="OR",
                        ),
                        name="remedy_closed_after_raised",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=mingtang.base.ids.next_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("is_delay", models.BooleanField(default=False)),
                ("days", models.PositiveSmallIntegerField()),
                ("reason", models.TextField()),
                ("old_due_date", models.DateField()),
                ("due_date", models.DateField()),
                ("approved_at", models.DateTimeField()),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.document",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="requests.request",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at", None), ("approved_by", None)),
                            models.Q(
                                ("approved_at__isnull", False), ("approved_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="request_extension_approved_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__gte", 1)), name="request_extension_days"
                    ),
                    models.UniqueConstraint(
                        fields=("request", "is_delay"), name="request_extended_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=mingtang.base.ids.next_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("wanted", models.TextField()),
                ("due_date", models.DateField()),
                ("is_late", models.BooleanField()),
                ("asked_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True, default="")),
                ("corrected_date", models.DateField(null=True)),
                ("corrected_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.document",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="requests.request",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["request", "id"], name="request_correction_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asked_at", None), ("asked_by", None)),
                            models.Q(("asked_at__isnull", False), ("asked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="request_correction_asked_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("corrected_at", None), ("corrected_date", None)),
                            models.Q(
                                ("corrected_at__isnull", False), ("corrected_date__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="request_correction_answered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reasons",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=mingtang.base.ids.next_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("wanted", models.TextField()),
                ("due_date", models.DateField()),
                ("asked_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True, default="")),
                ("given_at", models.DateTimeField(null=True)),
                ("is_reasonable", models.BooleanField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.document",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reasons",
                        to="requests.request",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["request", "id"], name="request_reasons_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asked_at", None), ("asked_by", None)),
                            models.Q(("asked_at__isnull", False), ("asked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="request_reasons_asked_paired",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=mingtang.base.ids.next_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.SmallIntegerField()),
                ("question", models.TextField()),
                ("days", models.SmallIntegerField()),
                ("sent_at", models.DateTimeField()),
                ("reached_date", models.DateField(null=True)),
                ("due_date", models.DateField(null=True)),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("agree", "同意公开"),
                            ("object", "不同意公开"),
                            ("silent", "逾期未答复"),
                        ],
                        max_length=10,
                        null=True,
                    ),
                ),
                ("answer_text", models.TextField(blank=True, default="")),
                ("answered_date", models.DateField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.document",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="requests.party",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultations",
                        to="requests.request",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at", None), ("sent_by", None)),
                            models.Q(("sent_at__isnull", False), ("sent_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="consultation_sent_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("answered_by", None)),
                            models.Q(
                                ("answered_at__isnull", False), ("answered_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="consultation_answered_paired",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due_date", None), ("reached_date", None)),
                            models.Q(("due_date__isnull", False), ("reached_date__isnull", False)),
                            _connector="OR",
                        ),
                        name="consultation_reached",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", None), ("answered_at", None), ("answered_date", None)
                            ),
                            models.Q(
                                ("answer__isnull", False),
                                ("answered_at__isnull", False),
                                ("answered_date__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="consultation_answered_whole",
                    ),
                    models.UniqueConstraint(
                        fields=("request", "number"), name="consultation_number"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Search",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=mingtang.base.ids.next_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("place", models.CharField(max_length=120)),
                ("words", models.CharField(max_length=200)),
                ("found", models.TextField()),
                ("searched_at", models.DateTimeField()),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="searches",
                        to="requests.request",
                    ),
                ),
                (
                    "searched_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["request", "id"], name="request_search_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("searched_at", None), ("searched_by", None)),
                            models.Q(
                                ("searched_at__isnull", False), ("searched_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="request_search_searched_paired",
                    )
                ],
            },
        ),
    ]
