import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Nothing } from "./parts.tsx";
import { nextSort, ordered, shownSort, type RowSort } from "#kernel/row-order";
import { numberText } from "./time.ts";
import "./styles/rows.css";

/** A column of a table: its heading, and what stands in it. */
export interface Column<T> {
  /** Its heading; none over buttons, which are not taken out with the list. */
  readonly title?: string;
  readonly key?: string;
  /** The row's own field, where its value is shown as it is. */
  readonly dataIndex?: keyof T & string;
  readonly align?: "right";
  /** Stays in sight when the table is moved sideways. */
  readonly fixed?: "left" | "right";
  readonly className?: string;
  /** The API's name of the order by this column; without it the column does not sort. */
  readonly sortBy?: string;
  /** What the rows are put in order by where all of them are there; nothing stands last. */
  readonly order?: (row: T) => string | number | null;
  readonly render?: (value: unknown, row: T, index: number) => ReactNode;
}

/** Which rows are chosen, by their keys. */
export interface RowChoice<T> {
  readonly keys: readonly string[];
  readonly onChange: (keys: readonly string[], rows: readonly T[]) => void;
  /** The rows that cannot be chosen. */
  readonly isFixed?: (row: T) => boolean;
}

/** What tells the rows of a table apart. */
export type RowKey<T> = (keyof T & string) | ((row: T) => string);

interface RowsProps<T> {
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: RowKey<T>;
  /** What the table holds, for who hears it. */
  readonly label?: string;
  /** What to do when it holds nothing. */
  readonly empty?: string;
  /** A way out of there, as a button. */
  readonly way?: ReactNode;
  readonly choice?: RowChoice<T>;
  readonly sort?: RowSort;
  /** Shows so many rows at a time, where all of them are there already. */
  readonly pageSize?: number;
  /** Within something that has a frame of its own. */
  readonly bare?: boolean;
}

/** What a column is called in code. */
export function columnKey<T>({ key, dataIndex }: Column<T>): string {
  return key ?? dataIndex ?? "";
}

/** Whether a column holds values of the row and not what can be done with it. */
export function isNamed<T>({ title }: Column<T>): boolean {
  return title !== undefined && title !== "";
}

/** What a column shows of a row. */
export function contentOf<T>(column: Column<T>, row: T, index: number): ReactNode {
  const value: unknown = column.dataIndex === undefined ? undefined : row[column.dataIndex];
  if (column.render) return column.render(value, row, index);
  return typeof value === "string" || typeof value === "number" ? value : "";
}

/** The key of a row. */
export function keyOf<T>(rowKey: RowKey<T>, row: T): string {
  return typeof rowKey === "function" ? rowKey(row) : String(row[rowKey]);
}

/**
 * A plain table of the page's own. The kit's table brings pickers, trees and menus that no list here uses: 100 kB
 * before the first row.
 */
