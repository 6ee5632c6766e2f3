/** Shapes of values that several themes have. */
import * as z from 'zod';
import { isTrustworthy } from '../../addresses.ts';

const isWebAddress = (address: string): boolean => /^[\x21-\x7e]+$/.test(address) && isTrustworthy(address);

export const webAddress = z.string().max(500).refine(isWebAddress, 'must be an https address');

/** People read it, on pages and in logs: what has no glyph, or is no Unicode text at all, is none. */
export const isPlainText = (value: string): boolean => value.isWellFormed() && !/\p{Cc}/u.test(value);

export const text = z.string().max(200).refine(isPlainText, 'must not hold control characters');
