/** Checks that anybody can make. Each gives its findings: what is wrong, and what to do. */

const finding = (problem, remedy) => ({ problem, remedy });

const dependencyRemedies = {
  storage:
    'Has the storage account been changed, or the app’s rights on it? "azd provision" puts both right; infra/README.md, When something does not work.',
  signing:
    'Is the vault there, its network open to the app, and a version of the key enabled? infra/README.md, The signing key.',
  'sign-in':
    'Is SIGN_IN_ISSUER right, and the provider reachable? Where it says "not configured", nobody has registered an application: "azd provision".',
};

const health = {
  name: 'health',
  asks: 'does it answer, and everything that it depends on',
  run: async ({ alive, ready }) => {
    const answer = await alive();
    if (answer.status !== 200)
      return [
        finding(
          `/healthz answered ${answer.status}.`,
          'Look at the app’s log in Application Insights; "azd deploy" puts the package there again.',
        ),
      ];
    const { status, body } = await ready();
    if (status === 200) return [];
    const states = Object.entries(body?.dependencies ?? {}).filter(([, state]) => state !== 'ready');
    if (states.length === 0)
      return [finding(`/readyz answered ${status}.`, 'Look at the app’s log in Application Insights.')];
    return states.map(([name, state]) =>
      finding(`${name} is ${state}.`, dependencyRemedies[name] ?? 'Look at the app’s log.'),
    );
  },
};

const discovery = {
  name: 'discovery',
  asks: 'do its documents agree with each other and with its address',
  run: async ({ issuer, metadata, openid, openapi }) => {
    const documents = { 'RFC 8414': await metadata(), 'OpenID Connect': await openid() };
    const findings = Object.entries(documents).flatMap(([name, answer]) => documentFindings(name, answer, issuer));
    if (findings.length > 0) return findings;
    const [one, other] = Object.values(documents).map(({ body }) => JSON.stringify(body));
    if (one !== other)
      findings.push(
        finding(
          'The two discovery documents differ.',
          'Something in between answers one of them from its cache: purge it.',
        ),
      );
    const { status, body } = await openapi();
    if (status !== 200 || body?.servers?.[0]?.url !== issuer)
      findings.push(
        finding(
          '/api/openapi.json does not describe this address.',
          'As above: is something in between, or ISSUER wrong?',
        ),
      );
    return findings;
  },
};

const documentFindings = (name, { status, body }, issuer) => {
  if (status !== 200 || typeof body !== 'object' || body === null)
    return [
      finding(
        `The document of ${name} answered ${status}.`,
        'Is that the origin of a deployment of Assent, and does a proxy let /.well-known through?',
      ),
    ];
  if (body.issuer !== issuer)
    return [
      finding(
        `The issuer in the document of ${name} is ${body.issuer}, not ${issuer}: clients refuse it (RFC 8414 §3.3).`,
        'Ask for it at its issuer, or set CUSTOM_DOMAIN and run "azd up".',
      ),
    ];
  const elsewhere = Object.entries(body).filter(
    ([key, value]) => /(_endpoint|^jwks_uri)$/.test(key) && !String(value).startsWith(`${issuer}/`),
  );
  return elsewhere.map(([key, value]) =>
    finding(`${key} of ${name} is elsewhere: ${value}.`, 'Does a proxy rewrite answers? It must not.'),
  );
};

const longestMaxAgeSeconds = 300;
const privateParts = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];

