"""The whole life of a case: new columns and tables; old constraints go, new ones come at the end."""

import django.db.models.deletion
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
            ],
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
            ],
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
            ],
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
            ],
        ),
        migrations.CreateModel(
            name='HandOverSlip',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('originals', models.JSONField()),
                ('due_date', models.DateField()),
                ('sent_at', models.DateTimeField()),
                ('received_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Original',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('count', models.PositiveSmallIntegerField(default=1)),
                ('taken_at', models.DateTimeField()),
                ('returned_at', models.DateTimeField(null=True)),
            ],
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
            ],
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
            ],
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
        migrations.AddField(
            model_name='cashierday',
            name='cashier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='charge',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='charges', to='cases.case'),
        ),
        migrations.AddField(
            model_name='charge',
            name='charged_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='charge',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.document'),
        ),
        migrations.AddField(
            model_name='charge',
            name='paid_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='charge',
            name='refunded_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='charge',
            name='waived_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='charge',
            name='waiver_asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='correction',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='correction',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='cases.case'),
        ),
        migrations.AddField(
            model_name='correction',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.document'),
        ),
        migrations.AddField(
            model_name='correction',
            name='submission',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.submission'),
        ),
        migrations.AddField(
            model_name='deferredmaterial',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deferred', to='cases.case'),
        ),
        migrations.AddField(
            model_name='handoverslip',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='slips', to='cases.case'),
        ),
        migrations.AddField(
            model_name='handoverslip',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.document'),
        ),
        migrations.AddField(
            model_name='handoverslip',
            name='received_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handoverslip',
            name='receiver',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation'),
        ),
        migrations.AddField(
            model_name='handoverslip',
            name='sender',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation'),
        ),
        migrations.AddField(
            model_name='handoverslip',
            name='sent_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='original',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='originals', to='cases.case'),
        ),
        migrations.AddField(
            model_name='original',
            name='place',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation'),
        ),
        migrations.AddField(
            model_name='original',
            name='returned_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='original',
            name='taken_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='pause',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pauses', to='cases.case'),
        ),
        migrations.AddField(
            model_name='pause',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.document'),
        ),
        migrations.AddField(
            model_name='pause',
            name='paused_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='pause',
            name='resumed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='request',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='request',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='request',
            name='asked_for',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='request',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='cases.case'),
        ),
    ]
