# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations


class ModuleDocFragment:
    """What every module for tokens takes, and besides what those that make some take."""

    DOCUMENTATION = r"""
requirements:
  - PyJWT on the controller
attributes:
  action:
    description: Runs on the controller.
    support: full
  async:
    description: Runs on the controller.
    support: none
options:
  kind:
    description:
      - What kind of token a stream's is. The other realms know V(jwt) only.
      - V(one_time) is made and kept by the server. V(totp) is the code of O(subscriber) at this moment.
    type: str
    choices: [jwt, one_time, hash, totp]
    default: jwt
  app:
    description: The app; not for a token of the management REST API.
    type: str
    default: ""
  stream:
    description: The stream id. Letters, digits, C(_), C(.) and C(-), as the server has it.
    type: str
    default: ""
  type:
    description: The direction, V(publish) or V(play).
    type: str
    default: ""
  subscriber:
    description: The subscriber's id, for codes of the kind C(totp).
    type: str
    default: ""
  max_lifetime:
    description:
      - The longest lifetime allowed, as a duration. Does not allow a token without an end either.
      - The variable C(antmedia_token_max_lifetime) serves if this is not given.
    type: str
  totp_period:
    description: Seconds that a code lives, the server's C(timeTokenPeriod).
    type: int
    default: 60
  secret:
    description: The secret that counts. Without it O(secrets), then O(secret_store) serve.
    type: str
  secrets:
    description:
      - Secrets by realm and app, the variable C(antmedia_secrets) if not given.
      - C(management) is one, C(apps) has a mapping for each app, C(app_defaults) one for the others.
        An app's may have C(stream), C(rest), C(hash), C(totp_play) and C(totp_publish).
    type: dict
  secret_store:
    description: Where secrets are kept, the variable C(antmedia_secret_store) if not given.
    type: dict
  fleet:
    description: The fleet's name in the store, the variable C(antmedia_fleet) if not given.
    type: str
  home:
    description: Folder of the installation, for O(read_host). The variable C(antmedia_home) if
      not given, and C(/usr/local/antmedia) without that.
    type: path
  version:
    description:
      - Version of the server, for example V(2.17.1). A token that it can do nothing with is then an error, and
        O(read_host) knows which spelling of a setting it reads.
    type: str
  texts_from:
    description:
      - The variables that options come from, by the name of the option, for those of C(app), C(room), C(stream), C(subscriber), C(token) and
        C(vod_file) that the module has. A variable that is not there leaves the option as it is.
      - The value is taken as it stands and is never a template. Use this for texts that somebody outside has written. A variable that is put
        into an option is a template, even if it was given with C(-e).
    type: dict
    default: {}
"""

    MINT = r"""
options:
  source:
    description:
      - Who makes the token, the controller from a secret or the server when asked.
      - O(kind=one_time) needs V(server).
    type: str
    choices: [local, server]
    default: local
  lifetime:
    description:
      - How long the token works. A duration such as V(90s), V(30m), V(2h), V(7d) or V(1d12h), an
        absolute time with its zone such as V(2030-01-31T18:00:00+01:00), or V(none).
      - V(none) makes a token that works until the secret changes, and warns.
    type: str
    default: 1h
  room:
    description: Id of the conference's main track, for a claim C(roomId).
    type: str
    default: ""
  claims:
    description: 'Further claims, for example C({sub: token}).'
    type: dict
    default: {}
  time_claims:
    description:
      - Claims to add that hold the time of minting. A server whose clock is behind refuses such
        tokens, so there are none by default.
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
      - V(endpoint) reads its ports and whether it serves TLS, V(secret) the secret it holds.
    type: list
    elements: str
    choices: [endpoint, secret]
    default: []
  edition:
    description: Edition of the server. A token that it does not check is then an error.
    type: str
    choices: [community, enterprise]
  unenforceable:
    description: What to do about a token that the edition does not check. The variable
      C(antmedia_unenforceable) if not given, and V(fail) without that.
    type: str
    choices: [fail, warn]
  endpoint:
    description:
      - How players and encoders reach the server, with the keys C(host), C(tls), C(http_port),
        C(https_port), C(rtmp_port), C(rtmps), C(rtmps_port) and C(srt_port).
      - Adds to the variable C(antmedia_endpoint), key by key.
      - C(host) is the host's address in the inventory if not given. C(tls) is true, but for
        loopback. The ports are the server's standard ones.
    type: dict
  vod_file:
    description: File of a recording below the app's C(streams) folder, C(STREAM.mp4) if not given.
    type: str
    default: ""
  expose:
    description:
      - Whether tokens may appear in the output. Otherwise the result is hidden, but can be
        registered and used.
    type: bool
    default: false
  ask_from:
    description: From where to ask the server for O(source=server).
    type: str
    choices: [host, controller]
    default: host
  server_url:
    description: Where to ask for O(source=server). The host's own loopback address, or the endpoint
      from the controller, if not given.
    type: str
  validate_certs:
    description: Whether to check certificates for O(source=server).
    type: bool
    default: true
"""
