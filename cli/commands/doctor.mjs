/** `doctor`: looks at a live deployment, and says for each finding what to do. */
import { administratorChecks } from '../doctor/administrator.mjs';
import { azureChecks } from '../doctor/azure.mjs';
import { factsOf } from '../doctor/facts.mjs';
import { publicChecks } from '../doctor/public.mjs';
import { exits, Failure } from '../lib/failure.mjs';
import { say, sayJson } from '../lib/output.mjs';

const checks = [...publicChecks, ...administratorChecks, ...azureChecks];

/** A check that cannot be made is no finding, except for those that anybody can make: then the deployment does not answer. */
const examined = async (check, facts) => {
  try {
    const result = await check.run(facts);
    const { findings, note, skipped } = Array.isArray(result) ? { findings: result } : result;
    return {
      ...shown(check),
      state: stateOf(findings, skipped),
      findings,
      ...(note && { note }),
      ...(skipped && { note: skipped }),
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (!publicChecks.includes(check))
      return { ...shown(check), state: 'not looked at', findings: [], note: error.message };
    const findings = [
      { problem: error.message, remedy: error.remedy ?? 'Look at the app’s log in Application Insights.' },
    ];
    return { ...shown(check), state: 'findings', findings };
  }
};

const shown = ({ name, asks }) => ({ check: name, asks });

const stateOf = (findings, skipped) => {
  if (skipped !== undefined) return 'not looked at';
  return findings.length === 0 ? 'good' : 'findings';
};

const linesOf = ({ check, asks, state, findings, note }) => [
  `${state.padEnd(13)}  ${check}: ${asks}${note === undefined ? '' : ` (${note.split('\n')[0]})`}`,
  ...findings.flatMap(({ problem, remedy }) => [`    ${problem}`, `      -> ${remedy}`]),
];

export const doctor = {
  about: 'looks at a live deployment, and says for each finding what to do',
  positions: ['issuer?'],
  run: async ({ options, connection }) => {
    const facts = factsOf(connection);
    const results = [];
    for (const check of checks) {
      const result = await examined(check, facts);
      results.push(result);
      if (!options.json) say(...linesOf(result));
    }
    const count = results.reduce((sum, { findings }) => sum + findings.length, 0);
    const unseen = results.filter(({ state }) => state === 'not looked at').length;
    if (options.json) sayJson(results);
    else say('', `${count} findings; ${results.length - unseen} of ${results.length} checks could be made.`);
    return count === 0 ? exits.done : exits.findings;
  },
};
