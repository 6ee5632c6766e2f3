/**
 * Moves a part of all people from one storage account to another (infra/README.md), while everybody else goes on:
 *
 *   node infra/hooks/move-people.mjs --slots 80-ff --to 2 [--at-once] [--pause 60]
 *
 * People fall into 256 slots by the first two digits of their key. `--to` is the number of an account, 1 being the first.
 * One slot after the other is closed, moved and opened, so that a person waits for one of them; `--at-once` closes them all
 * together, for a deployment that nobody uses yet. Run again, it goes on where it was cut off.
 */
import { parseArgs } from 'node:util';
import { signedInAccount, tokenFor } from './lib/account.mjs';
import { keptToken } from './lib/kept-token.mjs';
import { closeSlots, moveRows, openSlots, parseSlots, spreadTables } from './lib/ranges.mjs';
import { hook, known, loadEnvironment, required, Stop, say, sleep } from './lib/shell.mjs';

/** Instances go by a list of up to 15 seconds, and what they began then ends within ten more. */
const pauseSeconds = '60';

const accounts = () => [
  required('ASSENT_TABLES_URL'),
  ...(known('ASSENT_FURTHER_TABLES_URLS') ?? '').split(',').filter((url) => url !== ''),
];

const moveSlots = async (slots, { first, to, pause, token }) => {
  const deployment = { account: first, table: 'deployment', token };
  const closed = [];
  for (const table of spreadTables)
    closed.push({ table, moves: await closeSlots({ deployment, table, slots, first, to }) });
  if (closed.every(({ moves }) => moves.length === 0)) return 0;
  await sleep(pause);
  let count = 0;
  for (const { table, moves } of closed) {
    for (const { slot, from } of moves) count += await moveRows({ table, slot, from, to, token });
    if (moves.length > 0) await openSlots({ deployment, table, moves, first, to });
  }
  return count;
};

await hook('move-people', async () => {
  const text = { type: 'string' };
  const options = { slots: text, to: text, pause: { ...text, default: pauseSeconds }, 'at-once': { type: 'boolean' } };
  const { values } = parseArgs({ options });
  loadEnvironment();
  signedInAccount();
  const slots = parseSlots(values.slots);
  const [first] = accounts();
  const to = accounts()[Number(values.to) - 1];
  if (to === undefined) throw new Stop(`--to takes the number of an account, 1 to ${accounts().length}.`);
  const context = {
    first,
    to,
    pause: Number(values.pause),
    token: keptToken(() => tokenFor('--resource', 'https://storage.azure.com/')),
  };
  const turns = values['at-once'] ? [slots] : slots.map((slot) => [slot]);
  for (const turn of turns) {
    const count = await moveSlots(turn, context);
    say(`${turn.map((slot) => slot.toString(16).padStart(2, '0')).join(' ')}: ${count} rows moved to ${to}`);
  }
});
