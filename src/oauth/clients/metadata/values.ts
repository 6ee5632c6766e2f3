/** Shapes of values that several themes have. */
import * as z from 'zod';
import { isTrustworthy } from '../../addresses.ts';
import { invalid } from './theme.ts';

const isWebAddress = (address: string): boolean => /^[\x21-\x7e]+$/.test(address) && isTrustworthy(address);

export const webAddress = z.string().max(500).refine(isWebAddress, 'must be an https address');

/** People read it, on pages and in logs: what has no glyph, or is no Unicode text at all, is none. */
export const isPlainText = (value: string): boolean => value.isWellFormed() && !/\p{Cc}/u.test(value);

export const text = z.string().max(200).refine(isPlainText, 'must not hold control characters');

/** All that a deployment may sign with; the one at hand may offer fewer. */
const signingAlgorithms = ['RS256', 'PS256', 'ES256'] as const;

export type ClientSigningAlgorithm = (typeof signingAlgorithms)[number];

export const signingAlgorithm = z.enum(signingAlgorithms);

/** Throws `invalid_client_metadata` for an algorithm that the keys at hand cannot sign with. */
export const offeredIn = (
  offered: readonly string[],
  algorithm: ClientSigningAlgorithm | undefined,
): ClientSigningAlgorithm | undefined => {
  if (algorithm !== undefined && !offered.includes(algorithm))
    throw invalid('metadata_signing_algorithm', `what is signed for the client is signed with ${offered.join(' or ')}`);
  return algorithm;
};
