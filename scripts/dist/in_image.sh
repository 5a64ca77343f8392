#!/bin/sh
# Runs a command in the unpacked root of an image as a container does: the root is read-only, /tmp comes from outside, and the user is
# that of the image. buildah cannot do this for images without a shell. Only root can. The process keeps its number, so that signals
# reach the server.
#
# Usage: in_image.sh ROOT USER COMMAND [ARGUMENT…]      ROOT must have a folder tmp
# The environment may be empty, so every program has its path.
exec /usr/bin/unshare --mount -- /bin/sh -ec '
    root=$1 user=$2
    shift 2
    /bin/mount --bind "$root" "$root"
    /bin/mount --bind /tmp "$root/tmp"
    /bin/mount -o remount,bind,ro "$root"
    exec /usr/sbin/chroot --userspec="$user" "$root" "$@"
' sh "$@"
