import django.db.models.deletion
import mingtang.base.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('regions', '0002_places_reached'),
    ]

    operations = [
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('carrier', models.CharField(choices=[('site', '政府网站'), ('gazette', '政府公报'), ('social', '两微一端'), ('hearing', '发布会/听证会'), ('broadcast', '广播电视'), ('paper', '纸质媒体'), ('reading_point', '公开查阅点'), ('service_centre', '政务服务中心'), ('service_point', '便民服务站'), ('doorstep', '入户/现场'), ('board', '社区/企事业单位/村公示栏（电子屏）'), ('push', '精准推送'), ('hotline', '12345'), ('other', '其他')], max_length=20)),
                ('line', models.CharField(choices=[('portal', '政府门户网站'), ('own_site', '本单位网站'), ('other_site', '其他网站'), ('media', '报刊、广播、电视、网络、手机等媒体'), ('printed', '外宣刊物、手册、宣传单'), ('board', '公示栏、宣传窗'), ('screen', '电子屏'), ('tv', '数字电视'), ('feed', '订阅和镜像'), ('other', '其他')], max_length=12)),
                ('measure', models.CharField(choices=[('item', '条'), ('copy', '份'), ('time', '次'), ('hour', '时')], max_length=4)),
                ('proof', models.CharField(choices=[('none', '不需要'), ('address', '网址'), ('issue', '报刊期号、播出日期或者链接'), ('photo', '照片'), ('list', '分发清单'), ('log', '播放记录')], max_length=8)),
                ('is_automatic', models.BooleanField(default=False)),
                ('is_open', models.BooleanField(default=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='channel_named'), models.CheckConstraint(condition=models.Q(('carrier__in', ['site', 'gazette', 'social', 'hearing', 'broadcast', 'paper', 'reading_point', 'service_centre', 'service_point', 'doorstep', 'board', 'push', 'hotline', 'other'])), name='channel_carrier'), models.CheckConstraint(condition=models.Q(('line__in', ['portal', 'own_site', 'other_site', 'media', 'printed', 'board', 'screen', 'tv', 'feed', 'other'])), name='channel_line'), models.CheckConstraint(condition=models.Q(('measure__in', ['item', 'copy', 'time', 'hour'])), name='channel_measure'), models.CheckConstraint(condition=models.Q(('proof__in', ['none', 'address', 'issue', 'photo', 'list', 'log'])), name='channel_proof')],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.CharField(blank=True, max_length=80)),
                ('title', models.CharField(max_length=200)),
                ('content_hash', models.CharField(blank=True, max_length=64)),
                ('item_count', models.PositiveIntegerField(null=True)),
                ('quantity', models.PositiveIntegerField()),
                ('measure', models.CharField(choices=[('item', '条'), ('copy', '份'), ('time', '次'), ('hour', '时')], max_length=4)),
                ('is_automatic', models.BooleanField()),
                ('released_at', models.DateTimeField()),
                ('released_date', models.DateField()),
                ('entered_at', models.DateTimeField()),
                ('is_in_time', models.BooleanField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.CharField(blank=True, max_length=200)),
                ('channel', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='channels.channel')),
                ('entered_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('on_behalf_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('region', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.region')),
                ('withdrawn_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'released_date', 'id'], name='release_of_unit'), models.Index(fields=['channel', 'released_date', 'id'], name='release_on_channel'), models.Index(condition=models.Q(('subject', ''), _negated=True), fields=['subject', 'id'], name='release_of_subject')],
                'constraints': [models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='release_titled'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='release_quantity_from_one'), models.CheckConstraint(condition=models.Q(('item_count', None), ('item_count__gte', 1), _connector='OR'), name='release_items_from_one'), models.CheckConstraint(condition=models.Q(('subject', ''), ('item_count', 1), _connector='OR'), name='release_subject_is_one_item'), models.CheckConstraint(condition=models.Q(models.Q(('subject__startswith', 'publication:'), _negated=True), models.Q(('content_hash', ''), _negated=True), _connector='OR'), name='release_publication_hashed'), models.CheckConstraint(condition=models.Q(('measure__in', ['item', 'copy', 'time', 'hour'])), name='release_measure'), models.CheckConstraint(condition=models.Q(('entered_at__isnull', False), models.Q(('entered_by__isnull', False), ('is_automatic', True), _connector='OR')), name='release_entered_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='release_withdrawn_paired'), models.UniqueConstraint(condition=models.Q(('is_automatic', True), ('withdrawn_at', None), models.Q(('subject', ''), _negated=True)), fields=('channel', 'subject', 'content_hash'), name='release_automatic_once')],
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('text', models.CharField(max_length=300)),
                ('added_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='channels.release')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='evidence_given'), models.CheckConstraint(condition=models.Q(('added_at__isnull', False), ('added_by__isnull', False)), name='evidence_added_paired')],
            },
        ),
        migrations.CreateModel(
            name='Distribution',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('recipient', models.CharField(max_length=100)),
                ('copies', models.PositiveIntegerField()),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='distribution', to='channels.release')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('release', 'position'), name='distribution_position'), models.CheckConstraint(condition=models.Q(('recipient', ''), _negated=True), name='distribution_recipient_given'), models.CheckConstraint(condition=models.Q(('copies__gte', 1)), name='distribution_copies_from_one')],
            },
        ),
    ]
