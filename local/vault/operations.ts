/** The operations of Key Vault's REST API (2025-07-01) that Assent and its operators use, on keys of the emulator. */
import { constants, createPublicKey, privateDecrypt, publicEncrypt } from 'node:crypto';
import type { Operation } from './faults.ts';
import { type KeyStore, newestOf, type StoredVersion } from './key-store.ts';
import { rawSignatures } from './raw-signatures.ts';

export type Reply = {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** A parsed request; `version` is empty where the address names none. */
export type Call = {
  readonly operation: Operation;
  readonly name: string;
  readonly version: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
};

export type Context = { readonly store: KeyStore; readonly origin: string; readonly clock: () => number };

/** Key Vault's error shape; `inner` is the code that tells refusals of the same status apart. */
export const refusal = (status: number, error: { code: string; message: string; inner?: string }): Reply => {
  const { code, message, inner } = error;
  return {
    status,
    body: { error: { code, message, ...(inner === undefined ? {} : { innererror: { code: inner } }) } },
  };
};

const badParameter = (message: string): Reply => refusal(400, { code: 'BadParameter', message });

const notFound = (call: Call): Reply =>
  refusal(404, {
    code: 'KeyNotFound',
    message: `A key with (name/id) ${call.name}${call.version && `/${call.version}`} was not found in this key vault.`,
  });

/** Key Vault's largest page. */
const pageSize = 25;

type Perform = (call: Call, context: Context) => Reply | Promise<Reply>;

const list: Perform = (call, { store, origin }) => {
  // By id, which is random: Key Vault promises no order either.
  const versions = (store.find(call.name)?.versions ?? []).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const start = Number(call.query.get('$skiptoken') ?? 0);
  const size = Math.min(Number(call.query.get('maxresults') ?? pageSize), pageSize);
  const next = new URLSearchParams(call.query);
  next.set('$skiptoken', String(start + size));
  const more = start + size < versions.length;
  const value = versions.slice(start, start + size).map((version) => ({
    kid: `${origin}/keys/${call.name}/${version.id}`,
    attributes: attributesOf(version),
  }));
  return { status: 200, body: { value, nextLink: more ? `${origin}/keys/${call.name}/versions?${next}` : null } };
};

const get: Perform = (call, context) => {
  const version = findVersion(call, context.store);
  return version === undefined ? notFound(call) : { status: 200, body: bundle(call.name, version, context.origin) };
};

const sign: Perform = (call, { store, origin, clock }) => {
  const version = findVersion(call, store);
  if (version === undefined) return notFound(call);
  const forbidden = whyForbidden(version, clock());
  if (forbidden !== undefined) return forbidden;
  const algorithm = rawSignatures[String(call.body.alg)];
  if (algorithm?.kty !== store.find(call.name)?.kty) return badParameter('Key and signing algorithm are incompatible.');
  const digest = Buffer.from(String(call.body.value), 'base64url');
  if (digest.length !== 32) return badParameter(`Invalid length of 'value': ${digest.length} bytes.`);
  const value = algorithm?.sign(version.key, digest).toString('base64url');
  return { status: 200, body: { kid: `${origin}/keys/${call.name}/${version.id}`, value } };
};

/** RSA-OAEP-256, the one algorithm that is asked for. What is wrapped stays readable after its version has expired. */
const wrapping =
  (transform: (version: StoredVersion, value: Buffer) => Buffer): Perform =>
  (call, { store, origin }) => {
    const version = findVersion(call, store);
    if (version === undefined) return notFound(call);
    if (!version.attributes.enabled) return whyForbidden(version, 0) ?? notFound(call);
    if (call.body.alg !== 'RSA-OAEP-256' || store.find(call.name)?.kty !== 'RSA')
      return badParameter('Key and wrapping algorithm are incompatible.');
    const value = Buffer.from(String(call.body.value), 'base64url');
    try {
      const transformed = transform(version, value).toString('base64url');
      return { status: 200, body: { kid: `${origin}/keys/${call.name}/${version.id}`, value: transformed } };
    } catch {
      return badParameter('The parameter is incorrect.');
    }
  };

const oaep = { oaepHash: 'sha256', padding: constants.RSA_PKCS1_OAEP_PADDING } as const;
const wrap = wrapping(({ key }, value) => publicEncrypt({ key: createPublicKey(key), ...oaep }, value));
const unwrap = wrapping(({ key }, value) => privateDecrypt({ key, ...oaep }, value));

const update: Perform = (call, context) => {
  const version = findVersion(call, context.store);
  if (version === undefined) return notFound(call);
  const { enabled, nbf, exp } = (call.body.attributes ?? {}) as { enabled?: boolean; nbf?: number; exp?: number };
  context.store.update(call.name, version.id, {
    ...(typeof enabled === 'boolean' ? { enabled } : {}),
    ...(typeof nbf === 'number' ? { nbf } : {}),
    ...(typeof exp === 'number' ? { exp } : {}),
  });
  return { status: 200, body: bundle(call.name, version, context.origin) };
};

const rotate: Perform = async (call, context) => {
  if (context.store.find(call.name) === undefined) return notFound(call);
  const version = await context.store.rotate(call.name);
  return get({ ...call, version }, context);
};

export const operations: Readonly<Record<Operation, Perform>> = {
  list,
  get,
  sign,
  wrap,
  unwrap,
  update,
  rotate,
};

const findVersion = (call: Call, store: KeyStore): StoredVersion | undefined => {
  const versions = store.find(call.name)?.versions ?? [];
  return call.version === '' ? newestOf(versions) : versions.find((version) => version.id === call.version);
};

/** A version outside its time, or disabled, still shows its public key but signs nothing. */
const whyForbidden = ({ attributes }: StoredVersion, now: number): Reply | undefined => {
  const forbid = (what: string, inner: string): Reply =>
    refusal(403, { code: 'Forbidden', message: `Operation sign is not allowed on ${what} key.`, inner });
  if (!attributes.enabled) return forbid('a disabled', 'KeyDisabled');
  if (attributes.nbf !== undefined && now < attributes.nbf) return forbid('a not yet valid', 'KeyNotYetValid');
  if (attributes.exp !== undefined && now >= attributes.exp) return forbid('an expired', 'KeyExpired');
  return undefined;
};

const attributesOf = ({ attributes }: StoredVersion): Record<string, unknown> => ({
  ...attributes,
  recoveryLevel: 'Recoverable+Purgeable',
  recoverableDays: 90,
  exportable: false,
});

const bundle = (name: string, version: StoredVersion, origin: string): unknown => ({
  key: {
    ...createPublicKey(version.key).export({ format: 'jwk' }),
    kid: `${origin}/keys/${name}/${version.id}`,
    key_ops: ['sign', 'verify', 'wrapKey', 'unwrapKey'],
  },
  attributes: attributesOf(version),
});
