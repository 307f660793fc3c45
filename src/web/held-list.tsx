import type { ReactNode } from "react";
import { useHidden } from "./list-columns.tsx";
import { useListPlace } from "./list-place.ts";
import { ListTools } from "./list-tools.tsx";
import { columnKey, Rows, type Column, type RowKey } from "./rows.tsx";
import "./styles/list.css";

const pageRows = 50;

/** A list whose rows are all there already: its columns are chosen and it is taken out like every other list. */
export function HeldList<T extends object>(props: {
  /** Names the list where a page has several. */
  readonly name: string;
  readonly title: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: RowKey<T>;
  readonly empty: string;
  /** What else stands over the list. */
  readonly tools?: ReactNode;
  /** Within something that has a frame of its own. */
  readonly bare?: boolean;
  /** Whether the filters of the address are this list's, and a view keeps them. */
  readonly withViews?: boolean;
}): ReactNode {
  const { columns, rows, rowKey, title } = props;
  const { page, place } = useListPlace(props.name);
  const [hidden, setHidden] = useHidden(place);
  const shown = columns.filter((column) => !hidden.has(columnKey(column)));
  return (
    <>
      <div className="list-tools no-print">
        {props.tools}
        <ListTools<T>
          columns={columns}
          hidden={hidden}
          onHidden={setHidden}
          {...(props.withViews ? { viewsOf: page } : {})}
          out={{ title, columns: shown, rowKey, read: async () => ({ items: rows, next: null }) }}
        />
      </div>
      <Rows<T>
        columns={shown}
        rows={rows}
        rowKey={rowKey}
        label={title}
        empty={props.empty}
        pageSize={pageRows}
        bare={props.bare ?? false}
      />
    </>
  );
}
