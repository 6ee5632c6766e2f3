/**
 * The OpenAPI document in both directions: every operation and every refusal that it describes is answered so; and that nothing
 * else is answered, every test of the admin API checks (`test/support/contract.ts`).
 */
import { randomUUID } from 'node:crypto';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf } from '../../../src/functions/admin/document.ts';
import type { Operation } from '../../../src/functions/admin/operation.ts';
import { operations } from '../../../src/functions/admin/operations.ts';
import { clientKeyOf } from '../../../src/oauth/tokens/locator.ts';
import { ownTokenOf, webMetadata } from '../../support/admin.ts';
import { jwtPart } from '../../support/answer.ts';
import { pseudonymOf } from '../../support/audit.ts';
import { contractOf, expectDescribed } from '../../support/contract.ts';
import { signedInAt } from '../../support/people.ts';
import { freePolicy, press } from '../../support/policy.ts';
import { sendRaw } from '../../support/raw.ts';
import { putRow } from '../../support/rows.ts';
import { administer, createService, demoServices, okJson, register } from '../../support/service.ts';
import { signedToken } from '../../support/signed-token.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import type { TableRequest } from '../../support/table-proxy.ts';
import {
  casesOf,
  declarationOf,
  operatorMetadata,
  type Prepared,
  raced,
  type Sent,
  usualCases,
} from './contract-cases.ts';

let stack: Stack;
/** By who calls. */
let tokens: Readonly<Record<'operator' | 'auditor' | 'nobody', string>>;

beforeAll(async () => {
  stack = await startStack({ throughProxy: true });
  const operator = await ownTokenOf(demoServices(stack.issuer).operator);
  const auditor = await register(stack.issuer, { ...operatorMetadata, scope: 'assent.audit' });
  const nobody = await signedToken(stack, { ...jwtPart(operator, 'payload'), scope: 'vso.work' });
  tokens = { operator, auditor: await ownTokenOf(auditor), nobody };
});

afterAll(() => stack.stop());

type Caller = { readonly bearer?: string };

const send = async (operation: Operation, { path = {}, query, body, headers = {} }: Sent, { bearer }: Caller = {}) => {
  const route = operation.route.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? 'x'));
  const target = `/api/admin/${route}${query === undefined ? '' : `?${query}`}`;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await sendRaw(stack.issuer, target, {
    method: operation.method,
    headers: {
      ...(bearer === '' ? {} : { authorization: `Bearer ${bearer ?? tokens.operator}` }),
      ...(operation.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(operation.versioned === true ? { 'if-match': '*' } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: text }),
  });
  const seen = { ...answer, headers: new Headers(answer.headers as Record<string, string>) };
  await expectDescribed(stack.issuer, { method: operation.method, path: target, answer: seen });
  return seen;
};

/** The code of a refusal: its type names it. */
const codeOf = ({ text }: { readonly text: string }): string | undefined =>
  text === '' ? undefined : (JSON.parse(text) as { type?: string }).type?.split('/').at(-1);

/** Everything that a case may be about, made anew for each operation. */
const prepare = async ({ name }: Operation): Promise<Prepared> => {
  const created = async (path: string, body: unknown) =>
    okJson<Record<string, string>>(
      new Response(await (await administer(stack.issuer, { method: 'POST', path, body })).text()),
    );
  const client = await created('apps', webMetadata);
  const hidden = await created('apps', { ...webMetadata, token_endpoint_auth_method: 'none' });
  const operator = await created('apps', operatorMetadata);
  await created(`apps/${operator.client_id}/secrets`, {});
  const secrets = client.assent_secrets as unknown as readonly { readonly id: string }[];
  return {
    clientId: client.client_id ?? '',
    publicClientId: hidden.client_id ?? '',
    operatorId: operator.client_id ?? '',
    operatorToken: await ownTokenOf(
      createService(stack.issuer, { clientId: operator.client_id ?? '', secret: operator.client_secret ?? '' }),
    ),
    secretId: secrets[0]?.id ?? '',
    registrationTokenId: (await created('registration-tokens', {})).id ?? '',
    operatorRequestId: name.endsWith('OperatorRequest') ? await askedOfOperators() : '',
    endingId: /Ending/.test(name) ? await ordered({ state: 'running' }) : '',
    endedId: /Ending/.test(name) ? await ordered({ state: 'done' }) : '',
    authorizationId: /Person|Authorization/.test(name) ? await authorized() : '',
    resource: name.endsWith('Resource') ? await declared() : '',
  };
};

