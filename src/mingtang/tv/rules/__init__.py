"""Rules of television: sizes, keys of pages, places on the screen, lines. Pure."""

from mingtang.tv.rules.keys import Key as Key
from mingtang.tv.rules.keys import Kind as Kind
from mingtang.tv.rules.keys import NoSuchPage as NoSuchPage
from mingtang.tv.rules.layout import corners as corners
from mingtang.tv.rules.layout import middle as middle
from mingtang.tv.rules.layout import most as most
from mingtang.tv.rules.layout import places as places
from mingtang.tv.rules.layout import presses as presses
from mingtang.tv.rules.lines import Line as Line
from mingtang.tv.rules.lines import pages_of as pages_of
from mingtang.tv.rules.lines import row_lines as row_lines
from mingtang.tv.rules.lines import wrapped as wrapped
from mingtang.tv.rules.sizes import SIZES as SIZES
from mingtang.tv.rules.sizes import Size as Size
