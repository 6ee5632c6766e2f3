#!/usr/bin/env node
/** `npx assent`: administers a deployment from a checkout. Node's built-ins only; nothing is built or installed for it. */
import { commands, usageOf } from './commands/table.mjs';
import { parse } from './lib/arguments.mjs';
import { connection } from './lib/connection.mjs';
import { exits, explain, Failure } from './lib/failure.mjs';
import { say, warn } from './lib/output.mjs';

/** The longest name of a command that the words begin with, and the rest of them. */
const commandIn = (words) => {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ');
    if (words.length >= length && commands[name] !== undefined) return { name, rest: words.slice(length) };
  }
  return undefined;
};

const wantsHelp = (words) => words.length === 0 || words.includes('--help') || words[0] === 'help';

const run = async (words) => {
  const found = commandIn(words);
  if (wantsHelp(words)) return say(usageOf(found?.name));
  if (found === undefined)
    throw new Failure('usage', `There is no command "${words.slice(0, 2).join(' ')}".`, usageOf());
  const command = commands[found.name];
  const given = parse(found.name, command, found.rest);
  return command.run({
    ...given,
    connection: connection({ issuer: given.positions.issuer, ...given.options }, process.env),
  });
};

// Whoever reads no further, as `head` does, is no failure.
process.stdout.on('error', () => process.exit(exits.done));

try {
  process.exitCode = (await run(process.argv.slice(2))) ?? exits.done;
} catch (error) {
  const { code, lines } = explain(error);
  warn(...lines);
  process.exitCode = code;
}
