/** Registers every function with `@azure/functions`, and builds the server: the one place where that happens for real. */
import './buffers.ts';
import { AsyncLocalStorage } from 'node:async_hooks';
import { app, type InvocationContext } from '@azure/functions';
import type { TokenCredential } from '@azure/identity';
import { wholeAnswer } from './answer.ts';
import { readConfig } from './config.ts';
import { type Consumer, createCourier } from './flows/audit/courier.ts';
import { toldOfRules } from './flows/audit/told-daily.ts';
import { createOfferedResources } from './flows/catalogue/offered.ts';
import { createClientDocuments } from './flows/clients/client-documents.ts';
import { createRemoteDocuments } from './flows/clients/client-keys.ts';
import { noteRefusals } from './flows/clients/note-use.ts';
import { knownClients } from './flows/clients/resolve.ts';
import { createRevocationLists } from './flows/revocations/list.ts';
import { auditSeal } from './functions/system/audit-seal.ts';
import { endings } from './functions/system/endings.ts';
import { purge } from './functions/system/purge.ts';
import { signOuts } from './functions/system/sign-outs.ts';
import { endpoints } from './functions/table.ts';
import { lazily, registeredMethods } from './http/endpoint.ts';
import { handlerOf } from './http/frame.ts';
import { writeLine } from './http/log-line.ts';
import { createRefusals } from './http/refusals.ts';
import { sourceOf } from './http/source.ts';
import { createSignIn } from './identity/sign-in.ts';
import { createFairShares } from './limits/fair-shares.ts';
import { createBuckets } from './limits/token-bucket.ts';
import { identityResource } from './oauth/access/openid-scopes.ts';
import { adminResource } from './oauth/access/resources.ts';
import { type AuditEvent, logLineOf, type Occasion } from './oauth/audit/event.ts';
import { systemClock, systemRandom } from './oauth/crypto.ts';
import { pollSeconds } from './oauth/grants/device-request.ts';
import type { OutboundFetch, OutboundPost } from './outbound/fetch.ts';
import { createMail, mailScope } from './outbound/mail.ts';
import { asOfNow, type Server } from './server.ts';
import { createDeploymentKeys } from './signing/deployment-secret.ts';
import { createSigner } from './signing/signer.ts';
import { openStore, type Store } from './storage/store.ts';
import { createHttpClient, type HttpClient } from './transport/http-client.ts';

/** Lines go to the log of the invocation that they belong to, and so to its trace; events say where it came from. */
const invocations = new AsyncLocalStorage<{
  readonly context: InvocationContext;
  readonly source?: string | undefined;
}>();

const occasion = (): Occasion => {
  const current = invocations.getStore();
  return { source: current?.source, correlation: current?.context.invocationId };
};

/** Loaded with the first token that anybody asks for: a fifth of all there is to load. */
const managedIdentity = (clientId: string, httpClient: HttpClient): TokenCredential => ({
  getToken: lazily(async () => (await import('./managed-identity.ts')).managedIdentity(clientId, httpClient).getToken),
});

/** Loaded for the first service that keeps something at an address of its own. */
const outboundFetch = (insecureLoopback: boolean): OutboundFetch =>
  lazily(async () => (await import('./outbound/fetch.ts')).createOutboundFetch({ insecureLoopback }));
const outboundPost = (insecureLoopback: boolean): OutboundPost =>
  lazily(async () => (await import('./outbound/fetch.ts')).createOutboundPost({ insecureLoopback }));

/** What few deployments use is loaded with the first event. */
const mailConsumer: Consumer = async (events) =>
  (await import('./functions/system/mail.ts')).mailNews(events, await asOfNow(server));

const mailToken = async (credential: TokenCredential): Promise<string> =>
  (await credential.getToken(mailScope))?.token ?? '';

