import { InvalidArgumentError } from "commander";

/** An area code as an option gives it: a province's two digits to a village's twelve. */
export function areaOption(text: string): string {
  if (!/^\d{2,12}$/.test(text)) throw new InvalidArgumentError("an area code of 2 to 12 digits is needed.");
  return text;
}
