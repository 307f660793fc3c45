import { countRegister, settleHouseholdIds, settlePersonIds } from "#modules/people";
import { addToDay, beginDay, endDay, type DayForm } from "#modules/venues";
import { need } from "#kernel/assert";
import { hashText } from "#kernel/prng";
import { addDays, daysBetween, dayOf, instantAt, type Day } from "#kernel/time";
import type { Ctx } from "#platform/context";
import type { Sql } from "#platform/db";
import { makeIndex, type KeptIndex } from "#platform/indexes";
import { runDuty } from "#platform/usecase";
import type { CityArea } from "#sim/city";
import {
  closedPerOpen,
  contactsOf,
  loadCases,
  loadContacts,
  loadTasks,
  openCityRound,
  postFigures,
} from "./load.outbreak.service.ts";
import { rowsOfPhase } from "./load.store.ts";
import type { FoundContact } from "./load.contacts.rules.ts";
import type { LoadWorld } from "./load.world.service.ts";
import { cityNumbers } from "./residents.rules.ts";
import { residentsIn, setupParts } from "./setup.service.ts";
import { visitsOfDay, type VisitDay } from "./visits.rules.ts";

/** What a chunk works with: one open transaction, in which it is also marked as done. */
export interface ChunkJob {
  readonly ctx: Ctx;
  readonly sql: Sql;
}

/** A part of a load that is one transaction. */
export interface LoadChunk {
  readonly phase: string;
  /** About how many rows it adds. */
  readonly rows: number;
  /** Who does it: the owner makes indexes, everything else is the application's. */
  readonly as: "app" | "owner";
  /** Chunks of one phase that may be done side by side, in any order. */
  readonly apart: boolean;
  /** Whether it is done as if on the outbreak's first morning, or on the last evening. */
  readonly at: "opening" | "end";
  /** About how long a row takes, in microseconds, on the two cores it was measured on. */
  readonly rowMicros: number;
  /** Returns how many rows it added. */
  run(job: ChunkJob): Promise<number>;
}

/** The tables of which a fresh database has the indexes made after they are filled. */
export const indexedLater = ["household", "person"] as const;

const visitPartPeople = 250_000;
const casesPerChunk = 5_000;
const contactsPerChunk = 10_000;
const tasksPerChunk = 20_000;
/** Microseconds a row and thread, as a whole city took them (docs/runbooks/load-a-city.md): for what is left, not for speed. */
const rowMicros = {
  areas: 80,
  venues: 33,
  people: 120,
  grid: 27,
  rooms: 7_000_000,
  index: 2.5,
  analyze: 0.2,
  visits: 6,
  visitEnd: 1.5,
  cases: 330,
  contacts: 140,
  tasks: 50,
  figures: 50,
  counts: 0.4,
  round: 0.4,
} as const;
/** Parts of which nobody counts the rows take some seconds for a whole city. */
const otherMicros = 5_000_000;

const app = { as: "app", apart: false, at: "end" } as const;

/** The chunks of a load in order: a pure function of its world and of the indexes that were taken away. */
export function loadChunks(world: LoadWorld, indexes: readonly KeptIndex[]): LoadChunk[] {
  const parts = setupParts(world, cityNumbers(residentsIn(world))).map((part): LoadChunk => {
    const micros: number = rowMicros[part.name as keyof typeof rowMicros] ?? otherMicros * world.scale;
    return {
      ...app,
      phase: part.name,
      rows: part.rows,
      apart: part.apart,
      at: "opening",
      rowMicros: micros,
      run: async ({ ctx }) => {
        await part.run(ctx, world);
        return part.rows;
      },
    };
  });
  const afterPeople = parts.findLastIndex(({ phase }) => phase === "people") + 1;
  return [
    ...parts.slice(0, afterPeople),
    ...indexChunks(world, indexes),
    ...parts.slice(afterPeople),
    ...visitChunks(world),
    ...outbreakChunks(world),
  ];
}

/** The chunks' names and sizes as one word: a load goes on only with the chunks it was begun with. */
export function planOf(world: LoadWorld, chunks: readonly LoadChunk[]): string {
  const list = chunks.map(({ phase, rows }) => `${phase} ${rows}`).join("\n");
  return `${world.city.fingerprint}-${chunks.length}-${hashText(list).toString(16)}`;
}

function indexChunks(world: LoadWorld, indexes: readonly KeptIndex[]): LoadChunk[] {
  const { personCount, householdCount } = world.city;
  const made = indexes.map((index): LoadChunk => ({
    phase: "indexes",
    rows: index.table === "household" ? householdCount : personCount,
    as: "owner",
    apart: true,
    at: "opening",
    rowMicros: rowMicros.index,
    run: async ({ sql }) => {
      await makeIndex(sql, index);
      return 1;
    },
  }));
  return [
    ...made,
    {
      phase: "statistics",
      rows: personCount,
      as: "owner",
      apart: false,
      at: "opening",
      rowMicros: rowMicros.analyze,
      run: async ({ sql }) => {
        await sql.script("analyze");
        return 0;
      },
    },
    {
      ...app,
      phase: "numbers",
      rows: 1,
      rowMicros: rowMicros.analyze,
      run: ({ ctx }) =>
        runDuty(ctx, async (tx) => {
          await settlePersonIds(tx);
          await settleHouseholdIds(tx);
          return 0;
        }),
    },
  ];
}

