/** grant_type=urn:ietf:params:oauth:grant-type:device_code (RFC 8628 §3.4): decides; nothing is signed or stored here. */
import { narrowTarget, stillAllowed } from '../access/target.ts';
import type { Client } from '../clients/client.ts';
import { equalBytes, sha256 } from '../crypto.ts';
import { OAuthError, type ReasonOf } from '../errors.ts';
import type { DeviceRequest } from './device-request.ts';
import type { Family } from './family.ts';
import { type Instants, isVoid } from './not-before.ts';
import { type Redemption, type RedemptionContext, redemption } from './redemption.ts';

/** Without a word of why: nobody learns which codes exist. */
export const invalidDeviceCode = (reason: ReasonOf<'invalid_grant'>): OAuthError =>
  new OAuthError(reason, 'the device code is not valid');

export const spentDeviceCode = (): OAuthError =>
  new OAuthError('device_code_spent', 'the device code was used before, or the authorization behind it has been ended');

type Presented = { readonly secret: Buffer; readonly client: Client };

/** Throws `invalid_grant` unless the device code is the one that this client was given. */
export const requireOwnDeviceCode = (request: DeviceRequest, { secret, client }: Presented): void => {
  if (request.clientId !== client.clientId) throw invalidDeviceCode('device_code_of_other_client');
  if (!equalBytes(sha256(secret), request.codeHash)) throw invalidDeviceCode('device_code_altered');
};

/** The answer of RFC 8628 §3.5 to a device whose person has not approved: thrown, whichever it is. */
export const notApproved = (
  request: DeviceRequest,
  { now, mayPoll }: { now: number; mayPoll: boolean },
): OAuthError => {
  if (request.state === 'denied') return new OAuthError('device_code_denied', 'the person did not approve');
  if (now >= request.expiresAt) return new OAuthError('device_code_expired', 'the device code has expired');
  if (!mayPoll) return new OAuthError('device_code_polled_too_fast', 'please wait longer between two requests');
  return new OAuthError('device_code_pending', 'the person has not answered yet');
};

type DeviceContext = RedemptionContext & { readonly instants: Instants };

/**
 * Throws `invalid_grant`. A second use ends nothing: the code never passed a browser, and a device that lost the answer
 * polls again.
 */
export const decideDeviceCode = (family: Family | undefined, context: DeviceContext): Redemption => {
  if (family === undefined || family.state !== 'code') throw spentDeviceCode();
  if (context.now >= (family.device?.deviceCodeExpiresAt ?? 0))
    throw new OAuthError('device_code_expired', 'the device code has expired');
  if (isVoid(family, context.instants)) throw invalidDeviceCode('device_code_void');
  const asked = { scope: undefined, resources: [] };
  return redemption(narrowTarget(stillAllowed(family, context.client), asked, context.resources), family, context);
};
