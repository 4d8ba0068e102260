"""A name is near to another by a slip or a word, and by nothing less."""

from __future__ import annotations

import string

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils import _near
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from hypothesis import given, strategies as st

NAMES = [setting.name for setting in _catalogue.of_file(_catalogue.APP)]

# Of checklists, of other servers, and of the vendor's own pages about other things.
FOREIGN = """
RTMPEnabled rtmpEnabled RTSPEnabled SRTEnabled vp9Enabled av1Enabled enabled maxConnections
maxClients maxViewers maxStreams sslEnabled httpsEnabled corsEnabled corsAllowedOrigins jwtKey
jwtToken tokenSecret authToken rateLimit workerThreads worker_processes chunk_size on_publish
hls_fragment hls_path record_path hlsAlwaysRemux hlsVariant hlsSegmentCount hlsPartDuration
webrtcAddress rtmpAddress readTimeout writeTimeout runOnPublish logLevel sessionTimeout
SecureTokenSharedSecret gop_cache queue_length iceServers turnServer minPort maxPort rtcMinPort
simulcastEnabled recordingEnabled recordingPath storageType awsRegion redisHost clusterEnabled
nodeId healthCheck metricsEnabled webhookUrl callbackUrl autoStart maxMemory IPFilter ipWhitelist
adminPassword licenseKey hostname streamId streamName timeMs targetDuration receiveDataTimeout
partTargetDurationMs deleteFiles deleteFilesOnStreamEnd originAddress hlsViewerLimit username
"""


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("hlsTme", "hlsTime"),
        ("hlsTimee", "hlsTime"),
        ("hlsTiem", "hlsTime"),
        ("hls_time", "hlsTime"),
        ("HLSTIME", "hlsTime"),
        ("WebRTCEnabled", "webRTCEnabled"),
        ("h256Enabled", "h265Enabled"),
        ("idQTagEnabled", "id3TagEnabled"),
        ("idTagEnabled", "id3TagEnabled"),
        ("h26Enabled", None),
        ("h266Enabled", None),
        ("remoteAlowedCIDRs", "remoteAllowedCIDR"),
        ("enabledJwtControl", "jwtControlEnabled"),
        ("EnabledWriteStatsToDatastore", "writeStatsToDatastore"),
        ("encoderSettings", "encoderSettingsString"),
        ("webhookRetryDelay", "webhookRetryAttemptDelay"),
        ("webMEnabled", "webMMuxingEnabled"),
        # Two settings are as near as one another.
        ("publishControlEnabled", None),
        ("hls", None),
        ("hlsTime" * 30, None),
        ("", None),
    ],
)
def test_near(name, meant):
    assert _near.nearest(name, NAMES) == meant


def test_among_none():
    assert _near.nearest("hlsTime", {}) is None


@pytest.mark.parametrize("name", FOREIGN.split())
def test_what_means_something_else_is_near_to_nothing(name):
    assert _near.nearest(name, NAMES) is None


@given(st.sampled_from(NAMES), st.data())
def test_one_slip_is_understood_or_left_alone(name, data):
    at = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from(string.ascii_letters))
    rest = name[at + 1 :]
    slip = data.draw(
        st.sampled_from(
            [name[:at] + rest, name[:at] + letter + rest, name[:at] + letter + name[at:]]
        )
    )
    assert slip in NAMES or _near.nearest(slip, NAMES) in (name, None)


def test_a_letter_left_out_of_any_name_is_understood():
    names = [name for name in NAMES if not name[2].isdigit()]
    missed = [name for name in names if _near.nearest(name[:2] + name[3:], NAMES) != name]
    assert missed == []
