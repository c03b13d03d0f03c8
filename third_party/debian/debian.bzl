"""Debian's packages under the repository names and labels of their upstreams.

BUILD files say `@com_google_absl//absl/status:statusor`. Whether that is Debian's
library or Abseil's sources is decided in the WORKSPACE and nowhere else: a
repository declared there before these macros run is left as it is.
"""

load("@bazel_tools//tools/build_defs/repo:utils.bzl", "maybe")

# A target is pkg-config's module absl_TARGET, or the one after its equals sign.
_ABSEIL = {
    "algorithm": ["algorithm", "container=algorithm_container"],
    "base": ["base", "config", "core_headers", "dynamic_annotations", "log_severity"],
    "cleanup": ["cleanup"],
    "container": [
        "btree",
        "fixed_array",
        "flat_hash_map",
        "flat_hash_set",
        "inlined_vector",
        "node_hash_map",
        "node_hash_set",
    ],
    "debugging": ["failure_signal_handler", "leak_check", "stacktrace", "symbolize"],
    "flags": [
        "config=flags_config",
        "flag=flags",
        "marshalling=flags_marshalling",
        "parse=flags_parse",
        "reflection=flags_reflection",
        "usage=flags_usage",
    ],
    "functional": ["any_invocable", "bind_front", "function_ref"],
    "hash": ["hash"],
    "memory": ["memory"],
    "meta": ["type_traits"],
    "numeric": ["bits", "int128"],
    "random": [
        "bit_gen_ref=random_bit_gen_ref",
        "distributions=random_distributions",
        "random=random_random",
    ],
    "status": ["status", "statusor"],
    "strings": ["cord", "str_format", "strings"],
    "synchronization": ["synchronization"],
    "time": ["time"],
    "types": ["any", "compare", "optional", "span", "variant"],
    "utility": ["utility"],
}

# Repository: the Debian package, and the linker flags and pkg-config modules of
# each label.
_LIBRARIES = {
    "cli11": ("libcli11-dev", {
        "cli11": "CLI11",
    }),
    "com_github_intel_hyperscan": ("libhyperscan-dev", {
        "hs": "libhs",
    }),
    "com_google_absl": ("libabsl-dev", {
        "absl/%s:%s" % (package, target.split("=")[0]): "absl_" + target.split("=")[-1]
        for package, targets in _ABSEIL.items()
        for target in targets
    }),
    "com_google_benchmark": ("libbenchmark-dev", {
        "benchmark": "benchmark",
        "benchmark_main": "-lbenchmark_main benchmark",
    }),
    "com_google_googletest": ("libgmock-dev", {
        "gtest": "gmock",
        "gtest_main": "gmock_main",
    }),
    "com_googlesource_code_re2": ("libre2-dev", {
        "re2": "re2",
    }),
    "cpp_httplib": ("libcpp-httplib-dev", {
        "httplib": "cpp-httplib",
    }),
    "icu": ("libicu-dev", {
        "icui18n": "icu-i18n",
        "icuuc": "icu-uc",
    }),
    "openssl": ("libssl-dev", {
        "crypto": "libcrypto",
    }),
    "pybind11": ("pybind11-dev python3-dev", {
        "pybind11": "pybind11 python3",
    }),
}

def debian_libraries():
    """Declares the libraries that BUILD files name."""
    for name, (package, targets) in _LIBRARIES.items():
        maybe(_library, name, package = package, targets = targets)
    maybe(_overlay, "com_google_protobuf", links = {
        "include/google": "/usr/include/google",
        "protoc": "/usr/bin/protoc",
    })
    maybe(_overlay, "pybind11_bazel")

def debian_rules():
    """Declares the rules that Debian's Bazel, 4.2.3, would download.

    It alone has no version to tell. Other Bazels get their rules as they always do.
    """
    if not native.bazel_version:
        maybe(_overlay, "remote_coverage_tools")
        maybe(_overlay, "rules_cc")
        maybe(_overlay, "rules_java")
        maybe(_overlay, "rules_python")
        maybe(_overlay, "rules_shell")

