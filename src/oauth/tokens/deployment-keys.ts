/**
 * The keys that every instance derives from the deployment's one secret, one for each purpose (RFC 5869). The secret lies
 * in no table and no setting: only wrapped by a Key Vault key.
 */
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

const purposes = [
  'locator',
  'subject',
  'successor',
  'tokenTag',
  'signInCookie',
  'dpopNonce',
  'cursor',
  'creation',
] as const;

export type DeploymentKeys = Readonly<Record<(typeof purposes)[number], KeyObject>>;

export const deploymentSecretLength = 32;

export const deriveKeys = (secret: Buffer): DeploymentKeys =>
  Object.fromEntries(
    purposes.map((purpose) => [
      purpose,
      createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `assent ${purpose}`, 32))),
    ]),
  ) as DeploymentKeys;
