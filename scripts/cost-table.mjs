/**
 * What a month costs, from infra/prices.json. `node scripts/cost-table.mjs` prints the tables; with `--write` it puts them
 * between the markers of the files that have them.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const root = new URL('../', import.meta.url);
const data = JSON.parse(readFileSync(new URL('infra/prices.json', root), 'utf8'));
const { prices, assumptions, monthSeconds } = data;

const markers = /(<!-- cost-table -->\n)[\s\S]*?(<!-- \/cost-table -->)/;

/** Dollars for `amount` units, what is free each month taken off. */
const cost = (name, amount) => {
  const { usd, per, freePerMonth = 0 } = prices[name];
  return (Math.max(0, amount - freePerMonth) / per) * usd;
};

/** Operations of one authorization as anAuthorization counts its steps. */
const perAuthorization = (kind) =>
  Object.entries(data.anAuthorization).reduce((sum, [step, times]) => sum + times * data.operations[step][kind], 0);

/**
 * Memory is billed while an instance has at least one request, and for a second at least. With requests that arrive
 * independently of each other, the part of the time in which that is so is 1 - e^(-rate x billed seconds).
 */
const gigabyteSeconds = (executions) => {
  const { executionSeconds, billedSecondsAtLeast, concurrencyPerInstance, instanceGigabytes } = assumptions;
  const perSecond = executions / monthSeconds;
  const instances = Math.max(1, Math.ceil((perSecond * executionSeconds) / concurrencyPerInstance));
  const billed = Math.max(executionSeconds, billedSecondsAtLeast);
  const busy = 1 - Math.exp((-perSecond / instances) * billed);
  return instances * busy * monthSeconds * instanceGigabytes;
};

/** The other end of the range: no request ever shares an instance with another. */
const gigabyteSecondsAlone = (executions) => {
  const { executionSeconds, billedSecondsAtLeast, instanceGigabytes } = assumptions;
  return executions * Math.max(executionSeconds, billedSecondsAtLeast) * instanceGigabytes;
};

const logGigabytes = (executions) => {
  const wanted = (executions * assumptions.kilobytesOfLogPerExecution) / 1e6;
  return Math.min(wanted, (assumptions.logCapGigabytesPerDay * monthSeconds) / 86_400);
};

const executionsOf = (authorizations) => authorizations * perAuthorization('executions');

const rows = (authorizations) => {
  const executions = executionsOf(authorizations);
  const { kilobytesStoredPerAuthorization, kilobytesSentPerAuthorization, monthsStored } = assumptions;
  const { eventsPerAuthorization: events, kilobytesPerEvent, monthsOfEvents } = assumptions;
  return {
    'Functions: executions': cost('execution', executions),
    'Functions: memory (512 MB)': cost('gigabyteSecond', gigabyteSeconds(executions)),
    'Table Storage: transactions': cost('tableTransaction', authorizations * perAuthorization('transactions')),
    'Table Storage: deleting what is over': cost(
      'tableTransaction',
      authorizations * (assumptions.rowsPerAuthorization + events),
    ),
    'Table Storage: the audit log': cost(
      'tableTransaction',
      authorizations * events * assumptions.transactionsPerEvent,
    ),
    'Table Storage: the index': cost('tableTransaction', authorizations * assumptions.transactionsToIndex),
    'Table Storage: data': cost(
      'tableGigabyteMonth',
      (authorizations *
        (kilobytesStoredPerAuthorization * monthsStored + events * kilobytesPerEvent * monthsOfEvents)) /
        1e6,
    ),
    'Key Vault: signatures (RS256)': cost('signature', authorizations * perAuthorization('signatures')),
    'Key Vault: rotation': cost('rotation', assumptions.rotationsPerMonth),
    'Data sent out': cost('egressGigabyte', (authorizations * kilobytesSentPerAuthorization) / 1e6),
    'Log Analytics (capped)': cost('logGigabyte', logGigabytes(executions)),
  };
};

