import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { addHours } from "#kernel/time";
import type { Transfer, WaitingPerson } from "#domain/isolation";
import { get, withQuery, type Page } from "#web/api";
import { useOutbreak } from "#web/board";
import { wordFor } from "#web/i18n";
import { useNowMs } from "#web/live";
import { numberText } from "#web/time";
import { AreaFilter } from "#webx/area-filter";
import { AreaPath } from "#webx/area-path";
import { listSearch, type ListSearch } from "#webx/list";
import { OperationButton } from "#webx/operation";
import { Due, Moment, Nothing, ProblemNotice, Waiting } from "#webx/parts";
import { SiteName } from "./site-name.tsx";
import { VehicleList } from "./vehicle-list.tsx";
import "./transit.css";
import type { Column } from "#webx/rows";
import { Choice } from "#webx/choice";

const shownMax = 100;
const arrivedHours = 24;
const hourMs = 3_600_000;

type Selected = ReadonlySet<string>;

function usePage<T>(path: string, query: Readonly<Record<string, string | number | undefined>>, enabled = true) {
  const url = withQuery(path, { ...query, limit: shownMax });
  return useQuery({
    queryKey: ["list", url],
    queryFn: () => get<Page<T>>(url),
    placeholderData: keepPreviousData,
    meta: { topics: ["isolation"] },
    enabled,
  });
}

/** The beginning of the present hour less a day: a moment that stays the same for an hour, so that the list is not read anew each second. */
function useArrivedSince(): string | undefined {
  const nowMs = useNowMs();
  if (nowMs === 0) return undefined;
  return addHours(new Date(Math.floor(nowMs / hourMs) * hourMs).toISOString(), -arrivedHours);
}

/** Everybody on the way to a place or home, from the order to the hand-over, the most urgent first. */
export function TransferBoard(): ReactNode {
  const { t } = useTranslation();
  const search: ListSearch = useSearch({ strict: false });
  const areaCode = search.areaCode;
  const direction = search.by;
  const since = useArrivedSince();
  const wants = (what: string) => ({ for: what, areaCode });
  const trips = (state: string) => ({ state, areaCode, direction });
  const forRoom = usePage<WaitingPerson>("/api/v1/orders/waiting", wants("room"));
  const forVehicle = usePage<WaitingPerson>("/api/v1/orders/waiting", wants("vehicle"));
  const asked = usePage<Transfer>("/api/v1/transfers", trips("requested"));
  const away = usePage<Transfer>("/api/v1/transfers", trips("departed"));
  const done = usePage<Transfer>(
    "/api/v1/transfers",
    { ...trips("arrived"), arrivedSince: since },
    since !== undefined,
  );
  return (
    <div className="page">
      <BoardHead />
      <div className="transit no-print">
        <PeopleColumn title={t("transfers.board.ordered")} empty={t("transfers.board.orderedEmpty")} found={forRoom}>
          {(ids) => <OperationButton operation="allocateBeds" fixed={ids.length > 0 ? { orderIds: ids } : {}} />}
        </PeopleColumn>
        <PeopleColumn title={t("transfers.board.placed")} empty={t("transfers.board.placedEmpty")} found={forVehicle}>
          {(ids) => <OperationButton operation="requestTransfers" fixed={ids.length > 0 ? { orderIds: ids } : {}} />}
        </PeopleColumn>
        <TripColumn title={t("transfers.board.asked")} empty={t("transfers.board.askedEmpty")} found={asked}>
          {(ids) => (
            <OperationButton
              operation="departTransfers"
              fixed={{ transferIds: ids }}
              label={t("transfers.board.depart", { trips: ids.length })}
              confirm={t("transfers.board.departConfirm", { trips: ids.length })}
            />
          )}
        </TripColumn>
        <TripColumn title={t("transfers.board.away")} empty={t("transfers.board.awayEmpty")} found={away}>
          {(ids) => (
            <OperationButton
              operation="arriveTransfers"
              fixed={{ transferIds: ids }}
              label={t("transfers.board.arrive", { trips: ids.length })}
              confirm={t("transfers.board.arriveConfirm", { trips: ids.length })}
            />
          )}
        </TripColumn>
        <TripColumn title={t("transfers.board.done")} empty={t("transfers.board.doneEmpty")} found={done} />
      </div>
      <VehicleList trips={[...(asked.data?.items ?? []), ...(away.data?.items ?? [])]} />
    </div>
  );
}

function BoardHead(): ReactNode {
  const { t } = useTranslation();
  const search: ListSearch = useSearch({ strict: false });
  const go = useNavigate();
  const outbreak = useOutbreak();
  const set = (change: ListSearch): void => void go({ to: ".", search: listSearch({ ...search, ...change }) });
  return (
    <header className="page-head">
      <div>
        <h1>{t("transfers.title")}</h1>
        <p className="page-intro">{t("transfers.board.intro")}</p>
      </div>
      <div className="page-tools no-print" role="search">
        <AreaFilter
          value={search.areaCode ?? ""}
          cityCode={outbreak?.areaCode ?? ""}
          onChange={(areaCode) => set({ areaCode })}
        />
        <Choice<string>
          label={t("transfers.board.direction")}
          none={t("transfers.board.direction")}
          value={search.by}
          options={["toSite", "home"].map((value) => ({
            value,
            label: wordFor(t, "transfers.values.direction", value),
          }))}
          onChange={(by) => set({ by: by ?? "" })}
        />
        <Button size="small" onClick={() => globalThis.print()}>
          {t("transfers.board.print")}
        </Button>
      </div>
    </header>
  );
}

