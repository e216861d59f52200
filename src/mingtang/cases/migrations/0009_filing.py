import django.db.models.deletion
import mingtang.base.ids
import mingtang.base.sealed
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0008_archive_files'),
        ('catalogue', '0007_renewal_and_extension'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField('submission', 'answers', 'plain_answers'),
        migrations.AlterField('submission', 'plain_answers', models.JSONField(default=dict)),
        migrations.AddField(
            model_name='submission',
            name='answers',
            field=mingtang.base.sealed.SealedJSONField(default=dict),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name='FilingDraft',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('code_salt', models.BinaryField()),
                ('code_index', models.CharField(max_length=64, unique=True)),
                ('content', mingtang.base.sealed.SealedJSONField()),
                ('started_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.edition')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.item')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'saved_at'], name='filing_draft_mine'), models.Index(fields=['saved_at', 'id'], name='filing_draft_age')],
            },
        ),
        migrations.CreateModel(
            name='GivenMaterial',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('material_id', models.CharField(max_length=12)),
                ('name', models.CharField(max_length=200)),
                ('way', models.CharField(max_length=10)),
                ('upload_ids', models.JSONField(default=list)),
                ('promise', models.CharField(blank=True, default='', max_length=300)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='materials', to='cases.submission')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('submission', 'material_id'), name='material_once'), models.CheckConstraint(condition=models.Q(('way__in', ['uploaded', 'to_bring', 'deferred', 'not_needed'])), name='material_way_known'), models.CheckConstraint(condition=models.Q(models.Q(('way', 'deferred'), _negated=True), models.Q(('promise', ''), _negated=True), _connector='OR'), name='material_deferred_promised')],
            },
        ),
    ]
