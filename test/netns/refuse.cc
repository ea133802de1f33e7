// Runs a program for which the kernel refuses an offload, by a seccomp filter: no flag of the program is involved.
//
//   refuse WHAT... -- PROGRAM [ARGUMENT...]
//
// WHAT: tso (TUNSETOFFLOAD with TCP bits), uso (with UDP bits), gso (setsockopt UDP_SEGMENT), gro (setsockopt UDP_GRO).
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/if_tun.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace {

constexpr uint32_t UDP_SEGMENT_OPTION = 103, UDP_GRO_OPTION = 104;
constexpr uint32_t TCP_BITS = 0x02 | 0x04, UDP_BITS = 0x20 | 0x40;

std::vector<sock_filter> filter;

void load(uint32_t offset) { filter.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)); }

uint32_t argument(int index) { return uint32_t(offsetof(seccomp_data, args) + size_t(index) * 8); }

void refuse(int error) { filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | uint32_t(error))); }

// Goes on when the loaded word equals the value, else skips the following `skip` instructions.
void unlessEqualSkip(uint32_t value, uint8_t skip) { filter.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)); }

void refuseOffload(uint32_t bits) {
  load(offsetof(seccomp_data, nr));
  unlessEqualSkip(SYS_ioctl, 5);
  load(argument(1));
  unlessEqualSkip(TUNSETOFFLOAD, 3);
  load(argument(2));
  filter.push_back(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1));
  refuse(EINVAL);
}

void refuseOption(uint32_t option) {
  load(offsetof(seccomp_data, nr));
  unlessEqualSkip(SYS_setsockopt, 5);
  load(argument(1));
  unlessEqualSkip(IPPROTO_UDP, 3);
  load(argument(2));
  unlessEqualSkip(option, 1);
  refuse(ENOPROTOOPT);
}

}  // namespace

int main(int argc, char** argv) {
  int at = 1;
  for (; at < argc && strcmp(argv[at], "--") != 0; at++) {
    std::string what = argv[at];
    if (what == "tso") refuseOffload(TCP_BITS);
    else if (what == "uso") refuseOffload(UDP_BITS);
    else if (what == "gso") refuseOption(UDP_SEGMENT_OPTION);
    else if (what == "gro") refuseOption(UDP_GRO_OPTION);
    else return fprintf(stderr, "refuse: what is %s?\n", argv[at]), 2;
  }
  if (at + 1 >= argc) return fprintf(stderr, "usage: refuse WHAT... -- PROGRAM [ARGUMENT...]\n"), 2;
  filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  sock_fprog program{uint16_t(filter.size()), filter.data()};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0) {
    return perror("refuse: seccomp"), 1;
  }
  execvp(argv[at + 1], argv + at + 1);
  return perror(argv[at + 1]), 1;
}