/** The identifier of a resource that operators have declared. */
const declared = async (): Promise<string> => {
  const identifier = `https://${randomUUID()}.example`;
  const answer = await administer(stack.issuer, { method: 'POST', path: 'catalogue', body: declarationOf(identifier) });
  expect(answer.status).toBe(201);
  return identifier;
};

/** The id of an order that nobody works at, in this state. */
const ordered = async ({ state }: { readonly state: string }): Promise<string> => {
  const keys = { PartitionKey: 'endings', RowKey: `8200000000:${randomUUID().slice(0, 12)}` };
  const columns = { rule: '{}', by: '{"role":"operator","id":"x"}', startedAt: 1, place: 'x', examined: 0, ended: 0 };
  await putRow(stack, 'deployment', { ...keys, ...columns, state, leaseUntil: 0 });
  return keys.RowKey.replace(':', '.');
};

/** The id of an authorization. */
const authorized = async (): Promise<string> => {
  const service = await register(stack.issuer);
  await service.code(await signedInAt(stack, 'bob'), { scope: 'vso.work' });
  return `${pseudonymOf(stack, 'bob')}.${clientKeyOf(service.registration.clientId).toString('hex')}`;
};

/** The id of what a person asked operators for. */
const askedOfOperators = async (): Promise<string> => {
  const needs_operator = [{ resource: 'https://api.assent.localhost', scope: 'vso.code' }];
  await administer(stack.issuer, { method: 'PUT', path: 'policy', body: { ...freePolicy, needs_operator } });
  const [alice, service] = [await signedInAt(stack, 'alice'), await register(stack.issuer)];
  const page = await alice.visit(service.authorization({ scope: 'vso.code' }).url);
  if (page.kind !== 'page') throw new Error('a page was expected');
  await press(alice, page, 'ask operator');
  const answer = await administer(stack.issuer, { method: 'GET', path: 'operator-requests' });
  const { requests } = (await answer.json()) as { requests: { id: string; client_id: string }[] };
  return requests.find((one) => one.client_id === service.registration.clientId)?.id ?? '';
};

/** Where the cases of this one do not come from a table: they take something that goes wrong around it. */
const troubled: Readonly<
  Record<string, (operation: Operation, good: Sent, other: Sent) => Promise<string | undefined>>
> = {
  temporarily_unavailable: async (operation, good) => {
    stack.tableProxy.rule = () => ({ kind: 'throttle' });
    const answer = await send(operation, good).finally(() => {
      stack.tableProxy.rule = undefined;
    });
    return codeOf(answer);
  },
  key_reused: async (operation, good, other) => {
    const headers = { 'idempotency-key': randomUUID() };
    await send(operation, { ...good, headers });
    return codeOf(await send(operation, { ...other, headers }));
  },
};

/** Seen below: a source's own limit; and our defects, of which there are none to show. */
const elsewhere = ['too_many_requests', 'server_error'];

describe.each(operations)('$method $route ($name)', (operation) => {
  it('succeeds as described, and is refused in each described way', async () => {
    const prepared = await prepare(operation);
    const cases = casesOf(prepared)[operation.name];
    if (cases === undefined) throw new Error(`${operation.name} has no cases in contract-cases.ts`);
    const { good, refused } = cases;
    const known: Readonly<Record<string, Sent>> = { ...usualCases(good), ...refused };
    const bearers: Readonly<Record<string, string>> = {
      missing_token: '',
      invalid_token: 'x.y.z',
      insufficient_scope: operation.role === 'operator' ? tokens.auditor : tokens.nobody,
    };
    for (const code of codesOf(operation)) {
      const one = known[code];
      const isRaced = code === 'conflict' && raced[operation.name] !== undefined && one === undefined;
      if (elsewhere.includes(code) || isRaced) continue;
      const trouble = troubled[code];
      if (trouble === undefined && one === undefined) throw new Error(`no case for ${operation.name} ${code}`);
      const bearer = one?.as === 'the operator it is about' ? prepared.operatorToken : bearers[code];
      const answered =
        trouble?.(operation, good, one ?? good) ??
        send(operation, one ?? {}, bearer === undefined ? {} : { bearer }).then(codeOf);
      expect([operation.name, await answered]).toEqual([operation.name, code]);
    }
    const afresh = casesOf(await prepare(operation))[operation.name]?.good ?? good;
    expect((await send(operation, afresh)).status).toBe(operation.status);
  });
});