const dollars = (amount) => `$${amount.toFixed(2)}`;
const number = (value) => value.toLocaleString('en-US');
const line = (cells) => `| ${cells.join(' | ')} |`;

const volumeTable = () => {
  const columns = data.volumes.map(rows);
  const total = (column) => Object.values(column).reduce((sum, each) => sum + each, 0);
  return [
    line(['Authorizations a month', ...data.volumes.map(number)]),
    line(['---', ...data.volumes.map(() => '---:')]),
    ...Object.keys(columns[0]).map((name) => line([name, ...columns.map((column) => dollars(column[name]))])),
    line(['**Together**', ...columns.map((column) => `**${dollars(total(column))}**`)]),
    line([
      'Memory, if no two requests ever share an instance',
      ...data.volumes.map((volume) => dollars(aloneCost(volume))),
    ]),
  ];
};

/** Rules on logs, each around one query. */
const logAlerts = () =>
  readFileSync(new URL('infra/modules/alerts.bicep', root), 'utf8').match(/loadTextContent\('\.\.\/queries\//g).length;

const geoMore = () => cost('tableGigabyteMonthGeo', 1) - cost('tableGigabyteMonth', 1);

const aloneCost = (authorizations) => cost('gigabyteSecond', gigabyteSecondsAlone(executionsOf(authorizations)));

const alertCost = () => {
  const { metricRules, availabilityTestsPerHour } = data.alerts;
  const tests = availabilityTestsPerHour * (monthSeconds / 3600);
  return cost('logAlertMonth', logAlerts()) + cost('metricAlertMonth', metricRules) + cost('availabilityTest', tests);
};

const optionTable = () => {
  const ready = cost('readyGigabyteSecond', assumptions.instanceGigabytes * monthSeconds);
  const million = (name) => cost(name, 1e6);
  return [
    line(['Option', 'Dollars a month']),
    line(['---', '---:']),
    line(['One instance kept warm (`ALWAYS_READY_INSTANCES=1`)', dollars(ready)]),
    line(['Alerts and availability test (`ALERT_EMAIL`)', dollars(alertCost())]),
    line([
      'Private networking (three endpoints; one more for each further vault or account)',
      dollars(cost('privateEndpointMonth', 3)),
    ]),
    line(['Zone redundancy (`ZONE_REDUNDANT=true`): two instances kept warm', dollars(2 * ready)]),
    line(['Geo redundancy (`GEO_REDUNDANT=true`), per 10 GB of data more', dollars(10 * geoMore())]),
    line(['A further vault (`VAULT_COUNT`): its rotations', dollars(cost('rotation', assumptions.rotationsPerMonth))]),
    line(['Two keys in hardware (`HSM_BACKED_KEY=true`)', dollars(cost('hsmKeyMonth', 2))]),
    line([
      'ES256 instead of RS256, per million signatures',
      dollars(million('advancedSignature') - million('signature')),
    ]),
  ];
};

/** The section as it stands between the markers. */
export const costSection = () => {
  const { beginSignIn, signIn, authorize, consent, token, refresh } = data.anAuthorization;
  const counted =
    `One authorization here is ${beginSignIn + authorize} requests to /authorize around ${signIn} sign-in, ${consent} decision, ` +
    `${token} code redeemed and ${refresh} refreshes (an hour of use): ${perAuthorization('executions')} executions, ` +
    `${perAuthorization('transactions')} storage transactions and ${perAuthorization('signatures')} signatures, as ` +
    `${data.operations.measuredIn} measures them. ${data.note}`;
  return [counted, '', ...volumeTable(), '', ...optionTable(), ''].join('\n');
};

/** The files whose markers are kept up to date. */
export const filesWithMarkers = () =>
  ['README.md', 'infra/README.md']
    .map((name) => new URL(name, root))
    .filter((file) => existsSync(file) && markers.test(readFileSync(file, 'utf8')));

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv.includes('--write'))
    for (const file of filesWithMarkers())
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace(markers, (_, start, end) => start + costSection() + end),
      );
  else console.log(costSection());
}
