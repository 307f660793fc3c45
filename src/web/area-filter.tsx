import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { areaLabel, AreaName, childrenQuery, type AreaRow } from "./area-names.tsx";
import { Disclosure } from "./disclosure.tsx";
import { ProblemNotice, Waiting } from "./parts.tsx";
import { useSession } from "./session.ts";

export { areaLabel, AreaName, childrenQuery };

const villageCodeLength = 12;
/** From so many on, a box to find one of them stands over the names. */
const findableMin = 12;

/** The codes from the city's counties down to `code`: 371721123 → [371721, 371721123]. */
function pathOf(code: string): string[] {
  return [6, 9, villageCodeLength].filter((length) => length <= code.length).map((length) => code.slice(0, length));
}

/** Chooses an area down to the village; each level is fetched when it is come to. */
export function AreaFilter(props: {
  readonly value: string;
  readonly cityCode: string;
  readonly onChange: (code: string) => void;
  /** What it is called where it is no filter but a field. */
  readonly label?: string;
  readonly id?: string;
}): ReactNode {
  const { t } = useTranslation();
  const session = useSession();
  const own = session?.areaCode ?? "";
  const root = own.length > props.cityCode.length ? own : props.cityCode;
  const { value, label } = props;
  return (
    <div className="filter-area" data-set={value !== ""}>
      <Disclosure
        className="plain-input area-button"
        {...(props.id === undefined ? {} : { id: props.id })}
        label={
          <>
            <span className="sr-only">{label ?? t("common.filter.area")} </span>
            {value === "" ? (
              <span className="muted">{label ?? t("common.filter.everyArea")}</span>
            ) : (
              <AreaName code={value} fallback={value} />
            )}
          </>
        }
      >
        {(close) => <AreaChoice root={root} value={value} onChange={props.onChange} onClose={close} />}
      </Disclosure>
      {value === "" ? null : (
        <button
          type="button"
          className="area-clear"
          aria-label={t("common.filter.clear")}
          onClick={() => props.onChange("")}
        >
          ×
        </button>
      )}
    </div>
  );
}

/** The way down to where one is, and the areas below it. */
function AreaChoice(props: {
  readonly root: string;
  readonly value: string;
  readonly onChange: (code: string) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { root, value, onChange } = props;
  const isLeaf = value.length >= villageCodeLength;
  // Below a village there is nothing, so its neighbours stay in sight.
  const parent = isLeaf ? (pathOf(value).at(-2) ?? root) : value === "" || value.length <= root.length ? root : value;
  const below = useQuery({ ...childrenQuery(parent), enabled: parent !== "" });
  const way = pathOf(parent).filter((code) => code.length > root.length);
  const choose = (area: AreaRow): void => {
    onChange(area.code);
    if (area.code.length >= villageCodeLength) props.onClose();
  };
  return (
    <div className="area-choice">
      <p className="area-way">
        <button type="button" className="link" onClick={() => onChange("")}>
          {t("common.filter.everyArea")}
        </button>
        {way.map((code) => (
          <span key={code}>
            {" › "}
            <button
              type="button"
              className="link"
              {...(code === value ? { "aria-current": "true" as const } : {})}
              onClick={() => onChange(code)}
            >
              <AreaName code={code} />
            </button>
          </span>
        ))}
      </p>
      {below.error ? <ProblemNotice error={below.error} retry={() => void below.refetch()} /> : null}
      {below.isPending ? <Waiting rows={4} /> : null}
      {below.data ? <Below key={parent} areas={below.data.items} value={value} onChoose={choose} /> : null}
    </div>
  );
}

function Below(props: {
  readonly areas: readonly AreaRow[];
  readonly value: string;
  readonly onChoose: (area: AreaRow) => void;
}): ReactNode {
  const { t } = useTranslation();
  const [sought, setSought] = useState("");
  const { areas } = props;
  const fits = (area: AreaRow): boolean =>
    `${area.name} ${area.nameEn ?? ""} ${area.code}`.toLowerCase().includes(sought.trim().toLowerCase());
  return (
    <>
      {areas.length >= findableMin ? (
        <input
          type="search"
          className="plain-input"
          aria-label={t("common.filter.find")}
          placeholder={t("common.filter.find")}
          value={sought}
          onChange={({ target }) => setSought(target.value)}
        />
      ) : null}
      <ul>
        {areas.filter(fits).map((area) => (
          <li key={area.code}>
            <button type="button" aria-pressed={area.code === props.value} onClick={() => props.onChoose(area)}>
              {areaLabel(area)}
            </button>
          </li>
        ))}
      </ul>
      {areas.some(fits) ? null : <p className="muted">{t("common.filter.none")}</p>}
    </>
  );
}
