"""Documents get a verification code and say how they were sealed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0002_documents'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='document',
            name='document_sealed_whole',
        ),
        migrations.AddField(
            model_name='document',
            name='code_index',
            field=models.CharField(max_length=64, null=True),
        ),
        migrations.AddField(
            model_name='document',
            name='seal_method',
            field=models.CharField(blank=True, choices=[('physical', '实物印章'), ('electronic', '电子签章')], default='', max_length=10),
        ),
        migrations.AddField(
            model_name='document',
            name='seal_provider',
            field=models.CharField(blank=True, default='', max_length=120),
        ),
        migrations.AddField(
            model_name='document',
            name='seal_signature',
            field=models.TextField(blank=True, default=''),
        ),
    ]
