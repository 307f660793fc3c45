import { Link, useParams } from "@tanstack/react-router";
import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { floorRoomKinds, roomStates, type FloorRoom, type SiteCard, type WaitingPerson } from "#domain/isolation";
import { Problem } from "#web/api";
import { wordFor } from "#web/i18n";
import { areaLabel } from "#webx/area-filter";
import { Nothing, ProblemNotice, Waiting } from "#webx/parts";
import { PurposeForm } from "#webx/purpose";
import { RoomDetails } from "./floor-details.tsx";
import { FloorGrid } from "./floor-grid.tsx";
import { RoomStateMark } from "./floor-room.tsx";
import { WaitingColumn } from "./floor-waiting.tsx";
import { namesFor, useGive, useRooms, useSite, useTakeBack, type Giving } from "./use-floors.ts";
import "./floors.css";
import { Popup } from "#webx/popup";
import { Choice } from "#webx/choice";

const nobody: ReadonlyMap<string, string> = new Map();

/** The floors of one site, live: who is where, who waits, and who fits. */
export function FloorsPage(): ReactNode {
  const { t } = useTranslation();
  const { id = "" }: { readonly id?: string } = useParams({ strict: false });
  const found = useSite(id);
  if (found.error)
    return (
      <ProblemNotice
        error={found.error}
        retry={() => void found.refetch()}
        back={<Link to="/sites">{t("sites.title")}</Link>}
      />
    );
  if (!found.data) return <Waiting rows={8} />;
  const { site } = found.data;
  return (
    <div className="page">
      <p className="crumb">
        <Link to="/sites">{t("sites.title")}</Link> ›{" "}
        <Link to="/sites/$id" params={{ id }}>
          {areaLabel(site)}
        </Link>
      </p>
      <Floors key={id} site={site} />
    </div>
  );
}

interface RoomFilter {
  readonly state?: string | undefined;
  readonly kind?: string | undefined;
  readonly fits?: boolean | undefined;
}

function shownRooms(rooms: readonly FloorRoom[], filter: RoomFilter): readonly FloorRoom[] {
  return rooms.filter(
    (room) =>
      (filter.state === undefined || room.state === filter.state) &&
      (filter.kind === undefined || room.kind === filter.kind) &&
      (!filter.fits || room.refusal === null),
  );
}

function Floors({ site }: { readonly site: SiteCard }): ReactNode {
  const { t } = useTranslation();
  const [picked, setPicked] = useState<WaitingPerson | null>(null);
  const [everywhere, setEverywhere] = useState(false);
  const [filter, setFilter] = useState<RoomFilter>({});
  const [current, setCurrent] = useState<number | null>(null);
  const [opened, setOpened] = useState<number | null>(null);
  const [names, setNames] = useState(nobody);
  const [given, setGiven] = useState<Giving | null>(null);
  const rooms = useRooms(site.id, picked?.orderId ?? null);
  const giving = useGive((done) => {
    setGiven(done);
    setPicked(null);
  });
  const all = rooms.data ?? [];
  const shown = shownRooms(all, picked ? filter : { ...filter, fits: false });
  // The room says its reason itself; a press on a refused room asks the server all the same, which decides.
  const choose = (room: FloorRoom): void => {
    if (picked) giving.mutate({ person: picked, room });
    else setOpened(room.roomId);
  };
  const open = all.find(({ roomId }) => roomId === opened);
  return (
    <>
      <Head site={site} rooms={all} filter={filter} asking={picked !== null} onFilter={setFilter} onNames={setNames} />
      <GivenNotice given={given} onClose={() => setGiven(null)} />
      {rooms.error ? <ProblemNotice error={rooms.error} retry={() => void rooms.refetch()} /> : null}
      <div className="floor-columns">
        <div className="floor-main">
          {picked ? (
            <p className="floor-asking" role="status">
              {t("rooms.floors.asking", { name: picked.coveredName })}
              <Button size="small" onClick={() => setPicked(null)}>
                {t("rooms.floors.putBack")}
              </Button>
            </p>
          ) : null}
          {rooms.isPending ? <Waiting rows={10} /> : null}
          {rooms.data && shown.length === 0 ? <Nothing text={t("rooms.floors.none")} /> : null}
          <FloorGrid
            rooms={shown}
            asking={picked !== null && !rooms.isPlaceholderData}
            current={current}
            names={names}
            refused={refusedAt(giving.error, giving.variables, picked)}
            onChoose={choose}
            onFocus={(room) => setCurrent(room.roomId)}
          />
        </div>
        <aside className="floor-side no-print">
          <WaitingColumn
            site={site}
            picked={picked}
            everywhere={everywhere}
            onEverywhere={setEverywhere}
            onPick={(person) => {
              setPicked(person);
              giving.reset();
            }}
          />
        </aside>
      </div>
      {open ? <RoomDetails room={open} names={names} onClose={() => setOpened(null)} /> : null}
    </>
  );
}

