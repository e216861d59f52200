"""What must be true of every case from now on."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_life_data'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='case',
            name='is_granted',
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['submitted', 'received', 'correcting', 'accepted', 'reviewing', 'paused', 'granted', 'refused', 'deemed_granted'])), fields=['organisation', 'next_due_date', 'id'], name='case_worklist'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['identity_index', 'submitted_at'], name='case_identity'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['submitted', 'received', 'correcting', 'accepted', 'reviewing', 'paused', 'granted', 'refused', 'deemed_granted']), ('renews_until_date__isnull', False)), fields=['renews_until_date'], name='case_renewals'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['submitted', 'received', 'correcting', 'accepted', 'reviewing', 'paused', 'granted', 'refused', 'deemed_granted']), models.Q(('intake_organisation', models.F('organisation')), _negated=True)), fields=['intake_organisation', 'next_due_date', 'id'], name='case_taken_in'),
        ),
        migrations.AddIndex(
            model_name='step',
            index=models.Index(condition=models.Q(('status__in', ['ready', 'claimed'])), fields=['organisation', 'status', 'id'], name='step_worklist'),
        ),
        migrations.AddIndex(
            model_name='step',
            index=models.Index(condition=models.Q(('status', 'claimed')), fields=['claimed_by', 'id'], name='step_mine'),
        ),
        migrations.AddIndex(
            model_name='step',
            index=models.Index(fields=['organisation', 'case'], name='step_readers'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('received_at', None), ('received_by', None)), models.Q(('received_at__isnull', False), ('received_by__isnull', False)), ('is_deemed_accepted', True), _connector='OR'), name='case_received_paired'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted_at', None), ('accepted_by', None)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), ('is_deemed_accepted', True), _connector='OR'), name='case_accepted_paired'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), ('outcome', 'deemed_granted'), _connector='OR'), name='case_decided_paired'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('extended_at', None), ('extended_by', None)), models.Q(('extended_at__isnull', False), ('extended_by__isnull', False)), _connector='OR'), name='case_extended_paired'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('issued_at', None), ('issued_by', None)), models.Q(('issued_at__isnull', False), ('issued_by__isnull', False)), _connector='OR'), name='case_issued_paired'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), ('state__in', ['withdrawn', 'archived']), _connector='OR'), name='case_ended_paired'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('archived_at', None), ('archived_by', None)), models.Q(('archived_at__isnull', False), ('archived_by__isnull', False)), _connector='OR'), name='case_archived_paired'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['received', 'correcting', 'accepted', 'reviewing', 'paused']), _negated=True), ('received_at__isnull', False), _connector='OR'), name='case_received_at_in_state'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['accepted', 'reviewing', 'paused']), _negated=True), ('accepted_at__isnull', False), _connector='OR'), name='case_accepted_at_in_state'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['granted', 'refused', 'deemed_granted']), _negated=True), ('decided_at__isnull', False), _connector='OR'), name='case_decided_at_in_state'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['granted', 'refused', 'deemed_granted', 'delivered', 'archived']), ('decided_at', None), _connector='OR'), name='case_decided_at_by_state'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('outcome', None)), models.Q(('decided_at__isnull', False), ('outcome__isnull', False)), _connector='OR'), name='case_decision_whole'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['delivered']), _negated=True), ('delivered_at__isnull', False), _connector='OR'), name='case_delivered_at_in_state'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['delivered', 'archived']), ('delivered_at', None), _connector='OR'), name='case_delivered_at_by_state'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['returned', 'withdrawn', 'terminated', 'not_required', 'declined']), _negated=True), ('ended_at__isnull', False), _connector='OR'), name='case_ended_at_in_state'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['archived']), _negated=True), ('archived_at__isnull', False), _connector='OR'), name='case_archived_at_in_state'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['archived']), ('archived_at', None), _connector='OR'), name='case_archived_at_by_state'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['submitted', 'received', 'correcting', 'accepted', 'reviewing', 'paused', 'granted', 'refused', 'deemed_granted', 'delivered', 'archived', 'not_required', 'declined', 'returned', 'withdrawn', 'terminated'])), name='case_state_known'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['online', 'counter', 'township', 'village'])), name='case_channel_known'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('outcome', None), ('outcome__in', ['granted', 'deemed_granted']), models.Q(models.Q(('decision_reason', ''), _negated=True), models.Q(('decision_legal_basis', ''), _negated=True)), _connector='OR'), name='case_refusal_reasoned'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('is_decided_alone', False), models.Q(('decided_under', ''), _negated=True), _connector='OR'), name='case_alone_under_authority'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_mandate_seen', None), ('proxy_name', '')), models.Q(models.Q(('proxy_name', ''), _negated=True), ('is_mandate_seen__isnull', False)), _connector='OR'), name='case_proxy_has_mandate'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.UniqueConstraint(fields=('case', 'key', 'attempt'), name='step_attempt'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['returned', 'cancelled']), _negated=True), fields=('case', 'key'), name='step_key_in_force'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['not_ready', 'ready', 'claimed', 'done', 'skipped', 'returned', 'cancelled'])), name='step_status_known'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['review', 'joint_review', 'site_visit', 'payment', 'issue', 'sign', 'opinion'])), name='step_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claimed_at', None), ('done_at', None), ('status__in', ['not_ready', 'ready'])), models.Q(('claimed_at__isnull', False), ('done_at', None), ('status', 'claimed')), models.Q(('claimed_at__isnull', False), ('done_at__isnull', False), ('status', 'done'), ('finding__in', ['fit', 'unfit'])), ('status__in', ['skipped', 'returned', 'cancelled']), _connector='OR'), name='step_status_and_dates'),
        ),
    ]
