import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { createAccount } from "#platform/accounts";
import { wallClock } from "#platform/clocks";
import { makeToken } from "#platform/tokens";
import type { BenchWorld } from "./load.ts";
import { cityArea, peopleOf, type SampledCity } from "./screening.load.ts";
import type { PeakDone, PeakPlan } from "./screening.sender.ts";
import { password } from "./serve.ts";

/** The devices of all sites and the screens of all laboratories: their log-ins, and their evening as a program of its own. */

const sender = fileURLToPath(new URL("screening.sender.ts", import.meta.url));
const countyChars = 6;

type Tokens = Pick<PeakPlan, "samplers" | "laboratory">;
const known = new WeakMap<BenchWorld, Promise<Tokens>>();

function send(plan: PeakPlan): Promise<PeakDone> {
  const child = spawn(process.execPath, [sender], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(plan));
  const said = text(child.stdout);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => {
      if (code === 0) said.then((json) => resolve(JSON.parse(json) as PeakDone), reject);
      else reject(new Error(`the devices ended with ${code}`));
    });
  });
}

/** Tokens for the devices of each county's sites and for the laboratories. */
async function makeTokens(world: BenchWorld, counties: readonly string[]): Promise<Tokens> {
  const { sql, release } = await world.owner.connect();
  const add = async (login: string, role: string, areaCode: string, no: number): Promise<string> => {
    const id = `00000000-0000-7000-8000-${String(no).padStart(12, "0")}`;
    await createAccount(sql, { id, login, password, name: login, roles: [role], areaCode }, wallClock.now());
    return (await makeToken(sql, { accountId: id, label: "bench" }, wallClock.now())).token;
  };
  const samplers: Record<string, string> = {};
  for (const [i, county] of counties.entries()) samplers[county] = await add(`site${county}`, "sampler", county, i + 1);
  const laboratory = await add("laboratory", "lab", cityArea, counties.length + 1);
  await release();
  return { samplers, laboratory };
}

/** Sends an evening of a round to the server at `base`; the codes of its boxes and tubes begin with `prefix`. */
export async function sendEvening(
  world: BenchWorld,
  city: SampledCity,
  evening: Pick<PeakPlan, "base" | "roundId" | "prefix" | "phases">,
): Promise<PeakDone> {
  const counties = [...new Set(city.sites.map((site) => site.areaCode.slice(0, countyChars)))];
  const tokens = known.get(world) ?? makeTokens(world, counties);
  known.set(world, tokens);
  return send({
    ...evening,
    ...(await tokens),
    sites: city.sites.map((site, no) => ({
      id: site.id,
      county: site.areaCode.slice(0, countyChars),
      ...peopleOf(city, no),
    })),
    labs: city.labs,
  });
}
