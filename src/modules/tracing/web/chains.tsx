import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useId, useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { chainLayout, collapseBy, type ChainNode, type Chains, type ContactRow } from "#domain/tracing";
import { get, saveFile, withQuery, type Page } from "#web/api";
import { useOutbreak } from "#web/board";
import { wordFor } from "#web/i18n";
import { numberText } from "#web/time";
import { AreaFilter } from "#webx/area-filter";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { listSearch, type ListSearch } from "#webx/list";
import { Moment, Nothing, Panel, ProblemNotice, StateWord, Waiting } from "#webx/parts";
import type { ChainMark } from "./chain-canvas.ts";
import { ChainPicture } from "./chain-picture.tsx";
import type { ChainView } from "./chain-view.ts";
import "./chains.css";
import { HeldList } from "#webx/held-list";
import type { Column } from "#webx/rows";
import { Choice } from "#webx/choice";

type Collapse = "none" | "household" | "village";

interface Filter {
  readonly state: string | null;
  readonly generation: number | null;
  readonly from: string;
  readonly to: string;
  readonly collapse: Collapse;
}

const everything: Filter = { state: null, generation: null, from: "", to: "", collapse: "none" };
const kinds = new Set(["confirmed", "asymptomatic", "suspect"]);
const contactsMax = 200;

function momentOf(node: ChainNode): number {
  return Date.parse(node.onsetAt ?? node.positiveAt);
}

function nameOf(node: ChainNode): string {
  return node.number ?? node.ref ?? node.id.slice(-6);
}

function passes(node: ChainNode, filter: Filter): boolean {
  const day = (node.onsetAt ?? node.positiveAt).slice(0, 10);
  return (
    (filter.state === null || node.state === filter.state) &&
    (filter.generation === null || node.generation <= filter.generation) &&
    (filter.from === "" || day >= filter.from) &&
    (filter.to === "" || day <= filter.to)
  );
}

/** A name short enough to stand beside a mark; its shape and colour say the class already. */
function shortName(node: ChainNode): string {
  return /\d+/.exec(node.number ?? "")?.[0] ?? nameOf(node);
}

/** The nodes that pass the filter as marks of the picture, drawn together where that is asked. */
function marksOf(chains: Chains, filter: Filter): ChainMark[] {
  const shown = new Map(chains.nodes.filter((node) => passes(node, filter)).map((node) => [node.id, node]));
  const parents = new Map(chains.edges.map(({ from, to }) => [to, from]));
  const points = [...shown.values()].map((node) => ({
    id: node.id,
    at: momentOf(node),
    parent: parents.get(node.id) ?? null,
    cluster: node.cluster,
  }));
  const keyOf = ({ id }: { readonly id: string }): string | null => {
    const node = shown.get(id);
    if (!node || filter.collapse === "none") return null;
    if (filter.collapse === "village") return node.areaCode;
    return node.householdId === null ? null : String(node.householdId);
  };
  return collapseBy(points, keyOf).flatMap(({ members, ...point }) => {
    const node = shown.get(point.id);
    if (!node) return [];
    const kind = kinds.has(node.state) ? (node.state as ChainMark["kind"]) : "other";
    const label = members.length > 1 ? `${shortName(node)} +${members.length - 1}` : shortName(node);
    return [{ ...point, kind, label, size: members.length }];
  });
}

/** Who infected whom: trees on a time axis, filters, search, the contacts of a case, and the same as a table. */
export function ChainsPage(): ReactNode {
  const { t } = useTranslation();
  const search: ListSearch = useSearch({ strict: false });
  const [filter, setFilter] = useState(everything);
  const [asTable, setAsTable] = useState(false);
  const url = withQuery("/api/v1/chains", { areaCode: search.areaCode });
  const found = useQuery({
    queryKey: ["chains", url],
    queryFn: () => get<Chains>(url),
    meta: { topics: ["cases", "tracing"] },
  });
  return (
    <div className="page chains">
      <header className="page-head">
        <div>
          <h1>{t("chains.title")}</h1>
          <p className="page-intro">{t("chains.intro")}</p>
        </div>
        <div className="page-tools">
          <FilterBar filter={filter} onFilter={setFilter} />
          <div className="page-actions">
            <Button size="small" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
              {asTable ? t("chains.asPicture") : t("common.asTable")}
            </Button>
          </div>
        </div>
      </header>
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={12} /> : null}
      {found.data?.nodes.length === 0 ? <Nothing text={t("chains.empty")} /> : null}
      {found.data && found.data.nodes.length > 0 ? (
        asTable ? (
          <ChainTable chains={found.data} filter={filter} />
        ) : (
          <Picture chains={found.data} filter={filter} />
        )
      ) : null}
    </div>
  );
}

