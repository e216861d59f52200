"""Clean-up campaigns, power lists and printed copies."""

import django.db.models.deletion
import mingtang.base.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0007_renewal_and_extension'),
        ('files', '0006_scan_state'),
        ('regions', '0002_places_reached'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=120)),
                ('scope_kind', models.CharField(choices=[('permit', '行政许可'), ('penalty', '行政处罚'), ('coercion', '行政强制'), ('levy', '行政征收'), ('benefit', '行政给付'), ('inspection', '行政检查'), ('confirmation', '行政确认'), ('reward', '行政奖励'), ('adjudication', '行政裁决'), ('other_power', '其他行政权力'), ('non_permit_approval', '非行政许可审批'), ('routine_service', '日常管理服务事项'), ('public_service', '公共服务')], max_length=20)),
                ('document_number', models.CharField(blank=True, max_length=60)),
                ('basis', models.TextField(blank=True)),
                ('source', models.CharField(blank=True, max_length=300)),
                ('is_reconstructed', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('reporting', '部门自查上报'), ('deciding', '逐项决定'), ('frozen', '已定稿，待公布'), ('announced', '已公布')], max_length=12)),
                ('report_due_date', models.DateField()),
                ('started_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('inventory_count', models.PositiveIntegerField(null=True)),
                ('author_ids', models.JSONField(default=list)),
                ('frozen_at', models.DateTimeField(null=True)),
                ('content_hash', models.CharField(blank=True, max_length=64)),
                ('announced_at', models.DateTimeField(null=True)),
                ('is_converted_inside', models.BooleanField(null=True)),
                ('announced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('beside', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.campaign')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('frozen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('notice', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.document')),
                ('result', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.document')),
                ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['started_at', 'id'], name='campaign_listed')],
                'constraints': [models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='campaign_title_given'), models.CheckConstraint(condition=models.Q(('scope_kind__in', ['permit', 'penalty', 'coercion', 'levy', 'benefit', 'inspection', 'confirmation', 'reward', 'adjudication', 'other_power', 'non_permit_approval', 'routine_service', 'public_service'])), name='campaign_scope_kind'), models.CheckConstraint(condition=models.Q(('state__in', ['reporting', 'deciding', 'frozen', 'announced'])), name='campaign_state'), models.CheckConstraint(condition=models.Q(('is_reconstructed', False), models.Q(('source', ''), _negated=True), _connector='OR'), name='campaign_names_source'), models.CheckConstraint(condition=models.Q(('is_converted_inside', None), ('beside__isnull', False), _connector='OR'), name='campaign_inside_of_one'), models.CheckConstraint(condition=models.Q(('started_at__isnull', False), ('started_by__isnull', False)), name='campaign_started_paired'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='campaign_closed_paired'), models.CheckConstraint(condition=models.Q(models.Q(('frozen_at', None), ('frozen_by', None)), models.Q(('frozen_at__isnull', False), ('frozen_by__isnull', False)), _connector='OR'), name='campaign_frozen_paired'), models.CheckConstraint(condition=models.Q(models.Q(('announced_at', None), ('announced_by', None)), models.Q(('announced_at__isnull', False), ('announced_by__isnull', False)), _connector='OR'), name='campaign_announced_paired'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['deciding', 'frozen', 'announced']), models.Q(('closed_at', None), _negated=True)), models.Q(models.Q(('state__in', ['deciding', 'frozen', 'announced']), _negated=True), ('closed_at', None)), _connector='OR'), name='campaign_closed_at_by_state'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['deciding', 'frozen', 'announced']), models.Q(('inventory_count', None), _negated=True)), models.Q(models.Q(('state__in', ['deciding', 'frozen', 'announced']), _negated=True), ('inventory_count', None)), _connector='OR'), name='campaign_inventory_count_by_state'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['frozen', 'announced']), models.Q(('frozen_at', None), _negated=True)), models.Q(models.Q(('state__in', ['frozen', 'announced']), _negated=True), ('frozen_at', None)), _connector='OR'), name='campaign_frozen_at_by_state'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['announced']), models.Q(('announced_at', None), _negated=True)), models.Q(models.Q(('state__in', ['announced']), _negated=True), ('announced_at', None)), _connector='OR'), name='campaign_announced_at_by_state'), models.CheckConstraint(condition=models.Q(models.Q(('content_hash', ''), ('frozen_at', None)), models.Q(('frozen_at__isnull', False), models.Q(('content_hash', ''), _negated=True)), _connector='OR'), name='campaign_frozen_has_hash'), models.CheckConstraint(condition=models.Q(('frozen_by', None), models.Q(('frozen_by', models.F('closed_by')), _negated=True), _connector='OR'), name='campaign_second_person')],
            },
        ),
        migrations.CreateModel(
            name='CampaignEntry',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField(null=True)),
                ('name', models.CharField(max_length=300)),
                ('is_placeholder', models.BooleanField(default=False)),
                ('before_kind', models.CharField(choices=[('permit', '行政许可'), ('penalty', '行政处罚'), ('coercion', '行政强制'), ('levy', '行政征收'), ('benefit', '行政给付'), ('inspection', '行政检查'), ('confirmation', '行政确认'), ('reward', '行政奖励'), ('adjudication', '行政裁决'), ('other_power', '其他行政权力'), ('non_permit_approval', '非行政许可审批'), ('routine_service', '日常管理服务事项'), ('public_service', '公共服务')], max_length=20)),
                ('proposal', models.CharField(blank=True, max_length=10)),
                ('note', models.TextField(blank=True)),
                ('decision', models.CharField(blank=True, max_length=10)),
                ('after_kind', models.CharField(blank=True, max_length=20)),
                ('target_level', models.CharField(blank=True, max_length=12)),
                ('decision_basis', models.TextField(blank=True)),
                ('effective_date', models.DateField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('carried_at', models.DateTimeField(null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='catalogue.campaign')),
                ('carried_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('draft', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.draft')),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.item')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('target', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['campaign', 'decision', 'number', 'id'], name='entry_by_decision'), models.Index(fields=['campaign', 'organisation', 'id'], name='entry_by_unit')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('number__isnull', False)), fields=('campaign', 'number'), name='entry_number_once'), models.UniqueConstraint(condition=models.Q(('item__isnull', False)), fields=('campaign', 'item'), name='entry_item_once'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='entry_name_given'), models.CheckConstraint(condition=models.Q(('before_kind__in', ['permit', 'penalty', 'coercion', 'levy', 'benefit', 'inspection', 'confirmation', 'reward', 'adjudication', 'other_power', 'non_permit_approval', 'routine_service', 'public_service'])), name='entry_before_kind'), models.CheckConstraint(condition=models.Q(('proposal__in', ['', 'retain', 'abolish', 'delegate', 'convert', 'merge'])), name='entry_proposal'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decision', '')), models.Q(('decided_at__isnull', False), ('decision__in', ['retain', 'abolish', 'delegate', 'convert', 'merge']), models.Q(('decision_basis', ''), _negated=True)), _connector='OR'), name='entry_decided_whole'), models.CheckConstraint(condition=models.Q(models.Q(('after_kind__in', ['permit', 'penalty', 'coercion', 'levy', 'benefit', 'inspection', 'confirmation', 'reward', 'adjudication', 'other_power', 'non_permit_approval', 'routine_service', 'public_service']), ('decision', 'convert'), models.Q(('after_kind', models.F('before_kind')), _negated=True)), models.Q(models.Q(('decision', 'convert'), _negated=True), ('after_kind', '')), _connector='OR'), name='entry_converted_to_another_kind'), models.CheckConstraint(condition=models.Q(models.Q(('decision', 'delegate'), ('target_level__in', ['national', 'province', 'city', 'county', 'township', 'village', 'shared'])), models.Q(models.Q(('decision', 'delegate'), _negated=True), ('target', None), ('target_level', '')), _connector='OR'), name='entry_delegated_to_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='entry_decided_paired'), models.CheckConstraint(condition=models.Q(models.Q(('carried_at', None), ('carried_by', None)), models.Q(('carried_at__isnull', False), ('carried_by__isnull', False)), _connector='OR'), name='entry_carried_paired'), models.CheckConstraint(condition=models.Q(('carried_at', None), models.Q(('item__isnull', False), models.Q(('decision', ''), _negated=True)), _connector='OR'), name='entry_carried_what_was_decided')],
            },
        ),
        migrations.CreateModel(
            name='CampaignUnit',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('waiting', '还没有上报'), ('reported', '已上报，待审'), ('returned', '已退回，待重报'), ('accepted', '已审定')], max_length=10)),
                ('entry_count', models.PositiveIntegerField(null=True)),
                ('is_entered_by_office', models.BooleanField(default=False)),
                ('reported_at', models.DateTimeField(null=True)),
                ('returned_at', models.DateTimeField(null=True)),
                ('return_reason', models.TextField(blank=True)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='catalogue.campaign')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('reported_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('returned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('campaign', 'organisation'), name='campaign_unit_once'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'reported', 'returned', 'accepted'])), name='campaign_unit_state'), models.CheckConstraint(condition=models.Q(models.Q(('reported_at', None), ('reported_by', None)), models.Q(('reported_at__isnull', False), ('reported_by__isnull', False)), _connector='OR'), name='campaign_unit_reported_paired'), models.CheckConstraint(condition=models.Q(models.Q(('returned_at', None), ('returned_by', None)), models.Q(('returned_at__isnull', False), ('returned_by__isnull', False)), _connector='OR'), name='campaign_unit_returned_paired'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at', None), ('accepted_by', None)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), _connector='OR'), name='campaign_unit_accepted_paired'), models.CheckConstraint(condition=models.Q(models.Q(('reported_at', None), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('reported_at__isnull', False)), _connector='OR'), name='campaign_unit_reported_by_state'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['accepted']), models.Q(('accepted_at', None), _negated=True)), models.Q(models.Q(('state__in', ['accepted']), _negated=True), ('accepted_at', None)), _connector='OR'), name='campaign_unit_accepted_at_by_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'returned'), _negated=True), models.Q(('return_reason', ''), _negated=True), _connector='OR'), name='campaign_unit_return_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='MergeLink',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges_into', to='catalogue.campaignentry')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merged_from', to='catalogue.campaignentry')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'target'), name='merge_link_once'), models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='merge_link_between_two')],
            },
        ),
        migrations.CreateModel(
            name='PowerList',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('powers', '权力清单'), ('duties', '责任清单'), ('handbook', '办事指南汇编')], max_length=16)),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveSmallIntegerField()),
                ('as_of_date', models.DateField()),
                ('source', models.CharField(blank=True, max_length=300)),
                ('row_count', models.PositiveIntegerField()),
                ('department_count', models.PositiveIntegerField()),
                ('content_hash', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('frozen_at', models.DateTimeField(null=True)),
                ('frozen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'organisation', 'as_of_date'], name='power_list_listed')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'organisation', 'year', 'number'), name='power_list_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['powers', 'duties', 'handbook'])), name='power_list_kind'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='power_list_from_one'), models.CheckConstraint(condition=models.Q(('made_at__isnull', False), ('made_by__isnull', False)), name='power_list_made_paired'), models.CheckConstraint(condition=models.Q(models.Q(('frozen_at', None), ('frozen_by', None)), models.Q(('frozen_at__isnull', False), ('frozen_by__isnull', False), models.Q(('frozen_by', models.F('made_by')), _negated=True)), _connector='OR'), name='power_list_second_person')],
            },
        ),
        migrations.CreateModel(
            name='ListRow',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('code', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=300)),
                ('content', models.JSONField(default=dict)),
                ('edition', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.edition')),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.item')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('power_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='catalogue.powerlist')),
            ],
            options={
                'indexes': [models.Index(fields=['power_list', 'organisation'], name='list_row_by_unit')],
                'constraints': [models.UniqueConstraint(fields=('power_list', 'position'), name='list_row_place_once'), models.UniqueConstraint(fields=('power_list', 'code'), name='list_row_code_once'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='list_row_name_given')],
            },
        ),
        migrations.CreateModel(
            name='Printing',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=120)),
                ('copies_count', models.PositiveIntegerField()),
                ('printed_date', models.DateField()),
                ('note', models.CharField(blank=True, max_length=300)),
                ('recorded_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('power_list', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='printings', to='catalogue.powerlist')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['printed_date', 'id'], name='printing_listed')],
                'constraints': [models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='printing_title_given'), models.CheckConstraint(condition=models.Q(('copies_count__gte', 1)), name='printing_some_copies'), models.CheckConstraint(condition=models.Q(('recorded_at__isnull', False), ('recorded_by__isnull', False)), name='printing_recorded_paired')],
            },
        ),
        migrations.CreateModel(
            name='PrintingShare',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('recipient', models.CharField(max_length=100)),
                ('copies_count', models.PositiveIntegerField()),
                ('printing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='catalogue.printing')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('printing', 'position'), name='printing_share_once'), models.CheckConstraint(condition=models.Q(('recipient', ''), _negated=True), name='printing_share_named'), models.CheckConstraint(condition=models.Q(('copies_count__gte', 1)), name='printing_share_some')],
            },
        ),
    ]
