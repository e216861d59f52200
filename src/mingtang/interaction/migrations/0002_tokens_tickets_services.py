import django.db.models.deletion
import mingtang.base.ids
import mingtang.base.sealed
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('interaction', '0001_initial'),
        ('regions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='BadRating',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.CharField(max_length=80)),
                ('completed_seq', models.IntegerField()),
                ('window_id', models.BigIntegerField(default=0)),
                ('level', models.CharField(choices=[('very_satisfied', '非常满意'), ('satisfied', '满意'), ('fairly_satisfied', '基本满意'), ('dissatisfied', '不满意'), ('very_dissatisfied', '非常不满意')], max_length=20)),
                ('state', models.CharField(choices=[('new', '待回访'), ('contacted', '已回访，待核实'), ('rectifying', '属实，整改中'), ('disputed', '认为不实，待复核'), ('answered', '已答复'), ('closed', '已办结'), ('unfounded', '复核不实'), ('corrected', '评价人已改评')], default='new', max_length=12)),
                ('is_complex', models.BooleanField(null=True)),
                ('opened_at', models.DateTimeField()),
                ('contacted_at', models.DateTimeField(null=True)),
                ('contact_note', mingtang.base.sealed.SealedField(default='')),
                ('verified_at', models.DateTimeField(null=True)),
                ('verify_note', mingtang.base.sealed.SealedField(default='')),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('review_note', mingtang.base.sealed.SealedField(default='')),
                ('answered_at', models.DateTimeField(null=True)),
                ('answer', mingtang.base.sealed.SealedField(default='')),
                ('closed_at', models.DateTimeField(null=True)),
                ('close_note', mingtang.base.sealed.SealedField(default='')),
                ('rerated_at', models.DateTimeField(null=True)),
                ('rerated_level', models.CharField(blank=True, choices=[('very_satisfied', '非常满意'), ('satisfied', '满意'), ('fairly_satisfied', '基本满意'), ('dissatisfied', '不满意'), ('very_dissatisfied', '非常不满意')], default='', max_length=20)),
                ('answered_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contacted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('reviewed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('verified_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'opened_at'], name='bad_rating_of_unit'), models.Index(condition=models.Q(('state__in', ['closed', 'unfounded', 'corrected']), _negated=True), fields=['opened_at'], name='bad_rating_open')],
                'constraints': [models.UniqueConstraint(fields=('subject', 'completed_seq'), name='bad_rating_once'), models.CheckConstraint(condition=models.Q(('state__in', ['new', 'contacted', 'rectifying', 'disputed', 'answered', 'closed', 'unfounded', 'corrected'])), name='bad_rating_state_known'), models.CheckConstraint(condition=models.Q(('level__in', ['dissatisfied', 'very_dissatisfied'])), name='bad_rating_is_bad'), models.CheckConstraint(condition=models.Q(models.Q(('contacted_at', None), ('contacted_by', None)), models.Q(('contacted_at__isnull', False), ('contacted_by__isnull', False)), _connector='OR'), name='bad_rating_contacted_paired'), models.CheckConstraint(condition=models.Q(models.Q(('verified_at', None), ('verified_by', None)), models.Q(('verified_at__isnull', False), ('verified_by__isnull', False)), _connector='OR'), name='bad_rating_verified_paired'), models.CheckConstraint(condition=models.Q(models.Q(('reviewed_at', None), ('reviewed_by', None)), models.Q(('reviewed_at__isnull', False), ('reviewed_by__isnull', False)), _connector='OR'), name='bad_rating_reviewed_paired'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('answered_by', None)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='bad_rating_answered_paired'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['rectifying', 'disputed', 'unfounded']), _negated=True), ('verified_at__isnull', False), _connector='OR'), name='bad_rating_verified_at_in_state'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['rectifying', 'answered']), _negated=True), ('is_complex__isnull', False), _connector='OR'), name='bad_rating_is_complex_in_state'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['unfounded']), _negated=True), ('reviewed_at__isnull', False), _connector='OR'), name='bad_rating_reviewed_at_in_state'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['answered']), _negated=True), ('answered_at__isnull', False), _connector='OR'), name='bad_rating_answered_at_in_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'unfounded'), _negated=True), models.Q(('reviewed_by', models.F('verified_by')), _negated=True), _connector='OR'), name='bad_rating_two_persons'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['closed', 'unfounded', 'corrected']), ('closed_at__isnull', False)), models.Q(models.Q(('state__in', ['closed', 'unfounded', 'corrected']), _negated=True), ('closed_at', None)), _connector='OR'), name='bad_rating_closed_at_end'), models.CheckConstraint(condition=models.Q(models.Q(('rerated_at', None), ('rerated_level', '')), models.Q(('rerated_at__isnull', False), models.Q(('rerated_level', ''), _negated=True)), _connector='OR'), name='bad_rating_rerated_whole')],
            },
        ),
        migrations.CreateModel(
            name='PublishedText',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('level', models.CharField(choices=[('very_satisfied', '非常满意'), ('satisfied', '满意'), ('fairly_satisfied', '基本满意'), ('dissatisfied', '不满意'), ('very_dissatisfied', '非常不满意')], max_length=20)),
                ('text', models.TextField()),
                ('published_at', models.DateTimeField()),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('published_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rating', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='published', to='interaction.rating')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'published_at'], name='published_text_of_unit')],
                'constraints': [models.CheckConstraint(condition=models.Q(('published_at__isnull', False), ('published_by__isnull', False)), name='published_text_by_somebody'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='published_text_says_something')],
            },
        ),
        migrations.CreateModel(
            name='RatingDetail',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('indicator', models.CharField(choices=[('efficiency', '办事效率'), ('guide', '办事指南精确度'), ('convenience', '办事便捷度'), ('platform', '平台操作性'), ('competence', '服务水平'), ('attitude', '服务态度')], max_length=20)),
                ('level', models.CharField(choices=[('very_satisfied', '非常满意'), ('satisfied', '满意'), ('fairly_satisfied', '基本满意'), ('dissatisfied', '不满意'), ('very_dissatisfied', '非常不满意')], max_length=20)),
                ('rating', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='details', to='interaction.rating')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('rating', 'indicator'), name='rating_detail_once'), models.CheckConstraint(condition=models.Q(('indicator__in', ['efficiency', 'guide', 'convenience', 'platform', 'competence', 'attitude'])), name='rating_detail_indicator_known'), models.CheckConstraint(condition=models.Q(('level__in', ['very_satisfied', 'satisfied', 'fairly_satisfied', 'dissatisfied', 'very_dissatisfied'])), name='rating_detail_level_known')],
            },
        ),
        migrations.CreateModel(
            name='RatingToken',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.CharField(max_length=80)),
                ('completed_seq', models.IntegerField()),
                ('channel', models.CharField(choices=[('account', '登录后评价'), ('code', '凭查询码评价'), ('pad', '窗口评价器'), ('receipt', '扫回执上的码'), ('sms', '短信链接'), ('phone', '电话回访')], max_length=10)),
                ('issued_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('issued_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('window', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.window')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('channel__in', ['pad', 'receipt', 'sms'])), name='rating_token_channel_known'), models.CheckConstraint(condition=models.Q(models.Q(('channel', 'sms'), ('issued_by', None)), models.Q(models.Q(('channel', 'sms'), _negated=True), ('issued_by__isnull', False)), _connector='OR'), name='rating_token_issued_by_of_channel'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('issued_at'))), name='rating_token_lives'), models.CheckConstraint(condition=models.Q(('used_at', None), ('used_at__lte', models.F('expires_at')), _connector='OR'), name='rating_token_used_in_time')],
            },
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.CharField(max_length=80)),
                ('completed_seq', models.IntegerField()),
                ('completed_date', models.DateField()),
                ('window_id', models.BigIntegerField(default=0)),
                ('is_online', models.BooleanField()),
                ('level', models.CharField(blank=True, choices=[('very_satisfied', '非常满意'), ('satisfied', '满意'), ('fairly_satisfied', '基本满意'), ('dissatisfied', '不满意'), ('very_dissatisfied', '非常不满意')], default='', max_length=20)),
                ('is_unfounded', models.BooleanField(default=False)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'completed_date'], name='service_of_unit'), models.Index(fields=['completed_date'], name='service_completed')],
                'constraints': [models.UniqueConstraint(fields=('subject', 'completed_seq'), name='service_once'), models.CheckConstraint(condition=models.Q(('level__in', ['', 'very_satisfied', 'satisfied', 'fairly_satisfied', 'dissatisfied', 'very_dissatisfied'])), name='service_level_known')],
            },
        ),
        migrations.CreateModel(
            name='Concerned',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='concerned', to='interaction.badrating')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('ticket', 'person'), name='concerned_once')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='rating',
            name='rating_once',
        ),
        migrations.RemoveConstraint(
            model_name='rating',
            name='rating_channel_known',
        ),
        migrations.AddField(
            model_name='rating',
            name='corrects',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='correction', to='interaction.rating'),
        ),
        migrations.AddField(
            model_name='rating',
            name='typed_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rating',
            name='window',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.window'),
        ),
        migrations.AlterField(
            model_name='rating',
            name='channel',
            field=models.CharField(choices=[('account', '登录后评价'), ('code', '凭查询码评价'), ('pad', '窗口评价器'), ('receipt', '扫回执上的码'), ('sms', '短信链接'), ('phone', '电话回访')], max_length=10),
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(fields=['subject', 'completed_seq', 'id'], name='rating_of_service'),
        ),
        migrations.AddIndex(
            model_name='rating',
            index=models.Index(condition=models.Q(('window', None), _negated=True), fields=['window', 'rated_at'], name='rating_at_window'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.UniqueConstraint(condition=models.Q(('corrects', None)), fields=('subject', 'completed_seq'), name='rating_first_once'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['account', 'code', 'pad', 'receipt', 'sms', 'phone'])), name='rating_channel_known'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel', 'phone'), ('typed_by__isnull', False)), models.Q(models.Q(('channel', 'phone'), _negated=True), ('typed_by', None)), _connector='OR'), name='rating_typed_by_of_channel'),
        ),
    ]