export function Rows<T extends object>(props: RowsProps<T>): ReactNode {
  const { t } = useTranslation();
  const { rowKey, choice, pageSize } = props;
  const [page, setPage] = useState(0);
  const { columns, rows, sort } = useOwnOrder(props);
  const pages = pageSize === undefined ? 1 : Math.max(1, Math.ceil(rows.length / pageSize));
  const at = Math.min(page, pages - 1);
  const shown = pageSize === undefined ? rows : rows.slice(at * pageSize, (at + 1) * pageSize);
  return (
    <>
      {/* A table wider than the page is moved with the arrow keys, so its frame takes the focus. */}
      <div
        className={props.bare ? "rows-bare" : "rows"}
        tabIndex={0}
        role="region"
        aria-label={props.label ?? t("list.table")}
      >
        <table>
          <thead>
            <tr>
              {choice ? <ChooseAll {...props} choice={choice} rows={shown} /> : null}
              {columns.map((column) => (
                <th key={columnKey(column)} scope="col" {...marksOf(column)} {...sortedBy(column, sort)}>
                  <Heading column={column} sort={sort} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, index) => (
              <tr key={keyOf(rowKey, row)}>
                {choice ? (
                  <Choose row={row} rowKey={keyOf(rowKey, row)} rows={rows} all={props} choice={choice} />
                ) : null}
                {columns.map((column) => (
                  <td key={columnKey(column)} {...marksOf(column)}>
                    {contentOf(column, row, index)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {rows.length === 0 && props.empty !== undefined ? <Nothing text={props.empty}>{props.way}</Nothing> : null}
      </div>
      {pages > 1 ? (
        <nav className="pager" aria-label={t("common.page.label")}>
          <span className="muted">{t("list.pageOf", { page: at + 1, pages: numberText(pages) })}</span>
          <Button size="small" disabled={at === 0} onClick={() => setPage(at - 1)}>
            {t("common.page.back")}
          </Button>
          <Button size="small" disabled={at === pages - 1} onClick={() => setPage(at + 1)}>
            {t("common.page.next")}
          </Button>
        </nav>
      ) : null}
    </>
  );
}

/** What a screen reader is told of the order of a column that sorts. */
export function sortedBy<T>(
  { sortBy }: Column<T>,
  sort: RowSort | undefined,
): { readonly "aria-sort"?: "ascending" | "descending" | "none" } {
  return sortBy === undefined || sort === undefined ? {} : { "aria-sort": shownSort(sortBy, sort) };
}

const orderMarks = { ascending: " ▲", descending: " ▼", none: " ↕" } as const;

/** The heading of a column; where it sorts it is a button. */
export function Heading<T>(props: { readonly column: Column<T>; readonly sort: RowSort | undefined }): ReactNode {
  const { t } = useTranslation();
  const { column, sort } = props;
  const { sortBy, title } = column;
  if (!isNamed(column)) return <span className="sr-only">{t("list.actions")}</span>;
  if (sortBy === undefined || sort === undefined) return title;
  return (
    <button type="button" className="sort" onClick={() => sort.onSort(nextSort(sortBy, sort))}>
      {title}
      <span aria-hidden="true">{orderMarks[shownSort(sortBy, sort)]}</span>
      <span className="sr-only">{t("list.sort")}</span>
    </button>
  );
}

/** Columns with an order of their own sort the rows that are there; where the server sorts, nothing is changed here. */
function useOwnOrder<T>(props: RowsProps<T>): Pick<RowsProps<T>, "columns" | "rows"> & { readonly sort?: RowSort } {
  const [asked, setAsked] = useState<string>();
  const { columns, rows, sort } = props;
  if (sort !== undefined) return { columns, rows, sort };
  if (columns.every(({ order }) => order === undefined)) return { columns, rows };
  const by = columns.find((column) => columnKey(column) === asked?.replace("-", ""))?.order;
  return {
    columns: columns.map((column) => (column.order === undefined ? column : { ...column, sortBy: columnKey(column) })),
    rows: by === undefined ? rows : ordered(rows, by, asked?.startsWith("-") === true),
    sort: { asked, usual: undefined, onSort: setAsked },
  };
}

function marksOf<T>(column: Column<T>): Record<string, string> {
  return {
    ...(column.className === undefined ? {} : { className: column.className }),
    ...(column.align === undefined ? {} : { "data-align": column.align }),
    ...(column.fixed === undefined ? {} : { "data-fixed": column.fixed }),
  };
}

function ChooseAll<T extends object>(props: RowsProps<T> & { readonly choice: RowChoice<T> }): ReactNode {
  const { t } = useTranslation();
  const { rows, rowKey, choice } = props;
  const free = rows.filter((row) => choice.isFixed?.(row) !== true);
  const keys = free.map((row) => keyOf(rowKey, row));
  const chosen = keys.filter((key) => choice.keys.includes(key)).length;
  return (
    <th scope="col" className="rows-choose" data-fixed="left">
      <input
        type="checkbox"
        aria-label={t("list.chooseAll")}
        disabled={free.length === 0}
        checked={free.length > 0 && chosen === free.length}
        ref={(box) => {
          if (box) box.indeterminate = chosen > 0 && chosen < free.length;
        }}
        onChange={({ target }) => (target.checked ? choice.onChange(keys, free) : choice.onChange([], []))}
      />
    </th>
  );
}

function Choose<T extends object>(props: {
  readonly row: T;
  readonly rowKey: string;
  readonly rows: readonly T[];
  readonly all: RowsProps<T>;
  readonly choice: RowChoice<T>;
}): ReactNode {
  const { t } = useTranslation();
  const { row, rowKey, rows, all, choice } = props;
  const toggle = (on: boolean): void => {
    const kept = choice.keys.filter((key) => key !== rowKey);
    const keys = on ? [...kept, rowKey] : kept;
    choice.onChange(
      keys,
      rows.filter((one) => keys.includes(keyOf(all.rowKey, one))),
    );
  };
  return (
    <td className="rows-choose" data-fixed="left">
      <input
        type="checkbox"
        aria-label={t("list.choose")}
        disabled={choice.isFixed?.(row) === true}
        checked={choice.keys.includes(rowKey)}
        onChange={({ target }) => toggle(target.checked)}
      />
    </td>
  );
}
