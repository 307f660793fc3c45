import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Transfer } from "#domain/isolation";
import { wordFor } from "#web/i18n";
import { AreaPath } from "#webx/area-path";
import { SiteName } from "./site-name.tsx";
import { Moment } from "#webx/parts";

/** The vehicles that are asked for or on the road, as the driver and both ends sign them; on paper only. */
export function VehicleList({ trips }: { readonly trips: readonly Transfer[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <table className="print-only vehicle-list">
      <caption>{t("transfers.board.list")}</caption>
      <thead>
        <tr>
          <th>{t("transfers.vehicle")}</th>
          <th>{t("transfers.board.from")}</th>
          <th>{t("transfers.to")}</th>
          <th>{t("transfers.who")}</th>
          <th>{t("transfers.people")}</th>
          <th>{t("transfers.due")}</th>
          <th>{t("transfers.board.sender")}</th>
          <th>{t("transfers.board.receiver")}</th>
        </tr>
      </thead>
      <tbody>
        {trips.map((trip) => (
          <tr key={trip.id}>
            <td>{trip.vehicle ?? ""}</td>
            <td>
              <AreaPath code={trip.areaCode} />
            </td>
            <td>
              {trip.direction === "home" ? t("transfers.home") : <SiteName row={trip} none="–" />}{" "}
              <AreaPath code={trip.toAreaCode} />
            </td>
            <td>{wordFor(t, "enums.category", trip.category)}</td>
            <td>{trip.people}</td>
            <td>
              <Moment at={trip.dueAt} />
            </td>
            <td>
              {trip.departedBy ?? ""} {trip.departedAt === null ? null : <Moment at={trip.departedAt} />}
            </td>
            <td />
          </tr>
        ))}
      </tbody>
    </table>
  );
}
