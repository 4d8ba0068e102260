from __future__ import annotations

import jwt
import pytest
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader
from ansible.template import Templar

SECRETS = {
    "management": "ManagementManagement0123456789abcd",
    "apps": {
        "LiveApp": {
            "stream": "StreamStreamStreamStream0123456789",
            "rest": "RestRestRestRestRestRest0123456789",
            "hash": "short",
        }
    },
}


def look(*terms, variables=None, **options):
    loader = DataLoader()
    variables = {"antmedia_secrets": SECRETS, **(variables or {})}
    plugin = lookup_loader.get(
        "streamward.antmedia.token", loader=loader, templar=Templar(loader, variables=variables)
    )
    return plugin.run(list(terms), variables=variables, **options)


def claims(token, secret):
    return jwt.decode(token, secret, ["HS256"])


def test_streams():
    first, second = look("a", "b", app="LiveApp", type="play", lifetime="2h")
    read = claims(first, SECRETS["apps"]["LiveApp"]["stream"])
    assert (read["streamId"], read["type"]) == ("a", "play")
    assert claims(second, SECRETS["apps"]["LiveApp"]["stream"])["streamId"] == "b"


def test_api_realms():
    (rest,) = look("LiveApp", realm="rest")
    assert claims(rest, SECRETS["apps"]["LiveApp"]["rest"])
    (management,) = look(realm="management")
    assert claims(management, SECRETS["management"])


@pytest.mark.parametrize(
    ("terms", "options", "words"),
    [
        (["a b"], {"app": "LiveApp", "type": "play"}, "a blank"),
        (["a"], {"app": "events", "type": "play"}, "no stream secret"),
        (["a"], {"app": "LiveApp", "type": "play", "kind": "hash"}, "the secret has 5 characters"),
        (["a"], {"realm": "management"}, "takes no terms"),
        (["a"], {"totp_period": 0}, "totp_period: 0 is not 1 to 86400"),
        (["a"], {"app": "LiveApp", "type": "play", "lifetime": "7200"}, "no unit"),
    ],
)
def test_errors(terms, options, words):
    with pytest.raises(AnsibleError) as caught:
        look(*terms, **options)
    assert words in str(caught.value)


def test_cap():
    with pytest.raises(AnsibleError, match="max_lifetime"):
        look(
            "a",
            app="LiveApp",
            type="play",
            lifetime="none",
            variables={"antmedia_token_max_lifetime": "1d"},
        )
