# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which system properties, and which class path, the options of a Java process give it.

PRIVATE to the collection.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Callable, Iterable, Mapping, Sequence

MAIN_CLASS = "org.red5.server.Bootstrap"

# Variables that Java takes options from, and whether files of options may be named in them.
VARIABLES = {"JAVA_TOOL_OPTIONS": False, "JDK_JAVA_OPTIONS": True, "_JAVA_OPTIONS": False}
# Those that the start script of the server puts on the command line.
SCRIPT_VARIABLES = ("JVM_OPTS", "JAVA_OPTS", "JVM_MEMORY_OPTIONS")

_CLASS_PATH = ("-cp", "-classpath", "--class-path")
_BOOT = "-Xbootclasspath/a:"
_FILE = "-XX:VMOptionsFile="

# A word, parts of which may be in quotes.
_WORD = re.compile(r"(?:[^\s\"']|\"[^\"]*\"|'[^']*')+")
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)


@dataclass
class Java:
    """What a process is given: places where each system property is set, by name; its values by
    name; the class path; what comes before that."""

    places: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    class_path: str = ""
    boot: list[str] = field(default_factory=list)

    def add(self, words: Iterable[str], where: str, read: Callable, files: bool = True) -> None:
        """Take options from words.

        :arg read: gives the text of a file by its path; empty where there is none.
        :kwarg files: whether words may name files of options by an ``@``.
        """
        words = iter(words)
        for word in words:
            if word.startswith("-D"):
                name, _equals, value = word[2:].partition("=")
                self.places[name], self.values[name] = where, value
            elif word in _CLASS_PATH:
                self.class_path = next(words, "")
            elif word.startswith("--class-path="):
                self.class_path = word.partition("=")[2]
            elif word.startswith(_BOOT):
                self.boot += word[len(_BOOT) :].split(":")
            elif word.startswith(_FILE):
                path = word[len(_FILE) :]
                self.add(split(read(path)), path, read, files=False)
            elif word.startswith("@") and len(word) > 1 and files:
                path = word[1:]
                self.add(split(_COMMENT.sub("", read(path))), path, read, files=False)


def split(text: str) -> list[str]:
    """The words of a text, without quotes."""
    return [re.sub("[\"']", "", word) for word in _WORD.findall(text)]


def of_words(words: Sequence[str]) -> list[str]:
    """The options of a command line: what stands between the program and the main class."""
    found = list(words)
    return found[1 : found.index(MAIN_CLASS)] if MAIN_CLASS in found else []


def given(
    words: Sequence[str], environment: Mapping[str, str], where: str, of: str, read: Callable
) -> Java:
    """What a process is given by its command line and its environment.

    :arg words: its options.
    :arg where: where the command line stands, in words.
    :arg of: where the environment stands, in words that follow the name of a variable.
    """
    java = Java()
    for name, files in VARIABLES.items():
        if name in environment:
            java.add(split(environment[name]), f"{name} in {of}", read, files)
    java.add(words, where, read)
    return java
