#!/usr/bin/env bash
# Puts the Bicep compiler into the user's cache, from NuGet, where `dotnet` and the package can be had. Never fails: without
# a compiler the tests of the compiled template say that they are skipped, and the others still run. (Not into node_modules,
# which `npm ci` empties.)
set -u
target=${XDG_CACHE_HOME:-$HOME/.cache}/assent/bicep

say() { echo "bicep: $*"; }

if [ -n "${BICEP_PATH:-}" ]; then say "using BICEP_PATH"; exit 0; fi
if command -v bicep >/dev/null; then say "using the one on the PATH"; exit 0; fi
if [ -x "$target" ]; then say "already there"; exit 0; fi
if ! command -v dotnet >/dev/null; then say "NOT AVAILABLE: no dotnet to get it with"; exit 0; fi

case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) platform=linux-x64 ;;
  Linux-aarch64) platform=linux-arm64 ;;
  Darwin-x86_64) platform=osx-x64 ;;
  Darwin-arm64) platform=osx-arm64 ;;
  *) say "NOT AVAILABLE: no package for $(uname -sm)"; exit 0 ;;
esac

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# The newest one, since an older compiler may not know the newest API versions and would warn.
cat >"$folder/get.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net8.0</TargetFramework>
    <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Azure.Bicep.CommandLine.$platform" Version="0.*" ExcludeAssets="all" />
  </ItemGroup>
</Project>
XML

limit=$(command -v timeout >/dev/null && echo "timeout 180" || true)
if ! $limit dotnet restore "$folder/get.csproj" --packages "$folder/packages" >"$folder/log" 2>&1; then
  say "NOT AVAILABLE: $(grep -m1 -o 'error .*' "$folder/log" || echo 'the restore timed out')"
  exit 0
fi
found=$(find "$folder/packages" -type f -name bicep | head -n 1)
if [ -z "$found" ]; then say "NOT AVAILABLE: the package holds no program named bicep"; exit 0; fi
mkdir -p "$(dirname "$target")"
cp "$found" "$target"
chmod +x "$target"
say "installed $("$target" --version)"
