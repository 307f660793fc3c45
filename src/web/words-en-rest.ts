/** The English words of every other page. */
export const files = import.meta.glob<Record<string, unknown>>(
  ["../../locales/en/*.json", "!../../locales/en/{board,common,enums,login,notices,phase,shell}.json"],
  { eager: true, import: "default" },
);
