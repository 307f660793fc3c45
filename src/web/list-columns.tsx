import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Disclosure } from "./disclosure.tsx";
import { columnKey, isNamed, type Column } from "./rows.tsx";

const storeKey = (place: string): string => `wuyang.columns.${place}`;

function stored(place: string): ReadonlySet<string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storeKey(place)) ?? "[]");
    return new Set(Array.isArray(kept) ? kept.map(String) : []);
  } catch {
    // A browser without a store shows every column.
    return new Set();
  }
}

/** The columns of a list that this browser leaves out, kept for the next visit. */
export function useHidden(place: string): [ReadonlySet<string>, (hidden: ReadonlySet<string>) => void] {
  const [held, setHeld] = useState(() => ({ place, hidden: stored(place) }));
  const hidden = held.place === place ? held.hidden : stored(place);
  const set = (next: ReadonlySet<string>): void => {
    setHeld({ place, hidden: next });
    try {
      localStorage.setItem(storeKey(place), JSON.stringify([...next]));
    } catch {
      // The choice then lasts as long as the page.
    }
  };
  return [hidden, set];
}

/** Chooses the columns that are shown, printed and taken out. */
export function ColumnChoice<T>(props: {
  readonly columns: readonly Column<T>[];
  readonly hidden: ReadonlySet<string>;
  readonly onHidden: (hidden: ReadonlySet<string>) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { columns, hidden, onHidden } = props;
  const named = columns.filter(isNamed);
  const toggle = (key: string, shown: boolean): void => {
    const next = new Set(hidden);
    if (shown) next.delete(key);
    else next.add(key);
    // A list without a column would show nothing at all.
    if (named.some((one) => !next.has(columnKey(one)))) onHidden(next);
  };
  return (
    <Disclosure small label={t("list.columns")}>
      {() => (
        <div className="column-choice" role="group" aria-label={t("list.columns")}>
          {named.map((column) => (
            <label key={columnKey(column)} className="check">
              <input
                type="checkbox"
                checked={!hidden.has(columnKey(column))}
                onChange={({ target }) => toggle(columnKey(column), target.checked)}
              />
              {column.title}
            </label>
          ))}
          <Button size="small" onClick={() => onHidden(new Set())}>
            {t("list.everyColumn")}
          </Button>
        </div>
      )}
    </Disclosure>
  );
}
