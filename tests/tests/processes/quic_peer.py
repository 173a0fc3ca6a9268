"""A QUIC client that others wrote (aioquic) at a server of ours: one line of JSON says what came of it.

talk PORT ALPN CONTROL DATAGRAM   handshake; says both, and gives what came back on both lanes
negotiate PORT ALPN               begins with a version that nobody has
versions PORT                     what the server offers to whom it does not understand
garbage PORT COUNT SEED           packets that are none, and some that look like ones
linger PORT ALPN COUNT            opens connections and then says nothing, a byte at a time, or half of a question; lives
                                  until its standard input ends, and gives how many the server has ended by then
"""

import json
import random
import select
import socket
import ssl
import sys
import time

from aioquic.buffer import Buffer
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import (
    ConnectionTerminated,
    DatagramFrameReceived,
    HandshakeCompleted,
    StreamDataReceived,
)
from aioquic.quic.packet import QuicProtocolVersion, pull_quic_header

# Far beyond what a loaded machine needs.
PATIENCE = 60.0

# A version of those that are kept free to find servers that do not negotiate (RFC 9000 section 15).
NOBODYS_VERSION = 0x1A2A3A4A

HOST = "127.0.0.1"


class Client:
    """A connection and its socket."""

    def __init__(self, port, alpn, versions=None):
        configuration = QuicConfiguration(
            is_client=True,
            alpn_protocols=[alpn],
            max_datagram_frame_size=65536,
            verify_mode=ssl.CERT_NONE,
            server_name="localhost",
        )
        if versions is not None:
            configuration.supported_versions = versions
            configuration.original_version = versions[0]
        self.quic = QuicConnection(configuration=configuration)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.server = (HOST, port)
        self.events = []
        self.quic.connect(self.server, now=time.monotonic())

    def until(self, holds):
        """Lives until the events so far are enough."""
        deadline = time.monotonic() + PATIENCE
        while not holds(self.events):
            now = time.monotonic()
            if now > deadline:
                raise SystemExit(f"nothing more came after {self.events}")
            for packet, address in self.quic.datagrams_to_send(now):
                self.socket.sendto(packet, address)
            timer = self.quic.get_timer()
            wait = 1.0 if timer is None else max(0.001, min(timer - now, 1.0))
            self.socket.settimeout(wait)
            try:
                packet, address = self.socket.recvfrom(65536)
                self.quic.receive_datagram(packet, address, time.monotonic())
            except TimeoutError:
                if timer is not None and timer <= time.monotonic():
                    self.quic.handle_timer(time.monotonic())
            while (event := self.quic.next_event()) is not None:
                self.events.append(event)

    def find(self, kind):
        return [event for event in self.events if isinstance(event, kind)]

    def handshake(self):
        self.until(lambda events: any(isinstance(e, (HandshakeCompleted, ConnectionTerminated)) for e in events))
        ended = self.find(ConnectionTerminated)
        if ended:
            return {"error": ended[0].error_code, "reason": ended[0].reason_phrase}
        return {"alpn": self.find(HandshakeCompleted)[0].alpn_protocol}

    def end(self):
        self.quic.close()
        for packet, address in self.quic.datagrams_to_send(time.monotonic()):
            self.socket.sendto(packet, address)


def talk(port, alpn, control, datagram):
    client = Client(int(port), alpn)
    told = client.handshake()
    if "error" in told:
        return told
    # The server takes datagrams when the control stream is open.
    client.quic.send_stream_data(client.quic.get_next_available_stream_id(), bytes.fromhex(control))
    client.until(lambda _: client.find(StreamDataReceived))
    client.quic.send_datagram_frame(bytes.fromhex(datagram))
    client.until(lambda _: client.find(DatagramFrameReceived))
    told["control"] = b"".join(event.data for event in client.find(StreamDataReceived)).hex()
    told["datagram"] = client.find(DatagramFrameReceived)[0].data.hex()
    client.end()
    return told


def negotiate(port, alpn):
    client = Client(int(port), alpn, [NOBODYS_VERSION, QuicProtocolVersion.VERSION_1])
    told = client.handshake()
    client.end()
    return told


