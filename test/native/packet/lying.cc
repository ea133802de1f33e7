// Headers that lie: whatever parse() or validateWire() accepts must be sound for the kernel too, which tells by its counters of
// refused packets. Then fragments and whole datagrams, rewritten, through the kernel's own reassembly to a socket.
// Usage: lying [seed] [packets]
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../../native/headers.h"
#include "kernel.h"

namespace packettest {
namespace {

using namespace mcc;

// Options are the receiving kernel's business, not ours: only those that it certainly skips are compared.
bool optionsPlain(const uint8_t* header, uint32_t length) {
  uint32_t padding = 0;
  for (uint32_t i = 2; i < length;) {
    const uint8_t type = header[i];
    const uint32_t size = type == 0 ? 1 : i + 1 < length ? header[i + 1] + 2u : 999;
    if ((type != 0 && type != 1 && type != 0x1e) || i + size > length) return false;
    if (type == 1) {
      for (uint32_t j = i + 2; j < i + size; j++) {
        if (header[j] != 0) return false;
      }
    }
    padding = type == 0x1e ? 0 : padding + size;
    if (padding > 7) return false;
    i += size;
  }
  return true;
}

bool comparable(const Bytes& packet) {
  if (packet[0] >> 4 == 4) {
    for (uint32_t i = 20; i < (packet[0] & 15u) * 4; i++) {
      if (packet[i] > 1) return false;
    }
    return true;
  }
  uint8_t type = packet[6];
  for (uint32_t at = 40; type == 0 || type == 43 || type == 44 || type == 60;) {
    const uint32_t length = type == 44 ? 8 : (packet[at + 1] + 1u) * 8;
    if ((type == 0 || type == 60) && !optionsPlain(packet.data() + at, length)) return false;
    if (type == 43 && packet[at + 2] != 253) return false;
    if (type == 44 && (load16(packet.data() + at + 2) & 0xfff8) != 0) return true;
    type = packet[at];
    at += length;
  }
  return true;
}

class Judge {
 public:
  explicit Judge(Kernel& kernel) : kernel_(kernel), before_(kernel.refusals()) {}
  void submit(Written written) {
    batch_.push_back(std::move(written));
    if (batch_.size() == 400) flush();
  }
  void flush() {
    for (const Written& written : batch_) kernel_.write(written);
    kernel_.drainFirst();
    if (kernel_.refusals() != before_) blame();
    submitted += batch_.size();
    batch_.clear();
  }
  uint64_t submitted = 0;

