from __future__ import annotations

import yaml
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import Damaged
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.stores import _content
from hypothesis import given, settings, strategies as st

SCOPE = "fleet/LiveApp/stream"
OTHER = "fleet/LiveApp/rest"


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.text("abcdefxyz", min_size=1),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=20),
            lambda inner: st.lists(inner) | st.dictionaries(st.text("ab \n:#", max_size=5), inner),
            max_leaves=8,
        ),
        max_size=4,
    ),
    st.integers(0, 4),
    st.booleans(),
    st.booleans(),
)
def test_no_content_is_ever_lost(others, at, flow, there):
    document = {"current": {"secret": "A-first-secret-of-43-characters-0123456789x"}}
    content = list(others.items())
    content.insert(at, ("scopes", {OTHER: document} if there else {}))
    text = yaml.safe_dump(dict(content), sort_keys=False, default_flow_style=flow)
    found = _content.Content(b"", text, None, "p")
    try:
        merged = yaml.safe_load(found.merged({SCOPE: found.documents.get(OTHER, {"n": 1})}, "p"))
    except Damaged:  # told instead of guessed; only for a file all in one flow mapping
        assert flow
        return
    scopes = merged.pop("scopes")
    assert merged == others
    assert SCOPE in scopes and (OTHER in scopes) == there
