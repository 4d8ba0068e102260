# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One table of the settings Ant Media Server reads from its two properties files.

Everything that depends on a setting (validation, spelling per version, stale twins, masking, how a
change is applied, documentation) is derived from its row. A test compares every row with what the
server's own classes declare.

PRIVATE to the collection.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Protocol

from ansible_collections.streamward.antmedia.plugins.module_utils import _json, _near
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    cidr as _cidr,
    texts as _texts,
)

SERVER = "server"
APP = "app"

# Up to 2.6.1 an application reads only the legacy spelling, from 3.0.0 on only the bare one; in
# between both, and the bare one wins even when it is empty.
BARE_SINCE = (2, 6, 2)
LEGACY_UNTIL = (3, 0, 0)


@dataclass(frozen=True)
class Setting:
    """One setting.

    name: the newest spelling of its key. file: ``server`` or ``app``. type: how its value is
    written (bool, int, float, str, url, cidrs, json). default: the text that holds when the key is
    absent, None where the server makes one up. realm: whose access it decides, None for none.
    legacy: the spelling of old versions, None if they have none. field: its name in the server's
    REST answers, empty where they do not tell it. since, until: first version that reads it and
    first that does not. edition: the edition that honours it. secret: never shown. apply: ``live``
    if the management REST API can change it in a running server, else ``restart``. was: other
    defaults, each with the first version that no longer has it, oldest first. shared: a key that
    old versions read for several settings at once where the legacy one is absent. reads: what the
    server reads out of a text that it takes as it is, and of a number; None where anything will do.
    """

    name: str
    file: str
    type: str
    default: str | None
    realm: str | None
    legacy: str | None
    field: str
    since: tuple[int, ...]
    until: tuple[int, ...] | None
    edition: str
    secret: bool
    apply: str
    was: tuple[tuple[tuple[int, ...], str], ...] = ()
    shared: str | None = None
    reads: _texts.Form | None = None

    def default_in(self, version: tuple[int, ...]) -> str | None:
        """The text that holds in a server of this version when no key is present."""
        for until, text in self.was:
            if version < until:
                return text
        return self.default

    def exists_in(self, version: tuple[int, ...]) -> bool:
        """Whether a server of this version reads the setting at all."""
        return self.since <= version and (self.until is None or version < self.until)

    def spellings(self, version: tuple[int, ...]) -> tuple[str, ...]:
        """The keys a server of this version reads, the one that wins first."""
        if self.file == SERVER or self.legacy == self.name:
            return (self.name,)
        if version < BARE_SINCE:
            return tuple(filter(None, (self.legacy, self.shared)))
        if version < LEGACY_UNTIL and self.legacy:
            return (self.name, self.legacy)
        return (self.name,)

    def key(self, version: tuple[int, ...]) -> str | None:
        """The key to write for a server of this version, None where it has none."""
        spellings = self.spellings(version)
        return spellings[0] if spellings else None

    def twins(self, version: tuple[int, ...]) -> tuple[str, ...]:
        """Other spellings of the setting: dead, or winning by accident once somebody edits one."""
        return tuple(
            name for name in (self.name, self.legacy) if name and name != self.key(version)
        )


# The settings of conf/red5.properties have one spelling in all versions and are read at start only.
def _server(
    name: str,
    type_: str,
    default: str | None,
    field: str,
    realm: str | None = None,
    since: tuple[int, ...] = (2, 4, 0),
    secret: bool = False,
    reads: _texts.Form | None = None,
) -> Setting:
    return Setting(
        name,
        SERVER,
        type_,
        default,
        realm,
        name,
        field,
        since,
        None,
        "any",
        secret,
        "restart",
        reads=reads,
    )


def _app(
    name: str,
    type_: str,
    default: str | None,
    realm: str | None = None,
    legacy: str | None = "",
    field: str | None = None,
    since: tuple[int, ...] = (2, 4, 0),
    until: tuple[int, ...] | None = None,
    edition: str = "any",
    secret: bool = False,
    was: tuple[tuple[tuple[int, ...], str], ...] = (),
    shared: str | None = None,
    reads: _texts.Form | None = None,
) -> Setting:
    if legacy == "":
        legacy = "settings." + name
    return Setting(
        name,
        APP,
        type_,
        default,
        realm,
        legacy,
        field or name,
        since,
        until,
        edition,
        secret,
        "live",
        was,
        shared,
        reads,
    )


