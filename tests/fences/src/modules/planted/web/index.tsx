import { listCases } from "#modules/cases";

export const pages = listCases;
