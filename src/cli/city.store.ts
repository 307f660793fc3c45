import type { Config } from "#platform/config";
import { openCheckedStore, type Store } from "#platform/store";
import { loadedCity, type LoadOrder } from "#modules/drill";

/** Opens the database of a loaded city; any other is refused before anything is changed in it. */
export async function openCityStore(
  config: Config,
  database: string,
  processes = 1,
): Promise<{ store: Store; order: LoadOrder }> {
  const { store, found } = await openCheckedStore(config, { database, mustExist: true, processes }, async (sql) => {
    const city = await loadedCity(sql);
    if (!city) throw new Error(`The database «${database}» holds no loaded city.`);
    return city;
  });
  return { store, order: found.order };
}
