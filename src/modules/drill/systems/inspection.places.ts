import { placeTypeOfVenue, type PlaceType } from "#domain/inspection";
import type { AreaRow } from "#domain/areas";
import type { Place } from "#modules/inspection";
import type { City } from "#sim/city";
import { isolationPlan } from "../rooms.rules.ts";
import type { Scenario } from "../scenario.model.ts";
import { servedSites } from "../sites.rules.ts";

/** What an inspection team may be sent to: the place's code and its county. */
export interface DrillPlace {
  readonly code: string;
  readonly placeType: PlaceType;
}

const venueCode = (index: number): string => `V${index}`;

/** The venues of a county under which inspection knows them. */
export function venuesOf(city: City, countyCode: string): DrillPlace[] {
  return city.venues
    .filter((venue) => venue.villageCode.startsWith(countyCode))
    .map((venue) => ({ code: venueCode(venue.index), placeType: placeTypeOfVenue(venue.kind) }));
}

/** The testing sites of a county. */
export function testingSitesOf(city: City, scenario: Scenario, countyCode: string): DrillPlace[] {
  return servedSites(city, scenario.sampling.peoplePerSite.value)
    .filter((site) => site.townCode.startsWith(countyCode))
    .map((site) => ({ code: site.code, placeType: "testingSite" }));
}

const quarantineCode = (i: number): string => `Q${i + 1}`;
const uncodedCode = (countyCode: string, i: number): string => `U-${countyCode}-${i + 1}`;

/** The codes of the places of a county that have no venue code yet. */
export function uncodedOf(countyCode: string, count: number): DrillPlace[] {
  return Array.from({ length: count }, (_, i) => ({ code: uncodedCode(countyCode, i), placeType: "publicPlace" }));
}

/** Everything that inspection registers before the first minute. */
export function allPlaces(
  world: { readonly city: City; readonly scenario: Scenario; readonly areas: readonly AreaRow[] },
  uncodedPerCounty: number,
): Place[] {
  const { city, scenario, areas } = world;
  const names = new Map(areas.map((area) => [area.code, area]));
  const named = (areaCode: string, code: string, zh: string, en: string) => ({
    code,
    areaCode,
    name: `${names.get(areaCode)?.name ?? areaCode}${zh}`,
    nameEn: `${names.get(areaCode)?.nameEn ?? areaCode}, ${en}`,
  });
  const venues = city.venues.map((venue): Place => {
    const code = venueCode(venue.index);
    const placeType = placeTypeOfVenue(venue.kind);
    return {
      ...named(venue.villageCode, code, `场所${venue.index}`, `venue ${venue.index}`),
      placeType,
      venueCode: code,
    };
  });
  const testing = servedSites(city, scenario.sampling.peoplePerSite.value).map((site): Place => ({
    ...named(site.townCode, site.code, `采样点${site.no}`, `sampling site ${site.no}`),
    placeType: "testingSite",
    venueCode: null,
  }));
  const quarantine = isolationPlan(scenario, areas).map((site, i): Place => ({
    code: quarantineCode(i),
    areaCode: site.areaCode,
    name: site.name,
    nameEn: site.nameEn ?? site.name,
    placeType: site.kind === "fangcang" ? "fangcang" : "quarantineSite",
    venueCode: null,
  }));
  const uncoded = city.counties.flatMap((county) =>
    uncodedOf(county.code, uncodedPerCounty).map(({ code, placeType }): Place => ({
      ...named(county.code, code, "新设摊点", "new stalls"),
      placeType,
      venueCode: null,
    })),
  );
  return [...venues, ...testing, ...quarantine, ...uncoded];
}
