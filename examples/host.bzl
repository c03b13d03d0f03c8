"""host_test: a host of another language answers as the C consumer does."""

load("@rules_shell//shell:sh_test.bzl", "sh_test")

def host_test(name, command, data, size = "small", **kwargs):
    """Runs `command` over the golden questions and compares its answers.

    Args:
      name: the test.
      command: the command, a list; "{library}" stands for libguiche.so.0. That
        it cannot run on this machine it says by exiting with 77.
      data: the host's files.
      size: of the test.
      **kwargs: what else sh_test takes.
    """
    library = "//bindings/c:libguiche.so.0"
    tools = ["//examples:questions", "//examples/c:answers"]
    cases = "//tests:cases"
    sh_test(
        name = name,
        size = size,
        srcs = ["//examples:host_test.sh"],
        args = ["$(rootpath %s)" % tool for tool in tools] +
               ["$(rootpaths %s)" % cases, "--"] +
               [word.format(library = "$(rootpath %s)" % library) for word in command],
        data = data + tools + [cases, library],
        tags = ["nosanitizer"],
        **kwargs
    )
