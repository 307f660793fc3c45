import { pages } from "#pages/cases";

export const all = pages;