function FilterBar(props: { readonly filter: Filter; readonly onFilter: (filter: Filter) => void }): ReactNode {
  const { t } = useTranslation();
  const search: ListSearch = useSearch({ strict: false });
  const go = useNavigate();
  const outbreak = useOutbreak();
  const { filter, onFilter } = props;
  const states = ["confirmed", "asymptomatic", "suspect", "preliminary"];
  return (
    <div className="filters" role="search">
      <AreaFilter
        value={search.areaCode ?? ""}
        cityCode={outbreak?.areaCode ?? ""}
        onChange={(areaCode) => void go({ to: ".", search: listSearch({ ...search, areaCode }) })}
      />
      <Choice<string>
        label={t("chains.class")}
        none={t("chains.class")}
        value={filter.state ?? undefined}
        options={states.map((value) => ({ value, label: wordFor(t, "enums.caseState", value) }))}
        onChange={(state) => onFilter({ ...filter, state: state ?? null })}
      />
      <input
        className="plain-input chain-number"
        type="number"
        min={0}
        max={99}
        aria-label={t("chains.generations")}
        placeholder={t("chains.generations")}
        value={filter.generation ?? ""}
        onChange={({ target }) =>
          onFilter({ ...filter, generation: target.value === "" ? null : Number(target.value) })
        }
      />
      <input
        className="plain-input chain-day"
        type="date"
        aria-label={t("chains.from")}
        value={filter.from}
        onChange={(event) => onFilter({ ...filter, from: event.target.value })}
      />
      <input
        className="plain-input chain-day"
        type="date"
        aria-label={t("chains.to")}
        value={filter.to}
        onChange={(event) => onFilter({ ...filter, to: event.target.value })}
      />
      <Choice<Collapse>
        label={t("chains.collapse.label")}
        value={filter.collapse}
        options={(["none", "household", "village"] as const).map((value) => ({
          value,
          label: t(`chains.collapse.${value}`),
        }))}
        onChange={(collapse) => (collapse ? onFilter({ ...filter, collapse }) : undefined)}
      />
    </div>
  );
}

/** Finds a case in the picture by its number: what is typed or taken from the list is gone to once it names one. */
function Finder(props: { readonly chains: Chains; readonly onFind: (id: string) => void }): ReactNode {
  const { t } = useTranslation();
  const list = useId();
  const [sought, setSought] = useState("");
  const names = props.chains.nodes.map((node) => ({ id: node.id, name: `${nameOf(node)} ${node.ref ?? ""}`.trim() }));
  const look = (text: string): void => {
    const found = names.find(({ name }) => name === text.trim());
    setSought(found ? "" : text);
    if (found) props.onFind(found.id);
  };
  return (
    <>
      <input
        type="search"
        className="plain-input chain-search"
        list={list}
        aria-label={t("chains.find")}
        placeholder={t("chains.find")}
        value={sought}
        onChange={({ target }) => look(target.value)}
      />
      <datalist id={list}>
        {names.map(({ id, name }) => (
          <option key={id} value={name} />
        ))}
      </datalist>
    </>
  );
}

function Picture(props: { readonly chains: Chains; readonly filter: Filter }): ReactNode {
  const { t } = useTranslation();
  const go = useNavigate();
  const { chains, filter } = props;
  const [chosen, setChosen] = useState<string | null>(null);
  const [view, setView] = useState<ChainView | null>(null);
  const layout = useMemo(() => chainLayout(marksOf(chains, filter)), [chains, filter]);
  const contacts = useContacts(chosen);
  const scene = useMemo(
    () => ({
      layout,
      chosen,
      contacts: contacts.map((row) => ({ id: row.id, at: Date.parse(row.lastExposureAt), kind: row.kind })),
      found: new Set<string>(),
    }),
    [layout, chosen, contacts],
  );
  const node = chains.nodes.find(({ id }) => id === chosen);
  const find = (id: string): void => {
    setChosen(id);
    view?.show(id);
  };
  const save = async (): Promise<void> => {
    const picture = await view?.picture();
    if (picture) saveFile(picture, `${t("chains.title")}.png`);
  };
  return (
    <>
      <div className="chain-tools">
        <Finder chains={chains} onFind={find} />
        <span className="muted">
          {t("chains.counts", {
            cases: numberText(layout.placed.length),
            chains: numberText(chains.clusters.filter(({ size }) => size > 1).length),
            generations: numberText(Math.max(0, ...chains.clusters.map(({ generations }) => generations))),
          })}
        </span>
        <Button size="small" onClick={() => void save()}>
          {t("chains.save")}
        </Button>
      </div>
      <div className="chain-body">
        <ChainPicture
          scene={scene}
          onChoose={setChosen}
          onOpen={(id) => void go({ to: "/cases/$id", params: { id } })}
          onReady={setView}
        />
        <aside className="chain-side" aria-live="polite">
          {node ? <Chosen node={node} chains={chains} contacts={contacts} /> : <Legend />}
        </aside>
      </div>
      <p id="chain-keys" className="muted">
        {t("chains.keys")}
      </p>
    </>
  );
}

