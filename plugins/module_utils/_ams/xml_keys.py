# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the server's own XML reads from conf/red5.properties beside the settings of the catalogue.

Where one of these is missing or none of its kind, the server does not start, or does without RTMP.
A test compares the table with the XML of real servers.

PRIVATE to the collection.
"""

from __future__ import annotations

# Since when it is read, where that is not the oldest version.
_RTMPS = (2, 14, 0)
_ALWAYS = (2, 4, 0)

BOOLS = """
broadcastream.auto.record.hls broadcastream.auto.record.mp4 broadcaststream.auto.record
fileconsumer.delayed.write jmx.mina.monitor.enable jmx.register.factory jmx.reuse.existing.server
mina.logfilter.enable rtmp.bandwidth_detection rtmp.default_acceptor rtmp.tcp_keepalive
rtmp.tcp_nodelay
"""
NUMBERS = """
fileconsumer.queue.size http.acceptor_thread_count http.max_keep_alive_requests http.max_threads
http.processor_cache https.port jmx.mina.poll.interval keyframe.cache.entry.max rtmp.backlog
rtmp.channel.concurrency.level rtmp.channel.initial.capacity rtmp.client_bandwidth_limit_type
rtmp.deadlockguard.sheduler.pool_size rtmp.default_client_bandwidth rtmp.default_server_bandwidth
rtmp.executor.core_pool_size rtmp.executor.max_pool_size rtmp.executor.queue_capacity
rtmp.executor.queue_size_to_drop_audio_packets rtmp.executor_keepalive_time rtmp.initial_pool_size
rtmp.io_threads rtmp.max_handling_time rtmp.max_handshake_time rtmp.max_inactivity
rtmp.max_packet_size rtmp.max_pool_size rtmp.max_processor_pool_size
rtmp.pending.calls.concurrency.level rtmp.pending.calls.initial.capacity rtmp.ping_interval
rtmp.receive_buffer_size rtmp.reserved.streams.concurrency.level
rtmp.reserved.streams.initial.capacity rtmp.scheduler.pool_size rtmp.send_buffer_size
rtmp.stream.concurrency.level rtmp.stream.initial.capacity rtmp.thoughput_calc_interval
rtmp.traffic_class server.min_free_ram subscriberstream.buffer.check.interval
subscriberstream.underrun.trigger war.deploy.server.check.interval
"""
TEXTS = "http.host rtmp.host http.port rtmp.port server.cpu_limit server.kafka_brokers"
OF_RTMPS = """
rtmps.host rtmps.keystorefile rtmps.keystorepass rtmps.port rtmps.truststorefile
rtmps.truststorepass
"""

# The kind of each; a text for those that the catalogue has, which knows more of them.
KINDS = {
    **dict.fromkeys(BOOLS.split(), "bool"),
    **dict.fromkeys(NUMBERS.split(), "int"),
    **dict.fromkeys(TEXTS.split(), "str"),
    **dict.fromkeys(OF_RTMPS.split(), "str"),
}
SINCE = dict.fromkeys(OF_RTMPS.split(), _RTMPS)


def read_in(version: tuple[int, ...]) -> dict[str, str]:
    """The keys that have to be there, and the kind of each."""
    return {key: kind for key, kind in KINDS.items() if SINCE.get(key, _ALWAYS) <= version}
