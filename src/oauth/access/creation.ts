/**
 * Creations that may be repeated (draft-ietf-httpapi-idempotency-key-header): what derives from the key that the caller chose,
 * and from one of ours. Who reads the tables can open no answer, and neither can who knows the caller's key alone.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { hmacSha256, type Key, type Random, sha256 } from '../crypto.ts';
import { OAuthError } from '../errors.ts';

export type Creation = {
  /** 32 bytes that name it. */
  readonly id: Buffer;
  /** What names and secrets of it are made of: the same at each attempt. */
  readonly random: Random;
  seal(text: string): Buffer;
  /** Throws for what was not sealed for this very creation. */
  open(sealed: Buffer): string;
};

/** The key in the header's value: a string as RFC 8941 §3.3.3 has it, or without its quotes. Throws `invalid_request`. */
export const creationKeyIn = (header: string): string => {
  const [, quoted, bare] =
    /^ *(?:"([\x20-\x21\x23-\x5b\x5d-\x7e]{8,200})"|([\x21\x23-\x7e]{8,200})) *$/.exec(header) ?? [];
  const key = quoted ?? bare;
  if (key === undefined)
    throw new OAuthError('creation_key_malformed', 'Idempotency-Key must be 8 to 200 characters of ASCII');
  return key;
};

/** `names` says whose creation it is, what is created, and the caller's key. */
export const creationOf = (names: readonly string[], key: Key): Creation => {
  const root = hmacSha256(key, `assent creation ${JSON.stringify(names)}`);
  const derived = (purpose: string): Buffer => hmacSha256(root, purpose);
  const seal = derived('seal');
  return {
    id: derived('id'),
    random: streamOf(derived('random')),
    seal: (text) => {
      // One answer is sealed under this key, or the same one again.
      const nonce = sha256(text).subarray(0, nonceLength);
      const cipher = createCipheriv('aes-256-gcm', seal, nonce);
      return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    },
    open: (sealed) => {
      const decipher = createDecipheriv('aes-256-gcm', seal, sealed.subarray(0, nonceLength));
      decipher.setAuthTag(sealed.subarray(-tagLength));
      return Buffer.concat([decipher.update(sealed.subarray(nonceLength, -tagLength)), decipher.final()]).toString();
    },
  };
};

const nonceLength = 12;
const tagLength = 16;

/** Bytes that only who has the seed can tell from random ones, in an order of their own. */
const streamOf = (seed: Buffer): Random => {
  let count = 0;
  return (length) => {
    const blocks: Buffer[] = [];
    for (let given = 0; given < length; given += 32) blocks.push(hmacSha256(seed, String(count++)));
    return Buffer.concat(blocks).subarray(0, length);
  };
};
