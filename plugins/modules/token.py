#!/usr/bin/python
# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: token
short_description: Mint, inspect and hand out the tokens that Ant Media Server accepts
version_added: 0.1.0
description:
  - Makes tokens for publishing and playing streams, for the REST API of an app and for the
    management REST API, and the strings into which each protocol wants them put.
  - Runs on the controller and needs no server, except for O(source=server) and O(read_host).
  - Says in words why a server would refuse a given token (O(state=verified)).
  - Needs PyJWT on the controller.
options:
  state:
    description:
      - V(minted) makes tokens, V(verified) judges O(token) without asking any server.
      - A token that would be refused does not fail the task; see RV(accepted).
    type: str
    choices: [minted, verified]
    default: minted
  realm:
    description: Where the token belongs.
    type: str
    choices: [stream, rest, management]
    default: stream
  kind:
    description:
      - What kind of token a stream's is. The other realms know V(jwt) only.
      - V(one_time) is made and kept by the server, so it needs O(source=server).
      - V(totp) is the code of O(subscriber) at this moment.
    type: str
    choices: [jwt, one_time, hash, totp]
    default: jwt
  source:
    description: Who makes the token, the controller from a secret or the server when asked.
    type: str
    choices: [local, server]
    default: local
  app:
    description: The app; not for O(realm=management).
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
  lifetime:
    description:
      - How long the token works. A duration such as V(90s), V(30m), V(2h), V(7d) or V(1d12h), an
        absolute time with its zone such as V(2030-01-31T18:00:00+01:00), or V(none).
      - V(none) makes a token that works until the secret changes, and warns.
    type: str
    default: 1h
  max_lifetime:
    description:
      - The longest lifetime allowed, as a duration. Refuses O(lifetime=none) too.
      - The variable C(antmedia_token_max_lifetime) serves if this is not given.
    type: str
  room:
    description: Id of the conference's main track, for a claim C(roomId).
    type: str
    default: ""
  subscriber:
    description: The subscriber's id, for O(kind=totp).
    type: str
    default: ""
  subscriber_secret:
    description:
      - The base32 secret of a subscriber that is registered at the server, for O(kind=totp).
      - Without it the code is that of a subscriber whom the server does not know, made from the
        app's common secret.
    type: str
  totp_period:
    description: Seconds that a code lives, the server's C(timeTokenPeriod).
    type: int
    default: 60
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
  secret:
    description: The secret to sign with. Without it O(secrets), then O(secret_store) serve.
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
  home:
    description: Folder of the installation, for O(read_host). The variable C(antmedia_home) if
      not given, and C(/usr/local/antmedia) without that.
    type: path
  version:
    description:
      - Version of the server, for example V(2.17.1). What it cannot do is then an error, and
        O(read_host) knows which spelling of a setting it reads.
    type: str
  edition:
    description: Edition of the server. What it does not enforce is then an error.
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
  strings:
    description:
      - Which strings to make; V(all) for all that fit. See RV(strings).
      - All for a single token and none for a batch, if not given.
    type: list
    elements: str
  vod_file:
    description: File of a recording below the app's C(streams) folder, C(STREAM.mp4) if not given.
    type: str
    default: ""
  streams:
    description:
      - A batch. Stream ids, or mappings with C(stream) and whatever differs from the options of
        the same name out of C(app), C(type), C(lifetime), C(room) and C(subscriber).
    type: list
    elements: raw
  streams_file:
    description:
      - A batch from a file on the controller, CSV with a header line, or a YAML or JSON list.
      - The columns are those of O(streams).
    type: path
  keep_columns:
    description: Further columns of a batch that are copied to O(dest), such as a customer's number.
    type: list
    elements: str
    default: []
  dest:
    description:
      - File on the controller to write the tokens to, with mode 0600. It is replaced only when
        everything went well.
    type: path
  format:
    description: Format of O(dest). JSON is an object with one list, C(tokens).
    type: str
    choices: [csv, json]
    default: csv
  encrypt:
    description: Whether to encrypt O(dest) with Ansible Vault, by the run's own vault password.
    type: bool
    default: false
  vault_id:
    description: Which of the run's vault identities encrypts; the first if not given.
    type: str
  expose:
    description:
      - Whether tokens may appear in the output. Otherwise the result is hidden, but can be
        registered and used.
    type: bool
    default: false
  show:
    description: Whether to print the strings as plain lines, ready to copy. Needs O(expose=true).
    type: bool
    default: false
  token:
    description:
      - What to judge, for O(state=verified). A token, a header with it or a URL that has it.
    type: str
  texts_from:
    description:
      - The variables that O(app), O(room), O(stream), O(subscriber), O(token) or O(vod_file) come from, by the name of the option. A variable that
        is not there leaves the option as it is.
      - The value is taken as it stands and is never a template, which is what a text wants that somebody outside has written. In an option, a
        variable is one, even if it was given with C(-e).
    type: dict
    default: {}
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
attributes:
  check_mode:
    support: partial
    description: Nothing is written and the server is not asked for tokens that it keeps.
  diff_mode:
    support: none
    description: Tokens are secret.
  action:
    support: full
    description: Runs on the controller.
  async:
    support: none
    description: Runs on the controller.
