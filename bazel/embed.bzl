"""cc_embed: a file in the program, behind a function of its own."""

load("@rules_cc//cc:defs.bzl", "cc_library")

def cc_embed(name, src, function, **kwargs):
    """Makes a cc_library whose header, NAME.h, declares `function`.

    The function returns the bytes of `src` as a absl::string_view. The assembler
    copies them as they are, so size costs no time to compile.

    Args:
      name: the library, and its header less the ".h".
      src: the file.
      function: the function's qualified name, as in "guiche::DefaultPolicyBytes".
      **kwargs: what else cc_library takes.
    """
    namespace, _, function = function.rpartition("::")
    symbol = "embedded_%s_%s" % (namespace.replace("::", "_"), function)
    native.genrule(
        name = name + "_embed",
        srcs = [src],
        outs = [name + ".h", name + ".cc", name + "_data.S"],
        cmd = """
cat > $(location {name}.h) <<'END'
#pragma once

#include "absl/strings/string_view.h"

namespace {namespace} {{

// The bytes of {src}.
absl::string_view {function}();

}}  // namespace {namespace}
END
cat > $(location {name}.cc) <<'END'
#include "{header}"

extern "C" const char {symbol}[], {symbol}_end[];

absl::string_view {namespace}::{function}() {{
  return {{{symbol}, static_cast<size_t>({symbol}_end - {symbol})}};
}}
END
cat > $(location {name}_data.S) <<END
/* $$(cksum < $(execpath {src})): what .incbin takes is no input of its own to
   Bazel, which drops what no dependency file names; so this text changes with it. */
.section .rodata
.balign 16
.globl {symbol}, {symbol}_end
.hidden {symbol}, {symbol}_end
{symbol}:
.incbin "$(execpath {src})"
{symbol}_end:
.byte 0
.section .note.GNU-stack, "", %progbits
END
""".format(
            name = name,
            src = src,
            header = native.package_name() + "/" + name + ".h",
            namespace = namespace,
            function = function,
            symbol = symbol,
        ),
    )
    cc_library(
        name = name,
        srcs = [name + ".cc", name + "_data.S"],
        hdrs = [name + ".h"],
        textual_hdrs = [src],
        deps = ["@com_google_absl//absl/strings"],
        **kwargs
    )