# What the server reads out of texts. What it does of another one was tried on the real server, but
# for what is the Enterprise edition's alone.
_UNKNOWN = "the server knows no other"
_NO_HLS = "with it the server makes no HLS"
_HLS_TIME = _texts.whole(
    1, _texts.MOST, "with it the server makes no HLS, or saves no setting of the application"
)
_HLS_LIST = _texts.whole(
    5,
    _texts.MOST,
    "of a smaller number the server makes 5 when it saves settings, and with any other text it"
    " makes no HLS and saves none",
)
_HLS_FLAGS = _texts.flags(
    "single_file temp_file delete_segments round_durations discont_start omit_endlist"
    " split_by_time append_list program_date_time second_level_segment_index"
    " second_level_segment_duration second_level_segment_size periodic_rekey independent_segments"
    " iframes_only",
    "a list of flags of FFmpeg's HLS with + or - between them",
    _NO_HLS,
)
# A number of segments, or a time; by these three the server knows a time.
_HLS_SUFFIX = _texts.like(
    "[A-Za-z0-9_-]*%[0-9]*d[A-Za-z0-9_-]*|(?=.*%[sYm])(?:[A-Za-z0-9_-]|%%[0-9]*d|%[A-Za-z])+",
    "a number (%09d) or time (%Y%m%d-%s) of a segment",
    "with it the server makes no HLS, or answers no request for the application",
)
_RTSP = _texts.flags(
    "udp tcp udp_multicast http https prefer_tcp",
    "a transport of FFmpeg's RTSP, with + between several",
    "with it the server pulls no RTSP streams",
)
_S3_PERMISSION = _texts.one_of(
    "public-read private public-read-write authenticated-read log-delivery-write bucket-owner-read"
    " bucket-owner-full-control aws-exec-read",
    "of any other text the server makes public-read, so everybody can read what it uploads",
    blank=False,
)
_S3_CLASS = _texts.one_of(
    "STANDARD REDUCED_REDUNDANCY GLACIER STANDARD_IA ONEZONE_IA INTELLIGENT_TIERING DEEP_ARCHIVE"
    " OUTPOSTS GLACIER_IR SNOW",
    "the server takes no notice of it",
    any_case=True,
)
_HOOK_TYPE = _texts.one_of(
    "application/json application/x-www-form-urlencoded",
    "of any other text the server makes application/json",
)
_ENCODERS = _texts.encoders("with it nobody can publish, or nothing is encoded")
_DURATION = _texts.seconds("with it the server makes no DASH")
_WINDOW = _texts.whole(0, _texts.MOST, "with it the server makes no DASH")
_ICE = _texts.like(
    r"(?:(?:stun|turn)s?:\S+)?",
    "an address of a STUN or TURN server (stun:HOST:PORT)",
    "with it nobody gets through by WebRTC",
)
_WHOM = _texts.one_of("none publisher all", _UNKNOWN, blank=False)
_FORWARD_TO = _texts.like(
    r"(?:(?:https?:/)?/\S+)?",
    "an address that starts with http://, https:// or /",
    "players are sent to a part of this server",
)
_FORWARD_WHAT = _texts.like(
    r"(?:[^\s,]+(?:,[^\s,]+)*)?",
    "a list of endings with commas and without blanks",
    "one with a blank beside it is never met",
)
_GPU = _texts.one_of("gpu_and_cpu only_gpu", _UNKNOWN, blank=False)
_PREVIEW = _texts.one_of("png jpg webp", _UNKNOWN, blank=False)
_REGION = _texts.like("[A-Za-z0-9_-]*", "a name of a region", "with it nothing is uploaded")
_SIGNALING = _texts.like(
    r"(?:wss?://\S+)?",
    "an address that starts with ws:// or wss://",
    "with it nobody gets through by WebRTC",
)
_DEADLINE = _texts.one_of("best good realtime", _UNKNOWN, blank=False)
_SDP = _texts.one_of("planB unifiedPlan", _UNKNOWN, blank=False)
_PLAYLIST = _texts.one_of("event vod", "the server takes no notice of it")
_SEGMENTS = _texts.one_of("mpegts fmp4", _NO_HLS)
_CRF = _texts.whole(0, 63, "no encoder takes it")
_PERIOD = _texts.whole(1, _texts.MOST, "with it no code is ever right")
_PUBLISHERS_AT = _texts.address("with a name that the host does not know nobody can publish")
_LISTENS_AT = _texts.address("of a name that the host does not know the server makes every address")

