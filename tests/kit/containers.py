"""Has podman work on machines of tests as well; nothing under /etc is touched for it."""

import os
from pathlib import Path

CONTAINERS_CONF = str(Path(__file__).with_name("containers.conf"))


def configure() -> None:
    """Say so to this process and all that it starts, unless somebody else has."""
    os.environ.setdefault("CONTAINERS_CONF", CONTAINERS_CONF)
