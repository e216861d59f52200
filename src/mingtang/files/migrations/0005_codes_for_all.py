"""Every document has a code; a seal is whole, and an electronic one is signed."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0004_fill_codes'),
        ('regions', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='document',
            name='code_index',
            field=models.CharField(max_length=64, unique=True),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('sealed_at', None)), models.Q(('sealed_by', None)), models.Q(('sealed_for', None)), ('seal_method', ''), ('seal_name', '')), models.Q(('needs_seal', True), ('sealed_at__isnull', False), ('sealed_by__isnull', False), models.Q(('seal_name', ''), _negated=True), ('seal_method__in', ['physical', 'electronic'])), _connector='OR'), name='document_sealed_whole'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('seal_method', 'electronic'), models.Q(('seal_provider', ''), _negated=True), models.Q(('seal_signature', ''), _negated=True)), models.Q(models.Q(('seal_method', 'electronic'), _negated=True), ('seal_provider', ''), ('seal_signature', '')), _connector='OR'), name='document_signed_if_electronic'),
        ),
    ]