/** A write that changes something: not one that says before that it will be changed, or that a key has been used. */
const isChange = ({ method, path, bodyStart }: Pick<TableRequest, 'method' | 'path' | 'bodyStart'>): boolean =>
  method !== 'GET' && !/^\/(audit|replay|requests)\b/.test(path) && !/\/(audit|replay|requests)\(/.test(bodyStart);

/** Holds the first change from now on; `held` resolves when it is there. */
const holdFirstChange = () => {
  const [held, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  stack.tableProxy.rule = (request) => {
    if (!isChange(request)) return undefined;
    stack.tableProxy.rule = undefined;
    held.resolve();
    return { kind: 'hold', until: released.promise };
  };
  return { held: held.promise, release: () => released.resolve() };
};

const racing = operations.filter(({ name }) => raced[name] !== undefined);

describe.each(racing)('two at once: $method $route ($name)', (operation) => {
  it('are one that succeeds, and one that is told so as described', async () => {
    const other = operations.find(({ name }) => name === raced[operation.name]) ?? operation;
    const cases = casesOf(await prepare(operation));
    const key = operation.creates === true ? { 'idempotency-key': randomUUID() } : {};
    const sentFor = ({ name }: Operation): Sent => ({ ...cases[name]?.good, headers: key });
    const { held, release } = holdFirstChange();
    const first = send(operation, sentFor(operation));
    await held;
    const second = await send(other, sentFor(other)).finally(release);
    const answers = [await first, second];
    const isDone = [answers[0]?.status === operation.status, answers[1]?.status === other.status];
    expect([operation.name, ...isDone.toSorted()]).toEqual([operation.name, false, true]);
    expect(answers.filter((_, index) => isDone[index] === false).map(codeOf)).toEqual(['conflict']);
  });
});

it('every operation that can be refused because two came at once is raced', () => {
  const conflicting = operations.filter((operation) => codesOf(operation).includes('conflict')).map(({ name }) => name);
  const alone = ['previewResource'];
  expect(Object.keys(raced).toSorted()).toEqual(conflicting.filter((name) => !alone.includes(name)).toSorted());
});

describe('the document', () => {
  it('is valid OpenAPI 3.1, by an independent validator', async () => {
    const { document } = await contractOf(stack.issuer);
    const result = await new Validator().validate(structuredClone(document));
    expect(result).toMatchObject({ valid: true });
  });

  it('is served to anybody, cached, and described at the start page', async () => {
    const response = await fetch(`${stack.issuer}/api/openapi.json`);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    const etag = response.headers.get('etag') ?? '';
    const again = await fetch(`${stack.issuer}/api/openapi.json`, { headers: { 'if-none-match': etag } });
    expect([response.status, again.status]).toEqual([200, 304]);
    const metadata = await okJson(fetch(`${stack.issuer}/.well-known/oauth-authorization-server`));
    expect(metadata.assent_openapi_uri).toBe(`${stack.issuer}/api/openapi.json`);
    const olga = await signedInAt(stack, 'olga');
    expect(await (await olga.send(stack.issuer)).text()).toContain('/api/openapi.json');
  });

  it('describes the answer to a source that asks too often', async () => {
    await stack.restartHost(0, { SOURCE_REQUESTS_PER_SECOND: '1' });
    const [list] = operations;
    if (list === undefined) throw new Error('no operations');
    await contractOf(stack.issuer);
    const headers = { 'x-forwarded-for': '192.0.2.7' };
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(list, { headers })));
    expect(answers.map(codeOf)).toContain('too_many_requests');
    await stack.restartHost();
  });

  it('has each operation of the table, and what its types of problems point to', async () => {
    const { document } = await contractOf(stack.issuer);
    const described = Object.values(document.paths).flatMap((one) =>
      Object.values(one).map((each) => each.operationId),
    );
    expect(described.toSorted()).toEqual(operations.map(({ name }) => name).toSorted());
    const codes = new Set(operations.flatMap(codesOf));
    expect(Object.keys(document.components.responses).toSorted()).toEqual([...codes].toSorted());
  });
});
