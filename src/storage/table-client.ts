/** The pipeline of the SDK's client of a table, with no more in it than does something here, for the requests of `table-requests.ts`. */
import { randomUUID } from 'node:crypto';
import { TableClient } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import { withinMilliseconds } from '../limits/deadline.ts';
import { headersFrom } from '../transport/headers.ts';
import type { HttpClient, Pipeline, Response } from '../transport/http-client.ts';
import { makeThin } from '../transport/pipeline.ts';
import type { TableAddress, TableRequest } from './table-requests.ts';

/** Time for one request to the service, the token for it included. */
const attemptMilliseconds = 2_500;

export type TableClientOptions = {
  readonly url: string;
  readonly credential: TokenCredential;
  readonly insecureLoopback: boolean;
  readonly httpClient: HttpClient;
  /** Goes along as x-ms-client-request-id, if there is one. */
  readonly purpose?: string;
  /** By account, for tables that are opened together: one is as good for all, and making one takes long. */
  readonly pipelines?: Map<string, Pipeline>;
};

/** Gives whatever the service answered. Rejects without a status when it did not answer in time. */
export type SendTableRequest = (request: TableRequest) => Promise<Response>;

type OpenTableClient = {
  readonly address: TableAddress;
  readonly send: SendTableRequest;
};

/** Sends nothing yet. */
export const openTableClient = (name: string, options: TableClientOptions): OpenTableClient => {
  const { url, insecureLoopback: allowInsecureConnection, httpClient, purpose, pipelines } = options;
  const pipeline = pipelines?.get(url) ?? makePipeline(name, options);
  pipelines?.set(url, pipeline);
  return {
    address: { url: url.replace(/\/$/, ''), name },
    send: ({ method, url, headers: given, body }) =>
      withinMilliseconds(attemptMilliseconds, (abortSignal) => {
        const headers = headersFrom(given);
        if (purpose !== undefined) headers.set('x-ms-client-request-id', purpose);
        return pipeline.sendRequest(httpClient, {
          method,
          url,
          headers,
          body: body ?? null,
          abortSignal,
          allowInsecureConnection,
          requestId: randomUUID(),
          timeout: 0,
          withCredentials: false,
        });
      }),
  };
};

const makePipeline = (name: string, options: TableClientOptions): Pipeline => {
  const { url, credential, insecureLoopback: allowInsecureConnection, httpClient } = options;
  const { pipeline } = new TableClient(url, name, credential, {
    allowInsecureConnection,
    httpClient,
    retryOptions: { maxRetries: 0 },
  });
  makeThin(pipeline);
  return pipeline;
};
