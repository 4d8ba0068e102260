# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What overrules a settings file: the record of it, and its words.

PRIVATE to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Container

# Applications and settings: every one.
EVERY = "*"

# The ways in which a server takes a value before that of a file.
ENVIRONMENT = "environment variable"
PROPERTY = "system property"
PARAMETER = "context parameter"
NAMING = "JNDI entry"
OTHER_FILE = "other properties file"
BEAN = "bean"
CLASS_PATH = "class path"
FOLDER = "other folder"
LITERAL = "literal value"
REFERENCE = "reference"
DATABASE = "database"

# For which process it holds: the one that runs, the next one, or both.
NOW = "now"
NEXT = "next start"
ALWAYS = "always"


@dataclass(frozen=True, order=True)
class Entry:
    """One value that is taken before a file's.

    app: whose file, empty for the server's, EVERY for those of all applications. setting: its
    canonical name; EVERY for whatever the file says. key: how it is spelled where it was found.
    way: one of the words above. where: in which file, or of what. when: for which process.
    fills: whether it holds only as long as the file does not have the setting's own key.
    """

    app: str
    setting: str
    key: str
    way: str
    where: str
    when: str = ALWAYS
    fills: bool = field(default=False, compare=False)

    def concerns(self, app: str, names: Container[str], written: bool) -> bool:
        """Whether it overrules one of the settings of an application that a policy names.

        :arg names: of the settings; empty for none.
        :arg written: whether the file is going to say what the policy does.
        """
        if self.way == DATABASE or (written and (self.fills or self.way == REFERENCE)):
            return False
        if self.app != app and not (app and self.app == EVERY):
            return False
        return bool(names) if self.setting == EVERY else self.setting in names

    def shown(self) -> dict[str, Any]:
        """As facts show it."""
        return {
            "app": self.app,
            "setting": self.setting,
            "key": self.key,
            "way": self.way,
            "where": self.where,
            "when": self.when,
            "fills": self.fills,
        }
