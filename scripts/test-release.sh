#!/usr/bin/env bash
# What `make test` leaves out, because it takes hours on two cores: the drills of the alerts, archives that are equal when they are
# built again, and the image. The server is built six times, optimised. Only root on Debian can run all of it. The logs are under
# target/release-logs.
#
# RELEASE_TEST_DIR names a folder that keeps the second build for the next run.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. scripts/dist/lib.sh

require_commit
[ "$(id -u)" = 0 ] || die "Only root can run an image with a root that is read-only."
scripts/set-up.sh test-release

SUITES=(
    "test build"
    "alert drills"
    "archives"
    "archives, elsewhere"
    "tests of the archives"
    "harness on the archive"
    "image for x86_64"
    "harness on the image"
    "image for aarch64"
)
LOGS=release-logs
. scripts/suites.sh

triple=x86_64-unknown-linux-gnu
temporary=$(mktemp -d)
chmod 755 "$temporary"
after_suites() {
    [ ! -e "$temporary/images" ] || "${images[@]}" rm --all >/dev/null || true
    rm -rf "$temporary"
}
images=(buildah --root "$temporary/images" --runroot "$temporary/images-run" --storage-driver vfs)
export PYTHONDONTWRITEBYTECODE=1
# The tests of the running server that start a process, and with the stand-ins of the test build: the OpenID Foundation's tests
# for relying parties among them (faults).
HARNESS=(faults:: callback:: log:: outages:: redaction:: security_log:: serving:: federation::log:: requests::clients::)

in_archive() { echo "$temporary/archive/mydata-$(version)-$triple/server"; }

test_archives() {
    (cd scripts/dist && RELEASE=$root/dist RELEASE_AGAIN=$temporary/again WITH_STAND_INS=$temporary/server-with-stand-ins \
        "$python" -m unittest -v test_archives)
}

unpacked_archive() {
    mkdir -p "$temporary/archive"
    "$python" -c 'import sys, zstandard; zstandard.ZstdDecompressor().copy_stream(sys.stdin.buffer, sys.stdout.buffer)' \
        <"dist/mydata-$(version)-$triple.tar.zst" | tar -x -C "$temporary/archive"
}

build_for_tests() { build_tests && cp "$target/debug/server" "$temporary/server-with-stand-ins"; }

harness() {
    local server=$1
    shift
    MYDATA_TEST_SERVER=$server linted cargo test --locked "${TEST_FEATURES[@]}" --test it -- "$@"
}

harness_on_archive() {
    unpacked_archive && harness "$(in_archive)" "${HARNESS[@]}" command_line:: --skip command_line::local_profile --include-ignored
}

# image ARCHITECTURE PLATFORM: builds the image, unpacks it to $temporary/root-ARCHITECTURE and tests it.
image() {
    local folder=$temporary/root-$1 container
    IMAGE_ARCH=$1 IMAGE_SOURCE=https://git.example/my-data scripts/image.sh &&
        "${images[@]}" bud --isolation chroot --format docker --arch "$2" --tag "my-data:$1" target/image &&
        container=$("${images[@]}" from --arch "$2" "my-data:$1") &&
        cp -R --preserve=mode "$("${images[@]}" mount "$container")" "$folder" &&
        mkdir -p "$folder/tmp" &&
        (cd scripts/dist && IMAGE=my-data:$1 IMAGE_ROOT=$folder IMAGE_ARCH=$1 BUILDAH="${images[*]}" "$python" -m unittest -v test_image)
}

# The server of the image, in the image, under the name of a program.
harness_on_image() {
    local server=$temporary/server-in-image
    printf '#!/bin/sh\nexec %s %s 65532:65532 /server "$@"\n' "$root/scripts/dist/in_image.sh" "$temporary/root-x86_64" >"$server"
    chmod +x "$server"
    # Without the tests whose server reads a key of the user who runs the tests, and without the one that writes to /dev/full: the
    # image has no /dev.
    harness "$server" "${HARNESS[@]}" --skip federation:: --skip security_log::records_that_are_lost_at_the_exit
}

say "Building and testing the release (hours on two cores). Each suite is listed when it ends."
suite "test build" clean build_for_tests
suite "alert drills" rust_counts scripts/drills.sh
suite "archives" clean scripts/dist.sh
suite "archives, elsewhere" clean scripts/dist/elsewhere.sh "${RELEASE_TEST_DIR:-$temporary/elsewhere}" "$temporary/again"
suite "tests of the archives" unittest_counts test_archives
suite "harness on the archive" rust_counts harness_on_archive
suite "image for x86_64" unittest_counts image x86_64 amd64
suite "harness on the image" rust_counts harness_on_image
suite "image for aarch64" unittest_counts image aarch64 arm64
