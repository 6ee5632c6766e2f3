import { describe, expect, it } from 'vitest';
import { infra } from './bicep/files.ts';
import { changes, issuer, newWorld, provisioned, registered, runHook, tenantId } from './stand-ins/azure.ts';

describe('postprovision', () => {
  it('makes the application trust the deployment and fixes the first operator', async () => {
    const { exitCode, world } = await runHook('postprovision', registered());
    expect(exitCode).toBe(0);
    expect(world.apps[0]?.web.redirectUris).toEqual([`${issuer}/sign-in/callback`]);
    expect(world.apps[0]?.credentials).toMatchObject([
      {
        issuer: `https://login.microsoftonline.com/${tenantId}/v2.0`,
        subject: 'principal-1',
        audiences: ['api://AzureADTokenExchange'],
      },
    ]);
    expect(world.values.OPERATORS).toBe('first-operator');
  });

  it('changes nothing the second time and does not wait again', async () => {
    const first = await runHook('postprovision', registered());
    expect(first.output).toContain('waiting 0 seconds');
    const second = await runHook('postprovision', first.world);
    expect(changes(second.world)).toEqual([]);
    expect(second.output).not.toContain('waiting');
  });

  it('keeps the redirect URIs that are there, and the operators that were chosen', async () => {
    const world = registered();
    world.apps = world.apps.map((app) => ({ ...app, web: { redirectUris: ['https://old.example/sign-in/callback'] } }));
    world.values.OPERATORS = 'chosen';
    const run = await runHook('postprovision', world);
    expect(run.world.apps[0]?.web.redirectUris).toHaveLength(2);
    expect(run.world.values.OPERATORS).toBe('chosen');
  });

  it('asks for auth_time, the parts of names and whether an address is verified in ID tokens beside the optional claims that are there, once', async () => {
    const world = registered();
    world.apps = world.apps.map((app) => ({
      ...app,
      optionalClaims: { idToken: [{ name: 'ctry' }], accessToken: [] },
    }));
    const first = await runHook('postprovision', world);
    expect(first.world.apps[0]?.optionalClaims).toEqual({
      idToken: [
        { name: 'ctry' },
        { name: 'auth_time', essential: false },
        { name: 'family_name', essential: false },
        { name: 'given_name', essential: false },
        { name: 'xms_edov', essential: false },
      ],
      accessToken: [],
    });
    const second = await runHook('postprovision', first.world);
    expect(changes(second.world)).toEqual([]);
  });

  it('adds the roles that the application lacks, and leaves one alone that is spelt in other letters', async () => {
    const first = await runHook('postprovision', registered());
    expect(first.world.apps[0]?.appRoles).toMatchObject([{ value: 'Assent.Operator' }, { value: 'Assent.Auditor' }]);
    const older = registered();
    older.apps = older.apps.map((app) => ({ ...app, appRoles: [{ value: 'assent.operator' }, { value: 'Reader' }] }));
    const second = await runHook('postprovision', older);
    const values = second.world.apps[0]?.appRoles.map(({ value }) => value);
    expect(values).toEqual(['assent.operator', 'Reader', 'Assent.Auditor']);
    expect(changes((await runHook('postprovision', second.world)).world)).toEqual([]);
  });

  it('lets the Azure CLI have tokens for administration, beside whatever else the application exposes', async () => {
    const other = { id: 'scope-0', value: 'Other', isEnabled: true };
    const program = { appId: 'program-1', delegatedPermissionIds: ['scope-0'] };
    const world = registered();
    world.apps = world.apps.map((app) => ({
      ...app,
      identifierUris: ['https://contoso.example/app'],
      api: {
        requestedAccessTokenVersion: 2,
        knownClientApplications: ['program-1'],
        oauth2PermissionScopes: [other],
        preAuthorizedApplications: [program],
      },
    }));
    const run = await runHook('postprovision', world);
    expect(run.exitCode).toBe(0);
    const [app] = run.world.apps;
    expect(app?.identifierUris).toEqual(['https://contoso.example/app', 'api://app-1']);
    const id = expect.any(String);
    expect(app?.api).toEqual({
      requestedAccessTokenVersion: 2,
      knownClientApplications: ['program-1'],
      oauth2PermissionScopes: [other, expect.objectContaining({ id, type: 'Admin', value: 'Admin.Manage' })],
      preAuthorizedApplications: [
        program,
        { appId: '04b07795-8ddb-461a-bbee-02f9e1bf7b46', delegatedPermissionIds: [id] },
      ],
    });
    expect(changes((await runHook('postprovision', run.world)).world)).toEqual([]);
  });

  it('heals what an earlier run left halfway, and keeps a permission of that name', async () => {
    const first = await runHook('postprovision', registered());
    const { preAuthorizedApplications: _, ...half } = first.world.apps[0]?.api ?? {};
    const second = await runHook('postprovision', {
      ...first.world,
      apps: first.world.apps.map((app) => ({ ...app, api: half })),
    });
    expect(second.world.apps[0]?.api).toEqual(first.world.apps[0]?.api);
    expect(second.world.calls.filter((call) => call.includes('az rest'))).toHaveLength(1);
  });

  it('does not change the tokens of an application that is an API already', async () => {
    const world = registered();
    const api = { requestedAccessTokenVersion: null, oauth2PermissionScopes: [{ id: 'scope-0', value: 'Other' }] };
    world.apps = world.apps.map((app) => ({ ...app, api }));
    const run = await runHook('postprovision', world);
    expect(run.world.apps[0]?.api).toEqual(api);
    expect(run.output).toContain('tokens of version 1');
  });

  it('points the federated credential at the new identity after a tear-down', async () => {
    const first = await runHook('postprovision', registered());
    first.world.values.ASSENT_SIGN_IN_PRINCIPAL_ID = 'principal-2';
    const second = await runHook('postprovision', first.world);
    expect(second.world.apps[0]?.credentials).toMatchObject([{ subject: 'principal-2' }]);
    expect(second.output).toContain('waiting');
  });

  it('leaves the credential of another deployment alone that signs in through the same application', async () => {
    const first = await runHook('postprovision', registered());
    const values = { ...first.world.values, AZURE_ENV_NAME: 'staging', ASSENT_SIGN_IN_PRINCIPAL_ID: 'principal-2' };
    const second = await runHook('postprovision', { ...first.world, values });
    expect(second.exitCode).toBe(0);
    expect(second.world.apps[0]?.credentials).toMatchObject([
      { name: 'assent-11111111-test', subject: 'principal-1' },
      { name: 'assent-11111111-staging', subject: 'principal-2' },
    ]);
  });

  it('keeps a credential of another name that has the right subject', async () => {
    const first = await runHook('postprovision', registered());
    const renamed = first.world.apps.map((app) => ({
      ...app,
      credentials: app.credentials.map((credential) => ({ ...credential, name: 'made-by-hand' })),
    }));
    const second = await runHook('postprovision', { ...first.world, apps: renamed });
    expect(second.exitCode).toBe(0);
    expect(changes(second.world)).toEqual([]);
  });

  it('remembers the custom role for postdown, where the outputs of the template are gone', async () => {
    const world = registered();
    world.values.ASSENT_KEY_ROLE_NAME = 'Assent key signer abc';
    const run = await runHook('postprovision', world);
    expect(run.world.values.KEY_ROLE_TO_REMOVE).toBe('Assent key signer abc');
  });

  it('waits as long as it is told after a first provision, and says what to do if that was too short', async () => {
    const world = registered();
    world.values.ROLE_PROPAGATION_SECONDS = '1';
    const started = Date.now();
    const { output } = await runHook('postprovision', world);
    expect(Date.now() - started).toBeGreaterThanOrEqual(1000);
    expect(output).toContain('azd deploy');
  });

  it('prints exact commands and goes on when the account may not change the application', async () => {
    const { exitCode, output } = await runHook('postprovision', { ...registered(), denied: ['az ad app'] });
    expect(exitCode).toBe(0);
    expect(output).toContain(`az ad app update --id app-1 --web-redirect-uris ${issuer}/sign-in/callback`);
    expect(output).toContain('az ad app federated-credential create --id app-1');
    expect(output).toContain('"subject":"principal-1"');
    expect(output).toContain(`"identifierUris":["api://app-1"]`);
    expect(output).toContain('"preAuthorizedApplications":[{"appId":"04b07795-8ddb-461a-bbee-02f9e1bf7b46"');
  });

  it('goes on without an application', async () => {
    const { exitCode, output } = await runHook('postprovision', provisioned());
    expect(exitCode).toBe(0);
    expect(output).toContain('nobody can sign in');
  });

  it('says that provisioning comes first', async () => {
    const { exitCode, output } = await runHook('postprovision', newWorld());
    expect(exitCode).toBe(1);
    expect(output).toMatch(/ASSENT_\w+|AZURE_TENANT_ID is not in the azd environment. "azd up" asks/);
  });
});

