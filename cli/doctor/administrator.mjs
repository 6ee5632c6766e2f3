/** Checks that take an operator or an auditor: what the deployment says of itself, beside this checkout and its template. */

const finding = (problem, remedy) => ({ problem, remedy });

const daySeconds = 86_400;
/** The template rotates after 90; some days may pass before anybody asks. */
const oldestDays = 100;
const endsSoonDays = 30;

const may = { operator: 'reads and changes everything', auditor: 'reads and changes nothing' };

const roles = {
  name: 'role',
  asks: 'who asks, and what may they do',
  run: async ({ deployment }) => {
    try {
      const { caller } = await deployment();
      return { findings: [], note: `${caller.name}, ${caller.id}: ${caller.role}, ${may[caller.role]}` };
    } catch (error) {
      if (error.kind !== 'denied') throw error;
      return [finding(error.message, error.remedy)];
    }
  },
};

const keyAge = {
  name: 'key rotation',
  asks: 'how old are the signing keys, and does a new one come before the old one ends',
  run: async ({ deployment }) => {
    const { signing_keys: versions, time } = await deployment();
    if (versions === undefined)
      return [
        finding(
          'No vault answers: how old the keys are is not known.',
          'Is the vault there, and may the app read it? infra/README.md, The signing key.',
        ),
      ];
    return [...grouped(versions)].flatMap(([key, all]) => keyFindings(key, all, time));
  },
};

/** By key: Map.groupBy came with Node 21. */
const grouped = (versions) => {
  const groups = new Map();
  for (const version of versions) groups.set(version.key, [...(groups.get(version.key) ?? []), version]);
  return groups;
};

const keyFindings = (key, versions, now) => {
  const newest = versions.reduce((one, other) => (other.created_at > one.created_at ? other : one));
  const days = Math.floor((now - newest.created_at) / daySeconds);
  const left = newest.expires_at === undefined ? undefined : Math.floor((newest.expires_at - now) / daySeconds);
  const rotate = `Rotate it now: az keyvault key rotate --vault-name ${key.split('.')[0]} --name ${key.split('/').at(-1)}. Then see why its policy did not.`;
  return [
    ...(days > oldestDays
      ? [finding(`The newest version of ${key} is ${days} days old: it should be rotated after 90.`, rotate)]
      : []),
    ...(left !== undefined && left < endsSoonDays
      ? [finding(`The newest version of ${key} ends in ${left} days, and then nothing signs.`, rotate)]
      : []),
  ];
};

const unregistered = '00000000-0000-0000-0000-000000000000';

/** Of what only a deployment can decide: what is wrong with it, and what to do. */
const judgements = [
  {
    isWrong: ({ ISSUER }, issuer) => ISSUER !== issuer,
    problem: ({ ISSUER }) => `ISSUER is ${ISSUER}.`,
    remedy: 'Ask at that address, or set CUSTOM_DOMAIN and run "azd up".',
  },
  {
    isWrong: ({ SIGN_IN_CLIENT_ID }) => SIGN_IN_CLIENT_ID === unregistered,
    problem: () => 'No application is registered to sign in through: nobody can sign in.',
    remedy: '"azd provision" registers one, or prints what an administrator of the directory has to run.',
  },
  {
    isWrong: ({ RESOURCES = '[]' }) => RESOURCES === '[]',
    problem: () => 'RESOURCES names no API: services can ask for nothing but who somebody is.',
    remedy:
      'azd env set RESOURCES \'[{"identifier":"https://api.example.com","name":"My API"}]\', then "azd provision".',
  },
  {
    isWrong: ({ ACCESS_TOKEN_SECONDS = '600' }) => Number(ACCESS_TOKEN_SECONDS) > 3_600,
    problem: ({ ACCESS_TOKEN_SECONDS }) =>
      `ACCESS_TOKEN_SECONDS is ${ACCESS_TOKEN_SECONDS}: an API that asks nobody takes a revoked token for so long.`,
    remedy: 'Take ten minutes, unless every API consults the list of revocations: docs/protect-an-api.md.',
  },
  {
    isWrong: ({ SIGN_IN_ISSUER = '', SIGN_IN_SUBJECT_CLAIM }) =>
      /microsoftonline/.test(SIGN_IN_ISSUER) && SIGN_IN_SUBJECT_CLAIM !== 'oid',
    problem: () => 'SIGN_IN_SUBJECT_CLAIM is not oid, which is the one that stays with a person in Entra ID.',
    remedy:
      'Run "azd provision". What people have authorized lies under the claim they signed in with: decide before many have.',
  },
];

