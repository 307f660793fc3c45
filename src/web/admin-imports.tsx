import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { get, newKey, post, saveFile } from "./api.ts";
import { currentLanguage, wordFor } from "./i18n.ts";
import { Panel, ProblemNotice, Waiting } from "./parts.tsx";
import { refreshLists } from "./refresh.ts";
import { useSession } from "./session.ts";
import { useUnsavedGuard } from "./unsaved.ts";
import { SheetButtons } from "./sheet-buttons.tsx";

interface SheetRow {
  readonly name: string;
  readonly module: string;
  readonly title: { readonly "zh-CN": string; readonly en: string };
  readonly canImport: boolean;
  readonly canExport: boolean;
  readonly personal: boolean;
}

/** Every table that comes in or goes out, in one place; each is tried before it is taken. */
export function ImportsPage(): ReactNode {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: ["sheets"],
    queryFn: () => get<{ readonly items: readonly SheetRow[] }>("/api/v1/sheets"),
    staleTime: Infinity,
  });
  const rows = found.data?.items ?? [];
  return (
    <div className="page">
      <h1>{t("admin.imports.title")}</h1>
      <p className="page-intro">{t("admin.imports.intro")}</p>
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={10} /> : null}
      <div className="function-parts">
        {[...new Set(rows.map(({ module }) => module))].map((module) => (
          <Panel key={module} title={wordFor(t, "functions.part", module)}>
            <ul className="functions">
              {rows
                .filter((row) => row.module === module)
                .map((row) => (
                  <li key={row.name} className="row-actions">
                    <span>{row.title[currentLanguage()]}</span>
                    <SheetButtons
                      name={row.name}
                      canImport={row.canImport}
                      canExport={row.canExport}
                      personal={row.personal}
                    />
                  </li>
                ))}
            </ul>
          </Panel>
        ))}
        <LineList operation="cases" url="/api/v1/cases/import" needs="cases.case.import" />
        <LineList operation="contacts" url="/api/v1/contacts/import" needs="tracing.contact.import" />
        <AreaTable />
      </div>
    </div>
  );
}

interface Report {
  readonly rows: number;
  readonly taken: number;
  readonly known: number;
  readonly bad: number;
  readonly errorFile: string;
}

/** A line list of another register: its table and the mapping that says what its columns mean. */
function LineList(props: {
  readonly operation: "cases" | "contacts";
  readonly url: "/api/v1/cases/import" | "/api/v1/contacts/import";
  readonly needs: string;
}): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [mapping, setMapping] = useState("");
  const may = useSession()?.permissions.includes(props.needs) === true;
  const sending = useMutation({
    mutationFn: (dryRun: boolean) =>
      post<Report>(props.url, { text, mapping, dryRun }, dryRun ? {} : { key: newKey() }),
    onSuccess: (_, dryRun) => (dryRun ? undefined : refreshLists(client)),
  });
  useUnsavedGuard((text !== "" || mapping !== "") && !(sending.isSuccess && !sending.variables));
  if (!may) return null;
  const ready = text !== "" && mapping.trim() !== "";
  const tried = sending.variables === true && sending.data !== undefined;
  return (
    <Panel title={t(`admin.imports.${props.operation}`)}>
      <p className="muted">{t("admin.imports.lineList")}</p>
      <FileChoice label={t("admin.imports.table")} accept=".csv" onText={setText} chosen={text !== ""} />
      <FileChoice label={t("admin.imports.mapping")} accept=".yaml,.yml" onText={setMapping} chosen={mapping !== ""} />
      <textarea
        aria-label={t("admin.imports.mapping")}
        className="plain-input yaml"
        rows={3}
        value={mapping}
        onChange={({ target }) => setMapping(target.value)}
      />
      <div className="page-actions">
        <Button size="small" disabled={!ready} loading={sending.isPending} onClick={() => sending.mutate(true)}>
          {t("admin.imports.try")}
        </Button>
        <Button
          size="small"
          type="primary"
          disabled={!ready || !tried || sending.data.taken === 0}
          loading={sending.isPending}
          onClick={() => sending.mutate(false)}
        >
          {t("admin.imports.take")}
        </Button>
      </div>
      {sending.error ? <ProblemNotice error={sending.error} /> : null}
      {sending.data ? <Outcome report={sending.data} tried={tried} /> : null}
    </Panel>
  );
}

function FileChoice(props: {
  readonly label: string;
  readonly accept: string;
  readonly chosen: boolean;
  readonly onText: (text: string) => void;
}): ReactNode {
  return (
    <label className="ant-btn ant-btn-default ant-btn-sm">
      {props.label} {props.chosen ? "✓" : ""}
      <input
        type="file"
        accept={props.accept}
        className="sr-only"
        onChange={({ target }) => void target.files?.[0]?.text().then(props.onText)}
      />
    </label>
  );
}

function Outcome(props: { readonly report: Report; readonly tried: boolean }): ReactNode {
  const { t } = useTranslation();
  const { report, tried } = props;
  return (
    <Alert
      showIcon
      type={report.bad === 0 ? "success" : "warning"}
      title={t(tried ? "admin.imports.wouldTake" : "admin.imports.taken", {
        rows: report.rows,
        taken: report.taken,
        known: report.known,
        bad: report.bad,
      })}
      action={
        report.errorFile === "" ? null : (
          <Button
            size="small"
            onClick={() => saveFile(new Blob([report.errorFile], { type: "text/csv" }), "bad-rows.csv")}
          >
            {t("admin.imports.badRows")}
          </Button>
        )
      }
    />
  );
}

interface AreaReport {
  readonly total: number;
  readonly good: number;
  readonly stored: number;
  readonly errors: readonly { readonly row: number; readonly field: string; readonly message: string }[];
}

/** Areas of another city or of one's own villages, as CSV. */
function AreaTable(): ReactNode {
  const { t } = useTranslation();
  const [content, setContent] = useState("");
  const may = useSession()?.permissions.includes("areas.area.write") === true;
  const sending = useMutation({
    mutationFn: (dryRun: boolean) =>
      post<AreaReport>("/api/v1/areas/import", { format: "csv", content, dryRun }, dryRun ? {} : { key: newKey() }),
  });
  if (!may) return null;
  return (
    <Panel title={t("admin.imports.areas")}>
      <p className="muted">{t("admin.imports.areasHow")}</p>
      <FileChoice label={t("admin.imports.table")} accept=".csv" onText={setContent} chosen={content !== ""} />
      <div className="page-actions">
        <Button size="small" disabled={content === ""} loading={sending.isPending} onClick={() => sending.mutate(true)}>
          {t("admin.imports.try")}
        </Button>
        <Button
          size="small"
          type="primary"
          disabled={content === "" || sending.data === undefined}
          loading={sending.isPending}
          onClick={() => sending.mutate(false)}
        >
          {t("admin.imports.take")}
        </Button>
      </div>
      {sending.error ? <ProblemNotice error={sending.error} /> : null}
      {sending.data ? (
        <>
          <p>
            {t("admin.imports.areaRows", {
              rows: sending.data.total,
              good: sending.data.good,
              stored: sending.data.stored,
            })}
          </p>
          <ul>
            {sending.data.errors.map((fault) => (
              <li key={`${fault.row} ${fault.field}`}>
                {t("protocols.line", { line: fault.row })} {fault.field}: {fault.message}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </Panel>
  );
}
