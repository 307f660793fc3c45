import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CheckItem, Leaving } from "#domain/isolation";
import { newKey, post } from "#web/api";
import { wordFor } from "#web/i18n";
import { ask } from "#web/ask";
import { refreshLists } from "#web/refresh";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Moment, ProblemNotice } from "#webx/parts";
import { PageTabs } from "#webx/tabs";
import { SiteName } from "./site-name.tsx";
import { Papers } from "./papers.tsx";
import { DueTests, EndingDays } from "./test-calendar.tsx";
import "./transit.css";
import type { Column } from "#webx/rows";

/** Who may go today, who is tested today, and who goes in the days to come. */
export function ReleasesPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <PageTabs
      tabs={[
        { key: "contacts", label: t("releases.tabs.contacts"), render: () => <ReleaseList group="contacts" /> },
        { key: "patients", label: t("releases.tabs.patients"), render: () => <ReleaseList group="patients" /> },
        { key: "tests", label: t("releases.tabs.tests"), render: () => <DueTests /> },
        { key: "forecast", label: t("releases.tabs.forecast"), render: () => <EndingDays /> },
      ]}
    />
  );
}

interface Outcome {
  readonly released: number;
  readonly discharged: number;
  readonly waiting: readonly { readonly orderId: string }[];
}

/** Who may go comes first; the rest keep the order of the server. */
const readyFirst = (rows: readonly Leaving[]): readonly Leaving[] =>
  rows.toSorted((a, b) => Number(b.ready) - Number(a.ready));

function ReleaseList({ group }: { readonly group: "contacts" | "patients" }): ReactNode {
  const { t } = useTranslation();
  const [gone, setGone] = useState<readonly string[]>([]);
  const columns = useColumns(group);
  if (gone.length > 0) return <Papers orderIds={gone} onClose={() => setGone([])} />;
  return (
    <ListPage<Leaving>
      title={t(`releases.title.${group}`)}
      intro={t(`releases.intro.${group}`)}
      path="/api/v1/releases"
      topics={["isolation"]}
      columns={columns}
      rowKey="orderId"
      spell={(query) => ({ ...query, group })}
      empty={t(`releases.empty.${group}`)}
      arrange={readyFirst}
      isFixed={(row) => !row.ready}
      bar={(rows, chosen, clear) => (
        <div className="release-bar">
          <span role="status">
            {t("releases.ready", { ready: rows.filter((row) => row.ready).length, rows: rows.length })}
          </span>
          <ReleaseChosen chosen={chosen.map((row) => row.orderId)} group={group} onDone={clear} onPapers={setGone} />
        </div>
      )}
    />
  );
}

/** Releases the chosen after one confirm that says what it does; then the papers. */
function ReleaseChosen(props: {
  readonly chosen: readonly string[];
  readonly group: "contacts" | "patients";
  readonly onDone: () => void;
  readonly onPapers: (orderIds: readonly string[]) => void;
}): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { chosen } = props;
  const releasing = useMutation({
    mutationFn: (orderIds: readonly string[]) =>
      post<Outcome>("/api/v1/orders/release", { orderIds }, { key: newKey() }),
    onSuccess: async () => {
      props.onDone();
      await refreshLists(client);
    },
  });
  const left = (releasing.variables ?? []).filter((id) => !releasing.data?.waiting.some((row) => row.orderId === id));
  const release = async (): Promise<void> => {
    const go = await ask({
      title: t("releases.confirm", { people: chosen.length }),
      text: t(`releases.effect.${props.group}`),
      go: t("releases.release", { people: chosen.length }),
      stay: t("action.cancel"),
      main: "go",
    });
    if (go) releasing.mutate(chosen);
  };
  return (
    <>
      <Button
        size="small"
        type="primary"
        disabled={chosen.length === 0}
        loading={releasing.isPending}
        onClick={() => void release()}
      >
        {t("releases.release", { people: chosen.length })}
      </Button>
      {releasing.data ? (
        <span role="status">
          {t("releases.released", { people: left.length, kept: releasing.data.waiting.length })}{" "}
          {left.length > 0 ? (
            <Button size="small" onClick={() => props.onPapers(left)}>
              {t("releases.papers")}
            </Button>
          ) : null}
        </span>
      ) : null}
      {releasing.error ? <ProblemNotice error={releasing.error} /> : null}
    </>
  );
}

function useColumns(group: "contacts" | "patients"): Column<Leaving>[] {
  const { t } = useTranslation();
  return [
    { title: t("releases.name"), key: "name", fixed: "left", render: (_, row) => row.coveredName },
    {
      title: t("common.state"),
      key: "ready",
      render: (_, row) =>
        row.ready ? <strong>✓ {t("releases.mayGo")}</strong> : <span>○ {t("releases.mayNot")}</span>,
    },
    { title: t("releases.checks"), key: "checks", render: (_, row) => <Checks checks={row.checks} /> },
    {
      title: t("releases.plan"),
      key: "plan",
      render: (_, row) => wordFor(t, "rooms.values.plan", row.category === "case" ? "case" : row.planClass),
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("rooms.site"), key: "site", render: (_, row) => <SiteName row={row} none={t("releases.atHome")} /> },
    { title: t("releases.since"), sortBy: "since", key: "since", render: (_, row) => <Moment at={row.startAt} /> },
    ...(group === "contacts"
      ? [
          {
            title: t("releases.endDay"),
            sortBy: "end",
            key: "end",
            render: (_: unknown, row: Leaving) => row.plannedEndDay ?? "–",
          },
        ]
      : [
          {
            title: t("sites.next"),
            key: "next",
            render: (_: unknown, row: Leaving) => (
              <span className="row-actions">
                <OperationButton operation="recordExitTests" values={{ tests: [{ personId: row.personId }] }} />
                <OperationButton operation="recordClinical" values={{ rows: [{ orderId: row.orderId }] }} />
              </span>
            ),
          },
        ]),
  ];
}

/** Each condition with what was measured and what was needed, and the rule it comes from. */
function Checks({ checks }: { readonly checks: readonly CheckItem[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <ul className="checks">
      {checks.map((check) => (
        <li key={check.item} className={check.met ? "check-met" : "check-not"} title={check.rule}>
          <b aria-hidden="true">{check.met ? "✓" : "✕"}</b>{" "}
          <span className="sr-only">{check.met ? t("common.met") : t("common.unmet")}</span>
          {wordFor(t, "releases.values.check", check.item)}{" "}
          {check.target === null
            ? (check.value ?? "")
            : t("releases.of", { value: check.value ?? "–", target: check.target })}
        </li>
      ))}
    </ul>
  );
}
