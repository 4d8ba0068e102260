# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations


class ModuleDocFragment:
    """The policy of a host, and what every module that speaks with a host takes."""

    DOCUMENTATION = r"""
notes:
  - An option that a task does not give is taken from the variable C(antmedia_<option>) of the host, so that a task on its own does what
    the roles do.
options:
  policy:
    description:
      - Where the policy and its secrets come from, in as far as the task does not give them. V(inventory) takes the variables of the host and
        its store. With V(task) what the task does not name is left alone.
    type: str
    choices: [inventory, task]
    default: inventory
  uses:
    description:
      - Instead of O(secrets), certain secrets of the store, as the module M(streamward.antmedia.rotation) names them.
    type: list
    elements: dict
  home:
    description: Folder of the installation, an absolute path.
    type: path
    default: /usr/local/antmedia
  dashboard_cidrs:
    description:
      - Who may open the web panel and the management REST API.
      - A list of addresses and blocks, which may hold further lists, or one of the words V(any) and V(deny_all).
      - IPv4 and IPv6; blocks must have no host bits set. An empty list is refused, since it would deny everybody;
        V(deny_all) says that this is meant.
      - Left alone where not given.
    type: raw
  management_jwt:
    description:
      - Whether a token signed with the management secret opens the management REST API.
      - This adds a way in beside the log-in; it closes nothing.
    type: bool
  trusted_proxies:
    description:
      - The proxies and load balancers whose word the server takes for where a request came from (X-Forwarded-For), in
        C(conf/jee-container.xml).
      - A list of addresses and blocks, which may hold further lists. This host itself always stays trusted; an empty list trusts nobody else.
      - Left alone where not given. As shipped, the server believes every peer with a private address.
    type: raw
  server_settings:
    description:
      - Further settings of C(conf/red5.properties), by the server's own names, checked against the catalogue.
    type: dict
    default: {}
  app_defaults:
    description:
      - The policy of every application found, below what O(apps), O(group_apps) and O(host_apps) say.
      - >-
        Keys are C(rest_cidrs) (who may use the application's REST API; 127.0.0.1 stays in it, since the web panel needs it),
        C(rest_jwt) (whether that API asks for a token), C(publish) and C(play) (one of V(none), V(jwt), V(one_time), V(hash), V(totp):
        the token that guards the direction), C(publisher_cidrs) (who may publish by RTMP) and C(settings) (further
        settings of the application, by the server's own names, checked against the catalogue).
    type: dict
    default: {}
  apps:
    description: The policy of named applications, over O(app_defaults). The names must be those of applications on the host.
    type: dict
    default: {}
  group_apps:
    description: The same for a group of hosts, over O(apps).
    type: dict
    default: {}
  host_apps:
    description: The same for one host, over O(group_apps).
    type: dict
    default: {}
  secrets:
    description:
      - The secrets, at least 32 printable ASCII characters each, without blanks, quotes and backslashes.
      - >-
        V(management) for the management REST API; V(apps) with V(rest), V(stream), V(hash), V(totp_publish) and V(totp_play) by
        application; V(app_defaults) with the same for applications not named; V(settings) below an application for other secret
        settings by the server's own names; V(cluster) for the key that nodes show each other, which opens everything of every
        application; V(admin) with V(email) and V(password) for servers that cannot be asked with a management token.
      - A secret whose control is off is not written.
      - Where the task gives none, those of C(antmedia_secrets) and of C(antmedia_secret_store). Of two places, the one that names the
        application counts; of one place, the variable's secret counts before that of the store.
    type: dict
  unenforceable:
    description: What to do about a control that this edition accepts and does not enforce.
    type: str
    choices: [fail, warn]
    default: fail
  operator_cidrs:
    description: Addresses and blocks that must stay inside O(dashboard_cidrs), beside the address the connection came from.
    type: list
    elements: str
    default: []
  allow_lockout:
    description: Whether O(dashboard_cidrs) may shut out the operator.
    type: bool
    default: false
  widest_prefix:
    description:
      - The shortest prefix a block may have, by family. The words V(any), V(any_ipv4) and V(any_ipv6) are not subject to it.
    type: dict
    default: {ipv4: 8, ipv6: 8}
    suboptions:
      ipv4:
        description: Bits, from 0 to 32.
        type: int
        default: 8
      ipv6:
        description: Bits, from 0 to 128.
        type: int
        default: 8
"""