/** Whole towns, some hundred thousand people at a time. */
function visitParts({ city }: LoadWorld): CityArea[] {
  const parts: CityArea[] = [];
  for (const town of city.towns) {
    const last = parts.at(-1);
    if (last && town.endPerson - last.firstPerson <= visitPartPeople)
      parts[parts.length - 1] = { ...last, endVillage: town.endVillage, endPerson: town.endPerson };
    else parts.push(town);
  }
  return parts;
}

/** The last days of the order, the newest as the rows of a day that goes on, the others packed. */
function visitChunks(world: LoadWorld): LoadChunk[] {
  const { order, city } = world;
  const parts = order.visits === 0 ? [] : visitParts(world);
  if (parts.length === 0) return [];
  return Array.from({ length: order.days }, (_, i) => addDays(order.until, i + 1 - order.days)).flatMap((day) => {
    const form: DayForm = day === order.until ? "rows" : "packed";
    const phase = `visits ${day}`;
    const visits = Math.round(city.personCount * order.visits);
    return [
      {
        ...app,
        phase: `${phase} begun`,
        rows: 1,
        rowMicros: rowMicros.visitEnd,
        run: ({ ctx }: ChunkJob) =>
          runDuty(ctx, async (tx) => {
            await beginDay(tx, day, form);
            return 0;
          }),
      },
      ...parts.map((part): LoadChunk => ({
        ...app,
        phase,
        rows: Math.round((part.endPerson - part.firstPerson) * order.visits),
        apart: true,
        rowMicros: rowMicros.visits,
        run: ({ ctx }) => runDuty(ctx, (tx) => addToDay(tx, day, form, visitsOfDay(visitDay(world, day), part))),
      })),
      {
        ...app,
        phase: `${phase} ended`,
        rows: visits,
        rowMicros: rowMicros.visitEnd,
        run: ({ ctx }: ChunkJob) =>
          runDuty(ctx, async (tx) => {
            await tx.sql.run("select set_config('maintenance_work_mem', '512MB', true)");
            await endDay(tx, day, form, await rowsOfPhase(tx.sql, phase));
            return 0;
          }),
      },
    ];
  });
}

function visitDay(world: LoadWorld, day: Day): VisitDay {
  const { city, ranges, passing, dayZero, scenario } = world;
  return {
    city,
    ranges,
    index: daysBetween(dayOf(dayZero, scenario.timeZone), day),
    midnight: instantAt(day, "00:00", scenario.timeZone),
    passing,
  };
}

/** From … to … of `count` things, `size` at a time. */
function spans(count: number, size: number): { from: number; to: number }[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, i) => ({
    from: i * size,
    to: Math.min(count, (i + 1) * size),
  }));
}

function outbreakChunks(world: LoadWorld): LoadChunk[] {
  const { order, epidemic, protocol } = world;
  // Worked out by whoever first needs them: the threads that load people and visits never do.
  let found: FoundContact[] | null = null;
  const contacts = (): FoundContact[] => (found ??= contactsOf(world));
  const chunk = (phase: string, rows: number, micros: number, run: (ctx: Ctx) => Promise<number>): LoadChunk => ({
    ...app,
    phase,
    rows,
    rowMicros: micros,
    run: ({ ctx }) => run(ctx),
  });
  const tasks = order.tasks * (1 + closedPerOpen);
  return [
    ...spans(epidemic.cases.length, casesPerChunk).map(({ from, to }) =>
      chunk("cases", to - from, rowMicros.cases, (ctx) => loadCases(ctx, world, from, to)),
    ),
    ...spans(order.contacts, contactsPerChunk).map(({ from, to }) =>
      chunk("contacts", to - from, rowMicros.contacts, (ctx) => loadContacts(ctx, world, contacts().slice(from, to))),
    ),
    ...spans(tasks, tasksPerChunk).map(({ from, to }) =>
      chunk("tasks", to - from, rowMicros.tasks, (ctx) => loadTasks(ctx, world, from, to)),
    ),
    chunk("figures", epidemic.cases.length + order.contacts, rowMicros.figures, (ctx) => postFigures(ctx, world)),
    chunk("counts", world.city.personCount, rowMicros.counts, (ctx) =>
      runDuty(ctx, async (tx) => {
        await countRegister(tx);
        return world.city.personCount;
      }),
    ),
    ...(protocol.rounds === null
      ? []
      : [chunk("round", world.city.personCount, rowMicros.round, (ctx) => openCityRound(ctx, world))]),
  ];
}

/** The chunk of a number. */
export function chunkOf(chunks: readonly LoadChunk[], no: number): LoadChunk {
  return need(chunks[no], "a chunk of the load");
}
