"""A host that is not reached stops a play of ours as it stops any other, on every ansible-core."""

from __future__ import annotations

import json
import re

import pytest

OURS = ("streamward.antmedia.facts", "streamward.antmedia.settings", "streamward.antmedia.secret")
NEEDS = {
    "streamward.antmedia.secret": "{state: adopted, store: {kind: vault_file, path: own.yml}}",
}
# Of what a task may say, whatever decides how it goes on.
WAYS = {
    "ignored": "",
    "again": "until: {name} is success\n      retries: 2\n      delay: 0",
    "failed_when": "failed_when: false",
    "changed_when": "changed_when: true",
    "later": "async: 5\n      poll: 1",
    "looped": "loop: [nobody1, nobody2]\n      delegate_to: '{{{{ item }}}}'",
    "checked": "check_mode: true",
}


def empty(fleet):
    """A fleet where nobody answers on two hosts, and a third is our own."""
    nobody = {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1}
    fleet.hosts = {"nobody1": nobody, "nobody2": nobody, "here": {"ansible_connection": "local"}}


def tasks(module):
    """Each way once, and what came of it in a file."""
    ways = {way: text for way, text in WAYS.items() if way != "later" or "secret" not in module}
    yield "- hosts: nobody1\n  gather_facts: false\n  tasks:\n"
    for way, text in ways.items():
        yield f"    - {module}: {NEEDS.get(module, '')}\n      register: came_{way}\n"
        yield f"      ignore_unreachable: true\n      {text.format(name='came_' + way)}\n"
    names = ", ".join(f"'{way}': came_{way}" for way in ways)
    yield "    - ansible.builtin.copy:\n"
    yield f'        content: "{{{{ {{{names}}} | to_json }}}}"\n'
    yield "        dest: '{{ playbook_dir }}/came.json'\n      delegate_to: here\n"


def came(fleet, module):
    empty(fleet)
    shown = fleet.tasks("".join(tasks(module)))
    assert fleet.status == 0, shown
    return {
        way: shape(result)
        for way, result in json.loads((fleet.folder / "came.json").read_text()).items()
    }


def shape(result):
    """A result without its words."""
    words = ("msg", "exception", "warnings", "deprecations", "item", "_ansible_delegated_vars")
    found = {key: value for key, value in result.items() if key not in words}
    if "results" in found:
        found["results"] = [shape(each) for each in found["results"]]
    return found


def test_results_are_those_of_any_module(fleet):
    usual = came(fleet, "ansible.builtin.ping")
    assert usual["ignored"]["unreachable"] is True
    for module in OURS:
        found = came(fleet, module)
        assert found == {way: usual[way] for way in found}, module


STOPS = """\
- hosts: nobody1:here
  gather_facts: false
  any_errors_fatal: {fatal}
  tasks:
    - block:
        - {module}: {options}
          when: inventory_hostname == 'nobody1'
        - ansible.builtin.debug: {{msg: after}}
      rescue:
        - ansible.builtin.debug: {{msg: rescued}}
- hosts: here
  gather_facts: false
  tasks:
    - ansible.builtin.debug: {{msg: next play}}
"""


@pytest.mark.parametrize("fatal", ["false", "true"])
def test_a_play_ends_as_any_does(fleet, fatal):
    empty(fleet)

    def ends(module):
        shown = fleet.tasks(STOPS.format(fatal=fatal, module=module, options=NEEDS.get(module, "")))
        said = [text for text in ("after", "rescued", "next play") if f'"{text}"' in shown]
        return fleet.status, said, re.findall(r"(?m)^(\S+) +: (.+?) *$", shown)

    usual = ends("ansible.builtin.ping")
    assert "unreachable=1" in str(usual)
    for module in OURS:
        assert ends(module) == usual, module
