from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import (
    headers as _headers,
)

CORS = """<filter><filter-name>c</filter-name><filter-class>{}</filter-class>{}</filter>
<filter-mapping><filter-name>{}</filter-name><url-pattern>/*</url-pattern></filter-mapping>"""


def parameter(name, value):
    return (
        f"<init-param><param-name>{name}</param-name><param-value>{value}</param-value>"
        "</init-param>"
    )


@pytest.fixture
def look(scene, home):
    def found(body):
        (home / "webapps/LiveApp/WEB-INF/web.xml").write_text(f"<web-app>{body}</web-app>")
        made = scene()
        return _headers.look(made)["LiveApp"], made.files.unread

    return found


@pytest.mark.parametrize("name", _headers.CORS)
def test_of_which_sites_pages_may_ask(look, name):
    said = parameter("cors.allowed.origins", "*") + parameter("cors.support.credentials", "true")
    found, _unread = look(CORS.format(name, said, "c"))
    assert found == {"cors": True, "origins": "*", "credentials": True, "hsts": False}


def test_a_filter_without_a_mapping_is_none(look):
    found, _unread = look(
        CORS.format(_headers.CORS[0], parameter("cors.allowed.origins", "*"), "d")
    )
    assert found == {"cors": False, "origins": "", "credentials": False, "hsts": False}


@pytest.mark.parametrize(("said", "hsts"), [("", True), (parameter("hstsEnabled", "False"), False)])
def test_whether_browsers_are_asked_for_tls(look, said, hsts):
    assert look(CORS.format(_headers.SECURITY, said, "c"))[0]["hsts"] is hsts


def test_what_is_no_xml(look):
    found, unread = look("<")
    assert found is None
    assert "is not well-formed XML" in unread[0]


def test_the_panel_and_each_application(scene, home):
    (home / "webapps/events/WEB-INF/web.xml").unlink()
    found = _headers.look(scene())
    assert (list(found), found["events"]) == (["", "LiveApp", "events"], None)
