/** What there is to ask for at this moment: the resources of the setting RESOURCES, and those that operators have declared. */
import { withinMilliseconds } from '../../limits/deadline.ts';
import { readDeclaration, resourceFrom, withDeclared } from '../../oauth/access/catalogue.ts';
import type { Resource } from '../../oauth/access/resources.ts';
import type { Catalogue, StoredCatalogue } from '../../storage/catalogue.ts';

export type OfferedResources = {
  /** At most 15 seconds old, our own resources included. Costs nothing, most of the time. Throws `Unavailable`. */
  current(): Promise<readonly Resource[]>;
  /** As this instance knew them last; those of the setting while it has not heard of others. */
  atHand(): readonly Resource[];
  /** `current`, or what is at hand where storage does not answer within a second: for what must be answered all the same. */
  soon(): Promise<readonly Resource[]>;
};

type Options = {
  readonly store: Pick<Catalogue, 'current'>;
  /** Of the setting RESOURCES. */
  readonly file: readonly Resource[];
  /** Those that every deployment has. */
  readonly own: readonly Resource[];
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
};

const patienceMilliseconds = 1_000;

/** Reads nothing yet. */
export const createOfferedResources = ({ store, file, own, log }: Options): OfferedResources => {
  let known: { readonly version: string | undefined; readonly resources: readonly Resource[] } = {
    version: undefined,
    resources: [...file, ...own],
  };
  const declaredIn = ({ resources }: StoredCatalogue): readonly Resource[] =>
    resources.flatMap(({ declaration }) => {
      const read = readDeclaration(declaration);
      if (read === undefined) log({ event: 'catalogue_resource_unreadable', level: 'error' });
      return read === undefined ? [] : [resourceFrom(read)];
    });
  const current = async (): Promise<readonly Resource[]> => {
    const stored = await store.current();
    if (stored.version !== known.version)
      known = { version: stored.version, resources: [...withDeclared(file, declaredIn(stored)), ...own] };
    return known.resources;
  };
  const atHand = (): readonly Resource[] => known.resources;
  return {
    current,
    atHand,
    soon: () => withinMilliseconds(patienceMilliseconds, current).catch(atHand),
  };
};
