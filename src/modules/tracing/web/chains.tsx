import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useEffect, useId, useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import {
  chainLayout,
  collapses,
  groupOf,
  type ChainNode,
  type Chains,
  type Collapse,
  type ContactRow,
} from "#domain/tracing";
import { get, saveFile, withQuery, type Page } from "#web/api";
import { useOutbreak } from "#web/board";
import { wordFor } from "#web/i18n";
import { numberText } from "#web/time";
import { AreaFilter } from "#webx/area-filter";
import { AreaPath } from "#webx/area-path";
import { listSearch, type ListSearch } from "#webx/list";
import { Moment, Nothing, ProblemNotice, StateWord, Waiting } from "#webx/parts";
import { everything, marksOf, nameOf, passes, whereCounts, type Filter } from "./chain-marks.ts";
import { Chosen, ChosenGroup, Legend, Where } from "./chain-side.tsx";
import { ChainPicture } from "./chain-picture.tsx";
import type { ChainView } from "./chain-view.ts";
import "./chains.css";
import { HeldList } from "#webx/held-list";
import type { Column } from "#webx/rows";
import { Choice } from "#webx/choice";

const contactsMax = 200;

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
        options={collapses.map((value) => ({
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
  const groups = useGroups(filter.collapse);
  const marks = useMemo(() => marksOf(t, chains, filter, groups.opened), [t, chains, filter, groups.opened]);
  const layout = useMemo(() => chainLayout(marks), [marks]);
  const mark = marks.find(({ id }) => id === chosen);
  // The contacts of one case say nothing of the others it is drawn with.
  const contacts = useContacts(mark && mark.group !== null ? null : chosen);
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
  const folded = node ? groupOf(node, filter.collapse) : null;
  const find = (id: string): void => {
    // A case that is drawn with others is shown where they are.
    const drawn = marks.find(({ members }) => members.includes(id))?.id ?? id;
    setChosen(drawn);
    view?.show(drawn);
  };
  const openOne = (id: string): void => {
    const group = marks.find((one) => one.id === id)?.group ?? null;
    if (group === null) void go({ to: "/cases/$id", params: { id } });
    else turn(group, id);
  };
  // What is opened or folded changes every place of the picture; the case at hand stays in sight.
  const [kept, setKept] = useState<string | null>(null);
  useEffect(() => {
    if (kept !== null) view?.show(kept);
  }, [layout, kept, view]);
  const turn = (group: string, id: string): void => {
    groups.toggle(group);
    setKept(marks.find((one) => one.members.includes(id))?.id ?? id);
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
        {groups.opened.size > 0 ? (
          <Button size="small" onClick={groups.foldAll}>
            {t("chains.group.foldAll")}
          </Button>
        ) : null}
        <Button size="small" onClick={() => void save()}>
          {t("chains.save")}
        </Button>
      </div>
      {filter.collapse === "venue" ? <WhereLine chains={chains} filter={filter} /> : null}
      <div className="chain-body">
        <ChainPicture scene={scene} onChoose={setChosen} onOpen={openOne} onReady={setView} />
        <aside className="chain-side" aria-live="polite">
          {mark && mark.group !== null ? (
            <ChosenGroup
              title={mark.label}
              members={chains.nodes.filter(({ id }) => mark.members.includes(id))}
              onOpen={() => turn(mark.group ?? "", mark.id)}
            />
          ) : node ? (
            <Chosen
              node={node}
              chains={chains}
              contacts={contacts}
              onFold={folded !== null && groups.opened.has(folded) ? () => turn(folded, node.id) : null}
            />
          ) : (
            <Legend />
          )}
        </aside>
      </div>
      <p id="chain-keys" className="muted">
        {t("chains.keys")}
      </p>
    </>
  );
}

/** Which groups are drawn case by case; another way of drawing together begins with none. */
function useGroups(collapse: Collapse): {
  readonly opened: ReadonlySet<string>;
  readonly toggle: (group: string) => void;
  readonly foldAll: () => void;
} {
  const [held, setHeld] = useState<{ readonly of: Collapse; readonly opened: ReadonlySet<string> }>({
    of: collapse,
    opened: none,
  });
  const opened = held.of === collapse ? held.opened : none;
  const toggle = (group: string): void => {
    const next = new Set(opened);
    if (!next.delete(group)) next.add(group);
    setHeld({ of: collapse, opened: next });
  };
  return { opened, toggle, foldAll: () => setHeld({ of: collapse, opened: none }) };
}

const none: ReadonlySet<string> = new Set();

/** Says plainly of how many cases the place of infection is recorded, and of how many nobody knows. */
function WhereLine(props: { readonly chains: Chains; readonly filter: Filter }): ReactNode {
  const { t } = useTranslation();
  const { chains, filter } = props;
  const counts = useMemo(
    () => whereCounts(chains.nodes.filter((node) => passes(node, filter))),
    [chains.nodes, filter],
  );
  const shown = Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, numberText(value)]));
  return (
    <p className="chain-where">
      {t("chains.where.counts", shown)}
      {counts.shared === 0 ? ` ${t("chains.where.none")}` : ""}
    </p>
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
    { title: t("chains.where.title"), key: "where", render: (_, row) => <Where node={row} chains={chains} /> },
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
