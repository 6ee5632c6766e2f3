/**
 * What openid-client sends its requests with: the connections of the SDKs. Node's `fetch` would bring a second HTTP client, which
 * compiles a parser of its own before its first answer: tens of milliseconds of every cold start, and twenty megabytes.
 */
import { randomUUID } from 'node:crypto';
import type { CustomFetch } from 'openid-client';
import { headersFrom } from '../transport/headers.ts';
import type { HttpClient } from '../transport/http-client.ts';

type Way = {
  readonly httpClient: HttpClient;
  /** Allows http to a provider on this machine. */
  readonly insecureLoopback: boolean;
};

/** A response with one of these has no body (Fetch §2.2.3). */
const withoutBody: ReadonlySet<number> = new Set([204, 205, 304]);

const methods = ['GET', 'POST'] as const;

/** Forms and texts, no redirects; answers come whole. Rejects as `HttpClient` does. */
export const providerFetch =
  ({ httpClient, insecureLoopback }: Way): CustomFetch =>
  async (url, { method: named, headers, body, signal }) => {
    const method = methods.find((one) => one === named);
    if (method === undefined) throw new TypeError(`${named} is not sent to the sign-in provider`);
    const {
      status,
      headers: fields,
      bodyAsText,
    } = await httpClient.sendRequest({
      url,
      method,
      headers: headersFrom(headers),
      body: body === undefined || body === null ? null : String(body),
      ...(signal === undefined ? {} : { abortSignal: signal }),
      allowInsecureConnection: insecureLoopback,
      requestId: randomUUID(),
      timeout: 0,
      withCredentials: false,
    });
    return new Response(withoutBody.has(status) ? null : (bodyAsText ?? ''), { status, headers: fields.toJSON() });
  };