const settings = {
  name: 'settings',
  asks: 'are the settings as the template has them, and do they make sense',
  run: async ({ issuer, deployment, template }) => {
    const { settings: set } = await deployment();
    const { fixed } = await template();
    const changed = Object.entries(fixed).filter(([name, value]) => name in set && set[name] !== value);
    return [
      ...changed.map(([name, value]) =>
        finding(`${name} is ${set[name]}; the template gives it ${value}.`, '"azd provision" puts it back.'),
      ),
      ...judgements
        .filter(({ isWrong }) => isWrong(set, issuer))
        .map(({ problem, remedy }) => finding(problem(set), remedy)),
    ];
  },
};

const provider = {
  name: 'sign-in provider',
  asks: 'is it what SIGN_IN_ISSUER names',
  run: async ({ deployment, provider: read }) => {
    const { SIGN_IN_ISSUER: issuer } = (await deployment()).settings;
    const { status, body } = await read();
    return status === 200 && body?.issuer === issuer
      ? []
      : [
          finding(
            `The document of ${issuer} answered ${status}${body?.issuer === undefined ? '' : `, for ${body.issuer}`}.`,
            'Is the tenant in SIGN_IN_ISSUER right? "azd provision" sets it to the one of the subscription.',
          ),
        ];
  },
};

const versions = {
  name: 'version',
  asks: 'is what runs what this checkout would deploy',
  run: async ({ deployment, checkout }) => {
    const [running, here] = [await deployment(), await checkout()];
    if (running.version !== here.version)
      return [
        finding(
          `It runs version ${running.version}; this checkout is ${here.version}.`,
          'Read CHANGELOG.md, then "azd deploy"; or check out what runs.',
        ),
      ];
    const { commit } = running;
    if (commit === undefined || here.commit === undefined || commit === here.commit)
      return { findings: [], note: running.version };
    const since = await here.commitsSince(commit);
    const distance =
      since === undefined ? 'which this checkout does not know' : `${since} commits before this checkout`;
    return [
      finding(
        `It was built from ${commit.slice(0, 12)}, ${distance}.`,
        '"azd deploy" deploys this checkout; "git pull" first, if that is the older one.',
      ),
    ];
  },
};

const fetchAgain = (id) =>
  `npx assent call readClient client_id=${id} > client.json; npx assent call replaceClient client_id=${id} --file client.json`;

/** A warning is about a secret, or about the picture. */
const ofService = ({ client_id: id, client_name: name }, warning) =>
  finding(
    `${name ?? id}: ${warning}`,
    warning.startsWith('logo_uri') ? fetchAgain(id) : `npx assent secrets add ${id}`,
  );

const limits = {
  name: 'limits',
  asks: 'is anything about to be in short supply',
  run: async ({ deployment, clients }) => {
    const { vault_throttles: throttles } = await deployment();
    const warned = (await clients()).filter(({ assent_warnings: warnings = [] }) => warnings.length > 0);
    return [
      ...(throttles
        ? [
            finding(
              'Key Vault refuses signatures because there were too many in ten seconds.',
              'Another vault signs as many again: VAULT_COUNT; docs/scale.md says what limits what. One service may loop: look for "limit_of_clients" in the log.',
            ),
          ]
        : []),
      ...warned.flatMap((one) => one.assent_warnings.map((warning) => ofService(one, warning))),
    ];
  },
};

export const administratorChecks = [roles, keyAge, settings, provider, versions, limits];
