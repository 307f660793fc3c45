import type { City } from "#sim/city";

/** One sampling site of the drill: the people it serves are a range of the city's numbers. */
export interface ServedSite {
  readonly code: string;
  readonly townCode: string;
  readonly no: number;
  readonly firstPerson: number;
  readonly endPerson: number;
}

/** One site for every so many people of a town, at least one (domain.md §2.1, NAT-SITE). */
export function servedSites(city: City, peoplePerSite: number): ServedSite[] {
  return city.towns.flatMap((town) => {
    const people = town.endPerson - town.firstPerson;
    const count = Math.max(1, Math.ceil(people / peoplePerSite));
    return Array.from({ length: count }, (_, i) => ({
      code: `S-${town.code}-${i + 1}`,
      townCode: town.code,
      no: i + 1,
      firstPerson: town.firstPerson + Math.floor((people * i) / count),
      endPerson: town.firstPerson + Math.floor((people * (i + 1)) / count),
    }));
  });
}

/** The code of the fever clinic of a county, which samples patients one by one. */
export function clinicCode(countyCode: string): string {
  return `C-${countyCode}`;
}

/** The code of the door-to-door team of a county: re-checks, quarantine sites and homes. */
export function doorCode(countyCode: string): string {
  return `D-${countyCode}`;
}
