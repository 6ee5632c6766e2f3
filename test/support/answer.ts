/** Answers read whole, and the parts of them that tests look at. */
import type { Person } from './person.ts';

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; an empty object when it is not a JSON object. */
  readonly body: Readonly<Record<string, unknown>>;
};

export const answerOf = async (pending: Response | Promise<Response>): Promise<Answer> => {
  const response = await pending;
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: objectFrom(text) };
};

const objectFrom = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

/** Header or payload of a JWT, not verified. */
export const jwtPart = (token: string, part: 'header' | 'payload'): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[part === 'header' ? 0 : 1] ?? '', 'base64url').toString());

/** Where a GET with this person's cookies, or a stranger's without, is redirected to. Rejects when it is not. */
export const redirectOf = async (url: string | URL, person?: Person): Promise<URL> => {
  const response = await (person?.send(url) ?? fetch(url, { redirect: 'manual' }));
  const location = response.headers.get('location');
  if (response.status !== 303 || location === null)
    throw new Error(
      `no redirect but ${response.status}: ${(await response.text()).replace(/<[^>]*>/g, ' ').slice(-800)}`,
    );
  return new URL(location, url);
};
