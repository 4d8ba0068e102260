"""Every page that a page of this repository leads to is there."""

from __future__ import annotations

import re

import pytest

from tests.unit.docs.pages import PAGES, name


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\((?!\w+:)([^)#]+)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []
