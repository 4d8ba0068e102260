"""The modules for tokens, run on a played edge instead of Ansible's."""

from __future__ import annotations

import base64

import pytest
from ansible_collections.streamward.antmedia.plugins.action import token, token_info, tokens
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    judge as _judge,
    many as _many,
    one as _one,
    rows as _rows,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.mint import Mint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.options import Options
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import Order

NOW = 1_800_000_000
STREAM = "StreamStreamStreamStream0123456789"
REST = "RestRestRestRestRestRest0123456789"
MANAGEMENT = "ManagementManagement0123456789abcd"
HASH = "HashHashHashHashHashHash0123456789"
SECRETS = {
    "management": MANAGEMENT,
    "apps": {"LiveApp": {"stream": STREAM, "rest": REST, "hash": HASH}},
}

# What a row leaves out.
BASE = Order(app="LiveApp", type="play", lifetime="1h")


def minted(streams, keep=()):
    """The tokens of a list, one after the other."""
    mint = Mint(NOW)
    ordered = _rows.orders(_rows.rows_of_list(streams), BASE, keep)
    return _many.mint_all(ordered, lambda order: mint.mint(order, STREAM))


class Vault:
    secrets = (("ops", "ops-secret"), ("dev", "dev-secret"))

    def encrypt(self, data, secret, vault_id):
        return f"{secret} {vault_id} ".encode() + data[::-1]


class Edge:
    """Ansible's side, played."""

    store_context = None

    def __init__(self, variables=None, check_mode=False, answers=()):
        self.host = "edge1"
        self.check_mode = check_mode
        self.vault = Vault()
        self.variables = {"antmedia_secrets": SECRETS, **(variables or {})}
        self.answers = list(answers)
        self.asked = []
        self.warnings = []
        self.said = []
        self.told = []
        self.warn, self.say, self.tell = self.warnings.append, self.said.append, self.told.append

    def variable(self, name):
        return self.variables.get(name)

    def path(self, path):
        return path

    def on_host(self, module, arguments):
        self.asked.append((module, arguments))
        answer = self.answers.pop(0)
        return answer(arguments) if callable(answer) else answer


def _runner(action, task):
    defaults = {name: option.get("default") for name, option in action.argument_spec().items()}

    def run(edge=None, **args):
        assert set(args) <= set(defaults)
        return task(Options({**defaults, **args}, edge or Edge(), NOW))

    return run


mint_one = _runner(token, _one.run)
mint_many = _runner(tokens, _many.run)
judge = _runner(token_info, _judge.run)


def stream(edge=None, run=mint_one, **args):
    return run(edge, **{"app": "LiveApp", "stream": "stream1", "type": "publish", **args})


def faults(run, edge=None, **args):
    with pytest.raises(ValueError) as caught:
        run(edge, **args)
    return getattr(caught.value, "faults", None) or [str(caught.value)]


def slurped(**files):
    """How a host answers that has these files, by the end of their path."""

    def answer(arguments):
        for name, text in files.items():
            if arguments["src"].endswith(name.replace("_", ".") if "." not in name else name):
                return {"content": base64.b64encode(text.encode()).decode()}
        return {"failed": True, "msg": "file not found"}

    return answer
