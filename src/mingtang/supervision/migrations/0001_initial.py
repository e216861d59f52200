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
            name='ProfileChoice',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('profile', models.CharField(max_length=20)),
                ('since_date', models.DateField()),
                ('chosen_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('since_date',), name='profile_choice_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('profile', models.CharField(max_length=20)),
                ('code', models.CharField(max_length=40)),
                ('version', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=100)),
                ('trigger', models.CharField(max_length=30)),
                ('params', models.JSONField()),
                ('colour', models.CharField(choices=[('remind', '提醒'), ('yellow', '黄牌'), ('red', '红牌')], max_length=10)),
                ('type', models.CharField(choices=[('time', '时效'), ('process', '流程'), ('content', '内容'), ('fee', '裁量和收费'), ('risk', '风险防控'), ('other', '其他')], max_length=10)),
                ('subject_kind', models.CharField(max_length=20)),
                ('score', models.DecimalField(decimal_places=2, max_digits=5)),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(null=True)),
                ('is_on', models.BooleanField()),
                ('off_reason', models.CharField(blank=True, max_length=200)),
                ('added_at', models.DateTimeField()),
                ('region', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.region')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('region', None)), fields=('profile', 'code', 'version'), name='rule_version'), models.UniqueConstraint(condition=models.Q(('region__isnull', False)), fields=('profile', 'code', 'region', 'version'), name='rule_version_of_region'), models.CheckConstraint(condition=models.Q(('colour__in', ['remind', 'yellow', 'red'])), name='rule_colour_known'), models.CheckConstraint(condition=models.Q(('type__in', ['time', 'process', 'content', 'fee', 'risk', 'other'])), name='rule_type_known'), models.CheckConstraint(condition=models.Q(('score__gte', 0)), name='rule_score_not_negative'), models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='rule_dates_in_order'), models.CheckConstraint(condition=models.Q(('is_on', True), models.Q(('off_reason', ''), _negated=True), _connector='OR'), name='rule_off_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('stream', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('next_date', models.DateField(null=True)),
                ('is_running', models.BooleanField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('next_date__isnull', False)), fields=['next_date', 'stream'], name='watch_next')],
            },
        ),
        migrations.CreateModel(
            name='InspectionTask',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('source', models.CharField(choices=[('inspection', '督查件'), ('instruction', '领导批示'), ('complaint', '投诉举报'), ('other', '其他')], max_length=20)),
                ('title', models.CharField(max_length=100)),
                ('detail', models.TextField()),
                ('due_date', models.DateField()),
                ('assigned_at', models.DateTimeField()),
                ('reported_at', models.DateTimeField(null=True)),
                ('report', models.TextField(blank=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('conclusion', models.TextField(blank=True)),
                ('assigned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('reported_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['owner_unit', 'due_date', 'id'], name='task_by_unit')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('reported_at', None), ('reported_by', None)), models.Q(('reported_at__isnull', False), ('reported_by__isnull', False)), _connector='OR'), name='task_reported_paired'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='task_closed_paired'), models.CheckConstraint(condition=models.Q(('assigned_at__isnull', False), ('assigned_by__isnull', False)), name='task_assigned_paired'), models.CheckConstraint(condition=models.Q(('source__in', ['inspection', 'instruction', 'complaint', 'other'])), name='task_source_known'), models.CheckConstraint(condition=models.Q(('closed_at', None), ('reported_at__isnull', False), _connector='OR'), name='task_closed_after_report')],
            },
        ),
        migrations.CreateModel(
            name='Card',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('rule_code', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=80)),
                ('key', models.CharField(blank=True, max_length=100)),
                ('family', models.CharField(blank=True, max_length=100)),
                ('colour', models.CharField(choices=[('remind', '提醒'), ('yellow', '黄牌'), ('red', '红牌')], max_length=10)),
                ('score', models.DecimalField(decimal_places=2, max_digits=5)),
                ('raised_date', models.DateField()),
                ('raised_at', models.DateTimeField()),
                ('facts', models.JSONField()),
                ('state', models.CharField(choices=[('raised', '已发出'), ('notified', '已通知'), ('explained', '已说明'), ('appealed', '已申诉'), ('upheld', '维持'), ('cancelled', '已核销'), ('closed', '已了结'), ('superseded', '已被更高的牌取代')], max_length=12)),
                ('notified_at', models.DateTimeField(null=True)),
                ('explained_at', models.DateTimeField(null=True)),
                ('explanation', models.TextField(blank=True)),
                ('appealed_at', models.DateTimeField(null=True)),
                ('appeal', models.TextField(blank=True)),
                ('upheld_at', models.DateTimeField(null=True)),
                ('finding', models.TextField(blank=True)),
                ('proposed_at', models.DateTimeField(null=True)),
                ('cancel_reason', models.CharField(blank=True, max_length=20)),
                ('cancel_note', models.TextField(blank=True)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('superseded_at', models.DateTimeField(null=True)),
                ('appealed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cancelled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('explained_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('superseded_by_card', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supervision.card')),
                ('upheld_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supervision.rule')),
            ],
            options={
                'indexes': [models.Index(fields=['raised_date', 'id'], name='card_by_day'), models.Index(fields=['organisation', 'raised_date', 'id'], name='card_by_unit'), models.Index(fields=['subject', 'family'], name='card_by_subject')],
                'constraints': [models.UniqueConstraint(fields=('subject', 'key', 'rule_code'), name='card_once'), models.CheckConstraint(condition=models.Q(('colour__in', ['remind', 'yellow', 'red'])), name='card_colour_known'), models.CheckConstraint(condition=models.Q(('state__in', ['raised', 'notified', 'explained', 'appealed', 'upheld', 'cancelled', 'closed', 'superseded'])), name='card_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('explained_at', None), ('explained_by', None)), models.Q(('explained_at__isnull', False), ('explained_by__isnull', False)), _connector='OR'), name='card_explained_paired'), models.CheckConstraint(condition=models.Q(models.Q(('appealed_at', None), ('appealed_by', None)), models.Q(('appealed_at__isnull', False), ('appealed_by__isnull', False)), _connector='OR'), name='card_appealed_paired'), models.CheckConstraint(condition=models.Q(models.Q(('upheld_at', None), ('upheld_by', None)), models.Q(('upheld_at__isnull', False), ('upheld_by__isnull', False)), _connector='OR'), name='card_upheld_paired'), models.CheckConstraint(condition=models.Q(models.Q(('proposed_at', None), ('proposed_by', None)), models.Q(('proposed_at__isnull', False), ('proposed_by__isnull', False)), _connector='OR'), name='card_proposed_paired'), models.CheckConstraint(condition=models.Q(models.Q(('cancelled_at', None), ('cancelled_by', None)), models.Q(('cancelled_at__isnull', False), ('cancelled_by__isnull', False)), _connector='OR'), name='card_cancelled_paired'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='card_closed_paired'), models.CheckConstraint(condition=models.Q(models.Q(('superseded_at', None), ('superseded_by_card', None)), models.Q(('superseded_at__isnull', False), ('superseded_by_card__isnull', False)), _connector='OR'), name='card_superseded_paired'), models.CheckConstraint(condition=models.Q(models.Q(('cancel_reason', ''), ('proposed_at', None)), models.Q(('cancel_reason__in', ['calendar', 'force_majeure', 'outage', 'applicant', 'data']), ('proposed_at__isnull', False)), _connector='OR'), name='card_cancel_has_reason'), models.CheckConstraint(condition=models.Q(('cancelled_by', None), models.Q(('proposed_by__isnull', False), models.Q(('cancelled_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='card_cancelled_by_two'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'raised'), _negated=True), ('raised_at__isnull', False), _connector='OR'), name='card_raised_dated'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'notified'), _negated=True), ('notified_at__isnull', False), _connector='OR'), name='card_notified_dated'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'explained'), _negated=True), ('explained_at__isnull', False), _connector='OR'), name='card_explained_dated'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'appealed'), _negated=True), ('appealed_at__isnull', False), _connector='OR'), name='card_appealed_dated'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'upheld'), _negated=True), ('upheld_at__isnull', False), _connector='OR'), name='card_upheld_dated'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'cancelled'), _negated=True), ('cancelled_at__isnull', False), _connector='OR'), name='card_cancelled_dated'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at__isnull', False), _connector='OR'), name='card_closed_dated'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'superseded'), _negated=True), ('superseded_at__isnull', False), _connector='OR'), name='card_superseded_dated')],
            },
        ),
        migrations.CreateModel(
            name='Directive',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=20, unique=True)),
                ('detail', models.TextField()),
                ('suggestion', models.TextField(blank=True)),
                ('due_date', models.DateField()),
                ('ordered_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='directives', to='supervision.card')),
                ('ordered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ordered_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ordered_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('ordering_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('answered_by', None)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='directive_answered_paired'), models.CheckConstraint(condition=models.Q(('ordered_at__isnull', False), ('ordered_by__isnull', False)), name='directive_ordered_paired'), models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('card',), name='directive_open_once')],
            },
        ),
    ]
