#!/usr/bin/python3
"""A camera made of GStreamer's RTSP server: loops MP4 clips without transcoding until its standard input ends.

Takes one JSON argument {streams: {path: {clip, codec, sound?}}, username?, password?}, prints {"port": n}.
"""

import json
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

SOUNDS = {
    "pcma": "audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8",
    "aac": "audiotestsrc is-live=true ! audio/x-raw,rate=16000,channels=1 ! voaacenc ! aacparse ! rtpmp4gpay name=pay1 pt=97",
}


def read_units(path, codec):
    """All access units of a clip in decoding order, their caps, and how long one turn lasts in nanoseconds."""
    pipeline = Gst.parse_launch(
        f"filesrc location={path} ! qtdemux ! {codec}parse config-interval=-1"
        f" ! video/x-{codec},stream-format=byte-stream,alignment=au ! appsink name=out sync=false"
    )
    out = pipeline.get_by_name("out")
    pipeline.set_state(Gst.State.PLAYING)
    units, caps = [], None
    while sample := out.emit("pull-sample"):
        buffer, caps = sample.get_buffer(), sample.get_caps()
        units.append((buffer.extract_dup(0, buffer.get_size()), buffer.pts, buffer.dts, buffer.duration))
    pipeline.set_state(Gst.State.NULL)
    start = min(pts for _, pts, _, _ in units)
    return units, caps, max(pts + duration for _, pts, _, duration in units) - start


class ClipFactory(GstRtspServer.RTSPMediaFactory):
    """One path: all clients share one turn of the loop."""

    def __init__(self, stream):
        super().__init__()
        codec = stream["codec"]
        self.units, self.caps, self.turn = read_units(stream["clip"], codec)
        sound = SOUNDS[stream["sound"]] if stream.get("sound") else ""
        video = f"appsrc name=source is-live=true format=time ! {codec}parse ! rtp{codec}pay name=pay0 pt=96 config-interval=-1"
        self.set_launch(f"( {video} {sound} )")
        self.set_shared(True)
        self.connect("media-configure", self.feed)

    def feed(self, _factory, media):
        source = media.get_element().get_by_name("source")
        source.set_property("caps", self.caps)
        state = {"index": 0}

        def push(_source, _bytes):
            turns, index = divmod(state["index"], len(self.units))
            data, pts, dts, duration = self.units[index]
            buffer = Gst.Buffer.new_wrapped(data)
            buffer.pts = pts + turns * self.turn
            buffer.dts = dts + turns * self.turn if dts != Gst.CLOCK_TIME_NONE else Gst.CLOCK_TIME_NONE
            buffer.duration = duration
            state["index"] += 1
            source.emit("push-buffer", buffer)

        source.connect("need-data", push)


def demand_digest(server, factories, username, password):
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "operator")
    auth.add_digest(username, password, token)
    server.set_auth(auth)
    for factory in factories:
        permissions = GstRtspServer.RTSPPermissions()
        for permission in ("media.factory.access", "media.factory.construct"):
            permissions.add_permission_for_role("operator", permission, True)
        factory.set_permissions(permissions)


def main():
    options = json.loads(sys.argv[1])
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    factories = {path: ClipFactory(stream) for path, stream in options["streams"].items()}
    for path, factory in factories.items():
        server.get_mount_points().add_factory(path, factory)
    if options.get("username"):
        demand_digest(server, factories.values(), options["username"], options["password"])
    server.attach(None)
    loop = GLib.MainLoop()
    GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IOCondition.HUP | GLib.IOCondition.IN, lambda *_: loop.quit())
    print(json.dumps({"port": server.get_bound_port()}), flush=True)
    loop.run()


main()
