/**
 * The request for a signature, byte for byte as the SDK would send it (`test/signing/vault-requests.test.ts` compares them), and
 * its answer. The SDK takes several times as long to put it together, at every token.
 */
import { headersFrom } from '../transport/headers.ts';
import type { Request, Response } from '../transport/http-client.ts';

/** What the SDK speaks. */
const apiVersion = '2025-07-01';

/** `keyId` is the address of a version of a key. */
export const signRequest = (
  keyId: string,
  { alg, digest }: { readonly alg: string; readonly digest: Uint8Array },
): Pick<Request, 'method' | 'url' | 'headers' | 'body'> => ({
  method: 'POST',
  url: `${keyId}/sign?api%2Dversion=${apiVersion}`,
  headers: headersFrom({ accept: 'application/json', 'content-type': 'application/json' }),
  body: JSON.stringify({ alg, value: Buffer.from(digest).toString('base64url') }),
});

/** The vault did not sign: its status, and the answer. */
class VaultRefusal extends Error {
  readonly statusCode: number;
  readonly response: Response;

  constructor(response: Response) {
    super(messageIn(response.bodyAsText ?? '') ?? `Key Vault answered ${response.status}`);
    this.name = 'VaultRefusal';
    this.statusCode = response.status;
    this.response = response;
  }
}

const messageIn = (text: string): string | undefined => {
  try {
    return (JSON.parse(text) as { readonly error?: { readonly message?: string } }).error?.message;
  } catch {
    // What stands before the vault answers in other formats.
    return undefined;
  }
};

/** Throws an Error with `statusCode` and `response` when there is no signature, and without them for an answer of another shape. */
export const signatureIn = (answer: Response): Uint8Array => {
  if (answer.status !== 200) throw new VaultRefusal(answer);
  const { value } = JSON.parse(answer.bodyAsText ?? '') as { readonly value?: unknown };
  if (typeof value !== 'string') throw new Error('Key Vault answered without a signature');
  return Buffer.from(value, 'base64url');
};
