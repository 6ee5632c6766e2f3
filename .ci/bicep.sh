#!/usr/bin/env bash
# Puts the Bicep compiler into the user's cache, from NuGet, where `dotnet` and the package can be had. A developer without
# one is told so, and the tests of the compiled template say that they are skipped; with CI=true its absence is a failure.
# (Not into node_modules, which `npm ci` empties.)
set -u
# One version, so that a newer compiler's new warnings arrive with a commit. An older one may not know the API versions.
wanted=0.49.2
target=${XDG_CACHE_HOME:-$HOME/.cache}/assent/bicep
# The program aborts where the system has no ICU library, unless it is told to do without.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

say() { echo "bicep: $*"; }

give_up() {
  say "NOT AVAILABLE: $*"
  if [ "${CI:-}" = true ]; then exit 1; fi
  exit 0
}

# Version of a compiler, or nothing when it cannot run.
version_of() {
  local words
  words=$("$1" --version 2>/dev/null) || return 0
  echo "$words" | grep -o -m1 '[0-9][0-9.]*[0-9]' | head -n 1
}

serves() {
  local version
  version=$(version_of "$1")
  [ -n "$version" ] && [ "$(printf '%s\n' "$wanted" "$version" | sort -V | head -n 1)" = "$wanted" ]
}

if [ -n "${BICEP_PATH:-}" ]; then
  if serves "$BICEP_PATH"; then say "using BICEP_PATH"; exit 0; fi
  give_up "BICEP_PATH is no compiler of version $wanted or newer"
fi
if [ -x "$target" ] && serves "$target"; then say "already there: $(version_of "$target")"; exit 0; fi
if command -v bicep >/dev/null && serves bicep; then say "using the one on the PATH"; exit 0; fi
if ! command -v dotnet >/dev/null; then give_up "no dotnet to get it with"; fi

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) platform=linux-x64 ;;
  Linux-aarch64) platform=linux-arm64 ;;
  Darwin-x86_64) platform=osx-x64 ;;
  Darwin-arm64) platform=osx-arm64 ;;
  *) give_up "no package for $(uname -sm)" ;;
esac

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/get.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net8.0</TargetFramework>
    <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Azure.Bicep.CommandLine.$platform" Version="[$wanted]" ExcludeAssets="all" />
  </ItemGroup>
</Project>
XML

limit=$(command -v timeout >/dev/null && echo "timeout 180" || true)
restore() { $limit dotnet restore "$folder/get.csproj" --packages "$folder/packages" >"$folder/log" 2>&1; }
# A feed that does not answer once is no reason for a failure.
if ! restore && ! restore && ! restore; then
  give_up "$(grep -m1 -o 'error .*' "$folder/log" || echo 'the restore failed or timed out')"
fi
found=$(find "$folder/packages" -type f -name bicep | head -n 1)
if [ -z "$found" ]; then give_up "the package holds no program named bicep"; fi
chmod +x "$found"
if ! serves "$found"; then give_up "what the package holds does not run here"; fi
mkdir -p "$(dirname "$target")"
# Copied beside and renamed: a compiler that runs just now keeps its file.
cp "$found" "$target.new" && mv -f "$target.new" "$target" || give_up "the cache cannot be written"
say "installed $(version_of "$target")"