def versions(port):
    peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    peer.settimeout(PATIENCE)
    destination, source = b"12345678", b"abcd"
    head = bytes([0xC0]) + NOBODYS_VERSION.to_bytes(4, "big")
    head += bytes([len(destination)]) + destination + bytes([len(source)]) + source
    peer.sendto(head.ljust(1200, b"\0"), (HOST, int(port)))
    answer, _ = peer.recvfrom(65536)
    header = pull_quic_header(Buffer(data=answer))
    return {
        "type": header.packet_type.name,
        "versions": list(header.supported_versions),
        "is_mine": header.destination_cid == source and header.source_cid == destination,
    }


def garbage(port, count, seed):
    peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    chance = random.Random(int(seed))
    for _ in range(int(count)):
        packet = bytearray(chance.randbytes(chance.randint(1, 1400)))
        kind = chance.randrange(3)
        if kind == 1 and len(packet) > 6:
            # The first packet of a connection, by its head.
            packet[:6] = bytes([0xC0 | chance.randrange(64)]) + (1).to_bytes(4, "big") + bytes([chance.randrange(24)])
        elif kind == 2:
            packet[0] = 0x40 | (packet[0] & 0x3F)
        peer.sendto(packet, (HOST, int(port)))
    return {"sent": int(count)}


class Lingerer(Client):
    """Holds a connection for as long as the server lets it."""

    def __init__(self, port, alpn, number):
        super().__init__(port, alpn)
        # Each from an address of its own, as far as this machine has any.
        self.socket.bind((f"127.1.0.{1 + number % 250}", 0))
        self.socket.setblocking(False)
        self.number = number
        self.next_byte = 0.0
        self.stream = None

    def live(self, now):
        try:
            while True:
                packet, address = self.socket.recvfrom(65536)
                self.quic.receive_datagram(packet, address, now)
        except BlockingIOError:
            pass
        timer = self.quic.get_timer()
        if timer is not None and timer <= now:
            self.quic.handle_timer(now)
        while (event := self.quic.next_event()) is not None:
            self.events.append(event)
        if self.find(HandshakeCompleted) and not self.is_over() and self.next_byte <= now:
            self.next_byte = now + 0.5
            self.linger()
        for packet, address in self.quic.datagrams_to_send(now):
            self.socket.sendto(packet, address)

    def linger(self):
        if self.number % 3 == 0:
            # No stream at all; only a sign of life.
            self.quic.send_ping(1)
        elif self.number % 3 == 1:
            # A hello that never ends, a byte at a time.
            first = self.stream is None
            self.stream = self.quic.get_next_available_stream_id() if first else self.stream
            self.quic.send_stream_data(self.stream, b"\x01" if first else b"\x00")
        elif self.stream is None:
            # The control stream, and halves of questions for files.
            for begun in (b"\x01", b"\x02half", b"\x02", b"\x02of a question", b"\x02"):
                self.stream = self.quic.get_next_available_stream_id()
                self.quic.send_stream_data(self.stream, begun)
        else:
            self.quic.send_ping(1)

    def is_over(self):
        return bool(self.find(ConnectionTerminated))


def linger(port, alpn, count):
    lingerers = [Lingerer(int(port), alpn, number) for number in range(int(count))]
    opened = False
    while not select.select([sys.stdin], [], [], 0.02)[0]:
        for lingerer in lingerers:
            lingerer.live(time.monotonic())
        if not opened and all(lingerer.find(HandshakeCompleted) for lingerer in lingerers):
            opened = True
            print("open", flush=True)
        if opened and all(lingerer.is_over() for lingerer in lingerers):
            break
    return {"ended": sum(lingerer.is_over() for lingerer in lingerers)}


if __name__ == "__main__":
    commands = {
        "talk": talk,
        "negotiate": negotiate,
        "versions": versions,
        "garbage": garbage,
        "linger": linger,
    }
    print(json.dumps(commands[sys.argv[1]](*sys.argv[2:])))