_HTTP = r"(?:https?://[^\s\"'<>]+)?"


def _http(does):
    return _texts.like(_HTTP, "an address that starts with http:// or https://", does)


# fmt: off
SETTINGS = (
    # Access control of the server. An absent list is a literal that cannot be parsed: nobody gets in.
    _server("server.allowed_dashboard_CIDR", "cidrs", "'0.0.0.0/0'", "allowedDashboardCIDR", realm="management"),
    _server("server.jwtServerControlEnabled", "bool", "false", "jwtServerControlEnabled", realm="management"),
    _server("server.jwtServerSecretKey", "str", "", "jwtServerSecretKey", realm="management", secret=True),
    _server("server.jwksURL", "url", "", "jwksURL", realm="management"),
    # Everything else of the server that a policy may set.
    _server("server.heartbeatEnabled", "bool", "true", "heartbeatEnabled"),
    _server("server.cpu_limit", "int", None, "cpuLimit"),
    _server("server.srt_port", "int", "4200", "srtPort"),
    _server("server.origin_port", "int", "5000", "originServerPort"),
    _server("server.statusWebHookURL", "url", "", "serverStatusWebHookURL", since=(2, 6, 2), reads=_http("with it nobody is told")),
    _server("http.host", "str", None, "httpHost", reads=_LISTENS_AT),
    _server("http.port", "int", None, "defaultHttpPort"),
    _server("https.port", "int", None, ""),
    _server("rtmp.host", "str", None, "rtmpHost", reads=_PUBLISHERS_AT),
    _server("rtmp.port", "int", None, "rtmpPort"),
    _server("rtmps.enabled", "bool", "false", "rtmpsEnabled", since=(2, 14, 0)),
    _server("rtmps.host", "str", None, ""),
    _server("rtmps.port", "int", None, ""),
    _server("rtmps.keystorepass", "str", None, "rtmpsKeystorePass", secret=True),
    _server("rtmps.truststorepass", "str", None, "rtmpsTruststorePass", secret=True),
    _server("clusterdb.password", "str", None, "clusterDbPassword", secret=True),
    _server("server.licence_key", "str", "", "licenceKey", secret=True),
    _server("useGlobalIp", "bool", "false", "useGlobalIp"),
    # Access control of an application.
    _app("clusterCommunicationKey", "str", None, realm="cluster", since=(2, 6, 2), secret=True),
    _app("contentSecurityPolicyHeaderValue", "str", "", realm="panel", since=(2, 5, 0)),
    _app("remoteAllowedCIDR", "cidrs", "127.0.0.1", realm="rest"),
    _app("ipFilterEnabled", "bool", "true", realm="rest"),
    _app("jwtControlEnabled", "bool", "false", realm="rest"),
    _app("jwksURL", "url", "", realm="rest"),
    _app("secureAnalyticEndpoint", "bool", "false", realm="rest", legacy=None, since=(2, 10, 0)),
    _app("jwtSecretKey", "str", "", realm="rest", secret=True),
    _app("allowedPublisherCIDR", "cidrs", "", realm="stream", edition="enterprise"),
    _app("publishTokenControlEnabled", "bool", "false", realm="stream", edition="enterprise", shared="settings.tokenControlEnabled"),
    _app("playTokenControlEnabled", "bool", "false", realm="stream", edition="enterprise", shared="settings.tokenControlEnabled"),
    _app("publishJwtControlEnabled", "bool", "false", realm="stream", edition="enterprise"),
    _app("playJwtControlEnabled", "bool", "false", realm="stream", edition="enterprise"),
    _app("hashControlPublishEnabled", "bool", "false", realm="stream", edition="enterprise"),
    _app("hashControlPlayEnabled", "bool", "false", realm="stream", edition="enterprise"),
    _app("enableTimeTokenForPublish", "bool", "false", realm="stream", edition="enterprise"),
    _app("enableTimeTokenForPlay", "bool", "false", realm="stream", edition="enterprise"),
    _app("timeTokenPeriod", "int", "60", realm="stream", edition="enterprise", reads=_PERIOD),
    _app("timeTokenSubscriberOnly", "bool", "false", realm="stream", until=(3, 0, 0), edition="enterprise"),
    _app("acceptOnlyStreamsInDataStore", "bool", "false", realm="stream"),
    _app("acceptOnlyRoomsInDataStore", "bool", "false", realm="stream", edition="enterprise"),
    _app("webhookAuthenticateURL", "url", "", realm="stream", reads=_http("with it nobody can publish")),
    _app("webhookPlayAuthUrl", "url", "", realm="stream", legacy=None, since=(2, 10, 0), edition="enterprise", reads=_http("with it nobody can play")),
    _app("rtmpPlaybackEnabled", "bool", "false", realm="stream", since=(2, 5, 0)),
    _app("ingestingStreamLimit", "int", "-1", realm="stream"),
    _app("webRTCViewerLimit", "int", "-1", realm="stream", edition="enterprise"),
    _app("dataChannelEnabled", "bool", "true", realm="stream", edition="enterprise", was=(((2, 5, 0), "false"),)),
    _app("dataChannelPlayerDistribution", "str", "all", realm="stream", legacy="settings.dataChannelPlayerDistrubution", edition="enterprise", reads=_WHOM),
    _app("hlsEncryptionKeyInfoFile", "str", "", realm="stream"),
    _app("signalingEnabled", "bool", "false", realm="stream", legacy="signaling.enabled", since=(2, 4, 3), edition="enterprise"),
    _app("httpForwardingBaseURL", "str", "", realm="stream", legacy="settings.httpforwarding.baseURL", was=(((2, 6, 0), "''"),), reads=_FORWARD_TO),
    _app("httpForwardingExtension", "str", "", realm="stream", legacy="settings.httpforwarding.extension", was=(((2, 6, 0), "''"),), reads=_FORWARD_WHAT),
    _app("jwtStreamSecretKey", "str", "", realm="stream", edition="enterprise", secret=True),
    _app("tokenHashSecret", "str", "", realm="stream", legacy="tokenHashSecret", edition="enterprise", secret=True, was=(((2, 6, 0), "''"),)),
    _app("timeTokenSecretForPlay", "str", "", realm="stream", legacy=None, since=(2, 7, 0), edition="enterprise", secret=True),
    _app("timeTokenSecretForPublish", "str", "", realm="stream", legacy=None, since=(2, 7, 0), edition="enterprise", secret=True),
    # Everything else an application reads; nothing here decides who gets in.
    _app("aacEncodingEnabled", "bool", "true"),
    _app("abrDownScalePacketLostRatio", "float", "1", since=(2, 6, 0)),
    _app("abrUpScaleJitterMs", "int", "30", since=(2, 6, 0)),
    _app("abrUpScalePacketLostRatio", "float", "0.1", since=(2, 6, 0)),
    _app("abrUpScaleRTTMs", "int", "150", since=(2, 6, 0)),
    _app("addDateTimeToHlsFileName", "bool", "false", since=(2, 5, 3)),
    _app("addDateTimeToMp4FileName", "bool", "false"),
    _app("addOriginalMuxerIntoHLSPlaylist", "bool", "true", legacy="settings.addOriginalMuxerIntoHlsPlaylist", since=(2, 5, 0)),
    _app("apnKeyId", "str", "", legacy=None, since=(2, 9, 0)),
    _app("apnPrivateKey", "str", "", legacy=None, since=(2, 9, 0), secret=True),
    _app("apnsServer", "str", "api.sandbox.push.apple.com", legacy=None, since=(2, 9, 0)),
    _app("apnTeamId", "str", "", legacy=None, since=(2, 9, 0)),
    _app("audioBitrateSFU", "int", "96000"),
    _app("audioLevelThreshold", "int", "120", legacy=None, since=(2, 14, 0)),
    _app("constantRateFactor", "str", "23", until=(3, 0, 0), reads=_CRF),
    _app("createPreviewPeriod", "int", "5000"),
    _app("customSettings", "json", "{}", legacy=None, since=(2, 11, 0)),
    _app("dashEnableLowLatency", "bool", "true", legacy="settings.dash.llEnabled", field="lLDashEnabled"),
    _app("dashExtraWindowSize", "str", "5", reads=_WINDOW),
    _app("dashFragmentDuration", "str", "0.5", reads=_DURATION),
    _app("dashHttpEndpoint", "str", "", legacy="settings.dash.httpEndpoint", reads=_http("with it the server makes no DASH")),
    _app("dashHttpStreaming", "bool", "true", legacy="settings.dash.httpStreaming"),
    _app("dashMuxingEnabled", "bool", "false"),
    _app("dashSegDuration", "str", "6", reads=_DURATION),
    _app("dashTargetLatency", "str", "3.5", field="targetLatency", reads=_DURATION),
    _app("dashWindowSize", "str", "5", reads=_WINDOW),
    _app("dataChannelWebHookURL", "url", "", legacy="settings.dataChannelWebHook", reads=_http("with it nobody is told")),
    _app("defaultDecodersEnabled", "bool", "false", until=(3, 0, 0)),
    _app("deleteDASHFilesOnEnded", "bool", "true"),
    _app("deleteHLSFilesOnEnded", "bool", "true"),
    _app("disableIPv6Candidates", "bool", "true"),
    _app("dropWebRTCIngestIfNoPacketReceived", "bool", "false", legacy=None, since=(2, 11, 1)),
    _app("encoderLevel", "str", "", legacy="settings.encoding.level", until=(3, 0, 0)),
    _app("encoderName", "str", "", legacy="settings.encoding.encoderName"),
    _app("encoderParameters", "json", "{}", legacy=None, since=(2, 13, 0)),
    _app("encoderPreset", "str", "", legacy="settings.encoding.preset", until=(3, 0, 0)),
    _app("encoderProfile", "str", "", legacy="settings.encoding.profile", until=(3, 0, 0)),
    _app("encoderRc", "str", "", legacy="settings.encoding.rc", until=(3, 0, 0)),
    _app("encoderSelectionPreference", "str", "gpu_and_cpu", was=(((2, 6, 0), "'gpu_and_cpu'"),), reads=_GPU),
    _app("encoderSettingsString", "str", "", reads=_ENCODERS),
    _app("encoderSpecific", "str", "", legacy="settings.encoding.specific", until=(3, 0, 0)),
    _app("encoderThreadCount", "int", "0", legacy="settings.encoding.threadCount"),
    _app("encoderThreadType", "int", "0", legacy="settings.encoding.threadType"),
    _app("encodingQueueSize", "int", "150", legacy=None, since=(2, 12, 0)),
    _app("encodingTimeout", "int", "5000", legacy="settings.encoding.timeout", until=(3, 0, 0)),
    _app("endpointHealthCheckPeriodMs", "int", "2000", legacy="settings.endpoint.healthCheckPeriodMs", since=(2, 4, 1)),
    _app("endpointRepublishLimit", "int", "3", legacy="settings.endpoint.republishLimit", since=(2, 4, 1)),
    _app("excessiveBandwidthAlgorithmEnabled", "bool", "false", legacy="settings.excessiveBandwidth_enabled"),
    _app("excessiveBandwidthCallThreshold", "int", "3", legacy="settings.excessiveBandwidth.call.threshold"),
    _app("excessiveBandwidthValue", "int", "300000", legacy="settings.excessiveBandwidth.threshold"),
    _app("excessiveBandwithTryCountBeforeSwitchback", "int", "4", legacy="settings.excessiveBandwith.tryCount.beforeSwitchback"),
    _app("fileNameFormat", "str", "%r%b", since=(2, 4, 3)),
    _app("firebaseAccountKeyJSON", "str", "", legacy=None, since=(2, 9, 0), secret=True),
    _app("forceAspectRatioInTranscoding", "bool", "false", legacy="settings.forceAspectRationInTranscoding"),
    _app("forceDecoding", "bool", "false"),
    _app("generatePreview", "bool", "false", legacy="settings.previewGenerate"),
    _app("gopSize", "int", "0"),
    _app("h264Enabled", "bool", "true"),
    _app("h265Enabled", "bool", "false"),
    _app("heightRtmpForwarding", "int", "360"),
    _app("hlsEnabledViaDash", "bool", "false", legacy="settings.dash.hlsEnabled"),
    _app("hlsEnableLowLatency", "bool", "false", legacy="settings.dash.llHlsEnabled", field="lLHLSEnabled"),
    _app("hlsflags", "str", "delete_segments+program_date_time", was=(((2, 10, 1), "delete_segments"),), reads=_HLS_FLAGS),
    _app("hlsHttpEndpoint", "str", "", since=(2, 5, 0), reads=_http(_NO_HLS)),
    _app("hlsListSize", "str", "15", was=(((2, 6, 0), ""), ((2, 13, 0), "5")), reads=_HLS_LIST),
    _app("hlsMuxingEnabled", "bool", "true"),
    _app("hlsPlayListType", "str", "", reads=_PLAYLIST),
    _app("hlsSegmentFileSuffixFormat", "str", "%09d", legacy=None, since=(2, 13, 0), reads=_HLS_SUFFIX),
    _app("hlsSegmentType", "str", "mpegts", legacy=None, since=(2, 10, 0), reads=_SEGMENTS),
    _app("hlsTime", "str", "2", was=(((2, 6, 2), ""),), reads=_HLS_TIME),
    _app("hwScalingEnabled", "bool", "false", legacy="settings.encoding.hwScalingEnabled", since=(2, 9, 0), was=(((2, 10, 0), "true"),)),
    _app("iceGatheringTimeoutMs", "int", "2000", legacy=None, since=(2, 10, 0)),
    _app("id3TagEnabled", "bool", "false", legacy=None, since=(2, 7, 0)),
    _app("listenerHookURL", "url", "", reads=_http("with it nobody is told")),
    _app("maxAnalyzeDurationMS", "int", "1500", legacy="settings.rtmp.maxAnalyzeDurationMS"),
    _app("maxAudioTrackCount", "int", "-1", since=(2, 5, 0)),
    _app("maxBitrateAccept", "int", "0"),
    _app("maxFpsAccept", "int", "0"),
    _app("maxResolutionAccept", "int", "0"),
    _app("maxVideoTrackCount", "int", "-1", since=(2, 5, 0)),
    _app("mp4MuxingEnabled", "bool", "false"),
    _app("muxerFinishScript", "str", ""),
    _app("objectDetectionEnabled", "bool", "false", until=(3, 0, 0)),
    _app("originEdgeConnectionIdleTimeout", "int", "2", legacy="settings.originEdgeIdleTimeout", field="originEdgeIdleTimeout", since=(2, 5, 1)),
    _app("packetLossDiffThresholdForSwitchback", "int", "10", legacy="settings.excessiveBandwidth.packetLossDiffThreshold.forSwitchback"),
    _app("participantVisibilityMatrix", "json", None, legacy=None, since=(2, 12, 0)),
    _app("playWebRTCStreamOnceForEachSession", "bool", "true", since=(2, 6, 0)),
    _app("portAllocatorFlags", "int", "0", legacy="settings.portAllocator.flags"),
    _app("previewFormat", "str", "png", legacy=None, since=(2, 12, 0), reads=_PREVIEW),
    _app("previewHeight", "int", "480"),
    _app("previewOverwrite", "bool", "false"),
    _app("previewQuality", "int", "75", legacy=None, since=(2, 12, 0)),
    _app("recordingSubfolder", "str", "", legacy=None, since=(2, 10, 0)),
    _app("relayRTMPMetaDataToMuxers", "bool", "true", legacy=None, since=(2, 11, 1)),
    _app("replaceCandidateAddrWithServerAddr", "bool", "false"),
    _app("rtmpIngestBufferTimeMs", "int", "0"),
    _app("rtspPullTransportType", "str", "3", was=(((2, 8, 0), "tcp"),), reads=_RTSP),
    _app("rtspTimeoutDurationMs", "int", "5000", since=(2, 4, 1)),
    _app("rttMeasurementDiffThresholdForSwitchback", "int", "20", legacy="settings.excessiveBandwidth.rttMeasurementDiffThreshold.forSwitchback"),
    _app("s3AccessKey", "str", ""),
    _app("s3BucketName", "str", ""),
    _app("s3CacheControl", "str", "no-store, no-cache, must-revalidate, max-age=0", since=(2, 6, 2)),
    _app("s3Endpoint", "str", ""),
    _app("s3PathStyleAccessEnabled", "bool", "false", legacy=None, since=(2, 13, 0)),
    _app("s3Permission", "str", "public-read", since=(2, 4, 1), reads=_S3_PERMISSION),
    _app("s3PreviewsFolderPath", "str", "previews", legacy="settings.s3.previews.folder.path"),
    _app("s3RecordingEnabled", "bool", "false"),
    _app("s3RegionName", "str", "", reads=_REGION),
    _app("s3SecretKey", "str", "", secret=True),
    _app("s3StorageClass", "str", "STANDARD", since=(2, 4, 2), was=(((2, 5, 0), " STANDARD"),), reads=_S3_CLASS),
    _app("s3StreamsFolderPath", "str", "streams", legacy="settings.s3.streams.folder.path"),
    _app("s3TransferBufferSizeInBytes", "int", "10000000", legacy=None, since=(2, 13, 0)),
    _app("sendAudioLevelToViewers", "bool", "false", legacy=None, since=(2, 7, 0), was=(((2, 10, 0), "true"),)),
    _app("signalingAddress", "str", "", legacy="signaling.address", since=(2, 4, 3), reads=_SIGNALING),
    _app("srtReceiveLatencyInMs", "int", "150", legacy=None, since=(2, 12, 0)),
    _app("stalkerDBPassword", "str", "", until=(3, 0, 0), secret=True),
    _app("stalkerDBServer", "str", "", until=(3, 0, 0)),
    _app("stalkerDBUsername", "str", "", until=(3, 0, 0)),
    _app("statsBasedABRAlgorithmEnabled", "bool", "true", legacy="settings.statsBasedABREnabled", field="statsBasedABREnabled", since=(2, 6, 0)),
    _app("streamEndedScript", "str", "", legacy=None, since=(2, 15, 0)),
    _app("streamFetcherBufferTime", "int", "0", legacy=None, since=(2, 8, 0)),
    _app("streamIdleTimeoutScript", "str", "", legacy=None, since=(2, 15, 0)),
    _app("streamStartedScript", "str", "", legacy=None, since=(2, 15, 0)),
    _app("stunServerURI", "str", "stun:stun1.l.google.com:19302", legacy="settings.webrtc.stunServerURI", reads=_ICE),
    _app("subFolder", "str", "", legacy=None, since=(2, 12, 0)),
    _app("subscriberAuthenticationKey", "str", None, legacy=None, since=(2, 9, 0), edition="enterprise", secret=True),
    _app("turnServerCredential", "str", "", legacy="settings.webrtc.turnServerCredential", since=(2, 5, 0), secret=True),
    _app("turnServerUsername", "str", "", legacy="settings.webrtc.turnServerUsername", since=(2, 5, 0)),
    _app("uploadExtensionsToS3", "int", "7", since=(2, 4, 1)),
    _app("useOriginalWebRTCEnabled", "bool", "false"),
    _app("useTimelineDashMuxing", "bool", "false", legacy="settings.dash.useTimeline"),
    _app("vodFolder", "str", "", until=(3, 0, 0)),
    _app("vodUploadFinishScript", "str", "", since=(2, 4, 3)),
    _app("vp8Enabled", "bool", "false"),
    _app("vp8EncoderDeadline", "str", "realtime", legacy="settings.encoding.vp8.deadline", until=(3, 0, 0), reads=_DEADLINE),
    _app("vp8EncoderSpeed", "int", "4", legacy="settings.encoding.vp8.speed", until=(3, 0, 0)),
    _app("vp8EncoderThreadCount", "int", "1", legacy="settings.encoding.vp8.threadCount"),
    _app("webhookContentType", "str", None, legacy=None, since=(2, 10, 0), reads=_HOOK_TYPE),
    _app("webhookRetryAttemptDelay", "int", "1000", legacy=None, field="webhookRetryDelay", since=(2, 9, 0)),
    _app("webhookRetryCount", "int", "0", legacy=None, since=(2, 9, 0)),
    _app("webhookStreamStatusUpdatePeriodMs", "int", "-1", legacy=None, since=(2, 12, 0)),
    _app("webMMuxingEnabled", "bool", "false"),
    _app("webRTCClientStartTimeoutMs", "int", "10000", legacy="settings.webrtc.client.start.timeoutMs", was=(((2, 5, 0), "5000"),)),
    _app("webRTCEnabled", "bool", "true"),
    _app("webRTCFrameRate", "int", "30"),
    _app("webRTCKeyframeTime", "int", "2000"),
    _app("webRTCPortRangeMax", "int", "60000", legacy="settings.webrtc.portRangeMax", was=(((2, 6, 2), "0"),)),
    _app("webRTCPortRangeMin", "int", "50000", legacy="settings.webrtc.portRangeMin", was=(((2, 6, 2), "0"),)),
    _app("webRTCSdpSemantics", "str", "unifiedPlan", legacy="settings.webrtc.sdpSemantics", was=(((2, 4, 2), "planB"),), reads=_SDP),
    _app("webRTCTcpCandidatesEnabled", "bool", "false", legacy="settings.webrtc.tcpCandidateEnabled"),
    _app("writeStatsToDatastore", "bool", "true"),
)
# fmt: on

