import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { DirectiveDetail } from "#domain/command";
import { get } from "#web/api";
import { currentLanguage } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { Facts } from "#webx/facts";
import { Due, Moment, ProblemNotice, StateWord, Waiting } from "#webx/parts";
import { Popup } from "#webx/popup";

/** The name of a directive, behind which its whole text and each county's answer stand. */
export function DirectiveButton(props: { readonly id: string; readonly label: string }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="link" onClick={() => setOpen(true)}>
        {props.label}
      </button>
      {open ? (
        <Popup wide title={props.label} onClose={() => setOpen(false)}>
          <Directive id={props.id} />
        </Popup>
      ) : null}
    </>
  );
}

function Directive({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: ["directive", id],
    queryFn: () => get<DirectiveDetail>(`/api/v1/directives/${encodeURIComponent(id)}`),
    meta: { topics: ["command"] },
  });
  if (found.error) return <ProblemNotice error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting rows={6} />;
  const directive = found.data;
  return (
    <>
      <Facts
        rows={[
          [t("orders.issuedBy"), directive.issuedBy],
          [t("orders.documentNo"), directive.documentNo ?? "–"],
          [t("orders.receivedAt"), <Moment key="r" at={directive.receivedAt} long />],
        ]}
      />
      <p className="pre">{directive.body[currentLanguage()]}</p>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t("common.area")}</th>
            <th scope="col">{t("common.state")}</th>
            <th scope="col">{t("orders.receipt")}</th>
            <th scope="col">{t("orders.report")}</th>
          </tr>
        </thead>
        <tbody>
          {directive.relays.map((relay) => (
            <tr key={relay.id}>
              <th scope="row">
                <AreaPath code={relay.areaCode} />
              </th>
              <td>
                <StateWord group="orders.values.relay" value={relay.state} />
              </td>
              <td>
                <Due at={relay.receiptDueAt} doneAt={relay.receivedAt} />
              </td>
              <td>
                <Due at={relay.reportDueAt} doneAt={relay.reportedAt} />
                {relay.report === null ? null : <p className="pre">{relay.report}</p>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
