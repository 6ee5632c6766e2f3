import { describe, expect, it } from 'vitest';
import { changes, registered, runHook, type World } from './stand-ins/azure.ts';

describe('pipeline-trust', () => {
  const github = 'https://token.actions.githubusercontent.com';
  const made = (subject: string, index: number) => ({
    id: `credential-${index}`,
    name: `made-${index}`,
    issuer: github,
    subject,
  });
  const configured = () => {
    const world = registered();
    const credentials = ['repo:contoso/assent:pull_request', 'repo:contoso/assent:ref:refs/heads/main'].map(made);
    const signIn = { id: 'credential-9', name: 'sign-in', issuer: 'https://login.example', subject: 'principal-1' };
    world.apps = world.apps.map((app) => ({ ...app, credentials: [...credentials, signIn] }));
    world.values.AZURE_PIPELINE_CLIENT_ID = 'app-1';
    return world;
  };
  const subjects = (world: World) => world.apps[0]?.credentials.map(({ subject }) => subject);
  const words = ['--repository', 'contoso/assent'];

  it('lets the environment with reviewers sign in, and no branch and no pull request any more', async () => {
    const run = await runHook('pipeline-trust', configured(), { words });
    expect(run.exitCode).toBe(0);
    expect(subjects(run.world)).toEqual(['principal-1', 'repo:contoso/assent:environment:production']);
    expect(run.output).toContain('Give it reviewers');
    const again = await runHook('pipeline-trust', run.world, { words });
    expect(changes(again.world)).toEqual([]);
  });

  it('stops without a repository, and without a pipeline', async () => {
    expect((await runHook('pipeline-trust', configured())).output).toContain('--repository takes');
    const run = await runHook('pipeline-trust', registered(), { words });
    expect([run.exitCode, run.output]).toEqual([1, expect.stringContaining('AZURE_PIPELINE_CLIENT_ID')]);
  });
});
