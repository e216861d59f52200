import django.db.models.deletion
import mingtang.base.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('regions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Scheme',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40)),
                ('version', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=80)),
                ('cycle', models.CharField(choices=[('month', '每月'), ('quarter', '每季'), ('year', '每年')], max_length=10)),
                ('target_kind', models.CharField(choices=[('window', '窗口'), ('sub_centre', '分中心'), ('person', '人员'), ('department', '部门'), ('township', '乡镇（街道）'), ('agent', '代办员')], max_length=12)),
                ('content', models.JSONField()),
                ('written_at', models.DateTimeField()),
                ('written_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='scheme_version_once'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='scheme_version_from_one'), models.CheckConstraint(condition=models.Q(models.Q(('code', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='scheme_named'), models.CheckConstraint(condition=models.Q(('cycle__in', ['month', 'quarter', 'year'])), name='scheme_cycle_known'), models.CheckConstraint(condition=models.Q(('target_kind__in', ['window', 'sub_centre', 'person', 'department', 'township', 'agent'])), name='scheme_target_known'), models.CheckConstraint(condition=models.Q(('written_by', None), ('written_at__isnull', False), _connector='OR'), name='scheme_written_paired')],
            },
        ),
        migrations.CreateModel(
            name='Observation',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('absence', '缺勤（半天）'), ('lateness', '迟到、早退'), ('left_post', '离岗未报去向'), ('leave_uncovered', '请假无人顶岗（AB岗）'), ('patrol_conduct', '巡查发现：工作作风'), ('patrol_quality', '巡查发现：办件质量'), ('patrol_efficiency', '巡查发现：办事效率'), ('duty_missed', '值班、导办缺岗'), ('duty_done', '值班、导办到岗'), ('training_missed', '培训缺席'), ('training_done', '参加培训'), ('off_system', '疑似体外循环（有证照无办件）'), ('backdated_entry', '事后补录'), ('praise', '表扬、锦旗')], max_length=20)),
                ('seen_date', models.DateField()),
                ('seen_time', models.TimeField(null=True)),
                ('place', models.CharField(blank=True, max_length=60)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('entered_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('confirmed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entered_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('window', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.window')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('confirmed_at', None)), fields=['seen_date', 'id'], name='observation_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['absence', 'lateness', 'left_post', 'leave_uncovered', 'patrol_conduct', 'patrol_quality', 'patrol_efficiency', 'duty_missed', 'duty_done', 'training_missed', 'training_done', 'off_system', 'backdated_entry', 'praise'])), name='observation_kind_known'), models.CheckConstraint(condition=models.Q(('entered_at__isnull', False), ('entered_by__isnull', False)), name='observation_entered_paired'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='observation_confirmed_paired'), models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('entered_by')), _negated=True), _connector='OR'), name='observation_confirmed_by_another'), models.CheckConstraint(condition=models.Q(('person__isnull', False), ('window__isnull', False), ('organisation__isnull', False), _connector='OR'), name='observation_about_somebody')],
            },
        ),
        migrations.CreateModel(
            name='PeriodSheet',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40)),
                ('period', models.CharField(max_length=7)),
                ('target_kind', models.CharField(choices=[('window', '窗口'), ('sub_centre', '分中心'), ('person', '人员'), ('department', '部门'), ('township', '乡镇（街道）'), ('agent', '代办员')], max_length=12)),
                ('target_id', models.BigIntegerField()),
                ('target_label', models.CharField(max_length=120)),
                ('organisation_id', models.BigIntegerField(null=True)),
                ('state', models.CharField(choices=[('draft', '草稿'), ('published', '公示中'), ('locked', '已锁定')], default='draft', max_length=10)),
                ('total', models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                ('head_total', models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                ('volume', models.PositiveIntegerField(default=0)),
                ('is_vetoed', models.BooleanField(default=False)),
                ('opened_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(null=True)),
                ('objections_due_date', models.DateField(null=True)),
                ('locked_at', models.DateTimeField(null=True)),
                ('locked_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='assessment.scheme')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation_id', 'period'], name='sheet_of_unit')],
                'constraints': [models.UniqueConstraint(fields=('code', 'period', 'target_id'), name='sheet_once'), models.CheckConstraint(condition=models.Q(('opened_at__isnull', False), ('opened_by__isnull', False)), name='sheet_opened_paired'), models.CheckConstraint(condition=models.Q(models.Q(('objections_due_date', None), ('published_at', None), ('published_by', None)), models.Q(('objections_due_date__isnull', False), ('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='sheet_published_paired'), models.CheckConstraint(condition=models.Q(models.Q(('locked_at', None), ('locked_by', None)), models.Q(('locked_at__isnull', False), ('locked_by__isnull', False)), _connector='OR'), name='sheet_locked_paired'), models.CheckConstraint(condition=models.Q(models.Q(('locked_at', None), ('published_at', None), ('state', 'draft')), models.Q(('state', 'published'), ('locked_at', None), ('published_at__isnull', False)), models.Q(('state', 'locked'), ('locked_at__isnull', False), ('published_at__isnull', False)), _connector='OR'), name='sheet_state_of_dates'), models.CheckConstraint(condition=models.Q(('target_kind__in', ['window', 'sub_centre', 'person', 'department', 'township', 'agent'])), name='sheet_target_known'), models.CheckConstraint(condition=models.Q(models.Q(('head_total', None), ('total', None)), models.Q(('head_total__isnull', False), ('total__isnull', False)), _connector='OR'), name='sheet_totals_together')],
            },
        ),
        migrations.CreateModel(
            name='SchemeSwitch',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=40)),
                ('switched_at', models.DateTimeField()),
                ('scheme', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessment.scheme')),
                ('switched_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['code', 'id'], name='scheme_switch_code')],
                'constraints': [models.CheckConstraint(condition=models.Q(('switched_at__isnull', False), ('switched_by__isnull', False)), name='scheme_switched_paired')],
            },
        ),
        migrations.CreateModel(
            name='Score',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=40)),
                ('position', models.PositiveSmallIntegerField()),
                ('value', models.DecimalField(decimal_places=2, max_digits=14)),
                ('of', models.PositiveIntegerField(null=True)),
                ('weight', models.DecimalField(decimal_places=2, max_digits=8)),
                ('points', models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                ('evidence', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='assessment.periodsheet')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('sheet', 'key'), name='score_once'), models.CheckConstraint(condition=models.Q(('weight__gte', 0)), name='score_weight_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(blank=True, max_length=40)),
                ('text', models.CharField(max_length=1000)),
                ('objected_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, max_length=1000)),
                ('is_upheld', models.BooleanField(null=True)),
                ('answered_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('objected_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='assessment.periodsheet')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('objected_at__isnull', False), ('objected_by__isnull', False)), name='objection_objected_paired'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('answered_by', None), ('is_upheld', None)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), ('is_upheld__isnull', False)), _connector='OR'), name='objection_answered_paired'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None)), models.Q(('answered_at__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='objection_answer_given'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='objection_text_given')],
            },
        ),
        migrations.CreateModel(
            name='ManualEntry',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=40)),
                ('points', models.DecimalField(decimal_places=2, max_digits=6)),
                ('reason', models.CharField(max_length=300)),
                ('evidence', models.CharField(max_length=300)),
                ('entered_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('confirmed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entered_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='assessment.periodsheet')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('entered_at__isnull', False), ('entered_by__isnull', False)), name='entry_entered_paired'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='entry_confirmed_paired'), models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('entered_by')), _negated=True), _connector='OR'), name='entry_confirmed_by_another'), models.CheckConstraint(condition=models.Q(('points', 0), _negated=True), name='entry_points_not_nought'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('evidence', ''), _negated=True)), name='entry_reason_and_evidence')],
            },
        ),
    ]
