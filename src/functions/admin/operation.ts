/** What an operation of the admin API is: a row that endpoints, the OpenAPI document and the tests' tables derive from. */
import * as z from 'zod';
import type { Acting } from '../../flows/operators/acting.ts';
import type { Role } from '../../oauth/authorization/session.ts';
import { OAuthError } from '../../oauth/errors.ts';
import type { Reason } from '../../oauth/reasons.ts';

/** `etag` is the version of what was read, `location` where what was made lies. */
export type Outcome<Body = unknown> = {
  readonly body?: Body;
  readonly etag?: string;
  readonly location?: string;
  /** Where a text goes on: an address of ours, without the origin. */
  readonly next?: string;
};

type Facts = {
  /** Unique; the operationId of the OpenAPI document. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below /api/admin/, with segments in braces. */
  readonly route: string;
  /** The least role that may. */
  readonly role: Role;
  readonly summary: string;
  /** Of success. */
  readonly status: 200 | 201 | 204;
  /** What it changes has versions: the request must say which one it means (If-Match). */
  readonly versioned?: true;
  /** Its answer has a version, which `versioned` operations want to see. */
  readonly versionShown?: true;
  /** It makes something: an Idempotency-Key makes a repetition harmless. */
  readonly creates?: true;
  /** The answer is a text of JSON lines. */
  readonly lines?: true;
  /** Why `run` refuses, beside what the endpoint refuses by itself. */
  readonly refusals: readonly Reason[];
  /** Why a body that does not fit is refused; `operation_malformed` when left out. */
  readonly malformed?: Reason;
};

type Definition<Path extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType, Answer> = Facts & {
  readonly path?: Path;
  readonly query?: Query;
  readonly body?: Body;
  /** Undefined for an answer without a body. */
  readonly answer?: z.ZodType<Answer>;
  run(
    input: {
      readonly path: z.output<Path>;
      readonly query: z.output<Query>;
      readonly body: z.output<Body>;
      /** The body as it was sent, for who knows what else to make of it. */
      readonly sent: unknown;
      /** The header's value; empty unless `versioned`. */
      readonly ifMatch: string;
    },
    acting: Acting,
  ): Promise<Outcome>;
};

export type Input = {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly sent: unknown;
  readonly ifMatch: string;
};

export type Operation = Facts & {
  readonly path: z.ZodObject | undefined;
  readonly query: z.ZodObject | undefined;
  readonly body: z.ZodType | undefined;
  readonly answer: z.ZodType | undefined;
  run(input: Input, acting: Acting): Promise<Outcome>;
};

/** True for what changes something that has no versions: each change of it is another one, or the last. */
export const changesUnversioned = ({ role, versioned, creates }: Operation): boolean =>
  role === 'operator' && versioned !== true && creates !== true;

/** A row, whose `run` gets what its own shapes say. */
export const operation = <
  Path extends z.ZodObject = z.ZodObject<Record<string, never>>,
  Query extends z.ZodObject = z.ZodObject<Record<string, never>>,
  Body extends z.ZodType = z.ZodUndefined,
>(
  definition: Definition<Path, Query, Body, unknown>,
): Operation => ({
  ...definition,
  path: definition.path,
  query: definition.query,
  body: definition.body,
  answer: definition.answer,
  // The endpoint parses by these very shapes (`endpoint.ts`).
  run: (input, acting) => definition.run(input as never, acting),
});

/** Throws `reason`, with the first thing that is wrong, in words that quote nothing. */
export const parsed = (shape: z.ZodType, value: unknown, reason: Reason = 'operation_malformed'): unknown => {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const problem = issue?.code === 'unrecognized_keys' ? 'has a member that is not known' : issue?.message;
  throw new OAuthError(reason, `${issue?.path.join('.') || 'the request'}: ${problem ?? 'is not valid'}`);
};

const longestCursor = 2_000;

/** The query of a list: pages of at most 100, each naming the next. */
export const pageQuery = z.object({
  after: z.string().max(longestCursor).optional().describe('The `next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(100).default(100).describe('How many at most.'),
});

/** What a page of a list says of the next one; nothing on the last page. */
export const nextPage = { next: z.string().optional().describe('What to send as `after` for the next page.') };

/** A moment on the wire. */
export const epochSeconds = z.int().describe('Seconds since 1970-01-01T00:00:00Z.');
