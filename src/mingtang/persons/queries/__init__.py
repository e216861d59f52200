"""Reads of personal data."""

from mingtang.persons.queries.asking import copy_of as copy_of
from mingtang.persons.queries.asking import data_request as data_request
from mingtang.persons.queries.asking import data_requests as data_requests
from mingtang.persons.queries.asking import held_people as held_people
from mingtang.persons.queries.asking import hold_on as hold_on
from mingtang.persons.queries.asking import holds as holds
from mingtang.persons.queries.asking import requests_of as requests_of
from mingtang.persons.queries.asking import who_is as who_is
from mingtang.persons.queries.revealing import lookers as lookers
from mingtang.persons.queries.revealing import noted_at as noted_at
from mingtang.persons.queries.revealing import revealed_on as revealed_on
from mingtang.persons.queries.revealing import reveals as reveals
