import { listCases } from "#modules/cases";

export const list = listCases;
