import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CheckRow, DutyRow, SiteCard } from "#domain/isolation";
import { getFor } from "#web/api";
import { wordFor } from "#web/i18n";
import { areaLabel } from "#webx/area-filter";
import { OperationButton } from "#webx/operation";
import { PurposeForm } from "#webx/purpose";
import { Popup } from "#webx/popup";

/** The step that comes next in a site's life. */
export function Steps(props: { readonly site: SiteCard; readonly checks: readonly CheckRow[] }): ReactNode {
  const { t } = useTranslation();
  const { site } = props;
  const asked = { params: { id: site.id }, confirm: areaLabel(site) };
  switch (site.life) {
    case "selected":
      return <OperationButton operation="orderConversion" {...asked} />;
    case "stoodDown":
      // The next life of a site begins as the first did.
      return <OperationButton operation="orderConversion" label={t("sites.do.again")} {...asked} />;
    case "converting":
      return <OperationButton operation="finishConversion" {...asked} />;
    case "checked":
      return (
        <span className="row-actions">
          <OperationButton operation="openIsolationSite" {...asked} />
          <OperationButton operation="sendSiteBack" {...asked} danger />
        </span>
      );
    case "opened":
      return (
        <span className="row-actions">
          {site.blocked > 0 ? (
            <OperationButton operation="openBeds" {...asked} values={{ beds: site.blocked }} />
          ) : null}
          <OperationButton operation="closeIsolationSite" {...asked} danger />
        </span>
      );
    case "cleaning":
      return <OperationButton operation="standDownSite" {...asked} />;
    default:
      return (
        <span className="row-actions">
          <OperationButton
            operation="checkSite"
            label={t("sites.do.allMet")}
            params={{ id: site.id }}
            confirm={t("sites.do.allMetConfirm")}
            fixed={{ items: props.checks.map(({ item }) => ({ item, met: true })) }}
          />
          <OperationButton operation="sendSiteBack" {...asked} danger />
        </span>
      );
  }
}

/** A post's holder; the telephone is shown for a purpose. */
export function DutyHolder({ duty }: { readonly duty: DutyRow }): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const asking = useMutation({
    mutationFn: (reason: string) =>
      getFor<{ readonly phone: string | null }>(`/api/v1/site-duties/${duty.id}/phone`, reason),
  });
  return (
    <>
      {duty.name}{" "}
      {asking.data ? (
        <a href={`tel:${asking.data.phone ?? ""}`}>{asking.data.phone ?? t("sites.noPhone")}</a>
      ) : (
        <Button size="small" onClick={() => setOpen(true)}>
          {t("sites.phone")}
        </Button>
      )}
      {open && !asking.data ? (
        <Popup title={`${wordFor(t, "sites.values.duty", duty.role)} · ${duty.name}`} onClose={() => setOpen(false)}>
          <PurposeForm busy={asking.isPending} error={asking.error} onAsk={(reason) => asking.mutate(reason)} />
        </Popup>
      ) : null}
    </>
  );
}
