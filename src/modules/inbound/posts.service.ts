import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { dayOf, instantAt } from "#kernel/time";
import type { GivenPosition } from "#domain/areas";
import { dueAt } from "#domain/outbreaks";
import { checkPositions } from "#modules/areas";
import { currentOutbreak, findCurrentOutbreak } from "#modules/outbreaks";
import { personCards } from "#modules/people";
import { completeTasks, createTasks } from "#modules/tasks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import { inboundRules } from "./arrivals.service.ts";
import type { AreaListQuery, NewPost, Post, PostPeople, RecordWorkerTests, Worker } from "./control.model.ts";
import { mustRotate, nextTestOn } from "./inbound.rules.ts";
import {
  askPosts,
  dueCount,
  findPost,
  insertPost,
  insertTests,
  insertWorkers,
  lockWorkers,
  pagePosts,
  pageWorkers,
  placePost,
  setOut,
  type PostFacts,
} from "./posts.store.ts";

const lastTestHour = "20:00";

async function postOf(tx: Tx, id: string): Promise<PostFacts> {
  const post = await findPost(tx, { id });
  if (post === undefined) throw new ProblemError("record.notFound", { what: "post" });
  return post;
}

async function areaOfPost(input: { id: string }, tx: Tx): Promise<string> {
  return (await postOf(tx, input.id)).areaCode;
}

/** Registers an exposed post; how often it is tested and how long a shift lasts come from its trade. spec: INB-10 */
export const registerPost = useCase(
  { name: "inbound.registerPost", permission: "inbound.post.write", kind: "write", area: (of: NewPost) => of.areaCode },
  (tx, input: NewPost): Promise<{ id: string }> => storePost(tx, input),
);

/** The same in a caller's transaction. */
export async function storePost(tx: Tx, input: NewPost): Promise<{ id: string }> {
  checkPositions(tx, [input], () => "");
  const outbreak = await currentOutbreak(tx);
  const trade = inboundRules(outbreak).trades.find((row) => row.id === input.trade);
  if (trade === undefined) throw new ProblemError("record.notFound", { what: "trade" });
  const id = tx.newId();
  const { testEveryDays, loopDaysMax } = trade;
  const row = { ...input, id, outbreakId: outbreak.id, testEveryDays, loopDaysMax: loopDaysMax ?? null };
  if (!(await insertPost(tx, row))) throw new ProblemError("record.duplicate", { what: "post" });
  return { id };
}

/** Puts a post on the map, or takes it off. spec: INB-12 */
export const locatePost = useCase(
  { name: "inbound.locatePost", permission: "inbound.post.write", kind: "write", area: areaOfPost },
  async (tx, input: GivenPosition & { id: string }): Promise<{ id: string }> => {
    checkPositions(tx, [input], () => "");
    await placePost(tx, input.id, input);
    return { id: input.id };
  },
);

/** People begin on a post, in the loop where the trade has one. */
export const joinPost = useCase(
  { name: "inbound.joinPost", permission: "inbound.post.write", kind: "write", area: areaOfPost },
  async (tx, input: PostPeople & { id: string }): Promise<{ joined: number }> => {
    const cards = await personCards(tx, input.personIds);
    if (cards.length !== new Set(input.personIds).size) throw new ProblemError("record.notFound", { what: "person" });
    return { joined: await join(tx, await postOf(tx, input.id), input.personIds) };
  },
);

/** Puts people whom the caller knows on a post. */
export async function join(tx: Tx, post: PostFacts, personIds: readonly number[]): Promise<number> {
  const today = dayOf(tx.now, (await currentOutbreak(tx)).timeZone);
  return insertWorkers(tx, post, personIds, today, nextTestOn(post.testEveryDays, null, today));
}

/** Data of `inbound.leftPost`: who leaves a closed loop and begins the protocol's plan for it. */
export interface LeftPost {
  readonly people: readonly { readonly personId: number; readonly areaCode: string; readonly orderKey: string }[];
  readonly plan: string;
}

