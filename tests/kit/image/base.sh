#!/bin/sh
# The system of a test host: Debian with systemd, a Java runtime and the user an AMS installation has.
# Usage: base IMAGE
set -eu
: "${1:?usage: base IMAGE}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# openjdk's installation needs man1 although man pages are left out. The old units name Java 11 and
# those servers run on 17. The numeric ids are fixed: the distributions are owned by them on the controller.
mmdebstrap --quiet --variant=minbase \
    --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/info/*' \
    --essential-hook='mkdir -p "$1/usr/share/man/man1"' \
    --include=systemd,systemd-sysv,dbus,python3,procps,curl,ca-certificates,iproute2,nftables,nginx,openjdk-17-jre-headless,libvdpau1,libx11-6,libva2,libva-drm2 \
    --customize-hook='chroot "$1" groupadd --gid 996 antmedia' \
    --customize-hook='chroot "$1" useradd --uid 996 --gid 996 --home-dir /usr/local/antmedia --no-create-home --shell /bin/false antmedia' \
    --customize-hook='chroot "$1" install -d -o antmedia -g antmedia /var/log/antmedia' \
    --customize-hook='ln -s java-17-openjdk-amd64 "$1/usr/lib/jvm/java-11-openjdk-amd64"' \
    --customize-hook='mkdir -p "$1/usr/local/antmedia" "$1/etc/systemd/system/antmedia.service.d"' \
    --customize-hook='chroot "$1" systemctl disable --quiet nginx.service' \
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*' \
    --customize-hook='copy-in '"$(dirname "$(realpath "$0")")"'/test-host.conf /etc/systemd/system/antmedia.service.d' \
    bookworm "$work/base.tar"
podman import --quiet "$work/base.tar" "$1"
