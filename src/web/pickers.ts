import { areaLabel } from "./area-names.tsx";
import { currentLanguage } from "./i18n.ts";

/** Where the values of a field are found, so that nobody has to know an id by heart. */
export interface Picker {
  readonly url: string;
  readonly value: string;
  /** The properties that name a row to a person, the first that are there. */
  readonly names: readonly string[];
}

/** A row as the lists answer it; only its plain values can name it. */
export type PickerRow = Readonly<Record<string, unknown>>;

function plain(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

const members: Picker = { url: "/api/v1/team-members", value: "code", names: ["code", "name"] };
const teams: Picker = { url: "/api/v1/teams", value: "code", names: ["name", "code"] };
const isolationSite: Picker = { url: "/api/v1/isolation-sites", value: "id", names: ["name"] };
const cases: Picker = { url: "/api/v1/cases", value: "id", names: ["number", "ref"] };

const everywhere: Readonly<Record<string, Picker>> = {
  roundId: { url: "/api/v1/rounds", value: "id", names: ["no", "areaCode", "openedAt"] },
  labId: { url: "/api/v1/labs", value: "id", names: ["name"] },
  caseId: cases,
  infectorCaseId: cases,
  memberCode: members,
  memberCodes: members,
  holderCode: members,
  leaderCode: members,
  teamCode: teams,
  parentCode: teams,
  warehouse: { url: "/api/v1/supplies/warehouses", value: "code", names: ["name", "code"] },
  item: { url: "/api/v1/supplies/items", value: "code", names: ["name", "code"] },
  protocolId: { url: "/api/v1/protocols", value: "id", names: ["id"] },
  venueId: { url: "/api/v1/venues", value: "id", names: ["name", "code"] },
  findingId: { url: "/api/v1/inspection/findings", value: "id", names: ["placeName", "item", "areaCode"] },
};

const byModule: Readonly<Record<string, Readonly<Record<string, Picker>>>> = {
  screening: { siteId: { url: "/api/v1/sampling-sites", value: "id", names: ["name", "code"] } },
  isolation: { siteId: isolationSite },
  sentinel: { unit: { url: "/api/v1/sentinel/units", value: "code", names: ["name", "code"] } },
  inspection: {
    placeId: { url: "/api/v1/inspection/places", value: "id", names: ["name", "code"] },
    teamCode: { url: "/api/v1/inspection/teams", value: "code", names: ["name", "code"] },
  },
};

/** Where the values of this field of this module's operations are listed; undefined where a person types them. */
export function pickerOf(module: string, name: string): Picker | undefined {
  return byModule[module]?.[name] ?? everywhere[name];
}

/** A row of a picker's list as a choice. */
export function choiceOf(picker: Picker, row: PickerRow): { readonly value: string; readonly label: string } {
  const words = picker.names.map((name) => {
    if (name !== "name") return plain(row[name]);
    const { nameEn } = row;
    return areaLabel(
      { name: plain(row["name"]), nameEn: typeof nameEn === "string" ? nameEn : null },
      currentLanguage(),
    );
  });
  const label = words.filter((word) => word !== "").join(" · ");
  const value = plain(row[picker.value]);
  return { value, label: label === "" ? value : label };
}
