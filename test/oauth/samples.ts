/** A family, its lineage and its client as a row would give them; each test changes the one thing that it is about. */

import { parseResources } from '../../src/oauth/access/catalogue.ts';
import type { Client } from '../../src/oauth/clients/client.ts';
import { parseClientMetadata } from '../../src/oauth/clients/client-metadata.ts';
import { sha256 } from '../../src/oauth/crypto.ts';
import type { Family, FamilyCode, Lineage } from '../../src/oauth/grants/family.ts';
import { permissionsOf } from '../support/permissions.ts';

/** Epoch seconds. */
export const now = 1_800_000_000;

export const familyBytes = Buffer.alloc(24, 1);
export const [current, previous, old] = [Buffer.alloc(32, 2), Buffer.alloc(32, 3), Buffer.alloc(32, 4)] as const;

export const limits = { refreshGraceSeconds: 60, refreshGraceUses: 10 } as const;

export const resources = parseResources([
  { identifier: 'https://api.example', name: 'API', permissions: permissionsOf('read', 'write') },
  { identifier: 'https://files.example', name: 'Files', permissions: permissionsOf('read', 'share') },
]);

export const lineageWith = (change: Partial<Lineage> = {}): Lineage => ({
  jkt: undefined,
  familyBytesHash: sha256(familyBytes),
  currentHash: sha256(current),
  previousHash: sha256(previous),
  salt: Buffer.alloc(32, 5),
  rotatedAt: now,
  graceUses: 0,
  graceStreak: 0,
  idleExpiresAt: now + 1_000_000,
  ...change,
});

/** `codeExpiresAt` in epoch seconds. */
export const codeWith = (codeExpiresAt: number, change: Partial<FamilyCode> = {}): FamilyCode => ({
  codeHash: Buffer.alloc(32),
  codeChallenge: 'x',
  codeExpiresAt,
  redirectUri: 'https://app.example/cb',
  dpopJkt: undefined,
  ...change,
});

/** An active one, unless told. */
export const familyWith = (change: Partial<Family> = {}): Family => ({
  address: { userKey: Buffer.alloc(32), clientKey: Buffer.alloc(16), familyId: Buffer.alloc(16) },
  etag: 'e',
  modifiedAt: '2026-11-25T12:00:00Z',
  state: 'active',
  clientId: 'c',
  scopes: ['read'],
  resources: ['https://api.example'],
  details: undefined,
  createdAt: now - 100,
  sessionAt: now - 200,
  consentAt: now - 150,
  consentExpiresAt: now + 2_000_000,
  isOnce: false,
  isCrowded: false,
  authTime: undefined,
  acr: undefined,
  amr: undefined,
  person: undefined,
  openid: undefined,
  use: undefined,
  operatorApproved: undefined,
  byOperator: undefined,
  code: codeWith(now - 40),
  device: undefined,
  absoluteExpiresAt: now + 2_000_000,
  lineage: lineageWith(),
  revokedTokens: [],
  tokens: 0,
  tokensSince: 0,
  createdBy: 'w',
  redeemedBy: 'r',
  rotatedBy: 'r',
  countedBy: undefined,
  endedBy: undefined,
  endReason: undefined,
  endedAt: undefined,
  keepUntil: now + 3_000_000,
  ...change,
});

const registered = parseClientMetadata(
  { client_name: 'Reports', redirect_uris: ['https://app.example/cb'], scope: 'read write share' },
  { resources, brandName: '', signingAlgorithms: [], operator: undefined },
);

/** The client that the family is of: confidential, with a refresh grant, and no secret yet. */
export const clientWith = (change: Partial<Client> = {}): Client => ({
  ...registered,
  clientId: 'c',
  secrets: [],
  registrant: { by: 'operator' },
  logo: undefined,
  createdAt: now - 1_000,
  endsAt: undefined,
  ...change,
});

/** Code, description and reason of the refusal that this throws; undefined when it throws none. */
export const refusalBy = (
  decide: () => unknown,
): { code: unknown; description: unknown; reason: unknown } | undefined => {
  try {
    decide();
    return undefined;
  } catch (error) {
    const { code, description, reason } = error as Record<string, unknown>;
    return { code, description, reason };
  }
};
