/** What alerts and workbook ask, against what host.json lets arrive: a query on a column that nothing fills never fires. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { purge } from '../../src/functions/system/purge.ts';
import { signOuts } from '../../src/functions/system/sign-outs.ts';
import { endpoints } from '../../src/functions/table.ts';
import { acts, logLineOf, personEvents } from '../../src/oauth/audit/event.ts';
import { infra, root } from './bicep/files.ts';
import { deploy, json, ofType } from './deployment.ts';

type HostConfiguration = {
  readonly logging: {
    readonly logLevel: Readonly<Record<string, string>>;
    readonly applicationInsights: {
      readonly samplingSettings: { readonly excludedTypes: string };
      readonly enableDependencyTracking?: boolean;
      readonly enableQueryStringTracing?: boolean;
      readonly httpAutoCollectionOptions?: Readonly<Record<string, boolean>>;
    };
  };
};

const { logging } = JSON.parse(readFileSync(`${root}host.json`, 'utf8')) as HostConfiguration;
const unsampled = logging.applicationInsights.samplingSettings.excludedTypes.split(';');
const collection = logging.applicationInsights.httpAutoCollectionOptions ?? {};

/** Microsoft.Extensions.Logging: the longest rule that fits, where one * stands for anything. */
const levelOf = (category: string): string | undefined => {
  const fits = Object.keys(logging.logLevel).filter((rule) => {
    const [prefix = '', suffix = ''] = rule.split('*');
    return category.startsWith(prefix) && category.endsWith(suffix);
  });
  const longest = fits.sort((one, other) => other.length - one.length)[0] ?? 'default';
  return logging.logLevel[longest];
};

const panels = (json('workbook.json') as { items: { name: string; content: { query?: string } }[] }).items;
const audit = `${infra}audit-queries/`;
/** Examples for whoever looks into the audit log. */
const auditQueries = readdirSync(audit).map((name) => [`audit: ${name}`, readFileSync(audit + name, 'utf8')] as const);

const queries: readonly (readonly [string, string])[] = [
  ...auditQueries,
  ...readdirSync(`${infra}queries`).map((name) => [name, readFileSync(`${infra}queries/${name}`, 'utf8')] as const),
  ...panels.flatMap(({ name, content }) => (content.query === undefined ? [] : [[name, content.query] as const])),
];

/** One row per table or column: what must be so for it to be filled. */
const filledBy: Readonly<Record<string, () => boolean>> = {
  AppRequests: () => levelOf('Host.Results') === 'Information',
  ResultCode: () => collection.enableHttpTriggerExtendedInfoCollection !== false,
  AppTraces: () =>
    [...endpoints, purge, signOuts].every(({ name }) => levelOf(`Function.${name}.User`) === 'Information'),
  AppDependencies: () => logging.applicationInsights.enableDependencyTracking !== false,
  // Most lines of ours name no level and arrive as Information: what they are about is their event.
  SeverityLevel: () => false,
  Usage: () => true,
  _LogOperation: () => true,
};

describe.each(queries)('the query of %s', (_name, query) => {
  it('asks only for what host.json lets arrive', () => {
    const asked = Object.keys(filledBy).filter((column) => new RegExp(`\\b${column}\\b`).test(query));
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((column) => filledBy[column]?.() !== true)).toEqual([]);
  });

  it('counts sampled rows by how many each stands for', () => {
    const sampled = /AppRequests/.test(query) || !unsampled.includes('Trace');
    if (sampled) expect(query).not.toMatch(/\bcount\(\)|\bcountif\(|\bpercentiles?\(|\|\s*count\b/);
  });

  it('looks for events that the code writes', () => {
    const listed = [...query.matchAll(/entry\.event\) in \(([^)]*)\)/g)].flatMap(
      ([, list = '']) => list.match(/\w+/g) ?? [],
    );
    const events = [...listed, ...[...query.matchAll(/entry\.event == '(\w+)'/g)].map(([, event = '']) => event)];
    expect(events.filter((event) => !sources.includes(`'${event}'`))).toEqual([]);
  });
});

