import { useMutation, useQuery } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { OutbreakCard, ProtocolCard, ProtocolCheck, ProtocolDifference } from "#domain/outbreaks";
import { get, post, withQuery, type Page } from "#web/api";
import { useOutbreak } from "#web/board";
import { currentLanguage, wordFor } from "#web/i18n";
import { useUnsavedGuard } from "#web/unsaved";
import { areaLabel } from "#webx/area-names";
import { AreaPath } from "#webx/area-path";
import { ListPage } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Moment, Nothing, ProblemNotice, Waiting } from "#webx/parts";
import { PageTabs } from "#webx/tabs";
import { ProtocolTree } from "./tree.tsx";
import type { Column } from "#webx/rows";
import { Choice } from "#webx/choice";

/** The rules the response runs under: read, compared, checked before use; and the outbreaks. */
export function ProtocolsPage(): ReactNode {
  const { t } = useTranslation();
  return (
    <PageTabs
      tabs={[
        { key: "read", label: t("protocols.tabs.read"), render: () => <ReadTab /> },
        { key: "compare", label: t("protocols.tabs.compare"), render: () => <CompareTab /> },
        { key: "check", label: t("protocols.tabs.check"), render: () => <CheckTab /> },
        { key: "outbreaks", label: t("protocols.tabs.outbreaks"), render: () => <OutbreakList /> },
      ]}
    />
  );
}

/** The protocols of the library, the one in force first. */
function useProtocols() {
  const { t } = useTranslation();
  const outbreak = useOutbreak();
  const found = useQuery({
    queryKey: ["protocols"],
    queryFn: () => get<Page<ProtocolCard>>("/api/v1/protocols"),
    staleTime: Infinity,
  });
  const choices = (found.data?.items ?? []).map((row) => ({
    value: row.id,
    label: `${row.title[currentLanguage()]} · ${row.version}${row.id === outbreak?.protocolId ? ` · ${t("protocols.inForce")}` : ""}`,
  }));
  return { found, choices, current: outbreak?.protocolId ?? choices[0]?.value ?? "" };
}

function ReadTab(): ReactNode {
  const { t } = useTranslation();
  const { choices, current } = useProtocols();
  const [chosen, setChosen] = useState<string>();
  const id = chosen ?? current;
  const found = useQuery({
    queryKey: ["protocol", id],
    queryFn: () => get<Readonly<Record<string, unknown>>>(`/api/v1/protocols/${encodeURIComponent(id)}`),
    enabled: id !== "",
    staleTime: Infinity,
  });
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{t("protocols.title")}</h1>
          <p className="page-intro">{t("protocols.intro")}</p>
        </div>
        <Choice<string> label={t("protocols.which")} value={id} options={choices} onChange={setChosen} />
      </header>
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={10} /> : null}
      {found.data
        ? Object.entries(found.data).map(([key, value]) => (
            <details key={key} className="fold">
              <summary>{wordFor(t, "protocols.part", key)}</summary>
              <ProtocolTree value={value} />
            </details>
          ))
        : null}
    </div>
  );
}

