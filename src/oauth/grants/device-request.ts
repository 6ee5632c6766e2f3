/**
 * A request for authorization that a device made (RFC 8628 §3.1), waiting for a person at another one.
 *
 *   [ pending ] -- approve --> [ approved ]     the tokens come from the family that the approval made
 *        |
 *        +-------- deny -----> [ denied ]
 *
 * Expiry is no transition: reads enforce it.
 */
import type { Target } from '../access/target.ts';
import type { FamilyAddress } from '../tokens/locator.ts';

export type DeviceRequest = Target & {
  readonly details: Target['details'];
  readonly requestId: Buffer;
  readonly etag: string;
  readonly state: 'pending' | 'approved' | 'denied';
  readonly clientId: string;
  /** SHA-256 of the device code's secret. */
  readonly codeHash: Buffer;
  readonly userCode: string;
  /** The network address that the device asked from; undefined where there is none. */
  readonly place: string | undefined;
  /** What the device said of itself (User-Agent), cut short. */
  readonly agent: string | undefined;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** The family that the approval made; undefined before. */
  readonly family: Pick<FamilyAddress, 'userKey' | 'familyId'> | undefined;
};

/** How long a person has to enter the code (RFC 8628 §3.2, `expires_in`). */
export const deviceCodeSeconds = 900;

/** How long a device waits between two polls (`interval`). */
export const pollSeconds = 5;
