"""
replay.py LEAST MOST: waits for a UDP datagram over IPv4 with so many bytes of payload that leaves this host, and keeps it. It prints its
size; then, for words from standard input:

  flip    sends it once per byte and bit pattern with that byte changed, from the same address and port to the same, and prints how many
  whole   sends it as it was
"""
import socket, struct, sys, time

PATTERNS = [0x01, 0x80, 0xFF]
EVERY_S = 0.0003
least, most = int(sys.argv[1]), int(sys.argv[2])
wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0003))
out = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
print("waiting", flush=True)
while True:
    packet, source = wire.recvfrom(65535)
    if source[2] != socket.PACKET_OUTGOING or source[1] != 0x0800 or packet[9] != 17: continue
    head = 4 * (packet[0] & 15)
    if least <= len(packet) - head - 8 <= most: break
wire.close()
to = (socket.inet_ntoa(packet[16:20]), 0)


def send(payload):
    # Without a checksum: nothing but what reads it is to find out.
    udp = packet[head:head + 6] + b"\0\0"
    out.sendto(packet[:head] + udp + payload, to)
    time.sleep(EVERY_S)


payload = packet[head + 8:]
print("kept", len(payload), flush=True)
for word in sys.stdin:
    if word.strip() == "whole":
        send(payload)
        print("whole", flush=True)
    else:
        count = 0
        for at in range(len(payload)):
            for pattern in PATTERNS:
                send(payload[:at] + bytes([payload[at] ^ pattern]) + payload[at + 1:])
                count += 1
        print("flipped", count, flush=True)