const buildServer = (): Server => {
  const config = readConfig();
  const [clock, random] = [systemClock, systemRandom];
  const { insecureLoopback, signing, rates, lifetimes, caches } = config;
  const httpClient = createHttpClient();
  const dataCredential = managedIdentity(config.dataIdentityClientId, httpClient);
  const signInCredential = managedIdentity(config.signIn.identityClientId, httpClient);
  const log: Server['log'] = (line) => writeLine(invocations.getStore()?.context ?? console, line);
  const buckets = (perSecond: number, burst: number) => createBuckets({ perSecond, burst, keys: caches.callers });
  const tables = { url: config.tablesUrl, furtherUrls: config.furtherTablesUrls, sweepRows: config.sweepRows };
  const outbound = outboundFetch(insecureLoopback);
  const services = { credential: dataCredential, insecureLoopback, httpClient };
  const audit = { occasion, auditSeconds: config.auditSeconds, noted: (event: AuditEvent) => log(logLineOf(event)) };
  const { accessTokenSeconds } = lifetimes;
  // By then a service has refreshed, here or elsewhere.
  const sessionCopySeconds = accessTokenSeconds;
  const store = openStore({ ...tables, ...services, ...audit, caches, sessionCopySeconds, clock, random });
  const offered = createOfferedResources({
    store: store.catalogue,
    file: config.resources,
    own: [identityResource(config.issuer), adminResource(config.issuer)],
    log,
  });
  const keys = createDeploymentKeys({ store: store.deployment, keyUrl: config.wrappingKey, ...services, random });
  const signer = createSigner({
    ...signing,
    ...services,
    accessTokenSeconds,
    leastPerSecond: rates.clientSharePerSecond,
    log,
  });
  const { revocations } = store;
  const limits: Server['limits'] = {
    sources: buckets(rates.sourcePerSecond, rates.sourcePerSecond * 5),
    clients: buckets(rates.clientPerSecond, rates.clientPerSecond * 4),
    shares: createFairShares({ keys: caches.callers }),
    refusals: buckets(rates.clientSharePerSecond, rates.clientSharePerSecond * 2),
    people: buckets(rates.authorizationPerSecond * 5, rates.authorizationPerSecond * 200),
    families: buckets(rates.authorizationPerSecond, rates.authorizationPerSecond * 100),
    registrations: buckets(rates.sourceRegistrationsPerHour / 3_600, rates.sourceRegistrationsPerHour),
    polls: buckets(1 / (pollSeconds - 1), 1),
    failures: buckets(0.2, 20),
    reminders: buckets(1 / 86_400, 1),
    diagnoses: buckets(1, 60),
  };
  const afterwards: Server['afterwards'] = (work) => {
    // Outside of the invocation, whose log closes with its answer.
    invocations.exit(() => {
      void work().catch((error: unknown) =>
        log({ level: 'warning', event: 'work_not_finished', reason: String(error) }),
      );
    });
  };
  return {
    config,
    clock,
    random,
    log,
    refusals: createRefusals(log, {
      noted: toldOfRules({ clock, log, limits, store }),
      counted: (refusals, now) => afterwards(() => noteRefusals(refusals, now, store.clientUse)),
    }),
    store,
    afterwards,
    courier: createCourier(store, {
      clock,
      log,
      consumers: [indexed(store), ...(config.mail === undefined ? [] : [mailConsumer])],
    }),
    clients: knownClients(
      store.clients,
      createClientDocuments({ config, resources: offered.atHand, outbound, clock, log }),
    ),
    policy: store.policies.current,
    keys,
    signer,
    revocationLists: createRevocationLists({
      issuer: config.issuer,
      accessTokenSeconds,
      clock,
      revocations,
      signer,
      keys,
    }),
    outbound,
    mail: config.mail && createMail({ ...config.mail, token: () => mailToken(dataCredential) }),
    documents: createRemoteDocuments(outbound, clock),
    outboundPost: outboundPost(insecureLoopback),
    signIn: createSignIn({ config, credential: signInCredential, httpClient, clock, random }),
    resources: offered.atHand(),
    offered,
    limits,
  };
};

/** Loaded when there is something to tell it. */
const indexed =
  (store: Store): Consumer =>
  async (events) => {
    const { indexConsumer } = await import('./flows/audit/indexed.ts');
    await indexConsumer(store)(events);
  };

const server = buildServer();

for (const endpoint of endpoints) {
  const handler = handlerOf(endpoint, server);
  app.http(endpoint.name, {
    route: endpoint.route,
    methods: registeredMethods,
    // Function keys travel in a parameter named `code`, which is ours here.
    authLevel: 'anonymous',
    handler: (request, context) => {
      const source = sourceOf(request.headers.get('x-forwarded-for') ?? undefined, server.config.trustedProxies);
      return invocations.run({ context, source }, async () => wholeAnswer(await handler(request, context)));
    },
  });
}

for (const timer of [purge, signOuts, auditSeal, endings])
  app.timer(timer.name, {
    schedule: timer.schedule,
    handler: (_timer, context) => invocations.run({ context }, async () => timer.handle(await asOfNow(server))),
  });

app.hook.appTerminate(() => server.courier.drain());

/**
 * What the first token would wait for, one call after the other, begins while the worker reports its functions; then what the first
 * sign-in would. A failure is theirs to meet and to tell.
 */
const begin = async (): Promise<void> => {
  const { keys, signer, store, signIn } = server;
  await Promise.allSettled([keys(), signer.ready(), store.deployment.notBefore.instantsFor({})]);
  await Promise.allSettled([signIn.ready()]);
};
setImmediate(() => void begin());
