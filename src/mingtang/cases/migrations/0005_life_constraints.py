"""What must be true of every case from now on."""

import django.db.models.expressions
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
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), ('state', 'withdrawn'), _connector='OR'), name='case_ended_paired'),
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
        migrations.AddConstraint(
            model_name='cashierday',
            constraint=models.UniqueConstraint(fields=('date', 'cashier'), name='cashier_day_once'),
        ),
        migrations.AddConstraint(
            model_name='cashierday',
            constraint=models.CheckConstraint(condition=models.Q(('counted_cents', django.db.models.expressions.CombinedExpression(models.F('paid_cents'), '-', models.F('refunded_cents'))), models.Q(('note', ''), _negated=True), _connector='OR'), name='cashier_difference_explained'),
        ),
        migrations.AddIndex(
            model_name='charge',
            index=models.Index(fields=['paid_by', 'paid_at'], name='charge_cashier'),
        ),
        migrations.AddIndex(
            model_name='charge',
            index=models.Index(fields=['refunded_by', 'refunded_at'], name='charge_refunds'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(('charged_at__isnull', False), ('charged_by__isnull', False)), name='charge_charged_paired'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('waiver_asked_at', None), ('waiver_asked_by', None)), models.Q(('waiver_asked_at__isnull', False), ('waiver_asked_by__isnull', False)), _connector='OR'), name='charge_waiver_asked_paired'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('waived_at', None), ('waived_by', None)), models.Q(('waived_at__isnull', False), ('waived_by__isnull', False)), _connector='OR'), name='charge_waived_paired'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paid_at', None), ('paid_by', None)), models.Q(('paid_at__isnull', False), ('paid_by__isnull', False)), _connector='OR'), name='charge_paid_paired'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('refunded_at', None), ('refunded_by', None)), models.Q(('refunded_at__isnull', False), ('refunded_by__isnull', False)), _connector='OR'), name='charge_refunded_paired'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['due', 'waiver_asked', 'waived', 'paid', 'refunded'])), name='charge_state_known'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(('waived_by', None), models.Q(('waived_by', models.F('waiver_asked_by')), _negated=True), _connector='OR'), name='charge_waived_by_another'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(('waiver_cents__lte', models.F('cents'))), name='charge_waiver_within'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paid_at', None), ('paid_cents', 0), ('receipt_number', '')), models.Q(('paid_at__isnull', False), models.Q(('receipt_number', ''), _negated=True)), _connector='OR'), name='charge_payment_has_receipt'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(('refunded_cents__lte', models.F('paid_cents'))), name='charge_refund_within'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.UniqueConstraint(condition=models.Q(('receipt_number', ''), _negated=True), fields=('receipt_number',), name='charge_receipt_once'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.UniqueConstraint(fields=('case', 'round'), name='correction_round'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('asked_at__isnull', False), ('asked_by__isnull', False)), name='correction_asked_paired'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_after_acceptance', False), ('round', 1)), models.Q(('override_reason', ''), _negated=True), _connector='OR'), name='correction_override_reasoned'),
        ),
        migrations.AddConstraint(
            model_name='deferredmaterial',
            constraint=models.UniqueConstraint(fields=('case', 'material_id'), name='deferred_once'),
        ),
        migrations.AddConstraint(
            model_name='deferredmaterial',
            constraint=models.CheckConstraint(condition=models.Q(('promise', ''), _negated=True), name='deferred_promised'),
        ),
        migrations.AddIndex(
            model_name='handoverslip',
            index=models.Index(condition=models.Q(('received_at', None)), fields=['receiver', 'due_date', 'id'], name='slip_awaited'),
        ),
        migrations.AddIndex(
            model_name='handoverslip',
            index=models.Index(condition=models.Q(('received_at', None)), fields=['sender', 'due_date', 'id'], name='slip_on_the_way'),
        ),
        migrations.AddConstraint(
            model_name='handoverslip',
            constraint=models.CheckConstraint(condition=models.Q(('sent_at__isnull', False), ('sent_by__isnull', False)), name='slip_sent_paired'),
        ),
        migrations.AddConstraint(
            model_name='handoverslip',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('received_at', None), ('received_by', None)), models.Q(('received_at__isnull', False), ('received_by__isnull', False)), _connector='OR'), name='slip_received_paired'),
        ),
        migrations.AddConstraint(
            model_name='handoverslip',
            constraint=models.CheckConstraint(condition=models.Q(('sender', models.F('receiver')), _negated=True), name='slip_between_two_units'),
        ),
        migrations.AddConstraint(
            model_name='handoverslip',
            constraint=models.CheckConstraint(condition=models.Q(('received_by', None), models.Q(('received_by', models.F('sent_by')), _negated=True), _connector='OR'), name='slip_signed_by_another'),
        ),
        migrations.AddIndex(
            model_name='original',
            index=models.Index(condition=models.Q(('returned_at', None)), fields=['place', 'id'], name='original_place'),
        ),
        migrations.AddConstraint(
            model_name='original',
            constraint=models.CheckConstraint(condition=models.Q(('taken_at__isnull', False), ('taken_by__isnull', False)), name='original_taken_paired'),
        ),
        migrations.AddConstraint(
            model_name='original',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('returned_at', None), ('returned_by', None)), models.Q(('returned_at__isnull', False), ('returned_by__isnull', False)), _connector='OR'), name='original_returned_paired'),
        ),
        migrations.AddConstraint(
            model_name='original',
            constraint=models.CheckConstraint(condition=models.Q(('count__gte', 1)), name='original_at_least_one'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.UniqueConstraint(condition=models.Q(('resumed_at', None)), fields=('case',), name='pause_open_once'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.CheckConstraint(condition=models.Q(('paused_at__isnull', False), ('paused_by__isnull', False)), name='pause_paused_paired'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('result', ''), ('resumed_at', None)), models.Q(('resumed_at__isnull', False), models.Q(('result', ''), _negated=True)), _connector='OR'), name='pause_has_result'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.CheckConstraint(condition=models.Q(('resumed_by', None), ('resumed_at__isnull', False), _connector='OR'), name='pause_resumed_paired'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['hearing', 'tender', 'auction', 'inspection', 'testing', 'quarantine', 'appraisal', 'expert_review'])), name='pause_reason_known'),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.UniqueConstraint(condition=models.Q(('is_approved', None)), fields=('case', 'kind'), name='request_open_once'),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.CheckConstraint(condition=models.Q(('asked_at__isnull', False), ('asked_by__isnull', False)), name='request_asked_paired'),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('is_approved', None)), models.Q(('answered_at__isnull', False), ('is_approved__isnull', False)), _connector='OR'), name='request_answer_whole'),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.CheckConstraint(condition=models.Q(('answered_by', None), models.Q(('answered_by', models.F('asked_by')), _negated=True), _connector='OR'), name='request_answered_by_another'),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['pause', 'extension'])), name='request_kind_known'),
        ),
    ]
