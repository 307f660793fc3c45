import { Button } from "antd";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ExportParts } from "./list-export.tsx";
import { ColumnChoice } from "./list-columns.tsx";
import { ViewMenu } from "./list-views.tsx";
import type { Column } from "./rows.tsx";

type AnyRow = Readonly<Record<string, unknown>>;

const Exporting = lazy(async () => ({ default: (await import("./list-export.tsx")).Exporting<AnyRow> }));

/** What a person does with a list as a whole: keeps it as a view, chooses its columns, takes out what is shown. */
export function ListTools<T extends object>(props: {
  readonly columns: readonly Column<T>[];
  readonly hidden: ReadonlySet<string>;
  readonly onHidden: (hidden: ReadonlySet<string>) => void;
  /** The page by which views are kept; none where the list has no filters in the address. */
  readonly viewsOf?: string;
  readonly out: ExportParts<T>;
}): ReactNode {
  const { columns, hidden, onHidden, viewsOf } = props;
  return (
    <>
      {viewsOf === undefined ? null : <ViewMenu page={viewsOf} hidden={hidden} onColumns={onHidden} />}
      <ColumnChoice columns={columns} hidden={hidden} onHidden={onHidden} />
      <ExportButton<T> {...props.out} />
    </>
  );
}

/** Takes the list out as a spreadsheet: the rows of the filter in their order, the columns as shown, in the words shown. */
function ExportButton<T extends object>(props: ExportParts<T>): ReactNode {
  const { t } = useTranslation();
  const [running, setRunning] = useState(false);
  return (
    <>
      <Button size="small" loading={running} onClick={() => setRunning(true)}>
        {t("list.export.do")}
      </Button>
      {running ? (
        <Suspense fallback={null}>
          <Exporting {...(props as unknown as ExportParts<AnyRow>)} onEnd={() => setRunning(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