seealso:
  - module: streamward.antmedia.secret
  - plugin: streamward.antmedia.token
    plugin_type: lookup
  - plugin: streamward.antmedia.antmedia_urls
    plugin_type: filter
author:
  - Streamward maintainers (@streamward)
"""

EXAMPLES = r"""
- name: A token for an encoder
  streamward.antmedia.token:
    app: LiveApp
    stream: stream1
    type: publish
    lifetime: 2h
  register: encoder

- name: Configure the encoder
  ansible.builtin.template:
    src: encoder.conf.j2 # uses {{ encoder.strings.obs_server }} and {{ encoder.strings.obs_key }}
    dest: /etc/encoder.conf
    mode: "0600"

- name: A token for the REST API of an app, as long as the deployment takes
  streamward.antmedia.token:
    realm: rest
    app: LiveApp
    lifetime: 15m
  register: rest

- name: Why does this player get 403?
  streamward.antmedia.token:
    state: verified
    token: "{{ token_from_the_ticket }}"
    app: LiveApp
    stream: stream1
    type: play
  register: judged

- name: Stop if the server would refuse it
  ansible.builtin.assert:
    that: judged.accepted
    fail_msg: "{{ judged.verdict }}"

- name: Tokens for every camera, for people who have the vault password
  streamward.antmedia.token:
    app: LiveApp
    type: publish
    lifetime: 30d
    streams_file: cameras.csv
    keep_columns: [site]
    strings: [rtmp]
    dest: cameras-tokens.json
    format: json
    encrypt: true
"""

RETURN = r"""
token:
  description: The token, for a single one. For O(kind=totp) the six digits.
  returned: when minted, unless O(dest) is given
  type: str
strings:
  description:
    - Ready strings by name.
    - To publish, C(rtmp), C(obs_server), C(obs_key), C(rtmps) and C(obs_server_rtmps) with
      C(endpoint.rtmps), C(srt), C(srt_streamid), C(websocket), C(webrtc) (the message), C(whip),
      C(whip_header), C(whip_curl).
    - To play, C(hls), C(hls_adaptive), C(dash), C(vod), C(websocket), C(webrtc), C(embed),
      C(embed_hls), C(embed_dash), C(embed_vod), C(iframe).
    - For the API realms, C(base), C(header), C(curl).
  returned: when minted, unless O(dest) is given
  type: dict
expires:
  description: Unix seconds at which it stops working, null for never.
  returned: always for a single token
  type: int
expires_at:
  description: The same as ISO 8601 in UTC, or C(never).
  returned: always for a single token
  type: str
fingerprint:
  description: Fingerprint of the secret it is signed with.
  returned: when minted on the controller
  type: str
secret_origin:
  description: The variable, the scope or the file that the secret came from.
  returned: when minted on the controller
  type: str
tokens:
  description: The tokens of a batch, each with what its order said.
  returned: for a batch without O(dest)
  type: list
  elements: dict
count:
  description: How many tokens were made.
  returned: when minted
  type: int
dest:
  description: The file they were written to.
  returned: when O(dest) is given
  type: str
accepted:
  description: Whether a server would accept the token; null if only the server can tell.
  returned: when verified
  type: bool
verdict:
  description: The judgement in one sentence.
  returned: when verified
  type: str
reasons:
  description: Why a server would refuse it, each with a C(code) and a C(text).
  returned: when verified
  type: list
  elements: dict
notes:
  description: What to know although a server would accept it, each with a C(code) and a C(text).
  returned: when verified
  type: list
  elements: dict
signed_by:
  description: App, realm, version and fingerprint of the secret that signed it, empty if unknown.
  returned: when verified
  type: dict
claims:
  description: What the token says.
  returned: when verified
  type: dict
header:
  description: The token's header.
  returned: when verified
  type: dict
"""
