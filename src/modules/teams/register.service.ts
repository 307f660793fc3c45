import { isWithin } from "#kernel/area";
import { ProblemError } from "#kernel/errors";
import { normalPhone, maskedName } from "#domain/people";
import { areaNames } from "#modules/areas";
import type { Tx } from "#platform/context";
import type { Cell } from "#platform/db";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import {
  closeTeamRow,
  copyMembers,
  copyPosts,
  copyTeams,
  countsBelow,
  lockTeam,
  pageMembers,
  pagePosts,
  pageTeams,
  setHolder,
  type CountRow,
  type MembersAsked,
  type StoredMember,
} from "./register.store.ts";
import type {
  MemberQuery,
  MemberRow,
  Mobilisation,
  Mobilised,
  NewMember,
  NewPost,
  NewTeam,
  PostQuery,
  PostRow,
  Registered,
  TeamQuery,
  TeamRow,
} from "./teams.model.ts";

const bytes = (buffer: Buffer): string => `\\x${buffer.toString("hex")}`;

/** Registers many teams in a caller's transaction; a known code keeps its record. Trusts its caller for the areas. */
export async function registerTeamsBulk(tx: Tx, teams: Iterable<NewTeam>): Promise<Registered> {
  return copyTeams(tx, teams);
}

/** Registers many members in a caller's transaction, phones encrypted like everybody's. Trusts its caller for the areas. */
export async function registerMembersBulk(tx: Tx, members: Iterable<NewMember>): Promise<Registered> {
  const { secrets } = tx.services;
  function* cells(): Generator<readonly Cell[]> {
    for (const m of members) {
      const phone = m.phone === undefined ? null : normalPhone(m.phone);
      yield [
        m.areaCode,
        m.code,
        m.name,
        phone === null ? null : bytes(secrets.lookupHash(phone)),
        phone === null ? null : bytes(secrets.seal(phone)),
        m.kind,
        `{${(m.skills ?? []).join(",")}}`,
        m.homeAreaCode ?? null,
        m.vaccinated ?? null,
        m.teamCode ?? null,
      ];
    }
  }
  return copyMembers(tx, cells());
}

/** Registers many posts in a caller's transaction. Trusts its caller for the areas. */
export async function registerPostsBulk(tx: Tx, posts: Iterable<NewPost>): Promise<Registered> {
  function* cells(): Generator<readonly Cell[]> {
    for (const p of posts)
      yield [tx.newId(), p.areaCode, p.kind, p.code, p.name, p.place ?? "", p.peopleNeeded ?? 1, p.holderCode ?? null];
  }
  return copyPosts(tx, cells());
}

function inJurisdiction(tx: Tx, rows: readonly { readonly areaCode: string }[]): void {
  if (rows.some((row) => !isWithin(row.areaCode, tx.actor.areaCode)))
    throw new ProblemError("auth.outsideJurisdiction");
}

async function registered(tx: Tx, what: string, answer: Registered): Promise<Registered> {
  if (answer.added > 0)
    await tx.emit({
      name: "teams.registered",
      areaCode: tx.actor.areaCode,
      subjectType: what,
      subjectId: tx.key ?? "",
      data: { what, added: answer.added },
    });
  return answer;
}

/** Registers teams; sent twice, they are the same teams. */
export const registerTeams = useCase(
  { name: "teams.registerTeams", permission: "teams.team.write", kind: "write" },
  async (tx, input: { teams: readonly NewTeam[] }): Promise<Registered> => {
    inJurisdiction(tx, input.teams);
    return registered(tx, "team", await registerTeamsBulk(tx, input.teams));
  },
);

/** Registers members; sent twice, they are the same members. */
export const registerMembers = useCase(
  { name: "teams.registerMembers", permission: "teams.member.write", kind: "write" },
  async (tx, input: { members: readonly NewMember[] }): Promise<Registered> => {
    inJurisdiction(tx, input.members);
    const fault = input.members.findIndex((m) => m.phone !== undefined && normalPhone(m.phone) === null);
    if (fault >= 0)
      throw new ProblemError("request.invalid", {}, [
        { pointer: `/members/${fault}/phone`, detail: "not a phone number" },
      ]);
    return registered(tx, "member", await registerMembersBulk(tx, input.members));
  },
);

/** Registers posts; sent twice, they are the same posts. */
export const registerPosts = useCase(
  { name: "teams.registerPosts", permission: "teams.team.write", kind: "write" },
  async (tx, input: { posts: readonly NewPost[] }): Promise<Registered> => {
    inJurisdiction(tx, input.posts);
    return registered(tx, "post", await registerPostsBulk(tx, input.posts));
  },
);

/** Closes a temporary team; its members stay registered, without a team. */
export const closeTeam = useCase(
  { name: "teams.closeTeam", permission: "teams.team.write", kind: "write" },
  async (tx, input: { code: string; reason: string }): Promise<TeamRow> => {
    const team = await lockTeam(tx, input.code);
    if (!team) throw new ProblemError("record.notFound", { what: "team" });
    if (team.state === "closed") throw new ProblemError("state.notAllowed", { state: team.state });
    await closeTeamRow(tx, team.id);
    await tx.emit({
      name: "teams.closed",
      areaCode: team.areaCode,
      subjectType: "team",
      subjectId: team.id,
      data: { code: team.code, reason: input.reason },
    });
    return { ...team, state: "closed" };
  },
);

