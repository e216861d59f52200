"""Commands on personal data."""

from mingtang.persons.services.asking import ask as ask
from mingtang.persons.services.asking import decide as decide
from mingtang.persons.services.asking import lift as lift
from mingtang.persons.services.asking import note_copy as note_copy
from mingtang.persons.services.asking import place as place
from mingtang.persons.services.retaining import over_time as over_time
from mingtang.persons.services.retaining import retain as retain
from mingtang.persons.services.revealing import reveal as reveal