describe.each(auditQueries)('the query of %s', (name, query) => {
  /** A line with everything that one can have. */
  const line = logLineOf({
    id: 'x',
    at: 1,
    event: 'session.tokens_issued',
    v: 1,
    actor: { by: 'client', id: 'x' },
    person: 'x',
    client: 'x',
    source: 'x',
    correlation: 'x',
    details: { family: 'x', tokens: 1, target: 'x', reason: 'x' },
  });

  it('asks for events and members that lines of the audit log have', () => {
    const events = [...Object.values(personEvents), ...Object.values(acts)].map(({ event }) => String(event));
    const named = [...query.matchAll(/'([a-z_]+\.[a-z_]+)'/g)].map(([, found = '']) => found);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((found) => !events.includes(found))).toEqual([]);
    const members = [...query.matchAll(/entry\.([a-z_]+)(?:\.([a-z_]+))?/g)];
    for (const [, member = '', inner] of members) {
      expect(line).toHaveProperty(member);
      if (inner !== undefined) expect(line.details).toHaveProperty(inner);
    }
  });

  it('counts an event that has two lines once', () => {
    expect(query).toContain('| summarize arg_min(TimeGenerated, *) by id\n');
  });

  it('is one that docs/audit.md leads to', () => {
    expect(readFileSync(`${root}docs/audit.md`, 'utf8')).toContain(
      `../infra/audit-queries/${name.slice('audit: '.length)}`,
    );
  });
});

const sources = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('local'))
  .map((name) => readFileSync(`${root}src/${name}`, 'utf8'))
  .join('\n');

describe('what the host logs', () => {
  it('is our own lines, not two of its own around each request', () => {
    for (const { name } of endpoints) expect(levelOf(`Function.${name}`)).toBe('Warning');
    expect(levelOf('Microsoft.AspNetCore.Hosting')).toBe('Warning');
  });

  it('holds no query string, and tells callers nothing', () => {
    expect(logging.applicationInsights.enableQueryStringTracing ?? false).toBe(false);
    expect(collection.enableResponseHeaderInjection).toBe(false);
  });
});

describe('alert rules', () => {
  const { resources } = deploy({ alertEmail: 'ops@example.com', customDomain: 'id.example.com' });
  const rules = ofType(resources, 'Microsoft.Insights/scheduledQueryRules');

  it('use every query there is', () => {
    const used = rules.map(({ body }) => JSON.stringify(body));
    const isUsed = ([, query]: readonly [string, string]) => used.some((body) => body.includes(JSON.stringify(query)));
    const alerting = queries.filter(([name]) => name.endsWith('.kql') && !name.startsWith('audit: '));
    expect(alerting.filter((query) => !isUsed(query))).toEqual([]);
  });

  it('notice an outage from outside, through the host storage that sign-in needs, at the issuer that people use', () => {
    const [test] = ofType(resources, 'Microsoft.Insights/webtests');
    expect(test?.body).toMatchObject({
      kind: 'standard',
      properties: {
        Frequency: 900,
        Request: { RequestUrl: 'https://id.example.com/readyz?code=probe', HttpVerb: 'GET' },
        ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true },
      },
    });
    const outage = ofType(resources, 'Microsoft.Insights/metricAlerts').find(({ name }) => name.includes('outage'));
    expect(outage?.body.properties).toMatchObject({
      scopes: [test?.id, ofType(resources, 'Microsoft.Insights/components')[0]?.id],
      criteria: { webTestId: test?.id, failedLocationCount: 2 },
    });
  });

  it('say so when the cap ends all logging, and when nothing was cleaned up for an hour', () => {
    const windowOf = (name: string) => {
      const rule = rules.find((each) => each.name.startsWith(`alert-${name}-`));
      return (rule?.body.properties as { windowSize?: string } | undefined)?.windowSize;
    };
    expect([windowOf('log-cap'), windowOf('purge'), windowOf('signing')]).toEqual(['PT1H', 'PT1H', 'PT15M']);
  });
});