interface Found<T> {
  readonly data: Page<T> | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

/** A column: how many, what can be done with the chosen ones, and the cards. */
function Column<T>(props: {
  readonly title: string;
  readonly empty: string;
  readonly found: Found<T>;
  readonly actions: ReactNode;
  readonly card: (row: T) => ReactNode;
}): ReactNode {
  const { t } = useTranslation();
  const { data, error, refetch } = props.found;
  const count = data ? numberText(data.items.length) : "";
  return (
    <section className="transit-column" aria-label={props.title}>
      <h2>
        {props.title} <span className="muted">{data?.next ? t("transfers.board.atLeast", { count }) : count}</span>
      </h2>
      <div className="transit-actions">{props.actions}</div>
      {error ? <ProblemNotice error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Waiting rows={5} /> : null}
      {data?.items.length === 0 ? <Nothing text={props.empty} /> : null}
      <ul className="transit-cards">{data?.items.map(props.card)}</ul>
    </section>
  );
}

function useSelected(all: readonly string[]) {
  const [chosen, setChosen] = useState<Selected>(new Set());
  // What left the column meanwhile is chosen no more.
  const ids = all.filter((id) => chosen.has(id));
  const toggle = (id: string): void => {
    const next = new Set(ids);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const all_ = ids.length === all.length && all.length > 0;
  return { ids, toggle, every: all_, setEvery: () => setChosen(new Set(all_ ? [] : all)) };
}

function PeopleColumn(props: {
  readonly title: string;
  readonly empty: string;
  readonly found: Found<WaitingPerson>;
  readonly children: (ids: readonly string[]) => ReactNode;
}): ReactNode {
  const { t } = useTranslation();
  const chosen = useSelected((props.found.data?.items ?? []).map(({ orderId }) => orderId));
  return (
    <Column
      {...props}
      actions={
        <>
          <label className="check">
            <input type="checkbox" checked={chosen.every} onChange={chosen.setEvery} />
            {t("transfers.board.all")}
          </label>
          {props.children(chosen.ids)}
        </>
      }
      card={(row) => (
        <li key={row.orderId} className="transit-card">
          <label className="check">
            <input
              type="checkbox"
              checked={chosen.ids.includes(row.orderId)}
              onChange={() => chosen.toggle(row.orderId)}
            />
            <span>
              <strong>{row.coveredName}</strong>{" "}
              {wordFor(t, "rooms.values.plan", row.category === "case" ? "case" : row.planClass)}
            </span>
          </label>
          <span>
            <AreaPath code={row.areaCode} />
            {row.siteName === null ? null : (
              <>
                {" → "}
                <SiteName row={row} none="" />
              </>
            )}
          </span>
          <Due at={row.dueAt} />
        </li>
      )}
    />
  );
}

function TripColumn(props: {
  readonly title: string;
  readonly empty: string;
  readonly found: Found<Transfer>;
  readonly children?: (ids: readonly string[]) => ReactNode;
}): ReactNode {
  const { t } = useTranslation();
  const chosen = useSelected((props.found.data?.items ?? []).map(({ id }) => id));
  const acting = props.children;
  return (
    <Column
      {...props}
      actions={
        acting ? (
          <>
            <label className="check">
              <input type="checkbox" checked={chosen.every} onChange={chosen.setEvery} />
              {t("transfers.board.all")}
            </label>
            {chosen.ids.length > 0 ? acting(chosen.ids) : null}
          </>
        ) : null
      }
      card={(row) => (
        <TripCard
          key={row.id}
          row={row}
          choice={
            acting ? (
              <input
                type="checkbox"
                className="check-alone"
                aria-label={t("list.choose")}
                checked={chosen.ids.includes(row.id)}
                onChange={() => chosen.toggle(row.id)}
              />
            ) : null
          }
        />
      )}
    />
  );
}

/** One journey with both ends' word: who confirmed, and when. */
function TripCard({ row, choice }: { readonly row: Transfer; readonly choice: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const late = row.arrivedAt === null && row.departedAt !== null;
  return (
    <li className="transit-card">
      <span className="transit-trip">
        <label>
          {choice} <strong>{row.direction === "home" ? t("transfers.home") : <SiteName row={row} none="–" />}</strong>
        </label>
        <span>
          {t("transfers.board.people", { people: row.people, seats: row.seats })} ·{" "}
          {wordFor(t, "enums.category", row.category)}
        </span>
      </span>
      <span>
        <AreaPath code={row.areaCode} /> → <AreaPath code={row.toAreaCode} />
      </span>
      <span>
        {t("transfers.vehicle")}: {row.vehicle ?? "–"}
      </span>
      <ul className="transit-ends">
        <End label={t("transfers.board.sender")} at={row.departedAt} by={row.departedBy} />
        <End label={t("transfers.board.receiver")} at={row.arrivedAt} by={row.arrivedBy} />
      </ul>
      <Due at={row.dueAt} doneAt={row.arrivedAt} />
      {row.state === "requested" && !late ? (
        <OperationButton
          operation="cancelTransfer"
          params={{ id: row.id }}
          danger
          confirm={t("transfers.board.cancelConfirm")}
        />
      ) : null}
    </li>
  );
}

function End(props: { readonly label: string; readonly at: string | null; readonly by: string | null }): ReactNode {
  const { t } = useTranslation();
  return (
    <li>
      {props.label}: {props.at === null ? <span className="muted">○ {t("transfers.board.notYet")}</span> : null}
      {props.at === null ? null : (
        <span>
          ✓ {props.by ?? ""} <Moment at={props.at} />
        </span>
      )}
    </li>
  );
}