/** Puts a member on a post, or takes the holder off. */
export const holdPost = useCase(
  { name: "teams.holdPost", permission: "teams.team.write", kind: "write" },
  async (tx, input: { code: string; memberCode: string | null }): Promise<{ code: string }> => {
    const change = await setHolder(tx, input.code, input.memberCode);
    if (!change) throw new ProblemError("record.notFound", { what: "post" });
    const { areaCode, before, after } = change;
    const tell = async (name: string, memberId: string | null): Promise<void> => {
      if (before === after || memberId === null) return;
      const data = { code: input.code, kind: change.kind };
      await tx.emit({ name, areaCode, subjectType: "member", subjectId: memberId, data });
    };
    await tell("teams.postLeft", before);
    await tell("teams.postTaken", after);
    return { code: input.code };
  },
);

export const listTeams = useCase(
  { name: "teams.listTeams", permission: "teams.team.read", kind: "read" },
  (tx, query: TeamQuery): Promise<Page<TeamRow>> => pageTeams(tx, query),
);

export const listPosts = useCase(
  { name: "teams.listPosts", permission: "teams.team.read", kind: "read" },
  (tx, query: PostQuery): Promise<Page<PostRow>> => pagePosts(tx, query),
);

function rowOf({ phoneEnc: _sealed, ...row }: StoredMember, open: boolean): MemberRow {
  return { ...row, name: open ? row.name : maskedName(row.name) };
}

async function auditNames(tx: Tx, areaCode: string, count: number): Promise<void> {
  await tx.audit({ action: "teams.names", subjectType: "area", subjectId: areaCode, areaCode, count });
}

/** Members by area; names are covered unless the reader gives a reason, which the audit keeps. */
export const listMembers = useCase(
  { name: "teams.listMembers", permission: "teams.member.read", kind: "read" },
  async (tx, query: MemberQuery): Promise<Page<MemberRow>> => {
    const page = await pageMembers(tx, query);
    // spec: TEAM-3
    const open = tx.reason !== undefined && tx.reason !== "";
    if (open) await auditNames(tx, query.areaCode ?? tx.actor.areaCode, page.items.length);
    return { items: page.items.map((row) => rowOf(row, open)), next: page.next };
  },
);

/** A member with the phone in the clear, for an export that somebody answers for. */
export interface ExportedMember extends MemberRow {
  readonly phone: string | null;
}

export const exportMembers = useCase(
  { name: "teams.exportMembers", permission: "teams.member.read", kind: "read", personal: true },
  async (tx, query: MembersAsked): Promise<Page<ExportedMember>> => {
    const page = await pageMembers(tx, query);
    await auditNames(tx, query.areaCode ?? tx.actor.areaCode, page.items.length);
    return {
      items: page.items.map((row) => ({
        ...rowOf(row, true),
        phone: row.phoneEnc === null ? null : tx.services.secrets.open(row.phoneEnc),
      })),
      next: page.next,
    };
  },
);

/** How many digits of a code name the areas one level below one with this many. */
const digitsBelow: Readonly<Record<number, number>> = { 0: 4, 2: 4, 4: 6, 6: 9, 9: 12, 12: 12 };
const longestCode = 20;

function mobilised(areaCode: string, areaName: string, rows: readonly CountRow[]): Mobilised {
  const sums = new Map<string, number>();
  for (const { what, n } of rows) sums.set(what, (sums.get(what) ?? 0) + n);
  const group = (prefix: string) =>
    Object.fromEntries(
      [...sums]
        .filter(([what, n]) => what.startsWith(prefix) && n !== 0)
        .map(([what, n]) => [what.slice(prefix.length), n]),
    );
  return {
    areaCode,
    areaName,
    members: group("member."),
    states: group("state."),
    teams: group("team."),
    posts: group("post."),
    reportingHome: sums.get("home") ?? 0,
    postsHeld: sums.get("postHeld") ?? 0,
  };
}

/** Who is mobilised in an area and in each of the areas below it, from kept counters. */
export async function mobilisationOf(tx: Tx, areaCode: string): Promise<Mobilisation> {
  const rows = await countsBelow(tx, areaCode, digitsBelow[areaCode.length] ?? longestCode);
  const below = [...new Set(rows.map((row) => row.areaCode))].toSorted();
  const names = await areaNames(tx, [areaCode, ...below]);
  const nameOf = (code: string): string => names.get(code) ?? code;
  return {
    total: mobilised(areaCode, nameOf(areaCode), rows),
    areas: below.map((code) =>
      mobilised(
        code,
        nameOf(code),
        rows.filter((row) => row.areaCode === code),
      ),
    ),
  };
}

export const mobilisation = useCase(
  {
    name: "teams.mobilisation",
    permission: "teams.team.read",
    kind: "read",
    area: (input: { areaCode?: string }, tx) => input.areaCode ?? tx.actor.areaCode,
  },
  (tx, input): Promise<Mobilisation> => mobilisationOf(tx, input.areaCode ?? tx.actor.areaCode),
);
