/** The endings of Chinese area names, longest first: what they become in a short name and in English. */
const endings: readonly (readonly [ending: string, short: string, english: string])[] = [
  ["经济技术开发区", "经济技术开发区", "Economic and Technological Development Zone"],
  ["高新技术开发区", "高新技术开发区", "High-tech Development Zone"],
  ["高新技术产业开发区", "高新技术产业开发区", "High-tech Development Zone"],
  ["社区居民委员会", "社区", "Community"],
  ["社区居委会", "社区", "Community"],
  ["社区居委员会", "社区", "Community"],
  ["村村民委员会", "村", "Village"],
  ["村民委员会", "村", "Village"],
  ["村民委会", "村", "Village"],
  ["居民委员会", "居委会", "Residents' Committee"],
  ["村委会", "村", "Village"],
  ["居委会", "居委会", "Residents' Committee"],
  ["开发区", "开发区", "Development Zone"],
  ["生活区", "生活区", "Residential Area"],
  ["自治州", "自治州", "Prefecture"],
  ["自治县", "自治县", "County"],
  ["街道", "街道", "Subdistrict"],
  ["地区", "地区", "Prefecture"],
  ["社区", "社区", "Community"],
  ["村", "村", "Village"],
  ["镇", "镇", "Town"],
  ["乡", "乡", "Township"],
  ["县", "县", "County"],
  ["区", "区", "District"],
  ["市", "市", "City"],
  ["省", "省", "Province"],
];

export interface SplitName {
  /** What is left without the ending; never empty. */
  readonly stem: string;
  /** The name people use: 前韩村民委员会 → 前韩村. */
  readonly short: string;
  readonly english: string;
}

/** Splits an official name into its stem and its ending. */
export function splitName(official: string): SplitName {
  const name = official.replace(/办事处$/, "");
  const found = endings
    .filter(([ending]) => name.endsWith(ending) && name.length > ending.length)
    .toSorted((a, b) => b[0].length - a[0].length)[0];
  if (!found) return { stem: name, short: name, english: "" };
  const stem = name.slice(0, -found[0].length);
  return { stem, short: stem + found[1], english: found[2] };
}

/** Puts pinyin syllables together as an English place name: lou, zhuang + Town → Louzhuang Town. */
export function englishName(syllables: readonly string[], ending: string): string {
  const joined = syllables.join("").replaceAll("v", "ü");
  const proper = joined.charAt(0).toUpperCase() + joined.slice(1);
  return ending === "" ? proper : `${proper} ${ending}`;
}

/** The kind of a town-level area by its name, of a village-level area by its name, else by its code (NBS: 001–199 residents, 200–399 villagers). */
export function kindOf(level: "city" | "county" | "town" | "village", code: string, name: string): string {
  if (level === "city") return "city";
  if (level === "county") {
    // Codes 71 to 79 are the statistical codes of development zones, not GB/T 2260.
    if (code[4] === "7") return "developmentZone";
    return name.endsWith("区") ? "district" : name.endsWith("市") ? "countyCity" : "county";
  }
  if (level === "town") {
    if (name.endsWith("街道") || name.endsWith("办事处")) return "subdistrict";
    return name.endsWith("镇") ? "town" : name.endsWith("乡") ? "township" : "other";
  }
  if (/村民委|村委会$/.test(name)) return "village";
  if (/居民委|居委|社区/.test(name)) return "community";
  const no = Number(code.slice(9));
  return no < 200 ? "community" : no < 400 ? "village" : "other";
}
