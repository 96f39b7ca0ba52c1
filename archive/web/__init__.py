"""The pages, a file for each slice. Each defines `blueprint`."""

from types import ModuleType

from archive.web import account, keys, people, sign_in, theme

SLICES: tuple[ModuleType, ...] = (sign_in, account, people, keys, theme)