/** A shift is rotated out: its people leave the loop and go under the plan of those who leave. spec: INB-10 */
export const leavePost = useCase(
  { name: "inbound.leavePost", permission: "inbound.post.write", kind: "write", area: areaOfPost },
  async (tx, input: PostPeople & { id: string }): Promise<{ left: number }> => {
    const outbreak = await currentOutbreak(tx);
    const post = await postOf(tx, input.id);
    const workers = (await lockWorkers(tx, post.id, input.personIds)).filter((row) => row.state === "in");
    const ids = workers.map((row) => row.personId);
    await setOut(tx, post.id, ids, dayOf(tx.now, outbreak.timeZone));
    if (post.loopDaysMax === null || ids.length === 0) return { left: ids.length };
    await tx.emit({
      name: "inbound.leftPost",
      outbreakId: outbreak.id,
      areaCode: post.areaCode,
      subjectType: "post",
      subjectId: post.id,
      data: {
        people: ids.map((personId) => ({ personId, areaCode: post.areaCode, orderKey: tx.newId() })),
        plan: inboundRules(outbreak).leavingPlan,
      } satisfies LeftPost,
    });
    return { left: ids.length };
  },
);

/** Results of today's tests of a post; a positive one is at once a task of the disease control centre. spec: INB-10 */
export const recordWorkerTests = useCase(
  { name: "inbound.recordWorkerTests", permission: "inbound.post.write", kind: "write", area: areaOfPost },
  async (
    tx,
    input: RecordWorkerTests & { id: string },
  ): Promise<{ recorded: number; due: number; rotate: number[] }> => {
    const outbreak = await currentOutbreak(tx);
    const post = await postOf(tx, input.id);
    const today = dayOf(tx.now, outbreak.timeZone);
    const results = new Map(input.tests.map((test) => [test.personId, test.result]));
    const workers = await lockWorkers(tx, post.id, [...results.keys()]);
    const on = workers.filter((row) => row.state === "in");
    if (on.length !== results.size) throw new ProblemError("record.notFound", { what: "worker" });
    const rows = on.map((row) => ({
      personId: row.personId,
      result: need(results.get(row.personId), "asked for"),
      dueOn: row.nextTestOn,
      nextTestOn: nextTestOn(post.testEveryDays, today, row.since),
    }));
    const recorded = await insertTests(tx, post, today, rows);
    const due = await dueCount(tx, post.id, today);
    if (due === 0)
      await completeTasks(tx, {
        subjectType: "post",
        subjectIds: [post.id],
        kind: "postTests",
        evidence: { note: "all tested / 应检尽检" },
      });
    if (rows.some((row) => row.result === "positive"))
      await createTasks(tx, [
        {
          outbreakId: outbreak.id,
          kind: "postPositive",
          areaCode: post.areaCode,
          ownerTeam: "cdc",
          subjectType: "post",
          subjectId: post.id,
          params: { post: post.code, rule: "INB-10" },
          dueAt: dueAt(outbreak.protocol, "positiveToControl", tx.now) ?? tx.now,
        },
      ]);
    const rotate = on.flatMap((row) => (mustRotate(post.loopDaysMax, row.since, today) ? [row.personId] : []));
    return { recorded, due, rotate };
  },
);

/** Every hour: each post whose people are due today gets one task for the day. */
export async function askForPostTests(tx: Tx): Promise<void> {
  const outbreak = await findCurrentOutbreak(tx);
  if (outbreak?.protocol.inbound === undefined) return;
  const today = dayOf(tx.now, outbreak.timeZone);
  const posts = (await askPosts(tx, today)).toSorted((a, b) => (a.code < b.code ? -1 : 1));
  await createTasks(
    tx,
    posts.map((post) => ({
      outbreakId: post.outbreakId,
      kind: "postTests",
      areaCode: post.areaCode,
      ownerTeam: "screening",
      subjectType: "post",
      subjectId: post.id,
      params: { post: post.code, due: post.due, rule: "INB-10" },
      dueAt: instantAt(today, lastTestHour, outbreak.timeZone),
    })),
  );
}

export const listPosts = useCase(
  { name: "inbound.posts", permission: "inbound.post.read", kind: "read" },
  async (tx, query: AreaListQuery): Promise<Page<Post>> =>
    pagePosts(tx, query, dayOf(tx.now, (await currentOutbreak(tx)).timeZone)),
);

/** Who is on exposed posts, the earliest due test first; numbers of the register, no names. */
export const listWorkers = useCase(
  { name: "inbound.workers", permission: "inbound.post.read", kind: "read" },
  (tx, query: AreaListQuery): Promise<Page<Worker>> => pageWorkers(tx, query),
);
