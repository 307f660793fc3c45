import type { BedState, RoomRefusal, RoomState, RoomZone } from "./floors.model.ts";
import type { Category, SiteKind } from "./isolation.model.ts";
import {
  canCare,
  caseMode,
  isSpecial,
  partyOf,
  type AllocationPolicy,
  type HomeExceptions,
  type WaitingOrder,
} from "./isolation.rules.ts";

/** May this person have this room? One function answers for the screen before, and for the server when it is done. */

export interface RoomFacts {
  readonly siteKind: SiteKind;
  readonly siteState: string;
  readonly zone: RoomZone;
  readonly ward: boolean;
  readonly floorPurpose: string | null;
  readonly beds: readonly BedState[];
  /** Who is in the room or has a bed kept in it. */
  readonly people: readonly RoomMate[];
}

export interface RoomMate {
  readonly category: Category;
  readonly party: string;
  readonly age: number | null;
  readonly needs: readonly string[];
}

/** What a room is to somebody who looks for one, from its beds. */
export function roomState(beds: readonly BedState[]): RoomState {
  if (beds.length === 0) return "staff";
  const has = (state: BedState): boolean => beds.includes(state);
  if (has("free")) return has("inUse") || has("reserved") ? "partly" : "free";
  if (has("inUse")) return "taken";
  if (has("reserved")) return "held";
  return has("cleaning") ? "cleaning" : "closed";
}

/** The rule behind each refusal, and its reason for who asks by API, in both languages. */
export const refusalRules: Readonly<Record<RoomRefusal, { readonly rule: string; readonly why: string }>> = {
  siteNotOpen: { rule: "ISO-22", why: "the site is not open / 隔离点未启用" },
  notForGuests: { rule: "ISO-12", why: "nobody stays in the clean and buffer zones / 清洁区和缓冲区不安排住人" },
  otherPlace: { rule: "I4", why: "cases and contacts live in different places / 病例与密接不得同一场所" },
  needsHospital: { rule: "ISO-9", why: "the patient needs a hospital, not a fangcang / 须收入定点医院，不得进方舱" },
  besideCase: { rule: "I4", why: "a contact never shares a room with a case / 密接不得与病例同室" },
  held: { rule: "I4", why: "the bed is kept for somebody else / 床位已预留给他人" },
  taken: { rule: "I4", why: "the bed is taken / 床位已占用" },
  cleaning: { rule: "I4", why: "the room is being disinfected / 房间正在终末消毒" },
  closed: { rule: "ISO-18", why: "the beds of this room are not open yet / 该房间床位尚未启用" },
  otherHousehold: { rule: "ISO-6", why: "the room belongs to another household / 该房间已有其他家庭" },
  otherPurpose: { rule: "ISO-12", why: "the floor serves another group / 该楼层安排另一类人员" },
  needsCarer: {
    rule: "ISO-7",
    why: "who needs care is not placed without a carer in the room / 需照护者同室须有合适陪护人",
  },
};

const fullBecause: Readonly<Partial<Record<RoomState, RoomRefusal>>> = {
  staff: "notForGuests",
  taken: "taken",
  held: "held",
  cleaning: "cleaning",
  closed: "closed",
};

/** Why the person does not get the room; null when nothing stands against it. spec: ISO-6, ISO-7, ISO-9, ISO-12, I4 */
export function refusalOf(
  person: WaitingOrder,
  room: RoomFacts,
  exceptions: HomeExceptions,
  policy: AllocationPolicy,
): RoomRefusal | null {
  if (room.siteState !== "open") return "siteNotOpen";
  if (room.zone !== "isolation") return "notForGuests";
  if ((person.category === "case") !== (room.siteKind !== "central")) return "otherPlace";
  if (room.siteKind === "fangcang" && needsHospital(person, policy)) return "needsHospital";
  if (room.people.some((mate) => mate.category !== person.category)) return "besideCase";
  const full = fullBecause[roomState(room.beds)];
  if (full !== undefined) return full;
  if (!room.ward && room.people.some((mate) => mate.party !== partyOf(person))) return "otherHousehold";
  if (room.floorPurpose !== null && room.floorPurpose !== person.purpose) return "otherPurpose";
  const alone = !room.people.some((mate) => canCare(mate, policy));
  return person.category === "contact" && alone && isSpecial(person, exceptions) ? "needsCarer" : null;
}

/** Who was sent to hospital, or does not look after himself, is never sent to a fangcang. spec: ISO-9, ISO-10 */
function needsHospital(person: WaitingOrder, policy: AllocationPolicy): boolean {
  return person.mode === "hospital" || caseMode(person, null, policy) === "hospital";
}
