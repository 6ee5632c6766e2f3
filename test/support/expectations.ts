/** What the answers of the front channel must be like. */
import { expect } from 'vitest';

/** A page of this status that leads nowhere. Resolves to its HTML. */
export const expectErrorPage = async (response: Response, status = 400): Promise<string> => {
  const text = await response.text();
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.has('location')).toBe(false);
  expect(response.headers.has('refresh')).toBe(false);
  expect(text).not.toMatch(/http-equiv|<script/i);
  return text;
};

type Expected = {
  readonly redirectUri: string | undefined;
  readonly issuer: string;
  /** The other parameters, or some of them. */
  readonly with: Readonly<Record<string, string>>;
};

/** Every answer to a client carries exactly one iss (RFC 9207 §2), and either a code or an error. */
export const expectAnswerAt = (answer: URL, { redirectUri, issuer, with: expected }: Expected): void => {
  expect(answer.href.startsWith(`${redirectUri}?`)).toBe(true);
  expect(answer.searchParams.getAll('iss')).toEqual([issuer]);
  expect(Object.fromEntries(answer.searchParams)).toMatchObject(expected);
  expect(answer.searchParams.has('code')).toBe(!('error' in expected));
};
