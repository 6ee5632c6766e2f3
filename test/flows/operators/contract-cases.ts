/**
 * A way to each refusal that the OpenAPI document describes. A new operation brings its own here, by its name: code -> request;
 * what every operation has in common is below.
 */
import { webMetadata } from '../../support/admin.ts';
import { freePolicy } from '../../support/policy.ts';

export type Sent = {
  /** Values of the route's segments. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly as?: 'the operator it is about';
};

/** What the tests prepare for the cases: ids of what is there. */
export type Prepared = {
  readonly clientId: string;
  readonly publicClientId: string;
  /** An operator with two secrets, and a token of its own. */
  readonly operatorId: string;
  readonly operatorToken: string;
  readonly secretId: string;
  readonly registrationTokenId: string;
  /** A person waits for it, where the operation is about such a one. */
  readonly operatorRequestId: string;
  /** The same for an authorization of a person, hex of whose key comes first. */
  readonly authorizationId: string;
  /** A resource that operators have declared, where the operation is about such a one. */
  readonly resource: string;
  /** The same for what operators have had ended: one that is running, one that is over. */
  readonly endingId: string;
  readonly endedId: string;
};

/** A request that succeeds, and those that are refused, by code. */
export type Cases = {
  readonly good: Sent;
  readonly refused: Readonly<Record<string, Sent>>;
};

/** A declaration of the resource of this identifier. */
export const declarationOf = (identifier: string) => ({
  identifier,
  name: 'Contract',
  permissions: [{ id: 'contract.read', name: 'See contracts', description: 'All of them.' }],
});

/** Of the setting RESOURCES. */
const ofFile = 'https://api.assent.localhost';

const metadata = { ...webMetadata, client_name: 'Contract' };

/** By the operation's name. */
export const casesOf = (prepared: Prepared): Readonly<Record<string, Cases>> => {
  const { clientId, publicClientId, operatorId, secretId, registrationTokenId, operatorRequestId } = prepared;
  const { authorizationId, resource, endingId, endedId } = prepared;
  const [person = ''] = authorizationId.split('.');
  const stranger = { person: 'ab'.repeat(32) };
  const client = { client_id: clientId };
  const nobody = { client_id: 'nobody' };
  const unregistrable = {
    invalid_client_metadata: { path: client, body: { ...metadata, client_uri: 'x' } },
    invalid_redirect_uri: { path: client, body: { ...metadata, redirect_uris: ['https://a.example/#b'] } },
  };
  return {
    listClients: { good: { query: 'limit=1' }, refused: { invalid_request: { query: 'after=x' } } },
    registerClient: { good: { body: metadata }, refused: { ...unregistrable, key_reused: { body: webMetadata } } },
    readClient: { good: { path: client }, refused: { not_found: { path: nobody } } },
    replaceClient: {
      good: { path: client, body: metadata },
      refused: {
        ...unregistrable,
        not_found: { path: nobody, body: metadata },
        conflict: {
          path: { client_id: operatorId },
          body: { ...operatorMetadata, assent_blocked: true },
          as: 'the operator it is about',
        },
      },
    },
    deleteClient: { good: { path: client }, refused: { not_found: { path: nobody } } },
    addClientSecret: {
      good: { path: client, body: {} },
      refused: {
        not_found: { path: nobody, body: {} },
        invalid_client_metadata: { path: { client_id: publicClientId }, body: {} },
        invalid_request: { path: client, body: { expires_in_days: 1 } },
        conflict: { path: { client_id: operatorId }, body: {} },
        key_reused: { path: client, body: { expires_in: 601 } },
      },
    },
    deleteClientSecret: {
      good: { path: { ...client, secret_id: secretId } },
      refused: { not_found: { path: { ...client, secret_id: 'x' } } },
    },
    issueRegistrationToken: {
      good: { body: {} },
      refused: { invalid_request: { body: { uses: 0 } }, key_reused: { body: { uses: 2 } } },
    },
    listRegistrationTokens: { good: { query: 'limit=1' }, refused: { invalid_request: { query: 'after=x' } } },
    readRegistrationToken: {
      good: { path: { id: registrationTokenId } },
      refused: { not_found: { path: { id: '0'.repeat(32) } } },
    },
    withdrawRegistrationToken: {
      good: { path: { id: registrationTokenId } },
      refused: { not_found: { path: { id: 'x' } } },
    },
    readDeployment: { good: {}, refused: {} },
    readPolicy: { good: {}, refused: {} },
    replacePolicy: { good: { body: freePolicy }, refused: {} },
    previewPolicy: { good: { body: freePolicy }, refused: {} },
    tryPolicy: {
      good: { body: { subject: 'x', client_id: clientId } },
      refused: {
        not_found: { body: { subject: 'x', client_id: 'nobody' } },
        invalid_scope: { body: { subject: 'x', client_id: clientId, scope: 'nothing' } },
        invalid_target: { body: { subject: 'x', client_id: clientId, resource: ['https://nowhere.example'] } },
      },
    },
    listServiceRules: { good: {}, refused: { invalid_request: { query: 'after=x' } } },
    readServiceRule: { good: { query: `client_id=${clientId}` }, refused: { invalid_request: {} } },
    replaceServiceRule: {
      good: { query: `client_id=${clientId}`, body: { access: 'allowed' } },
      refused: {
        not_found: {
          query: 'client_id=nobody',
          body: { access: 'approved_for_everyone', permissions: [{ resource: ofFile, scope: 'vso.work' }] },
        },
        invalid_request: { query: `client_id=${clientId}`, body: { access: 'approved_for_everyone' } },
        conflict: {
          query: `client_id=${operatorId}`,
          body: { access: 'blocked' },
          as: 'the operator it is about',
        },
      },
    },
    previewServiceRule: { good: { body: { client_id: clientId, access: 'blocked' } }, refused: {} },
    ...catalogueCases(resource),
    listOperatorRequests: { good: {}, refused: { invalid_request: { query: 'after=x' } } },
    approveOperatorRequest: {
      good: { path: { id: operatorRequestId }, body: {} },
      refused: { not_found: { path: { id: 'x' }, body: {} } },
    },
    refuseOperatorRequest: {
      good: { path: { id: operatorRequestId }, body: { reason: 'Not yet' } },
      refused: { not_found: { path: { id: 'x' }, body: { reason: 'Not yet' } } },
    },
    listServices: {
      good: { query: `limit=1&client_id=${clientId}` },
      refused: { invalid_request: { query: 'after=x' } },
    },
    findPeople: { good: { query: 'account=alice' }, refused: { invalid_request: {} } },
    readPerson: {
      good: { path: { person } },
      refused: { not_found: { path: stranger }, invalid_request: { path: { person: 'x' } } },
    },
    listAuthorizationsOfPerson: {
      good: { path: { person } },
      refused: { invalid_request: { path: { person }, query: 'after=x' } },
    },
    listAuthorizationsOfService: {
      good: { query: `client_id=${clientId}` },
      refused: { invalid_request: { query: `client_id=${clientId}&after=x` } },
    },
    readAuthorization: {
      good: { path: { id: authorizationId } },
      refused: {
        not_found: { path: { id: `${person}.${'ab'.repeat(16)}` } },
        invalid_request: { path: { id: 'x' } },
      },
    },
    endAuthorization: {
      good: { path: { id: authorizationId } },
      refused: {
        not_found: { path: { id: `${person}.${'ab'.repeat(16)}` } },
        invalid_request: { path: { id: 'x' } },
      },
    },
    previewEnding: { good: { body: { client_id: clientId } }, refused: {} },
    orderEnding: { good: { body: { client_id: clientId } }, refused: { key_reused: { body: { client_id: 'x' } } } },
    listEndings: { good: {}, refused: { invalid_request: { query: 'after=x' } } },
    readEnding: { good: { path: { id: endingId } }, refused: { not_found: { path: { id: 'x' } } } },
    stopEnding: {
      good: { path: { id: endingId } },
      refused: { not_found: { path: { id: 'x' } }, conflict: { path: { id: endedId } } },
    },
    readAudit: { good: { query: 'limit=1' }, refused: { invalid_request: { query: 'after=x' } } },
    exportAudit: { good: {}, refused: { invalid_request: { query: 'from=yesterday' } } },
    listSeals: { good: {}, refused: { invalid_request: { query: 'from=yesterday' } } },
    voidIssued: { good: { body: { client_id: clientId } }, refused: { invalid_request: { body: {} } } },
  };
};

const catalogueCases = (resource: string): Readonly<Record<string, Cases>> => {
  const at = (identifier: string): string => String(new URLSearchParams({ identifier }));
  const declaring = (identifier: string) => ({ query: at(identifier), body: declarationOf(identifier) });
  const nowhere = 'https://nowhere.example';
  const signed = { ...declarationOf(resource), signingAlgorithm: 'ES256' };
  return {
    listResources: { good: {}, refused: { invalid_request: { query: 'after=x' } } },
    declareResource: {
      good: { body: declarationOf(`${resource}/good`) },
      refused: {
        conflict: { body: declarationOf(resource) },
        invalid_request: { body: { ...signed, identifier: `${resource}/signed` } },
        key_reused: { body: declarationOf(`${resource}/other`) },
      },
    },
    readResource: {
      good: { query: at(resource) },
      refused: { not_found: { query: at(nowhere) }, invalid_request: {} },
    },
    replaceResource: {
      good: declaring(resource),
      refused: {
        not_found: declaring(nowhere),
        conflict: declaring(ofFile),
        invalid_request: { query: at(resource), body: signed },
      },
    },
    removeResource: {
      good: { query: at(resource) },
      refused: { not_found: { query: at(nowhere) }, conflict: { query: at(ofFile) }, invalid_request: {} },
    },
    previewResource: {
      good: { body: { identifier: resource } },
      refused: {
        not_found: { body: { identifier: nowhere } },
        conflict: { body: { identifier: ofFile } },
        invalid_request: { body: { identifier: resource, declaration: signed } },
      },
    },
  };
};

export const operatorMetadata = {
  client_name: 'Contract operator',
  redirect_uris: [],
  grant_types: ['client_credentials'],
  scope: 'assent.admin',
  assent_operator: true,
};

/**
 * What is refused as a conflict when two come at once: one is held at its last step while the other goes by. Every operation
 * that can be refused so has a row, with the operation that goes by; a test races each.
 */
export const raced: Readonly<Record<string, string>> = {
  registerClient: 'registerClient',
  replaceClient: 'replaceClient',
  // Of two deletions both are done.
  deleteClient: 'replaceClient',
  addClientSecret: 'addClientSecret',
  deleteClientSecret: 'deleteClientSecret',
  issueRegistrationToken: 'issueRegistrationToken',
  withdrawRegistrationToken: 'withdrawRegistrationToken',
  replacePolicy: 'replacePolicy',
  replaceServiceRule: 'replaceServiceRule',
  declareResource: 'declareResource',
  replaceResource: 'removeResource',
  removeResource: 'replaceResource',
  approveOperatorRequest: 'refuseOperatorRequest',
  refuseOperatorRequest: 'approveOperatorRequest',
  endAuthorization: 'endAuthorization',
  orderEnding: 'orderEnding',
  stopEnding: 'stopEnding',
};

/** What is wrong with any request of a kind, by code. */
export const usualCases = (good: Sent): Readonly<Record<string, Sent>> => ({
  missing_token: good,
  invalid_token: good,
  insufficient_scope: good,
  request_too_large: { ...good, body: `"${'x'.repeat(70_000)}"` },
  unsupported_media_type: { ...good, headers: { 'content-type': 'text/plain' } },
  length_required: { ...good, headers: { 'transfer-encoding': 'chunked' } },
  precondition_required: { ...good, headers: { 'if-match': '' } },
  precondition_failed: { ...good, headers: { 'if-match': '"x"' } },
  invalid_request: { ...good, body: '{' },
});