# Prints a line of its own flags and a line of its requirements for each module.
_PKG_CONFIG = """
for module; do
  flags=$(/usr/bin/pkg-config --cflags-only-I --libs $module) || exit
  echo $flags
  echo $(/usr/bin/pkg-config --print-requires $module | cut -d" " -f1)
done
"""

def _modules(ctx, roots):
    """Returns {module: (flags, requirements)} of `roots` and all that they require."""
    modules = {}
    new = roots
    for _ in range(100):  # More than any chain of requirements is long.
        result = ctx.execute(["sh", "-c", _PKG_CONFIG, "sh"] + new, environment = {
            # Without a limit pkgconf takes seconds to flatten Abseil's graph.
            "PKG_CONFIG_MAXIMUM_TRAVERSE_DEPTH": "2",
            "PKG_CONFIG_PATH": "",
        })
        if result.return_code:
            fail("%s\nTry apt-get install %s" % (result.stderr, ctx.attr.package))
        lines = [line.split(" ") if line else [] for line in result.stdout.split("\n")]
        modules.update(zip(new, zip(lines[0::2], lines[1::2])))
        required = {module: None for name in new for module in modules[name][1]}
        new = [module for module in required if module not in modules]
        if not new:
            break
    return modules

_BUILD = """\
load("@rules_cc//cc:defs.bzl", "cc_library")

package(default_visibility = ["//visibility:public"])
"""

_CC_LIBRARY = """
cc_library(
    name = {name},
    hdrs = glob({hdrs}),
    includes = {includes},
    linkopts = {linkopts},
    deps = {deps},
)
"""

def _cc_library(name, deps, includes = [], linkopts = []):
    return _CC_LIBRARY.format(
        name = repr(name),
        hdrs = repr([include + "/**/*.h" for include in includes]),
        includes = repr(includes),
        linkopts = repr(linkopts),
        deps = repr(["//pkgconfig:" + module for module in deps]),
    )

def _library_impl(ctx):
    """Writes a cc_library for each label, and in //pkgconfig for each module."""
    packages = {"pkgconfig": []}
    roots = []
    for label, words in ctx.attr.targets.items():
        package, _, name = label.rpartition(":")
        linkopts = [word for word in words.split(" ") if word.startswith("-")]
        deps = [word for word in words.split(" ") if word not in linkopts]
        packages.setdefault(package, []).append(_cc_library(name, deps, linkopts = linkopts))
        roots += deps

    for module, (flags, requirements) in _modules(ctx, roots).items():
        # The compiler knows /usr/include. Other directories become the package's.
        includes = [flag[len("-I/"):] for flag in flags if flag.startswith("-I/")]
        for include in includes:
            ctx.symlink("/" + include, "pkgconfig/" + include)
        linkopts = [flag for flag in flags if not flag.startswith("-I")]
        packages["pkgconfig"].append(_cc_library(module, requirements, includes, linkopts))

    for package, rules in packages.items():
        ctx.file(ctx.path(package).get_child("BUILD.bazel"), _BUILD + "".join(rules))

_library = repository_rule(
    implementation = _library_impl,
    attrs = {
        "package": attr.string(),
        "targets": attr.string_dict(),
    },
    configure = True,  # `bazel sync --configure` asks pkg-config again.
)

def _overlay_impl(ctx):
    here = ctx.path(Label("//third_party/debian:debian.bzl")).dirname
    for entry in here.get_child("overlay").get_child(ctx.name).readdir():
        ctx.symlink(entry, entry.basename)
    for path, target in ctx.attr.links.items():
        ctx.symlink(target, path)

_overlay = repository_rule(
    implementation = _overlay_impl,
    attrs = {"links": attr.string_dict()},
    local = True,
)
