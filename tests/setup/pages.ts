import { buildWeb } from "#web/build";
import { launchBrowser } from "../e2e/browser.ts";

/**
 * Builds the pages and unpacks the browser once, before the workers begin: two that find neither would
 * each build and unpack into the same places, and one would read what the other has half written.
 */
export default async function setup(): Promise<void> {
  const [browser] = await Promise.all([launchBrowser(), buildWeb()]);
  await browser.close();
}
