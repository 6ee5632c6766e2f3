/** One theme of a client's metadata (RFC 7591 §2): its names on the wire, its fields, and the rules about them. */
import * as z from 'zod';
import type { Resource } from '../../access/resources.ts';
import { OAuthError, type ReasonOf } from '../../errors.ts';
import type { Client, Verification } from '../client.ts';

export type ClientRegistration = Omit<Client, 'clientId' | 'registrant' | 'logo' | 'secrets' | 'createdAt' | 'endsAt'>;

/** A client, or what becomes one. */
export type Described = ClientRegistration & Partial<Pick<Client, 'logo'>>;

export type RegistrationContext = {
  readonly resources: readonly Resource[];
  readonly brandName: string;
  /** What tokens can be signed with. */
  readonly signingAlgorithms: readonly string[];
  /** The client that is replaced. */
  readonly before?: Client | undefined;
  /** Who registers, and when: what a verification that this body asks for would say. Undefined for a client that registers itself. */
  readonly operator: Verification | undefined;
  /** What a client may ask for that names no scopes; nothing when left out. */
  readonly usualScopes?: readonly string[];
};

type Definition<Shape extends z.ZodRawShape, Fields> = {
  /** Names as in RFC 7591 §2 and its extensions; those that begin with assent_ are our own. */
  readonly shape: Shape;
  /** What is only told, beside what can be said. */
  readonly shown?: z.ZodRawShape;
  /** The client's fields; `body` is all that was sent. Throws `invalid_client_metadata`, `invalid_redirect_uri`. */
  read(metadata: z.infer<z.ZodObject<Shape>>, context: RegistrationContext, body: unknown): Fields;
  /** What must hold between the fields of all themes. Throws as `read`. */
  check?(registration: ClientRegistration, context: RegistrationContext): void;
  /** The metadata as an operator reads it; undefined members are left out. */
  describe(client: Described): Readonly<Record<string, unknown>>;
};

export type Theme<Fields> = {
  /** The members that a registration can have, and those that a description has. */
  readonly members: { readonly said: z.ZodRawShape; readonly shown: z.ZodRawShape };
  /** Unknown names are ignored, as RFC 7591 §2 asks. Throws as `read`, saying what to change. */
  parse(body: unknown, context: RegistrationContext): Fields;
  check(registration: ClientRegistration, context: RegistrationContext): void;
  describe(client: Described): Readonly<Record<string, unknown>>;
};

export const theme = <Shape extends z.ZodRawShape, Fields>({
  shape,
  shown = {},
  read,
  check,
  describe,
}: Definition<Shape, Fields>): Theme<Fields> => {
  const object = z.object(shape);
  return {
    members: { said: shape, shown: { ...shape, ...shown } },
    parse: (body, context) => {
      const parsed = object.safeParse(body);
      if (parsed.success) return read(parsed.data, context, body);
      const [issue] = parsed.error.issues;
      throw invalid(
        'metadata_malformed',
        `${issue?.path.join('.') || 'the body'}: ${issue?.message ?? 'is not valid'}`,
      );
    },
    check: check ?? (() => undefined),
    describe,
  };
};

export const invalid = (
  reason: ReasonOf<'invalid_client_metadata'>,
  description: string,
  options: { cause?: unknown } = {},
): OAuthError => new OAuthError(reason, description, options);
