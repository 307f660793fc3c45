import { Modal } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FloorGuest, FloorRoom } from "#domain/isolation";
import { wordFor } from "#web/i18n";
import { Facts } from "#webx/facts";
import { OperationButton } from "#webx/operation";
import { Nothing } from "#webx/parts";
import { RoomStateMark } from "./floor-room.tsx";

/** One room: its beds, its guests, and what can be done for each of them. */
export function RoomDetails(props: {
  readonly room: FloorRoom;
  readonly names: ReadonlyMap<string, string>;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { room } = props;
  return (
    <Modal open title={t("rooms.floors.room", { no: room.no })} footer={null} onCancel={props.onClose}>
      <Facts
        rows={[
          [t("common.state"), <RoomStateMark key="s" state={room.state} />],
          [t("rooms.floor"), String(room.floor)],
          [
            t("rooms.floors.purpose"),
            room.purpose === null ? t("rooms.floors.noPurpose") : wordFor(t, "rooms.values.plan", room.purpose),
          ],
          [
            t("rooms.floors.beds"),
            room.beds.map((bed) => `${bed.no} ${wordFor(t, "rooms.values.bed", bed.state)}`).join(" · ") || "–",
          ],
        ]}
      />
      {room.guests.length === 0 ? <Nothing text={t("rooms.floors.empty")} /> : null}
      <ul className="room-people">
        {room.guests.map((guest) => (
          <li key={guest.orderId}>
            <strong>{props.names.get(guest.orderId) ?? guest.coveredName}</strong>{" "}
            {wordFor(t, "rooms.values.plan", guest.category === "case" ? "case" : guest.planClass)} ·{" "}
            {guest.arrived ? t("rooms.floors.here") : t("rooms.floors.kept")}
            {guest.endDay === null ? null : ` · ${t("rooms.floors.until", { day: guest.endDay })}`}
            <GuestActions guest={guest} />
          </li>
        ))}
      </ul>
    </Modal>
  );
}

function GuestActions({ guest }: { readonly guest: FloorGuest }): ReactNode {
  const { t } = useTranslation();
  const params = { id: guest.orderId };
  if (!guest.arrived)
    return guest.mayTakeBack ? (
      <span className="row-actions">
        <OperationButton operation="takeBackBed" params={params} danger confirm={t("rooms.floors.takeBackConfirm")} />
        <OperationButton
          operation="requestTransfers"
          fixed={{ orderIds: [guest.orderId] }}
          only={["seats", "vehicle"]}
        />
      </span>
    ) : null;
  return (
    <span className="row-actions">
      <OperationButton operation="askCare" values={{ requests: [{ orderId: guest.orderId }] }} />
      <OperationButton operation="changePlace" params={params} />
      {guest.category === "case" ? (
        <OperationButton operation="recordClinical" values={{ rows: [{ orderId: guest.orderId }] }} />
      ) : null}
      <OperationButton operation="releaseOrders" fixed={{ orderIds: [guest.orderId] }} only={["day"]} />
    </span>
  );
}
