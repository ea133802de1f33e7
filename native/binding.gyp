{
  "targets": [
    {
      "target_name": "mcc",
      "sources": [
        "addon.cc",
        "aead_ipsec_mb.cc",
        "aead_openssl.cc",
        "coalesce.cc",
        "finish.cc",
        "galois.cc",
        "inlet.cc",
        "inside.cc",
        "netlink.cc",
        "notices.cc",
        "outlet.cc",
        "parity.cc",
        "parse.cc",
        "port.cc",
        "port_loop.cc",
        "port_methods.cc",
        "port_streams.cc",
        "port_sockets.cc",
        "readdress.cc",
        "reassembly.cc",
        "relay.cc",
        "resequence.cc",
        "sealer.cc",
        "segment.cc",
        "stream.cc",
        "system.cc",
        "tun.cc",
        "udp.cc",
        "validate.cc",
      ],
      # node's own directory comes first by node-gyp: OpenSSL's headers must be those of node.
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=9", "NAPI_DISABLE_CPP_EXCEPTIONS", "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS", "NODE_ADDON_API_ENABLE_TYPE_CHECK_ON_AS=0"],
      "cflags!": ["-fno-omit-frame-pointer"],
      "cflags_cc!": ["-std=gnu++17", "-std=gnu++20", "-fno-exceptions"],
      "cflags_cc": ["-std=c++20", "-fno-rtti", "-fexceptions"],
      "cflags": ["-g1", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-fvisibility=hidden", "-fno-plt"],
      "ldflags": ["-Wl,-z,relro,-z,now,-z,noexecstack"],
      "libraries": ["-ldl"],
      "configurations": {
        "Release": {
          "defines": ["_FORTIFY_SOURCE=2", "_GLIBCXX_ASSERTIONS"],
          "cflags": ["-O3", "-fstack-protector-strong", "-fstack-clash-protection"],
        },
        # `node-gyp configure build --directory=native --debug` makes native/build/Debug/mcc.node with AddressSanitizer and
        # UndefinedBehaviorSanitizer; run it with MCC_ADDON=native/build/Debug/mcc.node and libasan preloaded.
        "Debug": {
          "cflags": ["-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined"],
          "ldflags": ["-fsanitize=address,undefined"],
        },
      },
    },
  ],
}
