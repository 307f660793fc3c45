import { useMutation } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { getFile, saveFile, withQuery } from "./api.ts";
import { Popup } from "./popup.tsx";
import type { ListSearch } from "./list-search.ts";
import { PurposeForm } from "./purpose.tsx";
import { say } from "./say.tsx";

const SheetImport = lazy(async () => ({ default: (await import("./sheet-import.tsx")).SheetImport }));

/** The buttons of a list that comes in and goes out as a spreadsheet. */
export function SheetButtons(props: {
  readonly name: string;
  readonly canImport?: boolean;
  readonly canExport?: boolean;
  /** The export holds personal data, so that it asks for a purpose. */
  readonly personal?: boolean;
}): ReactNode {
  const { t } = useTranslation();
  const [importing, setImporting] = useState(false);
  return (
    <>
      {props.canImport ? (
        <Button size="small" onClick={() => setImporting(true)}>
          {t("sheet.import")}
        </Button>
      ) : null}
      {importing ? (
        <Suspense fallback={null}>
          <SheetImport name={props.name} onClose={() => setImporting(false)} />
        </Suspense>
      ) : null}
      {props.canExport ? <ExportButton name={props.name} personal={props.personal ?? false} /> : null}
    </>
  );
}

/** Takes out the list as it is filtered in the address. */
function ExportButton(props: { readonly name: string; readonly personal: boolean }): ReactNode {
  const { t } = useTranslation();
  const { areaCode, state }: ListSearch = useSearch({ strict: false });
  const [asking, setAsking] = useState(false);
  const url = withQuery(`/api/v1/sheets/${props.name}/export`, { areaCode, state });
  const fetching = useMutation({
    mutationFn: (reason: string | undefined) => getFile(url, reason),
    onSuccess: ({ blob, name }) => {
      saveFile(blob, name);
      setAsking(false);
    },
    onError: (error) => void (props.personal ? null : say(error.message, "bad")),
  });
  return (
    <>
      <Button
        size="small"
        loading={fetching.isPending && !asking}
        onClick={() => (props.personal ? setAsking(true) : fetching.mutate(undefined))}
      >
        {t("sheet.export")}
      </Button>
      {asking ? (
        <Popup title={t("sheet.export")} onClose={() => setAsking(false)}>
          <PurposeForm busy={fetching.isPending} error={fetching.error} onAsk={(reason) => fetching.mutate(reason)} />
        </Popup>
      ) : null}
    </>
  );
}
