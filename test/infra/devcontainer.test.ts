/** What somebody meets who picks the template: a container to open it in, and a picture of what it makes. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { portsFrom } from '../../local/ports.ts';
import { root } from './bicep/files.ts';
import { deploy, ofType, only } from './deployment.ts';

const { resources } = deploy();

describe('the development container', () => {
  const container = JSON.parse(readFileSync(`${root}.devcontainer/devcontainer.json`, 'utf8')) as {
    image: string;
    features: Record<string, object>;
    forwardPorts: readonly number[];
    postCreateCommand: string;
  };

  it('has the Node version that is deployed', () => {
    const { functionAppConfig } = only(resources, 'Microsoft.Web/sites').body.properties as {
      functionAppConfig: { runtime: { version: string } };
    };
    expect(container.image).toMatch(new RegExp(`:${functionAppConfig.runtime.version}(-|$)`));
  });

  it('has what deploys, what compiles the template, and what a browser calls', () => {
    const features = Object.keys(container.features).join(' ');
    for (const name of ['azure-cli', 'azd', 'dotnet']) expect(features).toContain(name);
    expect(container.postCreateCommand).toContain('.ci/bicep.sh && npm ci');
    const { assent, service, api, provider, mcp } = portsFrom(7071);
    expect(container.forwardPorts).toEqual([assent, service, api, provider, mcp]);
  });
});

it('the picture of the resources names the tables and keys that the template makes', () => {
  const manual = readFileSync(`${root}infra/README.md`, 'utf8');
  const picture = /```mermaid\n([\s\S]*?)```/.exec(manual)?.[1] ?? '';
  const types = ['Microsoft.Storage/storageAccounts/tableServices/tables', 'Microsoft.KeyVault/vaults/keys'];
  const names = types.flatMap((type) => ofType(resources, type).map(({ name }) => name));
  expect(names.filter((name) => !picture.includes(name))).toEqual([]);
});
