/** The tools. What they tell is kept in memory, for each person: yours would ask a database. */
import { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** Tool -> the permission that it needs. */
const needs = new Map([
  ['list_work_items', 'workitems.read'],
  ['add_work_item', 'workitems.write'],
]);

/** Everything that may be asked of a person, least first. */
export const scopes = ['workitems.read', 'workitems.write'];

/** The permissions that these messages need: at least the first, so that nothing here is for nobody. */
export function scopesFor(messages) {
  const tools = messages.filter((message) => message?.method === 'tools/call').map(({ params }) => params?.name);
  return [...new Set([scopes[0], ...tools.flatMap((tool) => needs.get(tool) ?? [])])];
}

const started = ['Show build results on the team dashboard', 'Renew the certificate of the build agents'];
const itemsOf = new Map();

const said = (text) => ({ content: [{ type: 'text', text }] });

/** A server for one request of this person: nothing is shared by people who happen to meet in one process. */
export function serverFor({ sub, uid = sub }) {
  const items = itemsOf.get(uid) ?? started;
  const server = new McpServer({ name: 'work-items', version: '1.0.0' });
  server.registerTool('list_work_items', { description: 'List your work items.' }, () => said(items.join('\n')));
  server.registerTool(
    'add_work_item',
    { description: 'Add a work item.', inputSchema: z.object({ title: z.string().max(200) }) },
    ({ title }) => {
      itemsOf.set(uid, [...items, title].slice(-100));
      return said(`Added: ${title}`);
    },
  );
  return server;
}
