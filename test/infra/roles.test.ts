import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluateBicep } from './bicep/evaluate.ts';
import { infra, mainFile } from './bicep/files.ts';
import { deployerId, type Value } from './bicep/functions.ts';

const roleNames: Readonly<Record<string, string>> = {
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': 'Storage Table Data Contributor',
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': 'Storage Blob Data Owner',
  '12338af0-0e69-4776-bea7-57ae8d297424': 'Key Vault Crypto User',
  'e147488a-f6f5-4113-8e2d-b22465e65bf6': 'Key Vault Crypto Service Encryption User',
  '3913510d-42f4-4e42-8a64-420c390055eb': 'Monitoring Metrics Publisher',
  '09976791-48a7-449e-bb21-39d1a415f350': 'Communication and Email Service Owner',
};

const deploy = (parameters: Readonly<Record<string, Value>> = {}) =>
  evaluateBicep(mainFile, { environmentName: 'test', location: 'westeurope', ...parameters }).resources;

/** "who may be what on what", with the resource token left out. */
const rights = (parameters: Readonly<Record<string, Value>> = {}): readonly string[] => {
  const resources = deploy(parameters);
  const custom = resources.find(({ type }) => type === 'Microsoft.Authorization/roleDefinitions');
  return resources
    .filter(({ type }) => type === 'Microsoft.Authorization/roleAssignments')
    .map(({ body, scope = 'everything' }) => {
      const { principalId, roleDefinitionId } = body.properties as Record<string, string>;
      const role = roleDefinitionId === custom?.id ? 'custom' : roleNames[roleDefinitionId?.split('/').at(-1) ?? ''];
      const who = principalId === deployerId ? 'deployer' : /id-(host|data|sign-in)/.exec(principalId ?? '')?.[1];
      return `${who}: ${role} on ${scope
        .split('/')
        .slice(-2)
        .join('/')
        .replaceAll(/[0-9a-f]{13}/g, '')}`;
    })
    .sort();
};

const expected = [
  'data: Key Vault Crypto Service Encryption User on keys/assent-wrapping',
  'data: Key Vault Crypto User on keys/assent-signing',
  ...['audit', 'clients', 'deployment', 'index', 'replay', 'requests', 'users'].map(
    (table) => `data: Storage Table Data Contributor on tables/${table}`,
  ),
  'host: Monitoring Metrics Publisher on components/appi-',
  'host: Storage Blob Data Owner on storageAccounts/sthost',
];

describe('rights', () => {
  it('are exactly what the code, the Functions host and the hooks call', () => {
    expect(rights()).toEqual(expected);
  });

  it('let the app send mails where people get some, by a service of this deployment alone', () => {
    const more = rights({ mailDataLocation: 'Europe' }).filter((right) => !expected.includes(right));
    expect(more).toEqual(['data: Communication and Email Service Owner on communicationServices/acs-']);
    expect(deploy().filter(({ type }) => type.startsWith('Microsoft.Communication/'))).toEqual([]);
    expect(rights({ mailEndpoint: 'https://mail.example', mailSender: 'a@contoso.example' })).toEqual(expected);
  });

  it('leave the sign-in identity without any', () => {
    expect(
      rights({ privateNetworking: true, customKeyRole: true }).filter((right) => right.startsWith('sign-in')),
    ).toEqual([]);
  });

  it('never let one identity reach both the tables and the package', () => {
    const accountsOf = (who: string) =>
      rights().flatMap((right) =>
        right.startsWith(who) ? (/ on (tables|storageAccounts)/.exec(right)?.[1] ?? []) : [],
      );
    expect(new Set(accountsOf('data'))).toEqual(new Set(['tables']));
    expect(new Set(accountsOf('host'))).toEqual(new Set(['storageAccounts']));
  });

  it('can be read and sign alone on the key, read and add alone on the audit, in a role named after the deployment', () => {
    const narrow = rights({ customKeyRole: true }).filter((right) => right.includes('custom'));
    expect(narrow).toEqual(['data: custom on keys/assent-signing', 'data: custom on tables/audit']);
    expect(rights({ customKeyRole: true })).not.toContain('data: Storage Table Data Contributor on tables/audit');
    const role = deploy({ customKeyRole: true }).find(({ type }) => type === 'Microsoft.Authorization/roleDefinitions');
    expect(role?.body.properties).toMatchObject({
      roleName: expect.stringMatching(/^Assent key signer [0-9a-f]{13}$/),
      permissions: [
        {
          actions: [],
          dataActions: [
            'Microsoft.KeyVault/vaults/keys/read',
            'Microsoft.KeyVault/vaults/keys/sign/action',
            'Microsoft.Storage/storageAccounts/tableServices/tables/entities/read',
            'Microsoft.Storage/storageAccounts/tableServices/tables/entities/add/action',
          ],
        },
      ],
    });
  });

  it('have names that are the same each time and never collide', () => {
    const names = (): readonly string[] =>
      deploy()
        .filter(({ type }) => type.endsWith('/roleAssignments'))
        .map(({ name }) => name);
    expect(names()).toEqual(names());
    expect(new Set(names()).size).toBe(expected.length);
  });

  it('are those of service principals, and leave nothing behind for whoever deploys', () => {
    for (const { type, body } of deploy()) {
      if (!type.endsWith('/roleAssignments')) continue;
      const { principalId, principalType } = body.properties as Record<string, string>;
      expect([principalType, principalId === deployerId]).toEqual(['ServicePrincipal', false]);
    }
  });

  it("are each explained in the operators' manual", () => {
    const manual = readFileSync(`${infra}README.md`, 'utf8');
    for (const role of Object.values(roleNames)) expect(manual).toContain(role);
  });
});
