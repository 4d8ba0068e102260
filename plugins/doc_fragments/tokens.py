# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words


class ModuleDocFragment:
    """What every module for tokens takes, and what those that make tokens take in addition."""

    # With a type, see the fragment words.
    DOCUMENTATION: str = rf"""
requirements:
  - PyJWT on the controller
attributes:
  async:
    description: Runs on the controller.
    support: none
options:
  kind:
    description:
      - The kind of a stream's token. The other realms know V(jwt) only.
      - V(one_time) tokens are made and kept by the server. V(totp) is the code of O(subscriber) at
        this moment.
    type: str
    choices: [{", ".join(_words.KINDS)}]
    default: jwt
  app:
    description: The app. A token for the management REST API has none.
    type: str
    default: ""
  stream:
    description: The stream id, as the server has it. It has letters, digits, C(_), C(.) and C(-).
    type: str
    default: ""
  type:
    description: The direction, V(publish) or V(play).
    type: str
    default: ""
  subscriber:
    description: The subscriber's id, for O(kind=totp).
    type: str
    default: ""
  max_lifetime:
    description:
      - The longest lifetime allowed, as a duration. A token without an end is then not allowed
        either.
      - The variable C(antmedia_token_max_lifetime) is used if this is not given.
    type: str
  totp_period:
    description: How many seconds a code lives, the server's C(timeTokenPeriod).
    type: int
    default: 60
  secret:
    description: The secret to use. If not given, O(secrets) and then O(secret_store) are searched.
    type: str
  secrets:
    description:
      - Secrets by realm and app. The variable C(antmedia_secrets) is used if this is not given.
      - C(management) is one secret. C(apps) has a mapping for each app, C(app_defaults) one for all
        others. Such a mapping may have C(stream), C(rest), C(hash), C(totp_play) and
        C(totp_publish).
    type: dict
  secret_store:
    description:
      - Where the secrets are kept that O(secrets) does not have. M(streamward.antmedia.secret)
        describes the kinds of store and their options.
      - The variable C(antmedia_secret_store) is used if this is not given.
    type: dict
  fleet:
    description:
      - The name under which the store keeps the secrets of these hosts.
      - The variable C(antmedia_fleet) is used if this is not given.
    type: str
  home:
    description:
      - The installation's folder, as an absolute path.
      - Only O(read_host) needs it. The variable C(antmedia_home) is used if this is not given, else
        V(/usr/local/antmedia).
    type: path
  version:
    description:
      - Version of the server, for example V(2.17.1). A token that this version cannot use is then
        an error, strings of doors that it does not have are left out, and O(read_host) knows which
        spelling of a setting counts.
    type: str
  texts_from:
    description:
      - Variables to take options from, by the name of the option. It may be C(app), C(room),
        C(stream), C(subscriber), C(token) or C(vod_file), if the module has it. If a variable does
        not exist, the option stays as it is.
      - The value is taken as it stands and is never a template. Use this for texts that somebody
        outside has written. A variable that is put into an option is a template, even if it was
        given with C(-e).
    type: dict
    default: {{}}
"""

    MINT = r"""
options:
  source:
    description:
      - Who makes the token, the controller from a secret, or the server when asked.
      - O(kind=one_time) needs V(server).
    type: str
    choices: [local, server]
    default: local
  lifetime:
    description:
      - How long the token works. A duration such as V(90s), V(30m), V(2h), V(7d) or V(1d12h), an
        absolute time with its zone such as V(2030-01-31T18:00:00+01:00), or V(none).
      - V(none) makes a token that works until the secret changes, and gives a warning.
    type: str
    default: 1h
  room:
    description:
      - Id of the conference's main track, for the claim C(roomId).
      - The vendor describes another token for rooms, one to publish the room itself. So order that
        with the room as O(stream) and V(publish) as O(type), for all who publish into the room and
        for all who play it.
    type: str
    default: ""
  claims:
    description: 'Further claims, for example C({sub: token}).'
    type: dict
    default: {}
  time_claims:
    description:
      - Claims to add that hold the time of minting. There are none by default, because a server
        whose clock is behind refuses such tokens.
    type: list
    elements: str
    choices: [iat, nbf]
    default: []
  secret_version:
    description: Which version of the secret to sign with.
    type: str
    choices: [pending, current, previous]
    default: current
  read_host:
    description:
      - What to read from the settings on the host that the task runs for. This connects to it.
      - V(endpoint) reads the host's ports and whether it serves TLS. V(secret) reads the secret
        that the host holds.
    type: list
    elements: str
    choices: [endpoint, secret]
    default: []
  edition:
    description: Edition of the server. A token that this edition does not check is then an error.
    type: str
    choices: [community, enterprise]
  unenforceable:
    description:
      - What to do about a token that the edition does not check.
      - The variable C(antmedia_unenforceable) is used if this is not given, else V(fail).
    type: str
    choices: [fail, warn]
  endpoint:
    description:
      - How players and encoders reach the server, with the keys C(host), C(tls), C(http_port),
        C(https_port), C(rtmp_port), C(rtmps), C(rtmps_port) and C(srt_port).
      - It adds to the variable C(antmedia_endpoint), key by key.
      - If not given, C(host) is the host's address in the inventory, C(tls) is true except on
        loopback, and the ports are the server's standard ones.
    type: dict
  vod_file:
    description: File of a recording below the app's C(streams) folder, C(STREAM.mp4) if not given.
    type: str
    default: ""
  quality:
    description:
      - What the server adds to the names of one quality, such as V(720p2000kbps), for the strings
        to it.
    type: str
    default: ""
  expose:
    description:
      - Whether tokens may appear in the output. Otherwise the result is hidden, but it can still be
        registered and used.
    type: bool
    default: false
  ask_from:
    description: With O(source=server), from where to ask the server.
    type: str
    choices: [host, controller]
    default: host
  server_url:
    description:
      - With O(source=server), the address to ask. If not given, the host's own loopback address, or
        the endpoint if O(ask_from=controller).
    type: str
  validate_certs:
    description: With O(source=server), whether to check certificates.
    type: bool
    default: true
"""
