/** Every command, by its words. `run` returns the exit code, where it is not 0. */
import { commonOptions } from '../lib/arguments.mjs';
import { auditExport, auditVerify } from './audit.mjs';
import { listAuthorizations, revoke } from './authorizations.mjs';
import { call } from './call.mjs';
import { doctor } from './doctor.mjs';
import { listClients } from './list.mjs';
import { policyPreview, policySet, policyShow, policyTry } from './policy.mjs';
import { register } from './register.mjs';
import { secretsAdd, secretsList, secretsRemove } from './secrets.mjs';

export const commands = {
  register,
  'secrets add': secretsAdd,
  'secrets list': secretsList,
  'secrets remove': secretsRemove,
  'list clients': listClients,
  'list authorizations': listAuthorizations,
  revoke,
  'policy show': policyShow,
  'policy preview': policyPreview,
  'policy set': policySet,
  'policy try': policyTry,
  'audit export': auditExport,
  'audit verify': auditVerify,
  doctor,
  call,
};

const words = (name, { positions = [] }) =>
  [name, ...positions.map((one) => (one.endsWith('?') ? `[${one.slice(0, -1)}]` : `<${one}>`))].join(' ');

const optionLines = (options) =>
  Object.entries(options).map(
    ([name, { value, about, multiple }]) =>
      `  --${name}${value === undefined ? '' : ` <${value}>`}  ${about}${multiple === true ? '; may be repeated' : ''}`,
  );

const overview = () => {
  const rows = Object.entries(commands).map(([name, command]) => [words(name, command), command.about]);
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    'npx assent <command> [--issuer <origin>] [--json]',
    '',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
    '',
    'Signs in as whoever "az login" did, or as a client: ASSENT_CLIENT_ID with ASSENT_CLIENT_SECRET or ASSENT_CLIENT_KEY_FILE.',
    '"npx assent <command> --help" has the options of a command; docs/cli.md has the rest.',
  ];
};

/** What a command takes, or which commands there are. */
export const usageOf = (name) => {
  const command = commands[name];
  if (command === undefined) return overview().join('\n');
  const own = optionLines(command.options ?? {});
  return [
    `npx assent ${words(name, command)}`,
    `  ${command.about}`,
    ...(own.length === 0 ? [] : ['', ...own]),
    '',
    ...optionLines(commonOptions),
  ].join('\n');
};