_BY_NAME = {(setting.file, setting.name): setting for setting in SETTINGS}
_BY_KEY: dict[tuple[str, str], Setting] = {}
for _setting in SETTINGS:
    for _key in (_setting.name, _setting.legacy):
        if _key:
            _BY_KEY.setdefault((_setting.file, _key), _setting)

# What a properties file holds beside settings and must stay secret too.
_FOREIGN_SECRETS = {APP: frozenset(("db.password",)), SERVER: frozenset()}


def file_of(app: str) -> str:
    """The file of an application, or of the server for an empty name."""
    return APP if app else SERVER


def by_name(file: str, name: str) -> Setting:
    """The setting of that canonical name in that file.

    :raises KeyError: when there is none.
    """
    return _BY_NAME[(file, name)]


def by_key(file: str, key: str) -> Setting | None:
    """The setting a key of any era belongs to, None for a key the catalogue does not know."""
    return _BY_KEY.get((file, key))


def is_secret(file: str, key: str) -> bool:
    """Whether the value of a key must never be shown."""
    setting = by_key(file, key)
    return setting.secret if setting else key in _FOREIGN_SECRETS[file]


def of_file(file: str) -> tuple[Setting, ...]:
    """All settings of one file, in the order of the table."""
    return tuple(setting for setting in SETTINGS if setting.file == file)


