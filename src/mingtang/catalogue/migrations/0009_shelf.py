"""Printed guides on the shelf of a hall."""

import django.db.models.deletion
import mingtang.base.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0008_campaigns_and_lists'),
        ('regions', '0002_places_reached'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ShelfGuide',
            fields=[
                ('id', models.BigIntegerField(default=mingtang.base.ids.next_id, editable=False, primary_key=True, serialize=False)),
                ('place', models.CharField(max_length=40)),
                ('stock_count', models.PositiveIntegerField()),
                ('least_count', models.PositiveIntegerField()),
                ('printed_count', models.PositiveIntegerField()),
                ('taken_count', models.PositiveIntegerField(default=0)),
                ('counted_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('counted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.edition')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.item')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regions.organisation')),
                ('removed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('place', ''), _negated=True), name='shelf_guide_placed'), models.CheckConstraint(condition=models.Q(('counted_at__isnull', False), ('counted_by__isnull', False)), name='shelf_guide_counted_paired'), models.CheckConstraint(condition=models.Q(models.Q(('removed_at', None), ('removed_by', None)), models.Q(('removed_at__isnull', False), ('removed_by__isnull', False)), _connector='OR'), name='shelf_guide_removed_paired'), models.CheckConstraint(condition=models.Q(('removed_at', None), ('stock_count', 0), _connector='OR'), name='shelf_guide_removed_empty'), models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('organisation', 'place', 'item'), name='shelf_guide_once')],
            },
        ),
    ]
