#!/usr/bin/env bash
# Puts the libraries of examples/clients and examples/apis where their programs find them: npm's into examples/clients/javascript, the others
# from Debian. Where there is no apt-get, what is missing is skipped by test/clients, and the tests say so.
# (.NET's are part of its SDK, which Debian does not have, or come from NuGet at the first build; Java's runtime and Go come
# along.)
set -eu
cd "$(dirname "$0")/.."

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

npm ci --prefix examples/clients/javascript --ignore-scripts --no-audit --no-fund

packages="apache2-bin golang-go golang-golang-x-oauth2-dev libapache2-mod-auth-openidc libgoogle-oauth-client-java python3-authlib python3-cryptography python3-flask python3-jwt python3-requests-oauthlib ruby ruby-oauth2"
command -v java >/dev/null || packages="$packages default-jdk-headless"
if ! command -v apt-get >/dev/null; then
  echo "clients: NOT INSTALLED, there is no apt-get: $packages"
  exit 0
fi
# Not for nothing: asking for the lists takes longer than all the programs.
# shellcheck disable=SC2086
if ! dpkg -s $packages >/dev/null 2>&1; then
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
fi
echo "clients: installed"