describe('words for the Windows shell', () => {
  it('are quoted where they need it', async () => {
    const { windowsLine } = await import(new URL('hooks/lib/windows-line.mjs', `file://${infra}`).href);
    const line = windowsLine(['az', '--query', 'a b', '--id', 'x-1', '', 'say "hi"']);
    expect(line).toBe('az --query "a b" --id x-1 "" "say ""hi"""');
  });
});

describe('postdown', () => {
  const roleName = 'Assent key signer abc';

  it('removes the custom role, and what still names it first', async () => {
    const world = newWorld({ KEY_ROLE_TO_REMOVE: roleName });
    world.roles = [{ name: 'role-id' }];
    world.assignments = [{ id: 'assignment-1' }];
    const run = await runHook('postdown', world);
    expect(run.exitCode).toBe(0);
    expect(run.world.roles).toEqual([]);
  });

  it('succeeds when the role cannot be removed, since that blocks nothing', async () => {
    const world = newWorld({ KEY_ROLE_TO_REMOVE: roleName });
    world.roles = [{ name: 'role-id' }];
    world.denied = ['az role definition delete'];
    const run = await runHook('postdown', world);
    expect(run.exitCode).toBe(0);
    expect(run.output).toContain('could not be removed');
  });

  it('keeps the application for the next deployment and says how to remove it', async () => {
    const run = await runHook('postdown', registered());
    expect(run.world.apps).toHaveLength(1);
    expect(run.output).toContain('az ad app delete --id app-1');
    expect(run.world.values.ASSENT_ROLES_SETTLED_FOR).toBe('');
  });

  /** A deployment that moved to a custom domain and was taken down, beside these credentials on its application. */
  const takenDown = async (others: readonly Record<string, string>[], platform = {}) => {
    const world = registered();
    Object.assign(world.values, platform);
    const web = { redirectUris: ['https://other.example/sign-in/callback'] };
    world.apps = world.apps.map((app) => ({ ...app, web, credentials: others }));
    const first = await runHook('postprovision', world);
    const moved = { ...first.world.values, ASSENT_ISSUER: 'https://id.example.com' };
    const second = await runHook('postprovision', { ...first.world, values: moved });
    expect(second.world.apps[0]?.web.redirectUris).toHaveLength(3);
    // azd forgets the outputs of the template.
    const { ASSENT_ISSUER: _, ASSENT_SIGN_IN_PRINCIPAL_ID: __, ...values } = second.world.values;
    const down = await runHook('postdown', { ...second.world, values });
    expect(down.exitCode).toBe(0);
    return down.world.apps[0];
  };

  it('takes the redirect URIs and the credential of this deployment off the application, and no other', async () => {
    const kept = { id: 'credential-0', name: 'made-by-hand', issuer: 'x', subject: 'other-principal' };
    const app = await takenDown([kept]);
    expect(app?.web.redirectUris).toEqual(['https://other.example/sign-in/callback']);
    expect(app?.credentials).toEqual([kept]);
  });

  it('leaves the custom domain there when another deployment signs in through the application, which may have it now', async () => {
    const recovery = { id: 'credential-0', name: 'assent-11111111-recovery', issuer: 'x', subject: 'other-principal' };
    const app = await takenDown([recovery]);
    expect(app?.web.redirectUris).toEqual([
      'https://other.example/sign-in/callback',
      'https://id.example.com/sign-in/callback',
    ]);
    expect(app?.credentials).toEqual([recovery]);
  });

  it('knows the host names that Azure gives in China', async () => {
    const recovery = { id: 'credential-0', name: 'assent-11111111-recovery', issuer: 'x', subject: 'other-principal' };
    const app = await takenDown([recovery], { ASSENT_ISSUER: 'https://func-abc.chinacloudsites.cn' });
    expect(app?.web.redirectUris).not.toContain('https://func-abc.chinacloudsites.cn/sign-in/callback');
  });

  it('says who should take them off when this account may not', async () => {
    const { exitCode, output } = await runHook('postdown', { ...registered(), denied: ['az ad app'] });
    expect(exitCode).toBe(0);
    expect(output).toContain('az ad app federated-credential delete --id app-1');
  });

  it('says until when the vault can be recovered, or that it is gone for good', async () => {
    const purged = await runHook('postdown', newWorld());
    expect(purged.output).toContain('it was purged, and its keys are gone for good');
    const properties = {
      location: 'westeurope',
      vaultId: '/subscriptions/x/resourceGroups/rg-test/providers/Microsoft.KeyVault/vaults/kv-abc',
      tags: { 'azd-env-name': 'test' },
      scheduledPurgeDate: '2027-02-19T00:00:00Z',
    };
    const kept = await runHook('postdown', { ...newWorld(), deletedVaults: [{ name: 'kv-abc', properties }] });
    expect(kept.output).toContain('The vault kv-abc is kept deleted until 2027-02-19T00:00:00Z');
    const unseen = await runHook('postdown', { ...newWorld(), denied: ['az keyvault list-deleted'] });
    expect(unseen.output).toContain('may not list deleted vaults');
  });
});
