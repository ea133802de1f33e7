"""
A stream of data at a steady rate, to see what a tunnel does to it when something happens to its way.

  stream.py sink udp|tcp ADDRESS          prints its port, takes one stream
  stream.py send udp|tcp ADDRESS PORT MBIT BYTES

On "mark" from standard input the sink prints, as JSON, what came since the last mark: bytes, the longest silence in ms; over UDP also
how many datagrams came, how many came late or twice, and how many of those sent before the newest one are missing in all. The sender
does not catch up on what it was kept from sending.
"""
import json, os, select, socket, struct, sys, time

SO_RCVBUFFORCE = 33
# What is measured is the tunnel, not how busy this machine is.
try: os.nice(-10)
except OSError: pass


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def sink(kind, address):
    isUdp = kind == "udp"
    s = socket.socket(family(address), socket.SOCK_DGRAM if isUdp else socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
    s.bind((address, 0))
    if not isUdp: s.listen(1)
    print("port", s.getsockname()[1], flush=True)
    if not isUdp: s = s.accept()[0]
    seen = bytearray()
    newest, late, count, total, silence, last = -1, 0, 0, 0, 0.0, time.monotonic()
    while True:
        ready = select.select([s, 0], [], [])[0]
        now = time.monotonic()
        if s in ready:
            data = s.recv(1 << 18)
            if not isUdp and not data:
                print("ended", flush=True)
                return
            silence, last = max(silence, now - last), now
            total += len(data)
            if isUdp:
                number = struct.unpack_from("!Q", data)[0]
                if number >= len(seen): seen.extend(bytes(number + 100000 - len(seen)))
                late += number < newest
                newest = max(newest, number)
                seen[number] = 1
                count += 1
        if 0 in ready:
            if not os.read(0, 100): return
            silence = max(silence, now - last)
            missing = newest + 1 - sum(seen)
            print(json.dumps({"bytes": total, "silenceMs": round(1000 * silence), "datagrams": count, "late": late, "missing": missing, "newest": newest, "gaps": [i for i in range(newest) if not seen[i]][:8]}), flush=True)
            late, count, total, silence = 0, 0, 0, 0.0


def send(kind, address, port, mbit, size):
    isUdp = kind == "udp"
    s = socket.socket(family(address), socket.SOCK_DGRAM if isUdp else socket.SOCK_STREAM)
    s.connect((address, port))
    print("connected", flush=True)
    every = size * 8 / (mbit * 1e6)
    number, due = 0, time.monotonic()
    body = bytes(size - 8)
    while True:
        now = time.monotonic()
        due = max(due, now - 0.02)
        while due <= now:
            try: s.sendall(struct.pack("!Q", number) + body)
            except ConnectionRefusedError: pass
            number += 1
            due += every
        time.sleep(max(0.001, due - time.monotonic()))


if sys.argv[1] == "sink": sink(sys.argv[2], sys.argv[3])
else: send(sys.argv[2], sys.argv[3], int(sys.argv[4]), float(sys.argv[5]), int(sys.argv[6]))
