/** What a write does to a row. */
import type { TableEntity } from '@azure/data-tables';

/**
 * A write within one partition. `update` sets columns if the row's ETag is still the one read, and leaves the
 * others as they are; `merge` sets columns of a row
 * that must exist, whatever its ETag, and is for facts that nobody decides by; `upsert` sets columns of a row that need not
 * exist, and `remove` deletes a row that must: both make every write fail that goes by an older ETag.
 */
export type Change =
  | { readonly insert: TableEntity }
  | { readonly update: TableEntity; readonly etag: string }
  | { readonly merge: TableEntity }
  | { readonly upsert: TableEntity }
  | { readonly remove: TableEntity };

/** Which row. */
export type RowKeys = { readonly partitionKey: string; readonly rowKey: string };