/** What the server said, at the room it said it of, as long as the same person is picked. */
function refusedAt(
  error: Error | null,
  tried: Giving | undefined,
  picked: WaitingPerson | null,
): { readonly roomId: number; readonly text: string } | null {
  if (!error || !tried || tried.person.orderId !== picked?.orderId) return null;
  return { roomId: tried.room.roomId, text: error instanceof Problem ? error.title : error.message };
}

/** What was just done, and the way back. */
function GivenNotice(props: { readonly given: Giving | null; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const back = useTakeBack(props.onClose);
  const { given } = props;
  return (
    <div role="status" className="no-print">
      {given ? (
        <p className="floor-given">
          {t("rooms.floors.given", { name: given.person.coveredName, no: given.room.no })}
          <Button size="small" loading={back.isPending} onClick={() => back.mutate(given.person.orderId)}>
            {t("rooms.floors.undo")}
          </Button>
          <Button size="small" type="text" onClick={props.onClose}>
            {t("rooms.floors.close")}
          </Button>
        </p>
      ) : null}
      {back.error ? <ProblemNotice error={back.error} /> : null}
    </div>
  );
}

function Head(props: {
  readonly site: SiteCard;
  readonly rooms: readonly FloorRoom[];
  readonly filter: RoomFilter;
  readonly asking: boolean;
  readonly onFilter: (filter: RoomFilter) => void;
  readonly onNames: (names: ReadonlyMap<string, string>) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { filter, onFilter } = props;
  const count = (state: string): number => props.rooms.filter((room) => room.state === state).length;
  const states = roomStates.filter((state) => count(state) > 0);
  return (
    <header className="page-head">
      <div>
        <h1>{t("rooms.floors.title", { site: areaLabel(props.site) })}</h1>
        <ul className="floor-legend" aria-label={t("rooms.floors.legend")}>
          {states.map((state) => (
            <li key={state}>
              <RoomStateMark state={state} /> {count(state)}
            </li>
          ))}
        </ul>
      </div>
      <div className="page-tools no-print">
        <Choice<string>
          label={t("common.state")}
          none={t("common.filter.everyState")}
          value={filter.state}
          options={roomStates.map((value) => ({ value, label: wordFor(t, "rooms.values.state", value) }))}
          onChange={(state) => onFilter({ ...filter, state })}
        />
        <Choice<string>
          label={t("rooms.kind")}
          none={t("rooms.kind")}
          value={filter.kind}
          options={floorRoomKinds.map((value) => ({ value, label: wordFor(t, "rooms.values.kind", value) }))}
          onChange={(kind) => onFilter({ ...filter, kind })}
        />
        {props.asking ? (
          <Button
            size="small"
            aria-pressed={filter.fits ?? false}
            onClick={() => onFilter({ ...filter, fits: !filter.fits })}
          >
            {filter.fits ? t("rooms.floors.showAll") : t("rooms.floors.onlyFits")}
          </Button>
        ) : null}
        <Names siteId={props.site.id} onNames={props.onNames} />
        <Button size="small" onClick={() => globalThis.print()}>
          {t("rooms.floors.print")}
        </Button>
      </div>
    </header>
  );
}

/** Names are covered until somebody says what they are wanted for. */
function Names(props: {
  readonly siteId: string;
  readonly onNames: (names: ReadonlyMap<string, string>) => void;
}): ReactNode {
  const { t } = useTranslation();
  const [state, setState] = useState<"covered" | "asking" | "shown">("covered");
  const asking = useMutation({
    mutationFn: (reason: string) => namesFor(props.siteId, reason),
    onSuccess: (names) => {
      props.onNames(names);
      setState("shown");
    },
  });
  const cover = (): void => {
    props.onNames(nobody);
    setState("covered");
  };
  return (
    <>
      <Button size="small" onClick={() => (state === "shown" ? cover() : setState("asking"))}>
        {state === "shown" ? t("rooms.floors.cover") : t("rooms.floors.names")}
      </Button>
      {state === "asking" ? (
        <Popup title={t("rooms.floors.names")} onClose={() => setState("covered")}>
          <PurposeForm busy={asking.isPending} error={asking.error} onAsk={(reason) => asking.mutate(reason)} />
        </Popup>
      ) : null}
    </>
  );
}