const noContacts: readonly ContactRow[] = [];

/** The contacts of the chosen case, as far as one page goes. */
function useContacts(caseId: string | null): readonly ContactRow[] {
  const url = withQuery("/api/v1/contacts", { caseId, limit: contactsMax });
  const found = useQuery({
    queryKey: ["list", url, "chain"],
    queryFn: () => get<Page<ContactRow>>(url),
    enabled: caseId !== null,
  });
  return found.data?.items ?? noContacts;
}

function Legend(): ReactNode {
  const { t } = useTranslation();
  return (
    <Panel title={t("chains.legend")}>
      <ul className="chain-legend">
        {(["confirmed", "asymptomatic", "suspect", "other"] as const).map((kind) => (
          <li key={kind}>
            <span className={`chain-mark chain-${kind}`} aria-hidden="true" />
            {kind === "other" ? t("chains.other") : wordFor(t, "enums.caseState", kind)}
          </li>
        ))}
      </ul>
      <p className="muted">{t("chains.choose")}</p>
    </Panel>
  );
}

function Chosen(props: {
  readonly node: ChainNode;
  readonly chains: Chains;
  readonly contacts: readonly ContactRow[];
}): ReactNode {
  const { t } = useTranslation();
  const { node, chains, contacts } = props;
  const infected = chains.edges.filter(({ from }) => from === node.id).length;
  const cluster = chains.clusters.find(({ id }) => id === node.cluster);
  return (
    <Panel title={nameOf(node)} side={<StateWord group="enums.caseState" value={node.state} />}>
      <Facts
        rows={[
          [t("common.area"), <AreaPath key="a" code={node.areaCode} />],
          [t("chains.onset"), <Moment key="o" at={node.onsetAt} long />],
          [t("chains.positive"), <Moment key="p" at={node.positiveAt} long />],
          [t("chains.generation"), numberText(node.generation)],
          [t("chains.infected"), numberText(infected)],
          [t("chains.cluster"), numberText(cluster?.size ?? 1)],
          [t("chains.provenance"), wordFor(t, "enums.provenance", node.provenance)],
        ]}
      />
      <p>
        <Link to="/cases/$id" params={{ id: node.id }}>
          {t("chains.openCase")}
        </Link>
      </p>
      <p>
        <Link to="/contacts" search={{ caseId: node.id }}>
          {t("chains.contacts", { count: contacts.length })}
        </Link>
      </p>
    </Panel>
  );
}

/** The same data as rows, for a screen reader and for print. */
function ChainTable(props: { readonly chains: Chains; readonly filter: Filter }): ReactNode {
  const { t } = useTranslation();
  const { chains, filter } = props;
  const names = new Map(chains.nodes.map((node) => [node.id, nameOf(node)]));
  const parents = new Map(chains.edges.map(({ from, to }) => [to, from]));
  const columns: Column<ChainNode>[] = [
    {
      title: t("chains.case"),
      key: "case",
      fixed: "left",
      render: (_, row) => (
        <Link to="/cases/$id" params={{ id: row.id }}>
          {nameOf(row)}
        </Link>
      ),
    },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="enums.caseState" value={row.state} />,
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("chains.onset"), key: "onset", render: (_, row) => <Moment at={row.onsetAt} /> },
    { title: t("chains.positive"), key: "positive", render: (_, row) => <Moment at={row.positiveAt} /> },
    { title: t("chains.generation"), key: "generation", align: "right", render: (_, row) => row.generation },
    { title: t("chains.infector"), key: "infector", render: (_, row) => names.get(parents.get(row.id) ?? "") ?? "–" },
  ];
  return (
    <HeldList<ChainNode>
      name="table"
      title={t("chains.title")}
      columns={columns}
      rows={chains.nodes.filter((node) => passes(node, filter))}
      rowKey="id"
      empty={t("chains.noMatch")}
    />
  );
}
