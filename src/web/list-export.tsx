import { useQueryClient } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Page } from "./api.ts";
import { useOutbreak, useTimeZone } from "./board.ts";
import { Dialog } from "./dialog.tsx";
import type { ListSearch } from "./list-search.ts";
import { useNowMs } from "./live.ts";
import { columnKey, contentOf, isNamed, keyOf, type Column, type RowKey } from "./rows.tsx";
import { say } from "./say.tsx";
import { useSession } from "./session.ts";
import { numberText, wallTime } from "./time.ts";

const exportRowsMax = 10_000;
const exportPageSize = 200;
const settleMs = 40;
const settleTriesMax = 100;

/** What of a list is taken out. */
export interface ExportParts<T extends object> {
  readonly title: string;
  /** The columns as they are shown. */
  readonly columns: readonly Column<T>[];
  readonly rowKey: RowKey<T>;
  /** A page of the list as it is filtered and sorted. */
  readonly read: (cursor: string | undefined, limit: string) => Promise<Page<T>>;
  /** What the table must say besides, such as the purpose for which names were given. */
  readonly note?: string;
}

type Cell = string | number;

/** What a cell may still wait for: the names of areas. */
const names = new Set<unknown>(["area", "areas"]);

/**
 * Takes the list out as a spreadsheet: the rows of the filter in their order, the columns as shown, in the words shown.
 * Each page is drawn out of sight, its names waited for, and its cells read as a reader would.
 */
export function Exporting<T extends object>(props: ExportParts<T> & { readonly onEnd: () => void }): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [batch, setBatch] = useState<readonly T[]>([]);
  const [count, setCount] = useState(0);
  const body = useRef<HTMLTableSectionElement>(null);
  const head = useRef<HTMLTableRowElement>(null);
  const told = useHead(props.title);
  const latest = useRef({ props, told, batchShown: batch });
  useEffect(() => {
    latest.current = { props, told, batchShown: batch };
  });
  const columns = props.columns.filter(isNamed);

  const readBatch = useCallback(
    async (rows: readonly T[], align: readonly boolean[]): Promise<Cell[][]> => {
      setBatch(rows);
      for (let tries = 0; tries < settleTriesMax; tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, settleMs));
        const drawn = latest.current.batchShown === rows;
        if (drawn && client.isFetching({ predicate: ({ queryKey }) => names.has(queryKey[0]) }) === 0) break;
      }
      return [...(body.current?.rows ?? [])].map((row) =>
        [...row.cells].map((cell, index) => cellOf(cell.textContent ?? "", align[index] ?? false)),
      );
    },
    [client],
  );

  useEffect(() => {
    let stopped = false;
    const run = async (): Promise<void> => {
      const { props: asked, told: lines } = latest.current;
      const right = asked.columns.filter(isNamed).map(({ align }) => align === "right");
      const rows: Cell[][] = [];
      let cursor: string | undefined;
      do {
        const page = await asked.read(cursor, String(exportPageSize));
        if (stopped) return;
        rows.push(...(await readBatch(page.items, right)));
        setCount(rows.length);
        cursor = page.next ?? undefined;
      } while (cursor !== undefined && rows.length < exportRowsMax && !stopped);
      if (stopped) return;
      const cut = cursor === undefined ? [] : [t("list.export.cut", { most: numberText(exportRowsMax) })];
      if (cut[0] !== undefined) say(cut[0], "bad");
      const headings = [...(head.current?.cells ?? [])].map((cell) => cell.textContent ?? "");
      await save(asked.title, [...lines, ...(asked.note === undefined ? [] : [asked.note]), ...cut], headings, rows);
    };
    run()
      .catch((error: unknown) => say(error instanceof Error ? error.message : String(error), "bad"))
      .finally(() => (stopped ? undefined : latest.current.props && props.onEnd()));
    return () => {
      stopped = true;
    };
    // The run belongs to the moment the button was pressed; later changes of the page do not restart it.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  return (
    <Dialog name={t("list.export.running")} className="dialog-run" onClose={props.onEnd}>
      <h2>{t("list.export.running")}</h2>
      <progress max={exportRowsMax} value={count} aria-label={t("list.export.running")} />
      <p>{t("list.export.read", { count, most: numberText(exportRowsMax) })}</p>
      <table className="export-table" aria-hidden="true">
        <thead>
          <tr ref={head}>
            {columns.map((column) => (
              <th key={columnKey(column)}>{column.title}</th>
            ))}
          </tr>
        </thead>
        <tbody ref={body} inert>
          {batch.map((row, index) => (
            <tr key={keyOf(props.rowKey, row)}>
              {columns.map((column) => (
                <td key={columnKey(column)}>{contentOf(column, row, index)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <div className="dialog-actions">
        <button type="button" className="plain-button" onClick={props.onEnd}>
          {t("list.stop")}
        </button>
      </div>
    </Dialog>
  );
}

const numberPattern = /^-?\d{1,3}(,\d{3})*(\.\d+)?$|^-?\d+(\.\d+)?$/;

function cellOf(text: string, right: boolean): Cell {
  const trimmed = text.trim();
  return right && numberPattern.test(trimmed) ? Number(trimmed.replaceAll(",", "")) : trimmed;
}

/** What stands over the table: its name, the outbreak, the filters, when and by whom. */
function useHead(title: string): string[] {
  const { t } = useTranslation();
  const outbreak = useOutbreak();
  const session = useSession();
  const timeZone = useTimeZone();
  const nowMs = useNowMs();
  const search: ListSearch = useSearch({ strict: false });
  const wall = wallTime(new Date(nowMs).toISOString(), timeZone);
  const { cursor: _cursor, tab: _tab, operation: _operation, ...filters } = search;
  const asked = Object.values(filters).join(" · ");
  return [
    outbreak?.drill ? `${t("shell.drill.mark")} · ${title}` : title,
    t("list.export.at", { at: `${wall.day} ${wall.time} ${wall.offset}`, who: session?.name ?? "" }),
    ...(asked === "" ? [] : [t("list.export.filters", { filters: asked })]),
  ];
}

async function save(
  title: string,
  lines: readonly string[],
  headings: readonly string[],
  rows: readonly Cell[][],
): Promise<void> {
  const { default: writeXlsxFile } = await import("write-excel-file/browser");
  const bold = headings.map((value) => ({ value, fontWeight: "bold" as const }));
  const data = [...lines.map((line) => [line]), bold, ...rows.map((row) => [...row])];
  await writeXlsxFile(data, { sheet: title.slice(0, 30) }).toFile(`${title}.xlsx`);
}
