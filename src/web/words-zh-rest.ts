/** The Chinese words of every other page. */
export const files = import.meta.glob<Record<string, unknown>>(
  ["../../locales/zh-CN/*.json", "!../../locales/zh-CN/{board,common,enums,login,notices,phase,shell}.json"],
  { eager: true, import: "default" },
);
