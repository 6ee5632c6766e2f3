/** Whose tokens the client may exchange (RFC 8693), and for what. */
import * as z from 'zod';
import { isIdentityResource } from '../../access/openid-scopes.ts';
import { findResource, isOurOwn, type Resource } from '../../access/resources.ts';
import { type Client, isConfidential, tokenExchangeGrant } from '../client.ts';
import { invalid, theme } from './theme.ts';

export type ExchangePolicy = {
  /** Whose tokens: ids of the clients that they were issued to, or identifiers of resources that they are for. */
  readonly from: readonly string[];
  /** Identifiers of the resources that the new tokens may be for. */
  readonly to: readonly string[];
  /** Ids of clients, beside itself, whose tokens it may present as the actor's. */
  readonly mayAct: readonly string[];
};

export type ExchangeFields = {
  /** Undefined for a client that exchanges nothing. */
  readonly tokenExchange: ExchangePolicy | undefined;
};

const names = z.array(z.string().min(1).max(500)).max(20);

export const exchange = theme({
  shape: {
    assent_token_exchange: z
      .strictObject({ from: names.min(1), to: names.min(1), may_act: names.default([]) })
      .optional(),
  },
  read: ({ assent_token_exchange: policy }, { resources }): ExchangeFields => ({
    tokenExchange: policy && {
      from: [...new Set(policy.from.map((name) => findResource(name, resources)?.identifier ?? name))],
      to: targetsOf(policy.to, resources),
      mayAct: [...new Set(policy.may_act)],
    },
  }),
  check: (registration) => requirePolicyForGrant(registration),
  describe: ({ tokenExchange: policy }) => ({
    assent_token_exchange: policy && { from: policy.from, to: policy.to, may_act: policy.mayAct },
  }),
});

/** Nobody exchanges anything for a token of our own endpoints. */
const targetsOf = (asked: readonly string[], resources: readonly Resource[]): readonly string[] => {
  const others = resources.filter((one) => !isOurOwn(one) && !isIdentityResource(one));
  const found = asked.map((name) => findResource(name, others)?.identifier);
  if (!found.every((one) => one !== undefined))
    throw invalid('metadata_exchange_target', 'assent_token_exchange.to: one of them is not known here');
  return [...new Set(found)];
};

const requirePolicyForGrant = (client: Pick<Client, 'grantTypes' | 'tokenExchange' | 'authenticationMethod'>): void => {
  const usesGrant = client.grantTypes.includes(tokenExchangeGrant);
  if (usesGrant !== (client.tokenExchange !== undefined))
    throw invalid('metadata_exchange_policy', 'the token exchange grant and assent_token_exchange go together');
  if (usesGrant && !isConfidential(client))
    throw invalid('metadata_exchange_of_public_client', 'token exchange needs a client that can keep a secret');
};
