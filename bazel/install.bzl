"""static_library, public_headers and install_tar: what a machine without Bazel is given."""

# Later releases of rules_cc give it; Debian's Bazel has it built in.
_CcInfo = CcInfo  # buildifier: disable=native-cc-info

def _static_library_impl(ctx):
    objects = {}
    for dep in ctx.attr.deps:
        for linked in dep[_CcInfo].linking_context.linker_inputs.to_list():
            for library in linked.libraries:
                for file in library.pic_objects or library.objects:
                    objects[file] = None
    archive = ctx.outputs.out
    arguments = ctx.actions.args()
    arguments.add("qcDS", archive)
    arguments.add_all(objects.keys())
    arguments.use_param_file("@%s")
    ctx.actions.run_shell(
        # Files of one name stand side by side.
        command = 'ar "$@" && ranlib -D %s' % archive.path,
        arguments = [arguments],
        inputs = objects.keys(),
        outputs = [archive],
        mnemonic = "StaticLibrary",
    )
    return [DefaultInfo(files = depset([archive]))]

static_library = rule(
    implementation = _static_library_impl,
    doc = "One archive of all that `deps` are made of in this workspace.",
    attrs = {
        "deps": attr.label_list(providers = [_CcInfo]),
        "out": attr.output(mandatory = True),
    },
)

def _public_headers_impl(ctx):
    return [DefaultInfo(files = depset([
        header
        for dep in ctx.attr.deps
        for header in dep[_CcInfo].compilation_context.direct_public_headers
    ]))]

public_headers = rule(
    implementation = _public_headers_impl,
    doc = "The headers of `deps` themselves.",
    attrs = {"deps": attr.label_list(providers = [_CcInfo])},
)

def install_tar(name, files, trees = {}, links = {}, **kwargs):
    """Makes NAME.tar.gz, the same bytes from the same files.

    What lies in bin/ can be run; that and shared libraries are stripped. Headers
    include each other by the workspace's paths, and installed by the prefix's.

    Args:
      name: the archive, less its suffix.
      files: {label: path under the prefix}.
      trees: {label of many files: (directory that is part of their paths, ending
        of their names, directory under the prefix in its stead)}. Files that are
        not of that kind are left out.
      links: {path under the prefix: what the symbolic link there says}.
      **kwargs: what else genrule takes.
    """
    cmd = ["set -e; tree=$$(mktemp -d)"]
    for label, path in files.items():
        flags = "-m 644"
        if path.startswith("bin/"):
            flags = "-m 755 --strip"
        elif ".so" in path:
            flags = "-m 644 --strip"
        cmd.append("install -D %s $(location %s) $$tree/%s" % (flags, label, path))
    for label, (directory, ending, prefix) in trees.items():
        cmd.append("""for file in $(locations {label}); do
            case $$file in *{directory}*{ending})
              install -D -m 644 $$file $$tree/{prefix}$${{file##*{directory}}};;
            esac
        done""".format(label = label, directory = directory, ending = ending, prefix = prefix))
    for path, target in links.items():
        cmd.append("ln -s %s $$tree/%s" % (target, path))
    cmd.append(
        "find $$tree/include -name '*.h' | xargs sed -i -E" +
        " 's,^#include \"((bindings|desk|policy|routing|schedule)/),#include \"guiche/\\1,'",
    )
    cmd.append(
        "tar --create --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner" +
        " --mode=go=u,go-w --directory=$$tree . | gzip --no-name > $@; rm -r $$tree",
    )
    native.genrule(
        name = name,
        srcs = files.keys() + trees.keys(),
        outs = [name + ".tar.gz"],
        cmd = "\n".join(cmd),
        **kwargs
    )
