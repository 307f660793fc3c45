/** Which sites to look at for a batch of orders, so that the rooms read grow with the orders and not with the city. */

export interface SiteLoad {
  readonly siteId: string;
  readonly no: number;
  readonly kind: "central" | "fangcang" | "hospital";
  readonly areaCode: string;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly roomsFree: number;
  readonly bedsFree: number;
}

export interface Point {
  readonly lat: number;
  readonly lon: number;
}

const kmPerDegree = 111.2;

/** Distance in km on a sphere, near enough to order the sites of one city. */
export function distanceKm(a: Point, b: Point): number {
  const x = (b.lon - a.lon) * Math.cos(((a.lat + b.lat) / 2) * (Math.PI / 180));
  return Math.hypot(x, b.lat - a.lat) * kmPerDegree;
}

/** The sites for people of a county: its own in their order, then the others, the nearest first. spec: ISO-1 */
export function sitesInOrder(countyCode: string, centre: Point | null, sites: readonly SiteLoad[]): SiteLoad[] {
  const far = (site: SiteLoad): number =>
    centre === null || site.lat === null || site.lon === null
      ? Infinity
      : distanceKm(centre, { lat: site.lat, lon: site.lon });
  const own = (site: SiteLoad): number => (site.areaCode.startsWith(countyCode) ? 0 : 1);
  return sites
    .map((site) => ({ site, own: own(site), far: own(site) === 0 ? 0 : far(site) }))
    .toSorted((a, b) => a.own - b.own || (a.far < b.far ? -1 : a.far > b.far ? 1 : 0) || a.site.no - b.site.no)
    .map((row) => row.site);
}

/** Extra room looked at, because family rooms, accessible rooms and floors of another purpose do not fit everybody. */
const slackFactor = 2;
const slackRooms = 20;

/** The first sites of an ordered list that together surely have room for `people` of each kind of place. */
export function enoughSites(ordered: readonly SiteLoad[], people: number): string[] {
  const chosen: string[] = [];
  const found = { central: 0, fangcang: 0, hospital: 0 };
  for (const site of ordered) {
    if (site.bedsFree === 0 || found[site.kind] >= people * slackFactor + slackRooms) continue;
    found[site.kind] += site.kind === "central" ? site.roomsFree : site.bedsFree;
    chosen.push(site.siteId);
  }
  return chosen;
}
