"""too-big.py FROM TO MTU: tells FROM, as a router on the way would, that its datagrams from UDP port 9376 to TO are too big."""
import socket
import struct
import sys

sender, receiver, mtu = sys.argv[1], sys.argv[2], int(sys.argv[3])


def checksum(data: bytes) -> int:
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


quoted = struct.pack(
    "!BBHHHBBH4s4s", 0x45, 0, 1452, 1, 0x4000, 63, 17, 0, socket.inet_aton(sender), socket.inet_aton(receiver)
) + struct.pack("!HHHH", 9376, 9376, 1432, 0)
message = struct.pack("!BBHHH", 3, 4, 0, 0, mtu) + quoted
message = message[:2] + struct.pack("!H", checksum(message)) + message[4:]
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
for _ in range(20):
    raw.sendto(message, (sender, 0))