const keys = {
  name: 'keys',
  asks: 'are the public keys there, for a short time, and only public',
  run: async ({ jwks }) => {
    const { status, headers, body } = await jwks();
    if (status !== 200 || !Array.isArray(body?.keys) || body.keys.length === 0)
      return [
        finding(
          `/.well-known/jwks.json answered ${status}, without keys: nobody can verify a token.`,
          dependencyRemedies.signing,
        ),
      ];
    const maxAge = Number(/max-age=(\d+)/.exec(headers.get('cache-control') ?? '')?.[1] ?? Number.NaN);
    return [
      ...(maxAge <= longestMaxAgeSeconds
        ? []
        : [
            finding(
              `The key set may be cached for ${maxAge} seconds: a disabled key is trusted for so long.`,
              'Does a proxy change Cache-Control? It must pass it on.',
            ),
          ]),
      ...(body.keys.some((key) => privateParts.some((part) => part in key))
        ? [
            finding(
              'A key shows its private half.',
              'Disable that version in the vault at once, and deploy an unchanged checkout.',
            ),
          ]
        : []),
      ...(new Set(body.keys.map(({ kid }) => kid)).size === body.keys.length
        ? []
        : [
            finding(
              'Two keys have one kid: libraries take the first.',
              'Do two entries of SIGNING_KEYS name one key? Take one out.',
            ),
          ]),
    ];
  },
};

const mostSkewSeconds = 30;

const clock = {
  name: 'clocks',
  asks: 'do its clock and ours agree',
  run: async ({ alive }) => {
    const { headers, middle } = await alive();
    const theirs = Date.parse(headers.get('date') ?? '');
    if (Number.isNaN(theirs))
      return [
        finding(
          'Its answers have no Date.',
          'Does a proxy remove it? Key Vault’s and clients’ clocks are judged by such headers.',
        ),
      ];
    // Date has whole seconds, cut off.
    const seconds = Math.round((theirs + 500 - middle) / 1000);
    if (Math.abs(seconds) <= mostSkewSeconds) return [];
    const direction = seconds > 0 ? 'ahead of' : 'behind';
    return [
      finding(
        `Its clock is ${Math.abs(seconds)} seconds ${direction} ours. Tokens and assertions are good for minutes.`,
        'Azure’s clocks are right: set yours (timedatectl, w32tm /resync), and look at those of your resource servers.',
      ),
    ];
  },
};

/** Header -> what it must say, and what it is for. */
const headers = {
  'content-security-policy': [/frame-ancestors 'none'/, 'pages can be framed, and clicks stolen'],
  'x-content-type-options': [/^nosniff$/, 'content types can be guessed'],
  'referrer-policy': [/^same-origin$/, 'addresses leak through Referer'],
};

const pages = {
  name: 'headers',
  asks: 'do pages protect whoever reads them',
  run: async ({ issuer, home, plain }) => {
    const answer = await home();
    const wanted = issuer.startsWith('https:')
      ? { ...headers, 'strict-transport-security': [/max-age=\d{7}/, 'browsers may come back over plain http'] }
      : headers;
    const wrong = Object.entries(wanted).filter(([name, [pattern]]) => !pattern.test(answer.headers.get(name) ?? ''));
    const findings = wrong.map(([name, [, why]]) =>
      finding(
        `${name} is ${answer.headers.get(name) ?? 'missing'}: ${why}.`,
        'Does a proxy remove or replace headers? It must pass them on.',
      ),
    );
    const open = issuer.startsWith('https:') ? await plain() : undefined;
    const isOpen = open !== undefined && open.status < 400 && !open.headers.get('location')?.startsWith('https:');
    return isOpen
      ? [...findings, finding('It answers over plain http.', 'Set "HTTPS only" on the app, or run "azd provision".')]
      : findings;
  },
};

const dayMilliseconds = 86_400_000;
const endsSoonDays = 21;

const certificate = {
  name: 'certificate',
  asks: 'does the certificate of its name last',
  run: async ({ certificate: end }) => {
    const until = await end();
    if (until === undefined) return { findings: [], skipped: 'there is none: it is not https' };
    const days = Math.floor((until - Date.now()) / dayMilliseconds);
    if (days >= endsSoonDays) return { findings: [], note: `${days} days left` };
    return [
      finding(
        `The certificate ends in ${days} days, and then nobody gets here.`,
        'Azure renews its own by itself. Where you have brought one for a domain of yours, bring the next: infra/README.md, Custom domain.',
      ),
    ];
  },
};

export const publicChecks = [health, discovery, keys, clock, pages, certificate];
