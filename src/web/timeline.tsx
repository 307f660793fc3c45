import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { NextStep, Timeline as TimelinePage, TimelineItem } from "#domain/desk";
import { get } from "./api.ts";
import { AreaPath } from "./area-path.tsx";
import { useTimeZone } from "./board.ts";
import { wordFor } from "./i18n.ts";
import { Due, Moment, Nothing, Panel, ProblemNotice, StateWord, Waiting } from "./parts.tsx";
import { useSession } from "./session.ts";
import { wallTime } from "./time.ts";
import "./styles/timeline.css";

/** A record whose story is told. */
export interface TimelineSubject {
  readonly type: string;
  readonly id: string | number;
}

const pageSize = 30;

function pathOf(subjects: readonly TimelineSubject[], cursor: string | null): string {
  const search = new URLSearchParams(subjects.map(({ type, id }) => ["subject", `${type}:${id}`]));
  search.set("limit", String(pageSize));
  if (cursor !== null) search.set("cursor", cursor);
  return `/api/v1/desk/timeline?${search.toString()}`;
}

/** What is still to do on a record, and what happened to it: when, by which role, why. */
export function Timeline(props: { readonly subjects: readonly TimelineSubject[]; readonly title?: string }): ReactNode {
  const { t } = useTranslation();
  const may = useSession()?.permissions.includes("desk.timeline.read") === true;
  const { subjects } = props;
  const found = useInfiniteQuery({
    queryKey: ["timeline", subjects.map(({ type, id }) => `${type}:${id}`).join(" ")],
    queryFn: ({ pageParam }) => get<TimelinePage>(pathOf(subjects, pageParam)),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled: may && subjects.length > 0,
    meta: { topics: [] },
  });
  if (!may) return null;
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const open = found.data?.pages[0]?.open ?? [];
  return (
    <Panel title={props.title ?? t("timeline.title")} className="timeline">
      {found.isError ? <ProblemNotice error={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting rows={5} /> : null}
      {found.data ? <NextSteps open={open} /> : null}
      {found.data && items.length === 0 ? <Nothing text={t("timeline.empty")} /> : null}
      <Days items={items} />
      {found.hasNextPage ? (
        <Button size="small" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t("timeline.earlier")}
        </Button>
      ) : null}
    </Panel>
  );
}

/** The open tasks of the record, due first. */
function NextSteps(props: { readonly open: readonly NextStep[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="timeline-next" aria-label={t("timeline.next")}>
      <h3>{t("timeline.next")}</h3>
      {props.open.length === 0 ? <p className="muted">{t("timeline.nothingNext")}</p> : null}
      <ul>
        {props.open.map((step) => (
          <li key={step.id}>
            <span className="timeline-what">{wordFor(t, "task.kind", step.kind)}</span>
            <StateWord group="enums.taskState" value={step.state} />
            <span>{wordFor(t, "enums.team", step.ownerTeam)}</span>
            <span>
              <Moment at={step.dueAt} /> · <Due at={step.dueAt} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The events by the day of the outbreak's zone, latest first. */
function Days(props: { readonly items: readonly TimelineItem[] }): ReactNode {
  const zone = useTimeZone();
  const days = new Map<string, TimelineItem[]>();
  for (const item of props.items) {
    const { day } = wallTime(item.at, zone);
    days.set(day, [...(days.get(day) ?? []), item]);
  }
  return [...days].map(([day, items]) => (
    <section key={day} className="timeline-day" aria-label={day}>
      <h3>{day}</h3>
      <ol>
        {items.map((item) => (
          <Happening key={item.id} item={item} />
        ))}
      </ol>
    </section>
  ));
}

function Happening(props: { readonly item: TimelineItem }): ReactNode {
  const { t } = useTranslation();
  const zone = useTimeZone();
  const { item } = props;
  const wall = wallTime(item.at, zone);
  const detail = detailText(t, item);
  return (
    <li>
      <time dateTime={item.at} title={`${wall.day} ${wall.time} ${wall.offset} (${zone})`}>
        {wall.time}
      </time>
      <div>
        <p className="timeline-what">
          {eventWord(t, item.name)}
          {detail === "" ? null : <span>{detail}</span>}
        </p>
        <p className="muted">
          {item.by.own ? t("timeline.you") : item.by.roles.map((role) => wordFor(t, "enums.role", role)).join(" · ")}
          {" · "}
          <AreaPath code={item.areaCode} />
          {item.cause === null ? null : ` · ${t("timeline.because", { cause: eventWord(t, item.cause) })}`}
        </p>
      </div>
    </li>
  );
}

function eventWord(t: TFunction, name: string): string {
  return t(`event.${name}`, { defaultValue: name });
}

/** The task's kind, or from which level to which. */
function detailText(t: TFunction, { name, detail }: TimelineItem): string {
  if (name.startsWith("tasks.")) return wordFor(t, "task.kind", detail["kind"] ?? "");
  if (!name.startsWith("zones.")) return "";
  const levels = [detail["from"], detail["to"] ?? detail["level"]].filter((level) => level !== undefined);
  return levels.map((level) => wordFor(t, "enums.risk", level)).join(" → ");
}