 private:
  void blame() {
    for (const Written& written : batch_) {
      const auto before = kernel_.refusals();
      kernel_.write(written);
      kernel_.drainFirst();
      for (const auto& [name, value] : kernel_.refusals()) {
        if (value != before.at(name)) fail("the kernel refuses (" + name + ") what we accept: " + hex(written.packet));
      }
    }
    fail("the kernel refuses something of a batch, but nothing by itself");
  }
  Kernel& kernel_;
  std::map<std::string, uint64_t> before_;
  std::vector<Written> batch_;
};

uint32_t addressesAt(const Bytes& bytes, bool wire) { return bytes[0] >> 4 == 6 ? 8 : wire ? 0xffff : 12; }

// One to three lies in the headers, never in the addresses.
void mutate(Random& random, Bytes& bytes, uint32_t headers, bool wire) {
  const bool six = bytes[0] >> 4 == 6;
  const uint32_t fixed = wire ? (six ? 16 : 20) : (six ? 40 : 20);
  const uint32_t skip = addressesAt(bytes, wire);
  for (uint32_t lies = random.between(1, 3); lies > 0; lies--) {
    uint32_t at = random.below(headers < bytes.size() ? headers : static_cast<uint32_t>(bytes.size()));
    switch (random.below(8)) {
      case 0:
        if (bytes.size() > fixed + 1) bytes.resize(fixed + random.below(static_cast<uint32_t>(bytes.size()) - fixed));
        continue;
      case 1:
        bytes.resize(bytes.size() + random.between(1, 16));
        continue;
      case 2:
        at = six ? 4 + random.below(2) : 2 + random.below(2);
        break;
      case 3:
        at = six ? 6 : 0;
        break;
      default:
        break;
    }
    if (!wire && at >= skip && at < fixed && at < bytes.size()) continue;
    if (at >= bytes.size()) continue;
    static const uint8_t likely[] = {0, 1, 4, 5, 6, 17, 43, 44, 58, 60, 0x45, 0x46, 0x4f, 0x50, 0x60, 0xff};
    bytes[at] = random.chance(3) ? static_cast<uint8_t>(random.next()) : random.chance(2) ? likely[random.below(16)] : static_cast<uint8_t>(bytes[at] + random.between(0, 2) - 1);
  }
}

// Makes the transport checksum right as we see the packet, so that the kernel has nothing else to refuse.
void mend(Bytes& packet) {
  Facts facts;
  if (!readPacket(packet.data(), static_cast<uint32_t>(packet.size()), FIXED6_REAL, facts)) fail("parse accepts, readPacket does not");
  const uint32_t protocol = protocolOf(facts.info);
  const bool six = familyOf(facts.info) == 6;
  if ((facts.info & INFO_LATER_FRAGMENT) != 0) return;
  if (protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP || protocol == (six ? PROTOCOL_ICMP6 : PROTOCOL_ICMP)) {
    fixChecksum(packet.data(), packet.size(), facts.network, static_cast<uint8_t>(protocol));
  }
}

struct Totals {
  uint64_t tried = 0, accepted = 0;
};

void lieInside(Random& random, Judge& judge, Totals& totals) {
  Spec spec = randomSpec(random);
  spec.partial = false;
  Built built = build(spec, randomAddress(random, spec.six, NEAR_NET), spec.six ? OWN6 : OWN4, spec.hops);
  mutate(random, built.packet, built.transport + 20, false);
  if (built.packet.size() >= 20 && (built.packet[0] & 15u) * 4 <= built.packet.size() && built.packet[0] >> 4 == 4) fixHeaderChecksum4(built.packet.data());
  uint32_t row[ROW_WORDS];
  totals.tried++;
  if (!parse(built.packet.data(), static_cast<uint32_t>(built.packet.size()), {}, row)) return;
  built.packet.resize(row[OUT_LENGTH]);
  totals.accepted++;
  if (!comparable(built.packet)) return;
  mend(built.packet);
  judge.submit({{}, built.packet});
}

void lieOnTheWire(Random& random, Judge& judge, Carrier& carrier, Totals& totals) {
  Spec spec = randomSpec(random);
  const Built built = build(spec, randomAddress(random, spec.six, 77), randomAddress(random, spec.six, 78), spec.hops);
  std::vector<Carrier::Wire> batch{{1, carrier.cut(built, 65535).at(0)}};
  Bytes& bytes = batch[0].bytes;
  mutate(random, bytes, built.transport + 20, true);
  WirePacket wire;
  totals.tried++;
  const bool six = !bytes.empty() && bytes[0] >> 4 == 6;
  if (bytes.empty() || !validateWire(bytes.data(), static_cast<uint32_t>(bytes.size()), wire)) return;
  totals.accepted++;
  carrier.coalescer.reset();
  carrier.coalescer.add(1, 1, 0, bytes.data(), wire);
  Written written = carrier.finish(0, randomAddress(random, six, NEAR_NET), six ? OWN6 : OWN4);
  uint32_t row[ROW_WORDS];
  Bytes copy = written.packet;
  EXPECT(parse(copy.data(), static_cast<uint32_t>(copy.size()), written.virtio, row), "what validateWire accepts is refused by parse: " + hex(written.packet));
  EXPECT((row[OUT_INFO] & ~INFO_ICMP_ERROR) == (wire.info & ~INFO_ICMP_ERROR) && row[OUT_PORTS] == wire.ports && row[OUT_LENGTH] == wire.length, "both ends read differently");
  EXPECT(row[OUT_QUOTE_INFO] == wire.quoteInfo && row[OUT_QUOTE_PORTS] == wire.quotePorts, "both ends read the quote differently");
  if (!comparable(written.packet)) return;
  if ((written.virtio.flags & VIRTIO_NEEDS_CHECKSUM) == 0) mend(written.packet);
  judge.submit(written);
}

int boundSocket(bool six, uint16_t& port) {
  const int fd = socket(six ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in6 address6{};
  sockaddr_in address4{};
  address6.sin6_family = AF_INET6;
  memcpy(&address6.sin6_addr, OWN6.bytes, 16);
  address4.sin_family = AF_INET;
  memcpy(&address4.sin_addr, OWN4.bytes, 4);
  sockaddr* address = six ? reinterpret_cast<sockaddr*>(&address6) : reinterpret_cast<sockaddr*>(&address4);
  socklen_t length = six ? sizeof address6 : sizeof address4;
  const int megabyte = 4 << 20;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &megabyte, sizeof megabyte);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &megabyte, sizeof megabyte);
  EXPECT(bind(fd, address, length) == 0 && getsockname(fd, address, &length) == 0, "bind");
  port = ntohs(six ? address6.sin6_port : address4.sin_port);
  return fd;
}

// Transport bytes in wire-form packets, fragments or not.
size_t payloadOf(const std::vector<Carrier::Wire>& packets) {
  size_t total = 0;
  for (const auto& packet : packets) {
    WirePacket wire;
    EXPECT(validateWire(packet.bytes.data(), static_cast<uint32_t>(packet.bytes.size()), wire), "validateWire refuses");
    total += wire.wireLength - wire.networkBytes;
  }
  return total;
}

// A local program's datagram leaves in the kernel's fragments; they come back from the far host by our way, to another socket.
void fragmentsArrive(Random& random, Kernel& kernel, Carrier& carrier, uint32_t datagrams) {
  kernel.setFarMtu(1280);
  for (uint32_t i = 0; i < datagrams; i++) {
    const bool six = random.chance(2);
    uint16_t port;
    uint16_t fromPort;
    const int receiver = boundSocket(six, port);
    const int sender = boundSocket(six, fromPort);
    const Address far = randomAddress(random, six, FAR_NET);
    Bytes content(random.chance(8) ? 65507 : random.below(8000));
    for (auto& byte : content) byte = static_cast<uint8_t>(random.next());
    sockaddr_in6 to6{};
    sockaddr_in to4{};
    to6.sin6_family = AF_INET6;
    to6.sin6_port = htons(port);
    memcpy(&to6.sin6_addr, far.bytes, 16);
    to4.sin_family = AF_INET;
    to4.sin_port = htons(port);
    memcpy(&to4.sin_addr, far.bytes, 4);
    const sockaddr* to = six ? reinterpret_cast<sockaddr*>(&to6) : reinterpret_cast<sockaddr*>(&to4);
    const ssize_t sent = sendto(sender, content.data(), content.size(), 0, to, six ? sizeof to6 : sizeof to4);
    EXPECT(sent == static_cast<ssize_t>(content.size()), std::string("sendto: ") + strerror(errno));
    std::vector<Carrier::Wire> batch;
    for (int tries = 0; payloadOf(batch) < content.size() + 8; tries++) {
      EXPECT(tries < 1000, "a datagram of " + std::to_string(content.size()) + " bytes does not leave");
      if (tries != 0) usleep(1000);
      for (Bytes& packet : kernel.read()) {
        const uint32_t fragmentAt = random.chance(2) ? 65535 : random.between(100, 1400);
        batch.push_back({1, carrier.cut({packet, {}, 0}, fragmentAt).at(0)});
      }
    }
    // Fragments may overtake each other.
    for (size_t j = batch.size(); j > 1; j--) std::swap(batch[j - 1], batch[random.below(static_cast<uint32_t>(j))]);
    carrier.feed(batch, true);
    const Address remote = randomAddress(random, six, NEAR_NET);
    for (uint32_t j = 0; j < carrier.coalescer.count(); j++) kernel.write(carrier.finish(j, remote, six ? OWN6 : OWN4));
    static uint8_t buffer[70000];
    pollfd wait{receiver, POLLIN, 0};
    poll(&wait, 1, 2000);
    const ssize_t got = recv(receiver, buffer, sizeof buffer, 0);
    EXPECT(got == static_cast<ssize_t>(content.size()) && memcmp(buffer, content.data(), content.size()) == 0,
           "a datagram of " + std::to_string(content.size()) + " bytes does not arrive, IPv" + (six ? "6" : "4"));
    close(receiver);
    close(sender);
  }
}

}  // namespace
}  // namespace packettest

