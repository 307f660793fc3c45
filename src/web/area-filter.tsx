import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Cascader } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { areaLabel, AreaName, childrenQuery, type AreaRow } from "./area-names.tsx";
import { useSession } from "./session.ts";

export { areaLabel, AreaName, childrenQuery };

interface Option {
  readonly value: string;
  readonly label: string;
  readonly isLeaf: boolean;
  children?: Option[];
}

function optionOf(area: AreaRow): Option {
  return { value: area.code, label: areaLabel(area), isLeaf: area.code.length >= 12 };
}

/** The codes from the city's counties down to `code`: 371721123 → [371721, 371721123]. */
function pathOf(code: string): string[] {
  return [6, 9, 12].filter((length) => length <= code.length).map((length) => code.slice(0, length));
}

/** Chooses an area down to the village; levels are fetched when they are opened. */
export function AreaFilter(props: {
  readonly value: string;
  readonly cityCode: string;
  readonly onChange: (code: string) => void;
  /** What it is called where it is no filter but a field. */
  readonly label?: string;
  readonly id?: string;
}): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  const session = useSession();
  const own = session?.areaCode ?? "";
  const root = own.length > props.cityCode.length ? own : props.cityCode;
  const counties = useQuery({ ...childrenQuery(root), enabled: root !== "" });
  const path = pathOf(props.value).filter((code) => code.length > root.length);
  const [loaded, setLoaded] = useState<ReadonlyMap<string, Option[]>>(new Map());
  const grow = (area: AreaRow): Option => {
    const children = loaded.get(area.code);
    return children ? { ...optionOf(area), children } : optionOf(area);
  };
  const withChildren = (option: Option): Option => {
    const children = loaded.get(option.value);
    return children ? { ...option, children: children.map(withChildren) } : option;
  };
  const options = (counties.data?.items ?? []).map(grow).map(withChildren);
  const load = async (chosen: readonly { readonly value?: string | number | null }[]): Promise<void> => {
    const code = String(chosen.at(-1)?.value ?? "");
    const page = await client.fetchQuery(childrenQuery(code));
    setLoaded((before) => new Map(before).set(code, page.items.map(optionOf)));
  };
  return (
    <Cascader
      className="filter-area"
      {...(props.id === undefined ? {} : { id: props.id })}
      aria-label={props.label ?? t("common.filter.area")}
      placeholder={props.label ?? t("common.filter.everyArea")}
      value={path}
      options={options}
      changeOnSelect
      allowClear
      displayRender={(labels) => <AreaName code={props.value} fallback={labels.at(-1) ?? props.value} />}
      loadData={(chosen) => void load(chosen)}
      onChange={(codes) => props.onChange(codes?.at(-1) ?? "")}
    />
  );
}
