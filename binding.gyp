# The CPU part without CMake (node-gyp), from the same list of sources. Not run by npm on its own ("gypfile": false);
# scripts/build-addon.mjs calls it where CMake is missing.
{
  "targets": [
    {
      "target_name": "orion",
      "sources": ["<!@(node -p \"const s = require('./native/sources.json'); [...Object.values(s.engines).flat(), ...s.gpu.common, ...s.gpu.noCuda, ...s.binding].join(' ')\")"],
      "include_dirs": ["native", "<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=8", "NAPI_CPP_EXCEPTIONS", "NODE_ADDON_API_DISABLE_DEPRECATED"],
      "cflags!": ["-fno-exceptions"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17", "-std=gnu++20"],
      "cflags_cc": ["-std=c++17", "-O3", "-Wall", "-Wextra", "-ffp-contract=off", "-fvisibility=hidden"],
      "ldflags": ["-static-libstdc++", "-static-libgcc", "-Wl,--exclude-libs,ALL", "-s"]
    }
  ]
}
