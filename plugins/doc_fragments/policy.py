# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations


class ModuleDocFragment:
    """The policy of a host, and what every module that talks to a host takes."""

    DOCUMENTATION = r"""
notes:
  - An option that a task does not give is taken from the host's variable C(antmedia_<option>), and
    secrets also from C(antmedia_secret_store). So a task on its own does what the roles do.
options:
  policy:
    description:
      - Where the policy and its secrets come from, as far as the task does not give them.
        V(inventory) takes the variables of the host and its store. With V(task), whatever the task
        does not name is left alone.
    type: str
    choices: [inventory, task]
    default: inventory
  uses:
    description:
      - Certain secrets of the store, instead of O(secrets), as M(streamward.antmedia.rotation)
        names them.
    type: list
    elements: dict
  home:
    description: The installation's folder, as an absolute path.
    type: path
    default: /usr/local/antmedia
  dashboard_cidrs:
    description:
      - Who may open the web panel and the management REST API.
      - A list of addresses and blocks, IPv4 and IPv6, which may hold further lists, or one of the
        words V(any) and V(deny_all).
      - Blocks must have no host bits set. An empty list is refused, because it would deny
        everybody; V(deny_all) says that you mean it.
      - If not given, the list is left alone.
    type: raw
  management_jwt:
    description:
      - Whether a token signed with the management secret opens the management REST API.
      - This adds a way in beside the log-in. It closes nothing.
    type: bool
  trusted_proxies:
    description:
      - The proxies and load balancers that the server believes about where a request came from
        (X-Forwarded-For), in C(conf/jee-container.xml).
      - A list of addresses and blocks, which may hold further lists. The host itself always stays
        trusted. An empty list trusts nobody else.
      - If not given, the file is left alone. As shipped, the server believes every peer with a
        private address.
    type: raw
  server_settings:
    description:
      - Further settings of C(conf/red5.properties), by the server's own names. They are checked
        against the catalogue.
    type: dict
    default: {}
  app_defaults:
    description:
      - The policy of every application found. O(apps), O(group_apps) and O(host_apps) are merged
        over it, in this order.
      - C(rest_cidrs) says who may use the application's REST API; 127.0.0.1 always stays in it,
        because the web panel needs it. C(rest_jwt) says whether that API asks for a token.
      - C(publish) and C(play) name the kind of token that guards the direction, one of V(none),
        V(jwt), V(one_time), V(hash) and V(totp). C(publisher_cidrs) says who may publish by RTMP.
      - V(hook) has a hook decide who publishes. C(publish_hook) is its address, or a mapping of
        V(url) and of what makes it provable, V(known_stream), which it lets in, V(unknown_stream),
        which it does not, and V(timeout), the seconds in which it has to answer.
      - C(settings) holds further settings of the application, by the server's own names. They are
        checked against the catalogue.
    type: dict
    default: {}
  apps:
    description:
      - The policy of named applications, merged over O(app_defaults). The names must be those of
        applications on the host.
    type: dict
    default: {}
  group_apps:
    description: The same for a group of hosts, merged over O(apps).
    type: dict
    default: {}
  host_apps:
    description: The same for one host, merged over O(group_apps).
    type: dict
    default: {}
  secrets:
    description:
      - The secrets. Each has at least 32 printable ASCII characters, without blanks, quotes and
        backslashes. Keep them encrypted.
      - V(management) is for the management REST API. V(apps) has V(rest), V(stream), V(hash),
        V(totp_publish) and V(totp_play) by application, and V(app_defaults) has the same for
        applications that are not named. V(settings) below an application has other secret settings,
        by the server's own names.
      - V(cluster) is the key that nodes show each other. It opens everything of every application.
      - V(admin), with V(email) and V(password), is for servers that cannot be asked with a
        management token.
      - A secret whose control is off is not written.
      - If C(antmedia_secret_store) has a secret too, the entry that names the application wins. If
        both are equally specific, the variable wins over the store.
    type: dict
  unenforceable:
    description:
      - What to do about a control that this edition, or a filter missing in C(web.xml), leaves
        without effect.
    type: str
    choices: [fail, warn]
    default: fail
  operator_cidrs:
    description:
      - Addresses and blocks that must stay inside O(dashboard_cidrs), in addition to the address
        that the connection came from.
    type: list
    elements: str
    default: []
  allow_lockout:
    description: Whether O(dashboard_cidrs) may lock the operator out.
    type: bool
    default: false
  gate:
    description:
      - Whether the gate stands in front of a server of the Community edition, and enforces
        C(publish), C(play) and C(publisher_cidrs) in its place. Their only kind of token is V(jwt)
        then.
      - The gate listens on the ports that people use, and the server on 127.0.0.1 behind it. The
        host needs systemd, nginx and Python 3.8 or newer; the playbook C(streamward.antmedia.gate)
        installs nginx.
      - V(false) takes the gate away and puts the server's ports and addresses back. If not given, a
        gate stays as it is.
    type: bool
  gate_ports:
    description:
      - The ports of the gate, by protocol. V(http) is 5080, V(https) 5443, V(rtmp) 1935 and
        V(rtmps) 8443, if not given. Those of TLS are used with O(gate_tls) only.
    type: dict
    suboptions:
      http:
        description: The port for HTTP.
        type: int
      https:
        description: The port for HTTPS.
        type: int
      rtmp:
        description: The port for RTMP.
        type: int
      rtmps:
        description: The port for RTMPS.
        type: int
  gate_server_ports:
    description:
      - The ports of the server behind the gate, by protocol. V(http) is 15080, V(https) 15443,
        V(rtmp) 11935 and V(rtmps) 18443, if not given.
    type: dict
    suboptions:
      http:
        description: The port for HTTP.
        type: int
      https:
        description: The port for HTTPS.
        type: int
      rtmp:
        description: The port for RTMP.
        type: int
      rtmps:
        description: The port for RTMPS.
        type: int
  gate_tls:
    description:
      - The certificate of the gate, as absolute paths of PEM files on the host, V(certificate) with
        its chain and V(key). HTTP is redirected to HTTPS then.
      - V(hsts) is for how many seconds browsers are to insist on TLS, 0 for not at all.
    type: dict
    suboptions:
      certificate:
        description: The file of the certificate and its chain.
        type: path
      key:
        description: The file of its key.
        type: path
      hsts:
        description: Seconds for which browsers are to insist on TLS.
        type: int
        default: 0
  gate_overlap:
    description:
      - For how many seconds the gate takes tokens of the previous secret beside those of the
        current one, after the secret has changed.
    type: int
    default: 3600
  gate_viewers_per_token:
    description:
      - From how many addresses one token may be used to play at a time, up to 1000. V(0) sets no
        limit.
    type: int
    default: 0
  closed_doors:
    description:
      - Doors of playing and publishing that something else than the server closes, such as a
        firewall, or a front that does not pass the path. They are not asked about, and a policy
        that they would make untrue is accepted. The page doors of the documentation has their
        names.
    type: list
    elements: str
    default: []
  widest_prefix:
    description:
      - The shortest prefix that a block may have, in bits, C(ipv4) from 0 to 32 and C(ipv6) from 0
        to 128; 8 if not given. The words V(any), V(any_ipv4) and V(any_ipv6) are exempt.
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