def nearest(file: str, name: str) -> str | None:
    """The canonical name most like a mistyped one, or the one a legacy key now has; None if none is."""
    setting = by_key(file, name)
    if setting:
        return setting.name
    return _near.nearest(name, [entry.name for entry in of_file(file)])


class Texts(Protocol):
    """The keys of a file and their texts: a document, or a mapping."""

    def __contains__(self, key: str, /) -> bool: ...

    def get(self, key: str, /) -> str | None: ...


def effective(setting: Setting, version: tuple[int, ...], document: Texts) -> str | None:
    """What a server of this version makes of a file.

    :arg document: a mapping of the file's keys to their texts.
    :returns: the text that holds, or None where no key is present and the default holds.
    """
    for key in setting.spellings(version):
        if key in document:
            return document.get(key)
    return None


_TRUE = frozenset(("true", "on", "yes", "1"))
_FALSE = frozenset(("false", "off", "no", "0"))
_INT = re.compile("[+-]?[0-9]+")
_FLOAT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
# A list of which nothing is dropped: no host name, and no blank that is not beside a comma.
_LIST = re.compile("[0-9A-Fa-f:./]+(?: *, *[0-9A-Fa-f:./]+)*")
# What Java trims.
_BLANKS = "".join(map(chr, range(33)))


