"""The whole life of a case: new columns and tables; old constraints go, new ones come at the end."""

import django.db.models.deletion
import django.db.models.expressions
import mingtang.base.ids
import mingtang.base.sealed
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_delivery_note_and_examined_for'),
        ('catalogue', '0007_renewal_and_extension'),
        ('files', '0002_documents'),
        ('regions', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CashierDay',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('date', models.DateField()),
                ('organisation_id', models.BigIntegerField()),
                ('paid_cents', models.BigIntegerField()),
                ('refunded_cents', models.BigIntegerField()),
                ('counted_cents', models.BigIntegerField()),
                ('payment_count', models.PositiveIntegerField()),
                ('note', models.TextField(blank=True, default='')),
                ('closed_at', models.DateTimeField()),
                ('cashier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('date', 'cashier'), name='cashier_day_once'), models.CheckConstraint(condition=models.Q(('counted_cents', django.db.models.expressions.CombinedExpression(models.F('paid_cents'), '-', models.F('refunded_cents'))), models.Q(('note', ''), _negated=True), _connector='OR'), name='cashier_difference_explained')],
            },
        ),
        migrations.CreateModel(
            name='Charge',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('lines', models.JSONField()),
                ('cents', models.PositiveBigIntegerField()),
                ('blocks_issue', models.BooleanField(default=True)),
                ('state', models.CharField(choices=[('due', '待缴'), ('waiver_asked', '减免待批'), ('waived', '已减免'), ('paid', '已缴'), ('refunded', '已退')], max_length=16)),
                ('charged_at', models.DateTimeField()),
                ('waiver_asked_at', models.DateTimeField(null=True)),
                ('waiver_cents', models.PositiveBigIntegerField(default=0)),
                ('waiver_reason', models.TextField(blank=True, default='')),
                ('waived_at', models.DateTimeField(null=True)),
                ('paid_at', models.DateTimeField(null=True)),
                ('paid_cents', models.PositiveBigIntegerField(default=0)),
                ('provider', models.CharField(blank=True, default='', max_length=40)),
                ('reference', models.CharField(blank=True, default='', max_length=80)),
                ('receipt_number', models.CharField(blank=True, default='', max_length=60)),
                ('refunded_at', models.DateTimeField(null=True)),
                ('refunded_cents', models.PositiveBigIntegerField(default=0)),
                ('refund_reason', models.TextField(blank=True, default='')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='charges', to='cases.case')),
                ('charged_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.document')),
                ('paid_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('refunded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('waived_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('waiver_asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['paid_by', 'paid_at'], name='charge_cashier'), models.Index(fields=['refunded_by', 'refunded_at'], name='charge_refunds')],
                'constraints': [models.CheckConstraint(condition=models.Q(('charged_at__isnull', False), ('charged_by__isnull', False)), name='charge_charged_paired'), models.CheckConstraint(condition=models.Q(models.Q(('waiver_asked_at', None), ('waiver_asked_by', None)), models.Q(('waiver_asked_at__isnull', False), ('waiver_asked_by__isnull', False)), _connector='OR'), name='charge_waiver_asked_paired'), models.CheckConstraint(condition=models.Q(models.Q(('waived_at', None), ('waived_by', None)), models.Q(('waived_at__isnull', False), ('waived_by__isnull', False)), _connector='OR'), name='charge_waived_paired'), models.CheckConstraint(condition=models.Q(models.Q(('paid_at', None), ('paid_by', None)), models.Q(('paid_at__isnull', False), ('paid_by__isnull', False)), _connector='OR'), name='charge_paid_paired'), models.CheckConstraint(condition=models.Q(models.Q(('refunded_at', None), ('refunded_by', None)), models.Q(('refunded_at__isnull', False), ('refunded_by__isnull', False)), _connector='OR'), name='charge_refunded_paired'), models.CheckConstraint(condition=models.Q(('state__in', ['due', 'waiver_asked', 'waived', 'paid', 'refunded'])), name='charge_state_known'), models.CheckConstraint(condition=models.Q(('waived_by', None), models.Q(('waived_by', models.F('waiver_asked_by')), _negated=True), _connector='OR'), name='charge_waived_by_another'), models.CheckConstraint(condition=models.Q(('waiver_cents__lte', models.F('cents'))), name='charge_waiver_within'), models.CheckConstraint(condition=models.Q(models.Q(('paid_at', None), ('paid_cents', 0), ('receipt_number', '')), models.Q(('paid_at__isnull', False), models.Q(('receipt_number', ''), _negated=True)), _connector='OR'), name='charge_payment_has_receipt'), models.CheckConstraint(condition=models.Q(('refunded_cents__lte', models.F('paid_cents'))), name='charge_refund_within'), models.UniqueConstraint(condition=models.Q(('receipt_number', ''), _negated=True), fields=('receipt_number',), name='charge_receipt_once')],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('round', models.SmallIntegerField()),
                ('missing', models.JSONField(default=list)),
                ('note', models.TextField(blank=True, default='')),
                ('asked_at', models.DateTimeField()),
                ('override_reason', models.TextField(blank=True, default='')),
                ('is_after_acceptance', models.BooleanField(default=False)),
                ('supplied_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='cases.case')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.document')),
                ('submission', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.submission')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'round'), name='correction_round'), models.CheckConstraint(condition=models.Q(('asked_at__isnull', False), ('asked_by__isnull', False)), name='correction_asked_paired'), models.CheckConstraint(condition=models.Q(models.Q(('is_after_acceptance', False), ('round', 1)), models.Q(('override_reason', ''), _negated=True), _connector='OR'), name='correction_override_reasoned')],
            },
        ),
        migrations.CreateModel(
            name='DeferredMaterial',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('material_id', models.CharField(max_length=12)),
                ('name', models.CharField(max_length=200)),
                ('promise', models.CharField(max_length=300)),
                ('due_date', models.DateField()),
                ('supplied_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deferred', to='cases.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'material_id'), name='deferred_once'), models.CheckConstraint(condition=models.Q(('promise', ''), _negated=True), name='deferred_promised')],
            },
        ),
        migrations.CreateModel(
            name='HandOverSlip',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('originals', models.JSONField()),
                ('due_date', models.DateField()),
                ('sent_at', models.DateTimeField()),
                ('received_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slips', to='cases.case')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.document')),
                ('received_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('sender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('received_at', None)), fields=['receiver', 'due_date', 'id'], name='slip_awaited'), models.Index(condition=models.Q(('received_at', None)), fields=['sender', 'due_date', 'id'], name='slip_on_the_way')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sent_at__isnull', False), ('sent_by__isnull', False)), name='slip_sent_paired'), models.CheckConstraint(condition=models.Q(models.Q(('received_at', None), ('received_by', None)), models.Q(('received_at__isnull', False), ('received_by__isnull', False)), _connector='OR'), name='slip_received_paired'), models.CheckConstraint(condition=models.Q(('sender', models.F('receiver')), _negated=True), name='slip_between_two_units'), models.CheckConstraint(condition=models.Q(('received_by', None), models.Q(('received_by', models.F('sent_by')), _negated=True), _connector='OR'), name='slip_signed_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Original',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('count', models.PositiveSmallIntegerField(default=1)),
                ('taken_at', models.DateTimeField()),
                ('returned_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='originals', to='cases.case')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('returned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('returned_at', None)), fields=['place', 'id'], name='original_place')],
                'constraints': [models.CheckConstraint(condition=models.Q(('taken_at__isnull', False), ('taken_by__isnull', False)), name='original_taken_paired'), models.CheckConstraint(condition=models.Q(models.Q(('returned_at', None), ('returned_by', None)), models.Q(('returned_at__isnull', False), ('returned_by__isnull', False)), _connector='OR'), name='original_returned_paired'), models.CheckConstraint(condition=models.Q(('count__gte', 1)), name='original_at_least_one')],
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(choices=[('hearing', '听证'), ('tender', '招标'), ('auction', '拍卖'), ('inspection', '检验'), ('testing', '检测'), ('quarantine', '检疫'), ('appraisal', '鉴定'), ('expert_review', '专家评审')], max_length=20)),
                ('note', models.TextField()),
                ('expected_days', models.PositiveSmallIntegerField()),
                ('paused_at', models.DateTimeField()),
                ('resumed_at', models.DateTimeField(null=True)),
                ('result', models.TextField(blank=True, default='')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pauses', to='cases.case')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.document')),
                ('paused_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resumed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('resumed_at', None)), fields=('case',), name='pause_open_once'), models.CheckConstraint(condition=models.Q(('paused_at__isnull', False), ('paused_by__isnull', False)), name='pause_paused_paired'), models.CheckConstraint(condition=models.Q(models.Q(('result', ''), ('resumed_at', None)), models.Q(('resumed_at__isnull', False), models.Q(('result', ''), _negated=True)), _connector='OR'), name='pause_has_result'), models.CheckConstraint(condition=models.Q(('resumed_by', None), ('resumed_at__isnull', False), _connector='OR'), name='pause_resumed_paired'), models.CheckConstraint(condition=models.Q(('reason__in', ['hearing', 'tender', 'auction', 'inspection', 'testing', 'quarantine', 'appraisal', 'expert_review'])), name='pause_reason_known')],
            },
        ),
        migrations.CreateModel(
            name='Request',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('pause', '特别程序'), ('extension', '延期')], max_length=12)),
                ('reason', models.CharField(blank=True, default='', max_length=20)),
                ('note', models.TextField()),
                ('days', models.PositiveSmallIntegerField()),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('is_approved', models.BooleanField(null=True)),
                ('answer', models.TextField(blank=True, default='')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_for', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='cases.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_approved', None)), fields=('case', 'kind'), name='request_open_once'), models.CheckConstraint(condition=models.Q(('asked_at__isnull', False), ('asked_by__isnull', False)), name='request_asked_paired'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('is_approved', None)), models.Q(('answered_at__isnull', False), ('is_approved__isnull', False)), _connector='OR'), name='request_answer_whole'), models.CheckConstraint(condition=models.Q(('answered_by', None), models.Q(('answered_by', models.F('asked_by')), _negated=True), _connector='OR'), name='request_answered_by_another'), models.CheckConstraint(condition=models.Q(('kind__in', ['pause', 'extension'])), name='request_kind_known')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_received_paired',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_accepted_paired',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_decided_paired',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_received_at_by_state',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_accepted_at_by_state',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_decided_at_by_state',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_is_granted_by_state',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_delivered_at_by_state',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_state_known',
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_refusal_reasoned',
        ),
        migrations.RemoveConstraint(
            model_name='step',
            name='step_key',
        ),
        migrations.RemoveConstraint(
            model_name='step',
            name='step_status_and_dates',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_worklist',
        ),
        migrations.RemoveIndex(
            model_name='step',
            name='step_worklist',
        ),
        migrations.AddField(
            model_name='case',
            name='archived_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='archived_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='case',
            name='complete_date',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='correction_count',
            field=models.SmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='case',
            name='decided_under',
            field=models.CharField(blank=True, default='', max_length=60),
        ),
        migrations.AddField(
            model_name='case',
            name='end_reason',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='case',
            name='ended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='case',
            name='ended_from',
            field=models.CharField(blank=True, default='', max_length=20),
        ),
        migrations.AddField(
            model_name='case',
            name='extended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='extended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='case',
            name='intake_organisation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation'),
        ),
        migrations.AddField(
            model_name='case',
            name='is_decided_alone',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='case',
            name='is_deemed_accepted',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='case',
            name='is_mandate_seen',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='issued_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='issued_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='case',
            name='licence_expires_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='licence_number',
            field=models.CharField(blank=True, default='', max_length=100),
        ),
        migrations.AddField(
            model_name='case',
            name='outcome',
            field=models.CharField(choices=[('granted', '准予'), ('granted_partly', '部分准予'), ('refused', '不予'), ('deemed_granted', '视为准予延续')], max_length=20, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='proxy_identity',
            field=mingtang.base.sealed.SealedField(default=''),
        ),
        migrations.AddField(
            model_name='case',
            name='proxy_name',
            field=models.CharField(blank=True, default='', max_length=60),
        ),
        migrations.AddField(
            model_name='case',
            name='proxy_phone',
            field=mingtang.base.sealed.SealedField(default=''),
        ),
        migrations.AddField(
            model_name='case',
            name='renews_number',
            field=models.CharField(blank=True, default='', max_length=100),
        ),
        migrations.AddField(
            model_name='case',
            name='renews_until_date',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='variant',
            field=models.CharField(blank=True, default='', max_length=10),
        ),
        migrations.AddField(
            model_name='case',
            name='wanted_way',
            field=models.CharField(blank=True, choices=[('window', '窗口领取'), ('post', '邮寄'), ('proxy', '代理人领取')], default='', max_length=10),
        ),
        migrations.AddField(
            model_name='step',
            name='assigned_to',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='step',
            name='attempt',
            field=models.SmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='step',
            name='companion',
            field=models.CharField(blank=True, default='', max_length=60),
        ),
        migrations.AddField(
            model_name='step',
            name='finding',
            field=models.CharField(blank=True, default='', max_length=10),
        ),
        migrations.AddField(
            model_name='step',
            name='kind',
            field=models.CharField(default='review', max_length=20),
        ),
        migrations.AddField(
            model_name='step',
            name='limit_days',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='step',
            name='needs',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='step',
            name='note',
            field=models.CharField(blank=True, default='', max_length=300),
        ),
        migrations.AddField(
            model_name='step',
            name='stage',
            field=models.SmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name='case',
            name='applicant_kind',
            field=models.CharField(choices=[('natural', '个人'), ('legal', '企业或其他单位')], max_length=10),
        ),
        migrations.AlterField(
            model_name='case',
            name='channel',
            field=models.CharField(choices=[('online', '网上申报'), ('counter', '窗口收件'), ('township', '乡镇便民服务中心代收'), ('village', '村便民服务点代收')], max_length=20),
        ),
        migrations.AlterField(
            model_name='case',
            name='delivered_way',
            field=models.CharField(blank=True, choices=[('window', '窗口领取'), ('post', '邮寄'), ('proxy', '代理人领取')], default='', max_length=10),
        ),
        migrations.AlterField(
            model_name='case',
            name='identity_index',
            field=models.CharField(max_length=64),
        ),
        migrations.AlterField(
            model_name='case',
            name='state',
            field=models.CharField(choices=[('submitted', '已提交'), ('received', '已收件'), ('correcting', '待补正'), ('accepted', '已受理'), ('reviewing', '审查中'), ('paused', '特别程序中'), ('granted', '准予，待送达'), ('refused', '不予，待送达'), ('deemed_granted', '视为准予延续，待送达'), ('delivered', '已送达'), ('archived', '已归档'), ('not_required', '依法不需要办理'), ('declined', '不予受理'), ('returned', '已退件'), ('withdrawn', '已撤回'), ('terminated', '已终止审查')], max_length=20),
        ),
        migrations.AlterField(
            model_name='step',
            name='status',
            field=models.CharField(choices=[('not_ready', '未开始'), ('ready', '待办理'), ('claimed', '办理中'), ('done', '已完成'), ('skipped', '未进行'), ('returned', '已退回'), ('cancelled', '已取消')], max_length=10),
        ),
    ]
