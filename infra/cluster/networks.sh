#!/bin/sh
# Make the networks of a project apart from each other, for a podman-compose before 1.0.6, which leaves `isolate` out.
#   infra/cluster/networks.sh PROJECT
# Without it podman forwards from one bridge to another. Docker does not, and needs none of this.
set -eu
project="$1"
make() {
    podman network exists "${project}_$1" || podman network create --opt isolate=true \
        --label "io.podman.compose.project=$project" --label "com.docker.compose.project=$project" ${2:-} "${project}_$1"
}
for network in log store watch nowhere; do make "$network" --internal; done
for network in door agencies; do make "$network"; done
