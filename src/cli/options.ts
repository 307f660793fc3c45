import { InvalidArgumentError } from "commander";

/** A whole number of at most nine digits. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("a whole number is needed.");
  return Number(text);
}

/** A share of the city, above 0 and up to 1. */
export function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError("a share of the city above 0 and up to 1 is needed.");
  return value;
}

/** A number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1_440)) throw new InvalidArgumentError("a number above 0 and up to 1440 is needed.");
  return value;
}

const processesMax = 32;

export const processesHelp = "server processes that share the port; one for each core is enough";

/** How many server processes one command starts. */
export function processCount(text: string): number {
  const count = wholeNumber(text);
  if (count < 1 || count > processesMax)
    throw new InvalidArgumentError(`a number from 1 to ${processesMax} is needed.`);
  return count;
}
