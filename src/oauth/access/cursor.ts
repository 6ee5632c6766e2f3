/** Cursors of lists: where the next page begins, in words that nobody but us can write. */
import { base64url, equalBytes, fromBase64url, hmacSha256, type Key } from '../crypto.ts';
import { OAuthError } from '../errors.ts';

const tagLength = 12;

const tagOf = (list: string, position: Buffer, key: Key): Buffer =>
  hmacSha256(key, `assent cursor ${JSON.stringify(list)} ${base64url(position)}`).subarray(0, tagLength);

/** `list` names the list, and with it whatever it was filtered by: a cursor of one is none of another. */
export const sealCursor = (list: string, position: string, key: Key): string => {
  const bytes = Buffer.from(position);
  return base64url(Buffer.concat([tagOf(list, bytes, key), bytes]));
};

/** The position that was sealed for this list. Throws `invalid_request` for anything else. */
export const openCursor = (list: string, cursor: string, key: Key): string => {
  const bytes = fromBase64url(cursor);
  const position = bytes?.subarray(tagLength);
  if (
    bytes === undefined ||
    position === undefined ||
    !equalBytes(bytes.subarray(0, tagLength), tagOf(list, position, key))
  )
    throw new OAuthError('page_unknown', 'after must be what a page of the same list named as next');
  return position.toString();
};
