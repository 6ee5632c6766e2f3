/** Concrete deployments of main.bicep, and how the tests look things up in them. */
import { readFileSync } from 'node:fs';
import { type Deployment, evaluateBicep, type Resource } from './bicep/evaluate.ts';
import { infra, mainFile } from './bicep/files.ts';
import type { Value } from './bicep/functions.ts';

export type Parameters = Readonly<Record<string, Value>>;

export const deploy = (parameters: Parameters = {}): Deployment =>
  evaluateBicep(mainFile, { environmentName: 'test', location: 'westeurope', ...parameters });

export const json = (name: string): unknown => JSON.parse(readFileSync(`${infra}${name}`, 'utf8'));

export const ofType = (resources: readonly Resource[], type: string): readonly Resource[] =>
  resources.filter((resource) => resource.type === type);

export const only = (resources: readonly Resource[], type: string): Resource => {
  const [found, ...more] = ofType(resources, type);
  if (found === undefined || more.length > 0) throw new Error(`${more.length + (found ? 1 : 0)} of ${type}`);
  return found;
};

export const account = (resources: readonly Resource[], prefix: string): Resource | undefined =>
  ofType(resources, 'Microsoft.Storage/storageAccounts').find(({ name }) => name.startsWith(prefix));

export const settingsOf = (parameters: Parameters = {}): Record<string, string> =>
  only(deploy(parameters).resources, 'Microsoft.Web/sites/config').body.properties as Record<string, string>;

/** The key of that name. */
export const keyNamed = (resources: readonly Resource[], name: string): Resource => {
  const found = ofType(resources, 'Microsoft.KeyVault/vaults/keys').find((key) => key.name === name);
  if (found === undefined) throw new Error(`there is no key ${name}`);
  return found;
};
