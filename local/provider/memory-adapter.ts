/** What oidc-provider remembers, in this process: sessions, interactions, codes. Ends with the process. */

type Payload = Record<string, unknown> & { readonly uid?: string; readonly grantId?: string };

type Row = { readonly payload: Payload; readonly expiresAt: number };

/** Gives the adapter function of one provider: every model has a map of its own. */
export const memoryAdapter = () => {
  const models = new Map<string, Map<string, Row>>();
  return (model: string) => {
    const rows = models.get(model) ?? new Map<string, Row>();
    models.set(model, rows);
    const live = (row: Row | undefined): Payload | undefined =>
      row !== undefined && row.expiresAt > Date.now() ? row.payload : undefined;
    return {
      upsert: async (id: string, payload: Payload, expiresInSeconds?: number) => {
        const expiresAt =
          expiresInSeconds === undefined ? Number.POSITIVE_INFINITY : Date.now() + expiresInSeconds * 1000;
        rows.set(id, { payload, expiresAt });
      },
      find: async (id: string) => live(rows.get(id)),
      findByUid: async (uid: string) => live([...rows.values()].find(({ payload }) => payload.uid === uid)),
      findByUserCode: async () => undefined,
      consume: async (id: string) => {
        const row = rows.get(id);
        if (row !== undefined)
          rows.set(id, { ...row, payload: { ...row.payload, consumed: Math.floor(Date.now() / 1000) } });
      },
      destroy: async (id: string) => {
        rows.delete(id);
      },
      revokeByGrantId: async (grantId: string) => {
        for (const [id, { payload }] of rows) if (payload.grantId === grantId) rows.delete(id);
      },
    };
  };
};
