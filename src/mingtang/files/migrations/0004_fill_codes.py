"""Fills in the codes of documents drawn up before, and that their seals were physical ones.

The triggers that guard documents name their columns: they are taken away here and put back, for
all columns, by the command `migrate`.
"""

from django.db import migrations, transaction

from mingtang.base.sealed import blind_index
from mingtang.files.codes import INDEX, code_of

BATCH = 500
GUARDS = ('update', 'refill', 'delete', 'truncate')


def lift_guards(apps, schema_editor):
    on = '' if schema_editor.connection.vendor == 'sqlite' else ' ON "files_document"'
    for ending in GUARDS:
        schema_editor.execute(f'DROP TRIGGER IF EXISTS "files_document_guard_{ending}"{on}')


def fill(apps, schema_editor):
    documents = apps.get_model('files', 'Document').objects
    lift_guards(apps, schema_editor)
    last = 0
    while True:
        rows = list(
            documents.filter(id__gt=last, code_index=None)
            .order_by('id')
            .only('id', 'salt', 'sealed_at')[:BATCH]
        )
        if not rows:
            return
        with transaction.atomic():
            for row in rows:
                row.code_index = blind_index(INDEX, code_of(row.id, row.salt))
                row.seal_method = 'physical' if row.sealed_at else ''
            documents.bulk_update(rows, ['code_index', 'seal_method'])
        last = rows[-1].id


def forget(apps, schema_editor):
    lift_guards(apps, schema_editor)
    apps.get_model('files', 'Document').objects.update(code_index=None, seal_method='')


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0003_seals_and_codes'),
    ]

    operations = [migrations.RunPython(fill, forget)]
