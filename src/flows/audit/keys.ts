/** Rotations of keys come into the audit log as they are seen: by which keys tokens are verified from now on, and by which no more. */
import type { Server } from '../../server.ts';

const actor = { by: 'deployment', id: 'assent' } as const;

/** Tells of each key once, or once more when a process died in between. Throws `Unavailable`. */
export const tellOfKeys = async ({ store, signer }: Server): Promise<void> => {
  const published = (await signer.publicKeys()).flatMap(({ kid }) => kid ?? []).toSorted();
  const told = await store.deployment.toldKeys();
  const added = published.filter((kid) => !told.kids.includes(kid));
  const gone = told.kids.filter((kid) => !published.includes(kid));
  for (const target of added) await store.audit.record({ action: 'publish key', target, actor });
  for (const target of gone) await store.audit.record({ action: 'withdraw key', target, actor });
  if (added.length + gone.length > 0) await store.deployment.tellKeys(published, told);
};
