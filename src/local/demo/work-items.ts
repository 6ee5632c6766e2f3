/** What the demo API has to tell. Everyone has the same work, which is easier to check. */

export type WorkItem = { readonly id: number; readonly type: string; readonly title: string; readonly state: string };

export const workItems: readonly WorkItem[] = [
  { id: 4821, type: 'User story', title: 'Show build results on the team dashboard', state: 'Active' },
  { id: 4830, type: 'Bug', title: 'Sprint burndown counts removed work twice', state: 'New' },
  { id: 4837, type: 'Task', title: 'Move the nightly build to the new agents', state: 'Active' },
  { id: 4852, type: 'Bug', title: 'Attachment names lose their umlauts', state: 'Resolved' },
];
