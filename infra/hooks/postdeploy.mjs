/** After the code is there: wait until it is ready, prove that it works, and say what to do next. */
import { signedInAccount } from './lib/account.mjs';
import { newOperatorClient } from './lib/client-row.mjs';
import { lacksSignInAlone, send } from './lib/requests.mjs';
import { hook, known, required, Stop, say, sleep } from './lib/shell.mjs';
import { propagationSeconds, withTableRight } from './lib/table-right.mjs';
import { deleteClient, writeClient } from './lib/tables.mjs';
import { smokeTest } from './smoke-test.mjs';

const pollSeconds = 5;

await hook('postdeploy', async () => {
  const account = signedInAccount();
  const counts = await (isPrivate() ? provenWithoutClient() : withTableRight(proven));
  say(`Smoke test: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped.`);
  if (counts.failed > 0)
    throw new Stop(
      'The server is deployed but does not do what it must; see above. "azd hooks run postdeploy" repeats this.',
    );
  nextSteps(account);
});

function isPrivate() {
  return known('ASSENT_PRIVATE_NETWORKING') === 'true';
}

/** The right on the tables was asked for before: it arrives while the app starts. */
async function proven() {
  const target = await ready();
  return withClient((client) => smokeTest({ ...target, client }));
}

async function provenWithoutClient() {
  const target = await ready();
  say(
    'SKIPPED: everything that needs a client. The tables have no public address under private networking, so no test',
    'client can be written from here: no token was issued or verified. Run this hook on a machine inside the network',
    'with ASSENT_PRIVATE_NETWORKING=false in its environment to test that as well.',
  );
  return smokeTest(target);
}

async function ready() {
  const platformUrl = required('ASSENT_PLATFORM_URL');
  await isReady(platformUrl, Number(known('READY_SECONDS') ?? 600));
  const issuer = required('ASSENT_ISSUER');
  const expectsSignIn = known('ENTRA_CLIENT_ID') !== undefined;
  return { baseUrl: await reachable(issuer, platformUrl), issuer, expectsSignIn };
}

async function isReady(url, patienceSeconds) {
  say(`Waiting for ${url}/readyz (a first start takes a minute or two).`);
  const deadline = Date.now() + patienceSeconds * 1000;
  for (;;) {
    const problem = await notReady(url);
    if (problem === undefined) return;
    if (Date.now() >= deadline)
      throw new Stop(
        `The server is not ready after ${patienceSeconds} seconds; its last answer: ${problem.slice(0, 300)}. ` +
          'A missing right shows here as a dependency: rights can take ten minutes. Then: "azd hooks run postdeploy".',
      );
    await sleep(Math.min(pollSeconds, patienceSeconds));
  }
}

/** Why the server is not ready; undefined when it is. */
async function notReady(url) {
  try {
    const response = await send(`${url}/readyz`);
    const text = await response.text();
    if (response.status === 200) return undefined;
    // Without an application everything else can be ready; then that is what there is to wait for.
    return known('ENTRA_CLIENT_ID') === undefined && lacksSignInAlone(text) ? undefined : `${response.status} ${text}`;
  } catch (error) {
    return error.cause?.message ?? error.message;
  }
}

/** The issuer's own address, or the platform's while the custom domain is not bound yet. */
async function reachable(issuer, platformUrl) {
  if (issuer === platformUrl) return issuer;
  const bound = await send(`${issuer}/healthz`).then(
    (response) => response.status === 200,
    () => false,
  );
  if (bound) return issuer;
  say(
    `NOTE: ${issuer} does not lead here yet: bind the domain and its certificate as infra/README.md says. Until then`,
    `nobody can use this server. The test goes on at ${platformUrl}.`,
  );
  return platformUrl;
}

/** A client for ten minutes, deleted afterwards whatever happens. */
async function withClient(use) {
  const client = newOperatorClient({ name: 'Smoke test', lifetimeSeconds: 600 });
  await writeClient(client, propagationSeconds());
  try {
    return await use({ id: client.clientId, secret: client.secret });
  } finally {
    await deleteClient(client).catch((error) => say(`The test client ends by itself in ten minutes: ${error.message}`));
  }
}

function nextSteps(account) {
  const issuer = required('ASSENT_ISSUER');
  const operators = known('OPERATORS') ?? required('ASSENT_OPERATORS');
  say('', `Assent is ready at ${issuer}`, '', `  Sign in            ${issuer}/authorizations`);
  say(
    `  Operators          ${operators} (object ids in Entra; change: azd env set OPERATORS <ids>, azd provision)`,
    '                     they see the state of the parts on the home page; services are registered by the admin API',
  );
  if (account.user?.type === 'servicePrincipal' && !known('OPERATORS')?.includes(','))
    say('                     That may be this pipeline, which cannot sign in: set OPERATORS to a person.');
  if (known('ENTRA_CLIENT_ID') === undefined)
    say('  NOBODY CAN SIGN IN until an Entra application is there: see what preprovision asked for.');
  say(
    '  First service      node infra/hooks/first-operator-client.mjs',
    '                     prints a client for the admin API and the command that registers a service with it',
  );
  if (known('RESOURCES') === undefined || known('RESOURCES') === '[]')
    say(
      '                     before that, name the API that services ask for, then azd provision:',
      '                     azd env set RESOURCES \'[{"identifier":"https://api.example.com","name":"My API"}]\'',
    );
  if (known('ASSENT_ALERT_EMAIL') === undefined)
    say('  No alerts yet      azd env set ALERT_EMAIL <address>, azd provision');
  say('  Everything else    infra/README.md', '');
}
