import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Modal } from "antd";
import { useId, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { getFile, newKey, post, saveFile } from "./api.ts";
import { ProblemNotice } from "./parts.tsx";
import { refreshLists } from "./refresh.ts";
import { Rows } from "./rows.tsx";
import { useUnsavedGuard } from "./unsaved.ts";

interface Outcome {
  readonly rows: number;
  readonly taken: number;
  readonly known: number;
  readonly bad: number;
  readonly faults: readonly { readonly row: number; readonly field: string; readonly message: string }[];
  /** CSV; empty when every row is good. */
  readonly badRows: string;
}

/** A chosen file as the import wants it: CSV as text, XLSX as base64. */
interface Chosen {
  readonly name: string;
  readonly format: "csv" | "xlsx";
  readonly content: string;
}

const faultsShownMax = 20;

/** Choose a file, see what would be taken, take it, and get the bad rows back. */
export function SheetImport(props: { readonly name: string; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const client = useQueryClient();
  const url = `/api/v1/sheets/${props.name}`;
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const template = useMutation({
    mutationFn: () => getFile(`${url}/template`),
    onSuccess: ({ blob, name }) => saveFile(blob, name),
  });
  const trial = useMutation({
    mutationFn: async (file: File) => {
      const read = await chosenFile(file);
      setChosen(read);
      return post<Outcome>(`${url}/import`, { format: read.format, content: read.content, dryRun: true });
    },
  });
  const taking = useMutation({
    mutationFn: ({ format, content }: Chosen) =>
      post<Outcome>(`${url}/import`, { format, content, dryRun: false }, { key: newKey() }),
    onSuccess: () => refreshLists(client),
  });
  useUnsavedGuard(chosen !== null && !taking.isSuccess);
  const choose = (file: File): void => {
    taking.reset();
    trial.mutate(file);
  };
  const outcome = taking.data ?? trial.data;
  const error = template.error ?? trial.error ?? taking.error;
  const good = trial.data?.taken ?? 0;
  return (
    <Modal
      open
      width={760}
      title={t("sheet.import")}
      mask={{ closable: false }}
      onCancel={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>{taking.data ? t("sheet.close") : t("action.cancel")}</Button>
          {taking.data || !trial.data || !chosen ? null : (
            <Button
              type="primary"
              disabled={good === 0}
              loading={taking.isPending}
              onClick={() => taking.mutate(chosen)}
            >
              {t("sheet.take", { rows: good })}
            </Button>
          )}
        </>
      }
    >
      <p>{t("sheet.how")}</p>
      <div className="sheet-file">
        <Button size="small" loading={template.isPending} onClick={() => template.mutate()}>
          {t("sheet.template")}
        </Button>
        <FileChoice busy={trial.isPending} onChoose={choose} />
        {chosen ? <span className="sheet-name">{chosen.name}</span> : null}
      </div>
      {error ? <ProblemNotice error={error} /> : null}
      {outcome ? <OutcomeView outcome={outcome} taken={taking.data !== undefined} file={chosen?.name ?? ""} /> : null}
    </Modal>
  );
}

function FileChoice(props: { readonly busy: boolean; readonly onChoose: (file: File) => void }): ReactNode {
  const { t } = useTranslation();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        id={id}
        ref={input}
        className="sr-only"
        type="file"
        accept=".xlsx,.csv"
        tabIndex={-1}
        aria-label={t("sheet.choose")}
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file, once mended, is chosen again.
          event.target.value = "";
          if (file) props.onChoose(file);
        }}
      />
      <Button size="small" type="primary" loading={props.busy} onClick={() => input.current?.click()}>
        {t("sheet.choose")}
      </Button>
    </>
  );
}

function OutcomeView(props: { readonly outcome: Outcome; readonly taken: boolean; readonly file: string }): ReactNode {
  const { t } = useTranslation();
  const { rows, taken, known, bad, faults, badRows } = props.outcome;
  const counts = { rows, taken, known, bad };
  const save = (): void =>
    saveFile(new Blob([badRows], { type: "text/csv" }), `${props.file}-${t("sheet.badFile")}.csv`);
  const shown = faults.slice(0, faultsShownMax).map((fault, index) => ({ ...fault, key: index }));
  return (
    <div className="sheet-outcome" aria-live="polite">
      <Alert
        type={bad > 0 ? "warning" : "success"}
        showIcon
        title={props.taken ? t("sheet.taken", counts) : t("sheet.trial", counts)}
        action={
          badRows === "" ? undefined : (
            <Button size="small" onClick={save}>
              {t("sheet.badRows")}
            </Button>
          )
        }
      />
      {shown.length > 0 ? (
        <Rows
          columns={[
            { title: t("sheet.line"), dataIndex: "row", align: "right" },
            { title: t("sheet.column"), dataIndex: "field" },
            { title: t("sheet.fault"), dataIndex: "message" },
          ]}
          rows={shown}
          rowKey="key"
          bare
        />
      ) : null}
      {faults.length > shown.length ? <p className="muted">{t("sheet.more", { shown: shown.length })}</p> : null}
    </div>
  );
}

async function chosenFile(file: File): Promise<Chosen> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (file.name.toLowerCase().endsWith(".xlsx")) return { name: file.name, format: "xlsx", content: base64Of(bytes) };
  return { name: file.name, format: "csv", content: textOf(bytes) };
}

/** Spreadsheets save CSV in the system's encoding: UTF-8 where it is valid, else GB 18030. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

function base64Of(bytes: Uint8Array): string {
  const parts: string[] = [];
  // A call takes only so many arguments.
  for (let from = 0; from < bytes.length; from += 8_192)
    parts.push(String.fromCharCode(...bytes.subarray(from, from + 8_192)));
  return btoa(parts.join(""));
}
