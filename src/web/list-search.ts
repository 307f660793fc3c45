/** The filters every list keeps in its address, so that a link shows the same rows to a colleague. */
export interface ListSearch {
  readonly areaCode?: string;
  readonly state?: string;
  readonly cursor?: string;
  /** The list's own further filter, such as the team of a task. */
  readonly by?: string;
  /** Only what belongs to this case. */
  readonly caseId?: string;
  /** The part of a page that is shown. */
  readonly tab?: string;
  /** The name of the API's order; with a minus the other way round. */
  readonly sort?: string;
  /** The function whose form is open. */
  readonly operation?: string;
  /** Whose audit entries, of which action, from when and until when, and whether only those with a reason. */
  readonly actor?: string;
  readonly action?: string;
  readonly from?: string;
  readonly to?: string;
  readonly reasoned?: string;
}

const names = ["areaCode", "state", "cursor", "by", "caseId", "tab", "sort", "operation"] as const;
const auditNames = ["actor", "action", "from", "to", "reasoned"] as const;

/** Reads the filters of an address; anything else in it is dropped. */
export function listSearch(search: Readonly<Record<string, unknown>>): ListSearch {
  const kept: Record<string, string> = {};
  for (const name of [...names, ...auditNames]) {
    const value = search[name];
    if (typeof value === "string" && value !== "") kept[name] = value;
    if (typeof value === "number") kept[name] = String(value);
  }
  return kept;
}
