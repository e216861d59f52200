"""Reads of people and their rights. `scope_of` is the choke point of access."""

from mingtang.accounts.models import Person as Person  # what pages are handed
from mingtang.accounts.models import Substitution as Substitution
from mingtang.accounts.queries.letters import LETTERS_SHOWN as LETTERS_SHOWN
from mingtang.accounts.queries.letters import Letter as Letter
from mingtang.accounts.queries.letters import LetterPage as LetterPage
from mingtang.accounts.queries.letters import authorities_of as authorities_of
from mingtang.accounts.queries.letters import letter as letter
from mingtang.accounts.queries.letters import letters as letters
from mingtang.accounts.queries.letters import letters_between as letters_between
from mingtang.accounts.queries.letters import mandate_code as mandate_code
from mingtang.accounts.queries.letters import mandated_codes as mandated_codes
from mingtang.accounts.queries.letters import mandates_of as mandates_of
from mingtang.accounts.queries.letters import proxies_of as proxies_of
from mingtang.accounts.queries.people import attempts_within as attempts_within
from mingtang.accounts.queries.people import demo_accounts as demo_accounts
from mingtang.accounts.queries.people import people_by_username as people_by_username
from mingtang.accounts.queries.people import person_by_username as person_by_username
from mingtang.accounts.queries.people import person_found as person_found
from mingtang.accounts.queries.people import person_names as person_names
from mingtang.accounts.queries.posts import Seat as Seat
from mingtang.accounts.queries.posts import colleagues as colleagues
from mingtang.accounts.queries.posts import first_posts as first_posts
from mingtang.accounts.queries.posts import holders_of as holders_of
from mingtang.accounts.queries.posts import posts_among as posts_among
from mingtang.accounts.queries.posts import posts_of as posts_of
from mingtang.accounts.queries.posts import related_units as related_units
from mingtang.accounts.queries.posts import seats_between as seats_between
from mingtang.accounts.queries.posts import staff_of as staff_of
from mingtang.accounts.queries.posts import stand_ins_of as stand_ins_of
from mingtang.accounts.queries.posts import substitutions as substitutions
from mingtang.accounts.queries.posts import window_of as window_of
from mingtang.accounts.queries.posts import windows_held as windows_held
from mingtang.accounts.queries.posts import works_throughout as works_throughout
from mingtang.accounts.queries.scopes import NOBODY as NOBODY
from mingtang.accounts.queries.scopes import actor_of as actor_of
from mingtang.accounts.queries.scopes import scope_of as scope_of
