/**
 * A row's columns in one table: from it derive the type of the values, how they are written and how they are read. What a
 * column holds is said nowhere else.
 *
 *   const columns = rowOf({ scopes: json<readonly string[]>(), codeHash: bytes, authTime: optional(seconds) });
 *   type Values = ValuesOf<typeof columns>;
 *
 * A row is changed by setting columns, never as a whole (see `table.ts`), so what a newer version of this code has written
 * beside them survives an older one. The price is that no column can be removed: one that must be able to lose its value
 * says so with an empty text.
 */

/** What Table Storage holds in one property. */
type Cell = string | number | boolean;
type Cells = Readonly<Record<string, Cell>>;
type Row = Readonly<Record<string, unknown>>;

/** One value, in one column or several. */
export type Column<Value> = {
  /** Into the cells of a row. */
  write(cells: Record<string, Cell>, name: string, value: Value): void;
  read(name: string, row: Row): Value;
};

type AnyColumn = {
  write(cells: Record<string, Cell>, name: string, value: never): void;
  read(name: string, row: Row): unknown;
};

type Table = Readonly<Record<string, AnyColumn>>;

type Values<T extends Table> = { readonly [Name in keyof T]: ReturnType<T[Name]['read']> };

/** The values that a row of these columns holds. */
export type ValuesOf<Row> = Row extends RowColumns<infer Value> ? Value : never;

export type RowColumns<Value> = {
  write(value: Value): Cells;
  /** Of these values alone: the other columns of a row stay as they are. */
  writeSome(values: Partial<Value>): Cells;
  read(row: Row): Value;
};

const single = <Value>(write: (value: Value) => Cell, read: (cell: unknown) => Value): Column<Value> => ({
  write: (cells, name, value) => {
    cells[name] = write(value);
  },
  read: (name, row) => read(row[name]),
});

export const text = <Value extends string = string>(): Column<Value> =>
  single<Value>(
    (value) => value,
    (cell) => cell as Value,
  );

export const number: Column<number> = single(
  (value) => value,
  (cell) => cell as number,
);

/** An instant, in seconds since the epoch. */
export const seconds: Column<number> = { ...number };

export const flag: Column<boolean> = single(
  (value) => value,
  (cell) => cell === true,
);

/** Base64url. */
export const bytes: Column<Buffer> = single(
  (value) => value.toString('base64url'),
  (cell) => Buffer.from(cell as string, 'base64url'),
);

export const json = <Value>(): Column<Value> =>
  single<Value>(
    (value) => JSON.stringify(value),
    (cell) => JSON.parse(cell as string) as Value,
  );

/** A value in another form: `to` what the column holds, and back. */
export const mapped = <Value, Inner>(
  inner: Column<Inner>,
  to: (value: Value) => Inner,
  from: (value: Inner) => Value,
): Column<Value> => ({
  write: (cells, name, value) => inner.write(cells, name, to(value)),
  read: (name, row) => from(inner.read(name, row)),
});

/** No column when there is no value. */
export const optional = <Value>(inner: Column<Value>): Column<Value | undefined> => ({
  write: (cells, name, value) => {
    if (value !== undefined) inner.write(cells, name, value);
  },
  read: (name, row) => (row[name] === undefined ? undefined : inner.read(name, row)),
});

/** A text that can be taken away again. */
export const clearable: Column<string | undefined> = {
  write: (cells, name, value) => {
    cells[name] = value ?? '';
  },
  read: (name, row) => (row[name] as string | undefined) || undefined,
};

/** A column of another name than the value's. */
export const named = <Value>(columnName: string, inner: Column<Value>): Column<Value> => ({
  write: (cells, _, value) => inner.write(cells, columnName, value),
  read: (_, row) => inner.read(columnName, row),
});

/** For a column that rows from before it lack. */
export const otherwise = <Value>(inner: Column<Value>, absent: Value): Column<Value> => ({
  write: inner.write,
  read: (name, row) => (row[name] === undefined ? absent : inner.read(name, row)),
});

/** Columns that are there together or not at all; `mark` names the column that tells. */
export const group = <T extends Table>(table: T, mark: string): Column<Values<T> | undefined> => {
  const columns = rowOf(table);
  return {
    write: (cells, _, value) => {
      if (value !== undefined) Object.assign(cells, columns.write(value));
    },
    read: (_, row) => (row[mark] === undefined ? undefined : columns.read(row)),
  };
};

export const rowOf = <T extends Table>(table: T): RowColumns<Values<T>> => {
  const entries = Object.entries(table) as [keyof T & string, Column<unknown>][];
  return {
    write: (value) => {
      const cells: Record<string, Cell> = {};
      for (const [name, column] of entries) column.write(cells, name, value[name]);
      return cells;
    },
    writeSome: (some) => {
      const cells: Record<string, Cell> = {};
      for (const [name, column] of entries) if (name in some) column.write(cells, name, some[name]);
      return cells;
    },
    read: (row) => {
      const values: Record<string, unknown> = {};
      for (const [name, column] of entries) values[name] = column.read(name, row);
      return values as Values<T>;
    },
  };
};
