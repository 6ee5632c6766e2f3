/** The list of which account holds which slots (src/storage/ranges.ts), and rows on their way from one to another. */
import { Stop } from './shell.mjs';
import { deleteRow, getRow, inParallel, insertRow, putRow, readPage, replaceRow } from './table-rows.mjs';

/** The tables that grow with people; their partition keys are hashes. */
export const spreadTables = ['users', 'replay', 'requests'];

const slotCount = 256;

const named = (slot) => slot.toString(16).padStart(2, '0');

/** `80-ff` or `80` as numbers. Throws Stop. */
export const parseSlots = (text) => {
  const [, from, to = from] = /^([\da-f]{2})(?:-([\da-f]{2}))?$/.exec(text ?? '') ?? [];
  if (from === undefined || from > to)
    throw new Stop('--slots takes two hexadecimal digits, or two of them: 80 or 80-ff.');
  const first = Number.parseInt(from, 16);
  return Array.from({ length: Number.parseInt(to, 16) - first + 1 }, (_, index) => first + index);
};

const keysOf = (table) => ({ PartitionKey: 'not-before', RowKey: `ranges:${table}` });

/** One place a slot: `{ account, movingFrom? }`, undefined for the first account. */
const readPlaces = async (deployment, table) => {
  const row = await getRow(deployment, keysOf(table));
  const places = Array.from({ length: slotCount });
  for (const { from, to, ...place } of JSON.parse(row?.ranges ?? '[]'))
    places.fill(place, Number.parseInt(from, 16), Number.parseInt(to, 16) + 1);
  return { places, etag: row?.['odata.etag'] };
};

/** Neighbours in the same place make one range. */
const rangesOf = (places) => {
  const ranges = [];
  for (const [slot, place] of places.entries()) {
    if (place === undefined) continue;
    const last = ranges.at(-1);
    const goesOn =
      last?.end === slot - 1 && last.place.account === place.account && last.place.movingFrom === place.movingFrom;
    if (goesOn) last.end = slot;
    else ranges.push({ start: slot, end: slot, place });
  }
  return ranges.map(({ start, end, place }) => ({ from: named(start), to: named(end), ...place }));
};

/** Changes the places of slots in one conditional write. Throws Stop when somebody else changed the list meanwhile. */
const changePlaces = async (deployment, table, change) => {
  const { places, etag } = await readPlaces(deployment, table);
  const row = { ...keysOf(table), ranges: JSON.stringify(rangesOf(places.map((place, slot) => change(place, slot)))) };
  const written = etag === undefined ? await insertRow(deployment, row) : await replaceRow(deployment, row, etag);
  if (!written) throw new Stop('Somebody else moves people at the same time. Run this again when that is done.');
};

/**
 * Says that nobody may read or write these slots of the table until they are where they are to be. Returns those that have
 * to be moved, with the account each comes from: a move that was cut off is among them.
 */
export const closeSlots = async ({ deployment, table, slots, first, to }) => {
  const { places } = await readPlaces(deployment, table);
  const moves = slots.flatMap((slot) => {
    const { account = first, movingFrom } = places[slot] ?? {};
    if (movingFrom !== undefined && account !== to)
      throw new Stop(`Slot ${named(slot)} of ${table} is on its way to ${account}: finish that first.`);
    if (movingFrom === undefined && account === to) return [];
    return [{ slot, from: movingFrom ?? account }];
  });
  const from = new Map(moves.map((move) => [move.slot, move.from]));
  if (moves.length > 0)
    await changePlaces(deployment, table, (place, slot) =>
      from.has(slot) ? { account: to, movingFrom: from.get(slot) } : place,
    );
  return moves;
};

/** Opens them at their new place. */
export const openSlots = ({ deployment, table, moves, first, to }) => {
  const moved = new Set(moves.map(({ slot }) => slot));
  const place = to === first ? undefined : { account: to };
  return changePlaces(deployment, table, (before, slot) => (moved.has(slot) ? place : before));
};

/**
 * Moves every row of a slot: written there, then deleted here if it still is the row that was read. It ends when nothing is
 * left here, so what was written in the last moment comes along, and a move that was cut off goes on. Returns how many.
 */
export const moveRows = async ({ table, slot, from, to, token }) => {
  const [source, target] = [from, to].map((account) => ({ account, table, token }));
  let count = 0;
  for (;;) {
    const page = await firstRows(source, slot);
    if (page === undefined) return count;
    await inParallel([...page.rows.entries()], async ([index, row]) => {
      await putRow(target, row);
      if (await deleteRow(source, row, page.etags[index])) count += 1;
    });
  }
};

/** The first page of a slot that has rows: the service may answer with nothing but where to go on. */
const firstRows = async (source, slot) => {
  const end = slot === slotCount - 1 ? 'g' : named(slot + 1);
  let query = { $filter: `PartitionKey ge '${named(slot)}' and PartitionKey lt '${end}'` };
  for (;;) {
    const page = await readPage(source, query);
    if (page.rows.length > 0) return page;
    if (page.next === undefined) return undefined;
    query = { ...query, ...page.next };
  }
};
