/** What preprovision makes of a server that runs already, and of a pipeline, whose environment is new each time. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { infra } from './bicep/files.ts';
import { changes, deployedWith, newWorld, registered, runHook, type World } from './stand-ins/azure.ts';

describe('preprovision of what is deployed already', () => {
  const settings = {
    ISSUER: 'https://id.example.com',
    SIGN_IN_CLIENT_ID: 'app-1',
    OPERATORS: 'first-operator',
    RESOURCES: '[{"identifier":"https://api.example.com","name":"API"}]',
    BRAND_NAME: 'Contoso',
    CODE_SECONDS: '30',
  };
  const running = deployedWith(settings, { privateNetworking: true, maximumInstances: 40, alwaysReadyInstances: 1 });
  const held = {
    CUSTOM_DOMAIN: 'id.example.com',
    ENTRA_CLIENT_ID: 'app-1',
    OPERATORS: 'first-operator',
    RESOURCES: settings.RESOURCES,
    BRAND_NAME: 'Contoso',
    SETTINGS: 'CODE_SECONDS=30',
    PRIVATE_NETWORKING: 'true',
    ALWAYS_READY_INSTANCES: '1',
  };

  it('stops when a new environment would reset it, and says what to take over', async () => {
    const run = await runHook('preprovision', { ...newWorld(), ...running });
    expect(run.exitCode).toBe(1);
    for (const [name, value] of Object.entries(held)) expect(run.output).toContain(`azd env set ${name} '${value}'\n`);
    expect(run.output).not.toContain('MAXIMUM_INSTANCES');
    expect(changes(run.world)).toEqual([]);
  });

  it.each(Object.keys(held))('stops when %s alone would lose its value', async (missing) => {
    const values = Object.fromEntries(Object.entries(held).filter(([name]) => name !== missing));
    const run = await runHook('preprovision', { ...registered(), ...running, values: newWorld(values).values });
    expect(run.exitCode).toBe(1);
    expect(run.output).toContain(`ALLOW_RESET ${missing}\n`);
  });

  it('goes on when the environment holds it all, or was told to reset what it does not hold', async () => {
    const whole = await runHook('preprovision', { ...registered(), ...running, values: newWorld(held).values });
    expect(whole.exitCode).toBe(0);
    const { BRAND_NAME: _, ...others } = held;
    const values = newWorld({ ...others, ALLOW_RESET: 'BRAND_NAME' }).values;
    expect((await runHook('preprovision', { ...registered(), ...running, values })).exitCode).toBe(0);
  });

  it('compares the settings of the app alone when it may not read earlier deployments', async () => {
    const { PRIVATE_NETWORKING: _, ALWAYS_READY_INSTANCES: __, ...ofApp } = held;
    const world = { ...registered(), ...running, denied: ['az deployment sub list'] };
    const run = await runHook('preprovision', { ...world, values: newWorld(ofApp).values });
    expect([run.exitCode, run.output]).toEqual([0, expect.stringContaining('may not read earlier deployments')]);
    const { BRAND_NAME: ___, ...less } = ofApp;
    expect((await runHook('preprovision', { ...world, values: newWorld(less).values })).exitCode).toBe(1);
  });

  it('takes a new value for a change that is meant', async () => {
    const values = newWorld({ ...held, BRAND_NAME: 'Fabrikam', ALWAYS_READY_INSTANCES: '0' }).values;
    expect((await runHook('preprovision', { ...registered(), ...running, values })).exitCode).toBe(0);
  });

  it('takes the default in a pipeline for a variable that is missing there', async () => {
    const values = newWorld({ ...held, CI: 'true', PRIVATE_NETWORKING: 'false' }).values;
    const run = await runHook('preprovision', { ...registered(), ...running, values });
    expect(run.exitCode).toBe(1);
    expect(run.output).toContain('  PRIVATE_NETWORKING: true\n');
    expect(run.output).toContain('ALLOW_RESET: PRIVATE_NETWORKING');
    expect(run.output).not.toContain('azd env set');
  });

  it('has lost nothing when a first run broke before it remembered the operator', async () => {
    const values = newWorld({ ENTRA_CLIENT_ID: 'app-1', ASSENT_OPERATORS: 'first-operator' }).values;
    const first = deployedWith({ SIGN_IN_CLIENT_ID: 'app-1', OPERATORS: 'first-operator', RESOURCES: '[]' });
    expect((await runHook('preprovision', { ...registered(), ...first, values })).exitCode).toBe(0);
  });
});

describe('preprovision in a pipeline', () => {
  it.each(['ENTRA_CLIENT_ID', 'OPERATORS'])('stops without %s', async (missing) => {
    const values = { CI: 'true', ENTRA_CLIENT_ID: 'app-1', OPERATORS: 'a', [missing]: '' };
    const run = await runHook('preprovision', { ...registered(), values: newWorld(values).values });
    expect(run.exitCode).toBe(1);
    expect(run.output).toContain(`Without a terminal ${missing} must be set`);
    expect(changes(run.world)).toEqual([]);
  });

  const inPipeline = (RESOURCES: string): World => ({
    ...registered(),
    values: newWorld({ CI: 'true', ENTRA_CLIENT_ID: 'app-1', OPERATORS: 'a', RESOURCES }).values,
  });

  it('reads RESOURCES as azd escapes them for a variable', async () => {
    const escaped = JSON.stringify('[{"identifier":"https://api.example.com","name":"API"}]').slice(1, -1);
    const { world } = await runHook('preprovision', inPipeline(escaped));
    expect(world.values.RESOURCES).toBe('[{"identifier":"https://api.example.com","name":"API"}]');
  });

  it('stops at RESOURCES as azd prints an array, and says where to commit them', async () => {
    const run = await runHook('preprovision', inPipeline('[map[identifier:https://api.example.com name:API]]'));
    expect(run.exitCode).toBe(1);
    expect(run.output).toContain('infra/resources.json');
  });

  it('stops at RESOURCES that the server cannot start with, and says every problem', async () => {
    const permissions = [{ id: 'read', name: 'Read' }];
    const run = await runHook(
      'preprovision',
      inPipeline(JSON.stringify([{ identifier: 'x', name: 'API', permissions }])),
    );
    expect(run.exitCode).toBe(1);
    expect(run.output).toContain('x: identifier: must be an absolute URI without fragment');
    expect(run.output).toContain('x: permissions.0.description');
    expect(changes(run.world)).toEqual([]);
  });

  /** A run from a copy of infra/ in which this was committed as resources.json. */
  const withCommitted = async (text: string, world: World) => {
    const folder = mkdtempSync(join(tmpdir(), 'assent-infra-'));
    cpSync(infra, folder, { recursive: true });
    writeFileSync(join(folder, 'resources.json'), text);
    try {
      return await runHook('preprovision', world, { hooks: join(folder, 'hooks') });
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it('takes RESOURCES from the committed file, whatever the variable is', async () => {
    const committed = '[\n  { "identifier": "https://api.example.com", "name": "API" }\n]\n';
    const { exitCode, world } = await withCommitted(committed, inPipeline('[map[identifier:x]]'));
    expect(exitCode).toBe(0);
    expect(world.values.RESOURCES).toBe('[{"identifier":"https://api.example.com","name":"API"}]');
  });

  it('stops at a committed file that holds no array', async () => {
    const { exitCode, output } = await withCommitted('{ "not": "an array" }', inPipeline('[]'));
    expect([exitCode, output]).toEqual([1, expect.stringContaining('no JSON array')]);
  });
});