function CompareTab(): ReactNode {
  const { t } = useTranslation();
  const { choices, current } = useProtocols();
  const outbreak = useOutbreak();
  const [from, setFrom] = useState<string>();
  const [to, setTo] = useState<string>();
  const asked = { from: from ?? current, to: to ?? "" };
  const url = withQuery("/api/v1/protocols/compare", asked);
  const found = useQuery({
    queryKey: ["protocols", url],
    queryFn: () => get<{ readonly items: readonly ProtocolDifference[] }>(url),
    enabled: asked.from !== "" && asked.to !== "",
    staleTime: Infinity,
  });
  const count = found.data?.items.length ?? 0;
  return (
    <div className="page">
      <h1>{t("protocols.tabs.compare")}</h1>
      <p className="page-intro">{t("protocols.compareIntro")}</p>
      <div className="filters">
        <Choice<string> label={t("protocols.from")} value={asked.from} options={choices} onChange={setFrom} />
        <Choice<string>
          label={t("protocols.to")}
          none={t("protocols.to")}
          value={to}
          options={choices}
          onChange={setTo}
        />
        {outbreak && found.data && asked.from === outbreak.protocolId ? (
          <OperationButton
            operation="moveToProtocolVersion"
            params={{ id: outbreak.id }}
            fixed={{ protocolId: asked.to }}
            only={["reason"]}
            confirm={t("protocols.moveConfirm", { count })}
            danger
          />
        ) : null}
      </div>
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isFetching && !found.data ? <Waiting rows={8} /> : null}
      {found.data && count === 0 ? <Nothing text={t("protocols.same")} /> : null}
      {found.data && count > 0 ? (
        <div className="table-scroll">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t("protocols.field")}</th>
                <th scope="col">{t("protocols.from")}</th>
                <th scope="col">{t("protocols.to")}</th>
              </tr>
            </thead>
            <tbody>
              {found.data.items.map((row) => (
                <tr key={row.pointer}>
                  <th scope="row">
                    <code>{row.pointer}</code>
                  </th>
                  <td className="wrap">{row.from ?? "–"}</td>
                  <td className="wrap">{row.to ?? "–"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </div>
  );
}

/** Says what is wrong with a protocol, line by line, before anybody runs under it. */
function CheckTab(): ReactNode {
  const { t } = useTranslation();
  const outbreak = useOutbreak();
  const [text, setText] = useState("");
  useUnsavedGuard(text.trim() !== "");
  const checking = useMutation({
    mutationFn: (asked: string) => post<ProtocolCheck>("/api/v1/protocols/validate", { text: asked }),
  });
  const current = checking.variables === text ? checking.data : undefined;
  return (
    <div className="page">
      <h1>{t("protocols.tabs.check")}</h1>
      <p className="page-intro">{t("protocols.checkIntro")}</p>
      <label className="draw-field">
        <span>{t("protocols.yaml")}</span>
        <textarea
          value={text}
          rows={16}
          spellCheck={false}
          className="plain-input yaml"
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <div className="page-actions">
        <label className="ant-btn ant-btn-default ant-btn-sm">
          {t("protocols.file")}
          <input
            type="file"
            accept=".yaml,.yml"
            className="sr-only"
            onChange={(event) => void event.target.files?.[0]?.text().then(setText)}
          />
        </label>
        <Button
          size="small"
          type="primary"
          disabled={text.trim() === ""}
          loading={checking.isPending}
          onClick={() => checking.mutate(text)}
        >
          {t("protocols.check")}
        </Button>
        {outbreak && current?.valid ? (
          <OperationButton
            operation="moveToProtocolVersion"
            params={{ id: outbreak.id }}
            fixed={{ text }}
            only={["reason"]}
            confirm={t("protocols.useConfirm")}
            danger
          />
        ) : null}
      </div>
      {checking.error ? <ProblemNotice error={checking.error} /> : null}
      {current?.valid ? <Alert type="success" showIcon title={t("protocols.valid")} /> : null}
      {current && !current.valid ? (
        <>
          <Alert type="error" showIcon title={t("protocols.invalid", { count: current.faults.length })} />
          <ul>
            {current.faults.map((fault) => (
              <li key={`${fault.line} ${fault.pointer} ${fault.message}`}>
                {t("protocols.line", { line: fault.line })} <code>{fault.pointer}</code> {fault.message}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </div>
  );
}

function OutbreakList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<OutbreakCard>[] = [
    { title: t("field.name"), key: "name", fixed: "left", render: (_, row) => areaLabel(row) },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("protocols.phase"), key: "phase", render: (_, row) => wordFor(t, "enums.phase", row.phase) },
    { title: t("field.responseLevel"), dataIndex: "responseLevel", key: "level" },
    {
      title: t("field.protocolId"),
      key: "protocol",
      render: (_, row) => `${row.protocolId} ${row.protocolVersion}`,
    },
    { title: t("protocols.opened"), key: "opened", render: (_, row) => <Moment at={row.openedAt} long /> },
    { title: t("protocols.first"), key: "first", render: (_, row) => <Moment at={row.firstPositiveAt} long /> },
    { title: t("protocols.zero"), key: "zero", render: (_, row) => <Moment at={row.communityZeroAt} long /> },
    { title: t("protocols.clear"), key: "clear", render: (_, row) => <Moment at={row.allClearAt} long /> },
    { title: t("protocols.closed"), key: "closed", render: (_, row) => <Moment at={row.closedAt} long /> },
  ];
  return (
    <ListPage<OutbreakCard>
      title={t("protocols.tabs.outbreaks")}
      intro={t("protocols.outbreaksIntro")}
      path="/api/v1/outbreaks"
      topics={["outbreaks", "command"]}
      columns={columns}
      rowKey="id"
      unfiltered
      actions={<OperationButton operation="openOutbreak" />}
      empty={t("protocols.noOutbreaks")}
    />
  );
}
