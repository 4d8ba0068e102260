#!/usr/bin/python
# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: token
short_description: Mint a token that Ant Media Server accepts, with the strings to paste
version_added: 0.1.0
author:
  - Streamward maintainers (@streamward)
description:
  - Makes a token for publishing or playing a stream, for the REST API of an app or for the
    management REST API. It also makes the strings that put the token where each protocol wants it.
  - Runs on the controller and needs no server, except for O(source=server) and O(read_host).
extends_documentation_fragment:
  - streamward.antmedia.attributes.on_controller
  - streamward.antmedia.attributes
  - streamward.antmedia.attributes.action_group
  - streamward.antmedia.tokens
  - streamward.antmedia.tokens.mint
attributes:
  check_mode:
    support: partial
    details: The server is not asked for a token that it keeps.
  diff_mode:
    details: Tokens are secret.
options:
  realm:
    description: What the token is for.
    type: str
    choices: [stream, rest, management]
    default: stream
  subscriber_secret:
    description:
      - For O(kind=totp), the base32 secret of a subscriber that is registered at the server.
      - Without it, the code is for a subscriber whom the server does not know, made from the app's
        common secret.
    type: str
  strings:
    description:
      - Which strings to make. V(all), or no list at all, makes all that fit. See RV(strings).
    type: list
    elements: str
  show:
    description: Whether to print the strings as plain lines, ready to copy. Needs O(expose=true).
    type: bool
    default: false
seealso:
  - module: streamward.antmedia.tokens
  - module: streamward.antmedia.token_info
  - module: streamward.antmedia.secret
  - plugin: streamward.antmedia.token
    plugin_type: lookup
  - plugin: streamward.antmedia.antmedia_urls
    plugin_type: filter
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

- name: A token for the REST API of an app, for as long as the deployment takes
  streamward.antmedia.token:
    realm: rest
    app: LiveApp
    lifetime: 15m
  register: rest
"""

RETURN = r"""
token:
  description: The token, or the six digits for O(kind=totp).
  returned: unless check mode keeps it from asking the server
  type: str
strings:
  description:
    - The strings to paste, by name.
    - To publish, C(rtmp), C(obs_server), C(obs_key), C(srt), C(srt_streamid), C(websocket),
      C(webrtc) (the message), C(publish_page), C(whip), C(whip_header), C(whip_curl), and, with
      C(endpoint.rtmps), C(rtmps) and C(obs_server_rtmps).
    - To play, C(hls), C(hls_adaptive), C(ll_hls), C(dash), C(vod), C(vod_webm), C(rtmp_play),
      C(websocket), C(webrtc), C(preview), C(embed), C(embed_hls), C(embed_ll_hls), C(embed_dash),
      C(embed_vod), C(iframe), with C(endpoint.rtmps) C(rtmps_play), and with O(quality)
      C(hls_quality) and C(vod_quality).
    - Those that O(version) does not have are left out. Asked for by name, they are an error that
      says why.
    - For the API realms, C(base), C(header), C(curl).
  returned: unless check mode keeps it from asking the server
  type: dict
expires:
  description: Unix time in seconds at which it stops working, null for never.
  returned: always
  type: int
expires_at:
  description: The same as ISO 8601 in UTC, or C(never).
  returned: always
  type: str
fingerprint:
  description: Fingerprint of the secret it is signed with.
  returned: when minted on the controller
  type: str
secret_origin:
  description: The variable, the scope or the file that the secret came from.
  returned: when minted on the controller
  type: str
count:
  description: How many tokens were made, 1.
  returned: always
  type: int
"""
