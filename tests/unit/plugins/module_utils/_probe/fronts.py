"""Plans with a front, for tests."""

from __future__ import annotations

ABOUT = {"host": "localhost", "port": 443, "tls": True, "rtmps_port": 0, "named": []}


def plan(front=ABOUT, **more):
    """A plan as a vantage gets it."""
    return {
        "version": "2.17.1",
        "http_port": 5080,
        "rtmp_port": 1935,
        "panel": "198.51.100.0/24",
        "panel_path": "/rest/v2/liveness",
        "proxies": None,
        "alive": True,
        "apps": {
            "LiveApp": {
                "rest": "198.51.100.0/24",
                "rest_token": False,
                "publisher": None,
                "publish_token": [],
                "alive": True,
                "publishes": True,
            }
        },
        "front": dict(front),
        **more,
    }
