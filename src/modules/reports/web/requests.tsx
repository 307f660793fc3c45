import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { requestKinds, requestStates, type RequestDetail, type RequestRow } from "#domain/reports";
import { getFor } from "#web/api";
import { wordFor } from "#web/i18n";
import { ActionButton } from "#webx/action";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { ListPage } from "#webx/list";
import { Due, Moment, StateWord } from "#webx/parts";
import { PurposeForm } from "#webx/purpose";
import { SheetButtons } from "#webx/sheet-buttons";
import type { Column } from "#webx/rows";
import { Popup } from "#webx/popup";

/** Opens what a resident wrote, for a purpose. */
function OpenRequest({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const asking = useMutation({
    mutationFn: (reason: string) => getFor<RequestDetail>(`/api/v1/requests/${id}`, reason),
  });
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {t("publicinfo.do.open")}
      </Button>
      {open ? (
        <Popup title={t("publicinfo.do.open")} onClose={() => setOpen(false)}>
          {asking.data ? (
            <Facts
              rows={[
                [t("publicinfo.text"), asking.data.text],
                [t("publicinfo.phone"), asking.data.phone ?? "–"],
                [t("publicinfo.answer"), asking.data.answer ?? "–"],
              ]}
            />
          ) : (
            <PurposeForm busy={asking.isPending} error={asking.error} onAsk={(reason) => asking.mutate(reason)} />
          )}
        </Popup>
      ) : null}
    </>
  );
}

function AnswerButton({ row }: { readonly row: RequestRow }): ReactNode {
  const { t } = useTranslation();
  if (row.state === "answered" || row.state === "confirmed") return null;
  return (
    <ActionButton
      label={t("publicinfo.do.answer")}
      title={t("publicinfo.do.answer")}
      url={`/api/v1/requests/${row.id}/answer`}
      fields={[
        { name: "answer", label: t("publicinfo.answer"), kind: "long", required: true, max: 1_000 },
        { name: "referred", label: t("publicinfo.referred"), kind: "switch" },
      ]}
    />
  );
}

/** Residents' requests, the most urgent first. */
export function RequestsList(): ReactNode {
  const { t } = useTranslation();
  const columns: Column<RequestRow>[] = [
    { title: t("publicinfo.receipt"), dataIndex: "receipt", key: "receipt", fixed: "left" },
    {
      title: t("publicinfo.kind"),
      key: "kind",
      render: (_, row) => wordFor(t, "publicinfo.values.requestKind", row.kind),
    },
    { title: t("publicinfo.due"), key: "due", render: (_, row) => <Due at={row.dueAt} doneAt={row.answeredAt} /> },
    {
      title: t("common.state"),
      key: "state",
      render: (_, row) => <StateWord group="publicinfo.values.requestState" value={row.state} />,
    },
    { title: t("common.area"), key: "area", render: (_, row) => <AreaPath code={row.areaCode} /> },
    { title: t("publicinfo.asked"), key: "asked", render: (_, row) => <Moment at={row.askedAt} /> },
    { title: t("publicinfo.answered"), key: "answered", render: (_, row) => <Moment at={row.answeredAt} /> },
    {
      key: "act",
      render: (_, row) => (
        <span className="row-actions">
          <OpenRequest id={row.id} />
          <AnswerButton row={row} />
        </span>
      ),
    },
  ];
  return (
    <ListPage<RequestRow>
      title={t("publicinfo.tabs.requests")}
      intro={t("publicinfo.introRequests")}
      path="/api/v1/requests"
      topics={["reports"]}
      columns={columns}
      rowKey="id"
      states={{ group: "publicinfo.values.requestState", values: requestStates }}
      filter={{
        name: "kind",
        label: t("publicinfo.kind"),
        group: "publicinfo.values.requestKind",
        values: requestKinds,
      }}
      empty={t("publicinfo.emptyRequests")}
      actions={<SheetButtons name="reports-requests" canExport />}
    />
  );
}
