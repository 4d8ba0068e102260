# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options that several modules share, as argument specifications.

PRIVATE to the collection.
"""

from __future__ import annotations


def home_spec():
    """The option that says where the installation is."""
    return {"home": {"type": "path", "default": "/usr/local/antmedia"}}


def policy_spec():
    """The policy of a host; documented in the ``policy`` fragment."""
    return dict(
        home_spec(),
        dashboard_cidrs={"type": "raw"},
        management_jwt={"type": "bool"},
        trusted_proxies={"type": "raw"},
        server_settings={"type": "dict", "default": {}},
        app_defaults={"type": "dict", "default": {}},
        apps={"type": "dict", "default": {}},
        group_apps={"type": "dict", "default": {}},
        host_apps={"type": "dict", "default": {}},
        secrets={"type": "dict", "no_log": True},
        unenforceable={"type": "str", "choices": ["fail", "warn"], "default": "fail"},
        operator_cidrs={"type": "list", "elements": "str", "default": []},
        allow_lockout={"type": "bool", "default": False},
        widest_prefix={
            "type": "dict",
            "default": {"ipv4": 8, "ipv6": 8},
            "options": {
                "ipv4": {"type": "int", "default": 8},
                "ipv6": {"type": "int", "default": 8},
            },
        },
    )
