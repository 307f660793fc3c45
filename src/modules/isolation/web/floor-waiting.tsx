import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { SiteCard, WaitingPerson } from "#domain/isolation";
import { wordFor } from "#web/i18n";
import { numberText } from "#web/time";
import { AreaPath } from "#webx/area-path";
import { OperationButton } from "#webx/operation";
import { Due, Nothing, Panel, ProblemNotice, Waiting } from "#webx/parts";
import { useWaiting } from "./use-floors.ts";

/** Who waits for a room this site could give, the earliest due first; picked by a press, or dragged onto a room. */
export function WaitingColumn(props: {
  readonly site: SiteCard;
  readonly picked: WaitingPerson | null;
  readonly everywhere: boolean;
  readonly onEverywhere: (everywhere: boolean) => void;
  readonly onPick: (person: WaitingPerson | null) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { site, picked } = props;
  const found = useWaiting(site.kind, props.everywhere ? "" : site.areaCode.slice(0, 6));
  const people = found.data?.items ?? [];
  return (
    <Panel
      title={
        found.data?.next
          ? t("rooms.floors.waitingMany", { count: people.length })
          : t("rooms.floors.waiting", { count: people.length })
      }
      side={
        <label className="check">
          <input
            type="checkbox"
            checked={props.everywhere}
            onChange={({ target }) => props.onEverywhere(target.checked)}
          />
          {t("rooms.floors.everywhere")}
        </label>
      }
    >
      <p className="muted no-print">{t("rooms.floors.how")}</p>
      {found.error ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={6} /> : null}
      {found.data && people.length === 0 ? <Nothing text={t("rooms.floors.nobody")} /> : null}
      <ul className="waiting-people">
        {people.map((person) => (
          <li key={person.orderId}>
            <PersonCard
              person={person}
              picked={picked?.orderId === person.orderId}
              onPick={() => props.onPick(picked?.orderId === person.orderId ? null : person)}
              onDrag={() => props.onPick(person)}
            />
            {picked?.orderId === person.orderId ? (
              <span className="row-actions">
                <OperationButton operation="allocateBeds" fixed={{ orderIds: [person.orderId] }} only={[]} />
                <OperationButton
                  operation="setOrderNeeds"
                  params={{ id: person.orderId }}
                  values={{ needs: person.needs }}
                />
                <OperationButton operation="changePlace" params={{ id: person.orderId }} />
              </span>
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function PersonCard(props: {
  readonly person: WaitingPerson;
  readonly picked: boolean;
  readonly onPick: () => void;
  readonly onDrag: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { person } = props;
  return (
    // No button element: Firefox does not let one be dragged.
    <div
      role="button"
      tabIndex={0}
      className="waiting-person"
      aria-pressed={props.picked}
      draggable
      onClick={props.onPick}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        props.onPick();
      }}
      onDragStart={(event) => {
        event.dataTransfer.setData("text/plain", person.orderId);
        event.dataTransfer.effectAllowed = "move";
        props.onDrag();
      }}
    >
      <span className="waiting-head">
        <strong>{person.coveredName}</strong>
        <span>{wordFor(t, "rooms.values.plan", person.category === "case" ? "case" : person.planClass)}</span>
        <Due at={person.dueAt} />
      </span>
      <span className="waiting-facts">
        {person.age === null ? null : <span>{t("rooms.floors.age", { age: person.age })}</span>}
        {person.household > 1 ? (
          <span>{t("rooms.floors.household", { people: numberText(person.household) })}</span>
        ) : null}
        {person.needs.map((need) => (
          <span key={need}>{wordFor(t, "rooms.values.need", need)}</span>
        ))}
        <AreaPath code={person.areaCode} />
      </span>
    </div>
  );
}
