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
            name='Version',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('body', models.TextField(blank=True)),
                ('column', models.CharField(choices=[('about', '机构概况'), ('policy', '政策文件'), ('power', '行政权力'), ('work', '工作信息'), ('personnel', '人事信息'), ('report', '信息公开年报')], max_length=12)),
                ('category', models.CharField(blank=True, choices=[('20-1', '行政法规、规章和规范性文件'), ('20-2', '机关职能、机构设置、办公地址、办公时间、联系方式、负责人姓名'), ('20-3', '国民经济和社会发展规划、专项规划、区域规划及相关政策'), ('20-4', '国民经济和社会发展统计信息'), ('20-5', '办理行政许可和其他对外管理服务事项的依据、条件、程序以及办理结果'), ('20-6', '实施行政处罚、行政强制的依据、条件、程序以及有一定社会影响的行政处罚决定'), ('20-7', '财政预算、决算信息'), ('20-8', '行政事业性收费项目及其依据、标准'), ('20-9', '政府集中采购项目的目录、标准及实施情况'), ('20-10', '重大建设项目的批准和实施情况'), ('20-11', '扶贫、教育、医疗、社会保障、促进就业等方面的政策、措施及其实施情况'), ('20-12', '突发公共事件的应急预案、预警信息及应对情况'), ('20-13', '环境保护、公共卫生、安全生产、食品药品、产品质量的监督检查情况'), ('20-14', '公务员招考的职位、名额、报考条件等事项以及录用结果'), ('20-15', '法律、法规、规章和国家有关规定规定应当主动公开的其他政府信息'), ('21-1', '市政建设、公共服务、公益事业'), ('21-2', '土地征收、房屋征收'), ('21-3', '治安管理'), ('21-4', '社会救助'), ('21-5', '贯彻落实农业农村政策、农田水利工程建设运营（乡镇）'), ('21-6', '农村土地承包经营权流转、宅基地使用情况审核（乡镇）'), ('21-7', '筹资筹劳（乡镇）')], max_length=6)),
                ('theme', models.CharField(blank=True, max_length=60)),
                ('genre', models.CharField(choices=[('notice', '通知'), ('opinion', '意见'), ('measures', '办法'), ('announcement', '公告'), ('reply', '批复'), ('report', '报告'), ('decision', '决定'), ('letter', '函'), ('minutes', '纪要'), ('list', '清单'), ('guide', '指南'), ('news', '消息'), ('other', '其他')], max_length=12)),
                ('document_number', models.CharField(blank=True, max_length=60)),
                ('keywords', models.CharField(blank=True, max_length=100)),
                ('basis', models.CharField(blank=True, max_length=300)),
                ('attribute', models.CharField(choices=[('active', '主动公开'), ('on_request', '依申请公开'), ('withheld', '不予公开')], max_length=12)),
                ('withheld_reason', models.CharField(blank=True, max_length=300)),
                ('target_group', models.CharField(blank=True, max_length=60)),
                ('validity', models.CharField(choices=[('none', '不适用'), ('valid', '有效'), ('amended', '已修改'), ('expired', '失效'), ('repealed', '废止')], max_length=10)),
                ('valid_until', models.DateField(null=True)),
                ('formed_date', models.DateField()),
                ('source', models.CharField(blank=True, max_length=60)),
                ('attachments', models.JSONField(default=list)),
                ('asks_secrecy', models.BooleanField(default=False)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('content_hash', models.CharField(max_length=64)),
                ('written_at', models.DateTimeField()),
                ('written_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['column', 'id'], name='version_column')],
                'constraints': [models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='version_number_from_one'), models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('content_hash', ''), _negated=True)), name='version_says_something'), models.CheckConstraint(condition=models.Q(('column__in', ['about', 'policy', 'power', 'work', 'personnel', 'report'])), name='version_column_known'), models.CheckConstraint(condition=models.Q(('attribute__in', ['active', 'on_request', 'withheld'])), name='version_attribute_known'), models.CheckConstraint(condition=models.Q(('genre__in', ['notice', 'opinion', 'measures', 'announcement', 'reply', 'report', 'decision', 'letter', 'minutes', 'list', 'guide', 'news', 'other'])), name='version_genre_known'), models.CheckConstraint(condition=models.Q(('validity__in', ['none', 'valid', 'amended', 'expired', 'repealed'])), name='version_validity_known'), models.CheckConstraint(condition=models.Q(('category', ''), ('category__in', ['20-1', '20-2', '20-3', '20-4', '20-5', '20-6', '20-7', '20-8', '20-9', '20-10', '20-11', '20-12', '20-13', '20-14', '20-15', '21-1', '21-2', '21-3', '21-4', '21-5', '21-6', '21-7']), _connector='OR'), name='version_category_known'), models.CheckConstraint(condition=models.Q(('attribute', 'active'), models.Q(('withheld_reason', ''), _negated=True), _connector='OR'), name='version_withheld_with_reason'), models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('formed_date')), _connector='OR'), name='version_dates_in_order'), models.CheckConstraint(condition=models.Q(('written_by', None), ('written_at__isnull', False), _connector='OR'), name='version_written_paired')],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('draft', '起草'), ('review', '待审核'), ('secrecy', '待保密审查'), ('approved', '待发布'), ('published', '已公开'), ('kept', '已定不主动公开'), ('taken_down', '已撤下')], default='draft', max_length=10)),
                ('index_number', models.CharField(max_length=60, null=True, unique=True)),
                ('origin', models.CharField(blank=True, max_length=80)),
                ('drafted_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('published_hash', models.CharField(blank=True, max_length=64)),
                ('published_at', models.DateTimeField(null=True)),
                ('public_date', models.DateField(null=True)),
                ('taken_down_at', models.DateTimeField(null=True)),
                ('taken_down_reason', models.CharField(blank=True, max_length=200)),
                ('drafted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('on_behalf_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('published_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submitted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_down_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_version', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosure.version')),
                ('version', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosure.version')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'state', 'id'], name='publication_of_unit'), models.Index(condition=models.Q(('published_version__isnull', False)), fields=['public_date', 'id'], name='publication_public')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'review', 'secrecy', 'approved', 'published', 'kept', 'taken_down'])), name='publication_state_known'), models.CheckConstraint(condition=models.Q(('drafted_at__isnull', False), models.Q(('drafted_by__isnull', False), models.Q(('origin', ''), _negated=True), _connector='OR')), name='publication_drafted_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('submitted_at', None), ('submitted_by', None)), models.Q(('submitted_at__isnull', False), ('submitted_by__isnull', False)), _connector='OR'), name='publication_submitted_paired'), models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('published_by', None), ('published_hash', ''), ('published_version', None)), models.Q(('index_number__isnull', False), ('public_date__isnull', False), ('published_at__isnull', False), ('published_by__isnull', False), ('published_version__isnull', False), models.Q(('published_hash', ''), _negated=True)), _connector='OR'), name='publication_published_paired'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), models.Q(('published_version', models.F('version')), ('version__isnull', False)), _connector='OR'), name='publication_public_is_newest'), models.CheckConstraint(condition=models.Q(models.Q(('taken_down_at', None), ('taken_down_by', None), ('taken_down_reason', '')), models.Q(('taken_down_at__isnull', False), ('taken_down_by__isnull', False), models.Q(('taken_down_reason', ''), _negated=True)), _connector='OR'), name='publication_taken_down_paired')],
            },
        ),
        migrations.AddField(
            model_name='version',
            name='publication',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='disclosure.publication'),
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('content_hash', models.CharField(max_length=64)),
                ('stage', models.CharField(choices=[('review', '内容审核'), ('secrecy', '保密审查')], max_length=8)),
                ('verdict', models.CharField(choices=[('approve', '同意'), ('return', '退回')], max_length=8)),
                ('opinion', models.CharField(blank=True, max_length=500)),
                ('asks_secrecy', models.BooleanField(default=False)),
                ('findings', models.JSONField(default=list)),
                ('justification', models.CharField(blank=True, max_length=500)),
                ('reviewed_at', models.DateTimeField()),
                ('reviewed_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='disclosure.version')),
            ],
            options={
                'indexes': [models.Index(fields=['reviewed_at', 'id'], name='review_when')],
                'constraints': [models.CheckConstraint(condition=models.Q(('stage__in', ['review', 'secrecy'])), name='review_stage_known'), models.CheckConstraint(condition=models.Q(('verdict__in', ['approve', 'return'])), name='review_verdict_known'), models.CheckConstraint(condition=models.Q(('reviewed_at__isnull', False), ('reviewed_by__isnull', False)), name='review_reviewed_paired'), models.CheckConstraint(condition=models.Q(('verdict', 'approve'), models.Q(('opinion', ''), _negated=True), _connector='OR'), name='review_return_with_opinion')],
            },
        ),
        migrations.CreateModel(
            name='AutoRule',
            fields=[
                ('kind', models.CharField(choices=[('licence', '行政许可办理结果'), ('catalogue', '办事指南变动'), ('fee', '收费变动'), ('cleanup', '事项清理结果'), ('project', '重大建设项目')], max_length=20, primary_key=True, serialize=False)),
                ('is_on', models.BooleanField()),
                ('switched_at', models.DateTimeField()),
                ('switched_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['licence', 'catalogue', 'fee', 'cleanup', 'project'])), name='auto_rule_kind_known'), models.CheckConstraint(condition=models.Q(('switched_by', None), ('switched_at__isnull', False), _connector='OR'), name='auto_rule_switched_paired')],
            },
        ),
        migrations.CreateModel(
            name='IndexScheme',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('template', models.CharField(max_length=60)),
                ('scope', models.CharField(choices=[('organ', '每个单位连续编号'), ('organ_year', '每个单位每年从头编号'), ('year', '全站每年从头编号'), ('site', '全站连续编号')], max_length=10)),
                ('position', models.PositiveSmallIntegerField(default=1)),
                ('is_on', models.BooleanField(default=True)),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('scope__in', ['organ', 'organ_year', 'year', 'site'])), name='index_scheme_scope_known'), models.CheckConstraint(condition=models.Q(('template__contains', '{serial')), name='index_scheme_has_serial')],
            },
        ),
        migrations.CreateModel(
            name='IndexNumber',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=60, unique=True)),
                ('scheme', models.CharField(blank=True, max_length=40)),
                ('organ_name', models.CharField(max_length=100)),
                ('noted_at', models.DateTimeField()),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='numbers', to='disclosure.publication')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('number', ''), _negated=True), name='index_number_given')],
            },
        ),
        migrations.CreateModel(
            name='AutoFact',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('licence', '行政许可办理结果'), ('catalogue', '办事指南变动'), ('fee', '收费变动'), ('cleanup', '事项清理结果'), ('project', '重大建设项目')], max_length=20)),
                ('day', models.DateField()),
                ('stream', models.CharField(max_length=80)),
                ('seq', models.IntegerField()),
                ('cells', models.JSONField()),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('publication', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosure.publication')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('publication', None)), fields=['day', 'organisation', 'kind', 'id'], name='auto_fact_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['licence', 'catalogue', 'fee', 'cleanup', 'project'])), name='auto_fact_kind_known'), models.UniqueConstraint(fields=('stream', 'seq', 'kind'), name='auto_fact_once')],
            },
        ),
        migrations.CreateModel(
            name='Training',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('held_date', models.DateField()),
                ('topic', models.CharField(max_length=100)),
                ('attendees', models.CharField(max_length=500)),
                ('attendee_count', models.PositiveSmallIntegerField()),
                ('hours', models.DecimalField(decimal_places=1, max_digits=5)),
                ('entered_at', models.DateTimeField()),
                ('entered_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('entered_at__isnull', False), ('entered_by__isnull', False)), name='training_entered_paired'), models.CheckConstraint(condition=models.Q(models.Q(('topic', ''), _negated=True), ('attendee_count__gte', 1), ('hours__gt', 0)), name='training_says_something')],
            },
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(fields=('publication', 'number'), name='version_number_once'),
        ),
    ]
