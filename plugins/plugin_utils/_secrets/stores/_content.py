# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The text inside a store's file: documents of secrets, changed so that all else stays.

PRIVATE to the collection.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import yaml
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import Damaged

HEADER = """\
# Secrets of Ant Media Servers, kept by the collection streamward.antmedia.
# Look with `ansible-vault view`. Lines outside `scopes` stay as they are.
"""
TAG = "tag:yaml.org,2002:"


class Content:
    """The file in clear: its text, and the documents found in it."""

    def __init__(self, sealed: bytes, text: str, used: Any, path: str = "") -> None:
        self.digest = hashlib.sha256(sealed).hexdigest()
        self.text = text
        self.used = used
        self.root = self._compose(text, path)
        self.documents = self._documents(path)

    @staticmethod
    def _compose(text: str, path: str) -> yaml.MappingNode | None:
        try:
            root = yaml.compose(text, yaml.SafeLoader)
        except yaml.YAMLError as error:
            # The message of the parser would quote the text, so only the place is told.
            mark = getattr(error, "problem_mark", None)
            line = f" in line {mark.line + 1}" if mark else ""
            raise Damaged(f"{path} is not YAML{line} once opened") from None
        if root is not None and not isinstance(root, yaml.MappingNode):
            raise Damaged(f"{path} holds no mapping once opened")
        return root

    def _scopes(self):
        """The node of ``scopes`` and its key's, or None."""
        for key, value in self.root.value if self.root else ():
            if key.value == "scopes":
                return value
        return None

    def _documents(self, path):
        node = self._scopes()
        if node is None or node.tag == TAG + "null":
            return {}
        try:
            found = _construct(node)
        except yaml.YAMLError:
            found = None
        if not isinstance(found, dict):
            raise Damaged(f"{path}: scopes is not a mapping of scopes")
        for scope, document in found.items():
            try:
                _document.Scope.parse(scope)
                wrong = _document.check(document)
            except _document.SecretError as error:
                raise Damaged(f"{path}: {error}") from None
            if wrong:
                raise Damaged(f"{path}: {scope} {wrong}")
        return {scope: _document.normalise(document) for scope, document in found.items()}

    def merged(self, changed: Mapping[str, dict], path: str) -> str:
        """The text with some documents changed; what is outside ``scopes`` stays byte for byte."""
        documents = {**self.documents, **changed}
        documents = {scope: documents[scope] for scope in sorted(documents) if documents[scope]}
        block = yaml.dump(
            {"scopes": documents}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000
        )
        text = self._spliced(block)
        try:
            if (
                Content(b"", text, None, path).documents == documents
                and self._others() == Content(b"", text, None, path)._others()
            ):
                return text
        except Damaged:
            pass
        raise Damaged(f"{path} is laid out in a way that cannot be edited safely")

    def _others(self):
        return [
            (key.value, yaml.serialize(value, Dumper=_Dumper))
            for key, value in (self.root.value if self.root else ())
            if key.value != "scopes"
        ]

    def _spliced(self, block):
        """The text with the lines of ``scopes`` replaced."""
        for key, value in self.root.value if self.root else ():
            if key.value == "scopes":
                start, end = key.start_mark.index, _last(value)
                rest = self.text[end:]
                line_end = rest.find("\n")
                rest = rest[line_end + 1 :] if line_end >= 0 else ""
                return self.text[:start] + block + rest
        text = self.text
        return (text if not text or text.endswith("\n") else text + "\n") + block


def _last(node):
    """The index after the last character that belongs to a node itself."""
    if isinstance(node, yaml.MappingNode) and node.value and not node.flow_style:
        return _last(node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and node.value and not node.flow_style:
        return _last(node.value[-1])
    return node.end_mark.index


class _Foreign:
    """A value with a tag nobody here knows, carried along as it is."""

    def __init__(self, node: yaml.Node) -> None:
        self.node = node

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Foreign) and yaml.serialize(self.node) == yaml.serialize(
            other.node
        )

    __hash__ = None  # type: ignore[assignment]


class _Constructor(yaml.constructor.SafeConstructor):
    """Knows every tag: texts, numbers, booleans; dates stay the text they are."""


def _as_text(constructor: Any, node: Any) -> Any:
    return constructor.construct_scalar(node)


_Constructor.add_constructor(None, lambda _self, node: _Foreign(node))
_Constructor.add_constructor(TAG + "timestamp", _as_text)


class _Dumper(yaml.SafeDumper):
    """Writes what :class:`_Constructor` made of it."""


_Dumper.add_representer(_Foreign, lambda _self, data: data.node)
# Texts that look like a date are written plain, as they were read.
_Dumper.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if tag != TAG + "timestamp"]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def _construct(node):
    return _Constructor().construct_document(node)