def normal(setting: Setting, text: str) -> str:
    """A text in the form in which two texts of the same meaning are equal.

    :raises ValueError: when the server could not make sense of the text.
    """
    if setting.type == "bool":
        word = text.strip(_BLANKS).lower()
        if word in _TRUE:
            return "true"
        if word in _FALSE:
            return "false"
        raise ValueError("is not a boolean")
    if setting.type == "int":
        return str(int(_number(text, _INT)))
    if setting.type == "float":
        return repr(float(_number(text, _FLOAT)))
    if setting.type == "json":
        return json.dumps(_json.parse(text), sort_keys=True)
    if setting.type == "cidrs" and _LIST.fullmatch(text):
        try:
            return _cidr.compile_cidrs(text)
        except _cidr.CidrError:
            pass
    return text


def unfit(setting: Setting, text: str) -> str:
    """Why the server would make something else of a text than it says; empty if it would not."""
    return setting.reads.fault(text) if setting.reads else ""


def _number(text: str, pattern: re.Pattern[str]) -> str:
    """What Java takes for a number; Python takes more."""
    text = text.strip(_BLANKS)
    if len(text) > _json.LONGEST_NUMBER or not pattern.fullmatch(text):
        raise ValueError("is not a number")
    return text


def on(value: object) -> bool:
    """Whether a value, of a file or of YAML, switches something on, as Spring reads it."""
    return str(value).strip(_BLANKS).lower() in _TRUE


def same(setting: Setting, one: str | None, other: str | None) -> bool:
    """Whether two texts mean the same to the server; a text it cannot read equals nothing."""
    if one is None or other is None:
        return one is other
    try:
        return normal(setting, one) == normal(setting, other)
    except ValueError:
        return False