int main(int count, char** arguments) {
  using namespace packettest;
  const uint64_t seed = count > 1 ? strtoull(arguments[1], nullptr, 10) : 1;
  const uint64_t packets = count > 2 ? strtoull(arguments[2], nullptr, 10) : 100000;
  Random random(seed);
  Kernel kernel;
  auto carrier = std::make_unique<Carrier>();
  const uint32_t datagrams = static_cast<uint32_t>(packets / 100);
  // First: lying fragments fill the kernel's reassembly for half a minute.
  fragmentsArrive(random, kernel, *carrier, datagrams);
  Judge judge(kernel);
  Totals inside;
  Totals outside;
  while (inside.tried < packets / 2) lieInside(random, judge, inside);
  while (outside.tried < packets / 2) lieOnTheWire(random, judge, *carrier, outside);
  judge.flush();
  printf("seed %llu: %llu of %llu lying packets and %llu of %llu lying wire forms accepted, %llu judged by the kernel; %u datagrams arrived\n",
         static_cast<unsigned long long>(seed), static_cast<unsigned long long>(inside.accepted), static_cast<unsigned long long>(inside.tried),
         static_cast<unsigned long long>(outside.accepted), static_cast<unsigned long long>(outside.tried), static_cast<unsigned long long>(judge.submitted), datagrams);
  return 0;
}
