import { describe, expect, it } from 'vitest';
import { changes, newWorld, registered, runHook, subscriptionId, type World } from './stand-ins/azure.ts';

const ourName = 'Assent test (11111111)';
const otherTenant = '99999999-9999-4999-8999-999999999999';

const deletedVault = (resourceGroup: string, name = 'kv-abc') => ({
  name,
  properties: {
    location: 'West Europe',
    vaultId: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.KeyVault/vaults/${name}`,
    tags: { 'azd-env-name': 'test' },
  },
});

describe('preprovision', () => {
  it('registers an application with the roles of operators and auditors and a service principal, and no secret', async () => {
    const { exitCode, world } = await runHook('preprovision', newWorld());
    expect(exitCode).toBe(0);
    expect(world.values.ENTRA_CLIENT_ID).toBe('app-1');
    expect(world.apps[0]).toMatchObject({
      displayName: ourName,
      tags: [`assent:${subscriptionId}:test`],
      appRoles: [{ value: 'Assent.Operator' }, { value: 'Assent.Auditor' }],
    });
    expect(world.principals).toEqual(['app-1']);
    expect(world.calls.filter((call) => /credential reset|password|secret/.test(call))).toEqual([]);
  });

  it('changes nothing the second time', async () => {
    const first = await runHook('preprovision', newWorld());
    const second = await runHook('preprovision', first.world);
    expect(second.exitCode).toBe(0);
    expect(changes(second.world)).toEqual([]);
  });

  it('finds from another machine what the first one registered', async () => {
    const first = await runHook('preprovision', newWorld());
    const second = await runHook('preprovision', { ...first.world, values: newWorld().values });
    expect(second.world.apps).toHaveLength(1);
    expect(second.world.values.ENTRA_CLIENT_ID).toBe('app-1');
  });

  it('does not take the application of another environment', async () => {
    const other = await runHook('preprovision', newWorld({ AZURE_ENV_NAME: 'test2' }));
    const { world } = await runHook('preprovision', { ...other.world, values: newWorld().values });
    expect(world.values.ENTRA_CLIENT_ID).toBe('app-2');
  });

  it('never goes by the name of an application, which anybody can register', async () => {
    const namesake = { ...newWorld(), apps: registered().apps.map((app) => ({ ...app, displayName: ourName })) };
    const { world } = await runHook('preprovision', namesake);
    expect(world.values.ENTRA_CLIENT_ID).toBe('app-2');
  });

  it('stops at an application that claims to be ours and belongs to somebody else', async () => {
    const first = await runHook('preprovision', newWorld());
    const planted = first.world.apps.map((app) => ({ ...app, owners: ['somebody-else'] }));
    const run = await runHook('preprovision', { ...newWorld(), apps: planted });
    expect(run.exitCode).toBe(1);
    expect(run.output).toMatch(/does not own exactly one of them: app-1\..*azd env set ENTRA_CLIENT_ID/s);
    expect(changes(run.world)).toEqual([]);
  });

  it('completes a run that broke between application and service principal', async () => {
    const broken = await runHook('preprovision', { ...newWorld(), failing: ['az ad sp create'] });
    expect(broken.exitCode).toBe(1);
    const again = await runHook('preprovision', { ...broken.world, failing: [] });
    expect(again.exitCode).toBe(0);
    expect(again.world.apps).toHaveLength(1);
    expect(again.world.principals).toEqual(['app-1']);
  });

  it('prints the commands for an administrator and goes on when the account may not register applications', async () => {
    const { exitCode, output, world } = await runHook('preprovision', { ...newWorld(), denied: ['az rest'] });
    expect(exitCode).toBe(0);
    expect(output).toContain('az ad app create --display-name "Assent test (11111111)"');
    expect(output).toContain('azd env set ENTRA_CLIENT_ID');
    expect(world.values.ENTRA_CLIENT_ID).toBeUndefined();
    expect(world.calls.some((call) => call.startsWith('az keyvault list-deleted'))).toBe(true);
  });

  it('uses the application that the operator names', async () => {
    const { exitCode, world } = await runHook('preprovision', registered());
    expect(exitCode).toBe(0);
    expect(changes(world)).toEqual([]);
  });

  const elsewhere = { id: 'other', tenantId: otherTenant, user: { type: 'user' } };
  it.each<[string, World, RegExp]>([
    ['an application that is not there', newWorld({ ENTRA_CLIENT_ID: 'gone' }), /no application gone/],
    ['a subscription that az does not see', { ...newWorld(), accounts: [] }, /az login/],
    ['no network', { ...newWorld(), offline: true }, /cannot be reached; nothing was changed/],
    ['a quote that azd would put into JSON', newWorld({ BRAND_NAME: 'The "Best"' }), /BRAND_NAME.*The \\"Best\\"/],
    ['an unknown setting', newWorld({ SETTINGS: 'CODE_SECOND=30' }), /CODE_SECOND=30.*CODE_SECONDS/],
    ['another tenant', newWorld({ AZURE_TENANT_ID: otherTenant }), /azd env new/],
    [
      'az being signed in to another tenant',
      { ...newWorld(), accounts: [...newWorld().accounts, elsewhere], currentSubscription: 'other' },
      /az account set --subscription 11111111/,
    ],
  ])('stops before it changes anything at %s, and says what helps', async (_, world, message) => {
    const run = await runHook('preprovision', world);
    expect(run.exitCode).toBe(1);
    expect(run.output).toMatch(message);
    expect(run.output).not.toMatch(/\n\s+at /);
    expect(changes(run.world)).toEqual([]);
  });

  it('says how to get az when it is not installed', async () => {
    const { exitCode, output } = await runHook('preprovision', newWorld(), { installed: ['azd'] });
    expect(exitCode).toBe(1);
    expect(output).toContain('https://aka.ms/install-az');
  });

  it('recovers the vault that an earlier deployment of this environment left deleted', async () => {
    const { world } = await runHook('preprovision', { ...newWorld(), deletedVaults: [deletedVault('rg-test')] });
    expect(world.deletedVaults).toEqual([]);
    const order = world.calls
      .filter((call) => /group create|keyvault recover/.test(call))
      .map((call) => call.split(' ')[1]);
    expect(order).toEqual(['group', 'keyvault']);
  });

  it('leaves the deleted vaults of others alone', async () => {
    const world = { ...newWorld(), deletedVaults: [deletedVault('rg-test2'), deletedVault('rg-test', 'other-vault')] };
    const run = await runHook('preprovision', world);
    expect(run.world.deletedVaults).toHaveLength(2);
  });

  it('reads a list of deleted vaults that is longer than what Node takes from a command by itself', async () => {
    const many = Array.from({ length: 4_000 }, (_, index) => deletedVault(`rg-${'x'.repeat(80)}`, `kv-${index}`));
    const run = await runHook('preprovision', { ...newWorld(), deletedVaults: [...many, deletedVault('rg-test')] });
    expect(run.exitCode).toBe(0);
    expect(run.world.deletedVaults).toHaveLength(4_000);
    expect(run.world.calls.find((call) => call.includes('list-deleted'))).toContain("starts_with(name, 'kv-')");
  });

  it('recovers every vault of the environment', async () => {
    const deletedVaults = [deletedVault('rg-test', 'kv-abc'), deletedVault('rg-test', 'kv-abc-2')];
    const run = await runHook('preprovision', { ...newWorld(), deletedVaults });
    expect(run.world.deletedVaults).toEqual([]);
  });

  it('recovers those of further regions where they were', async () => {
    const vault = { ...deletedVault('rg-test', 'kv-abc-7f3a-1') };
    const properties = { ...vault.properties, location: 'North Europe' };
    const world = {
      ...newWorld({ VAULT_REGIONS: 'swedencentral, northeurope' }),
      deletedVaults: [{ ...vault, properties }],
    };
    const run = await runHook('preprovision', world);
    expect(run.world.deletedVaults).toEqual([]);
    expect(run.world.calls.find((call) => call.includes('keyvault recover'))).toContain('--location northeurope');
    expect((await runHook('preprovision', { ...world, values: newWorld().values })).world.deletedVaults).toHaveLength(
      1,
    );
  });

  it('goes on when it may not list deleted vaults', async () => {
    const { exitCode } = await runHook('preprovision', { ...newWorld(), denied: ['az keyvault list-deleted'] });
    expect(exitCode).toBe(0);
  });

  it('registers the provider that private networking needs, and only then', async () => {
    const wanted = await runHook('preprovision', newWorld({ PRIVATE_NETWORKING: 'true' }));
    expect(wanted.world.calls.join('\n')).toContain('az provider register --namespace Microsoft.App --wait');
    const unwanted = await runHook('preprovision', newWorld());
    expect(unwanted.world.calls.join('\n')).not.toContain('az provider');
  });
});
