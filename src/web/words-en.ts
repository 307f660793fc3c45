import kit from "antd/locale/en_GB";

export { kit };
/** The English words of the log-in, the frame and the board, one file each, by path; a test holds them to what these say. */
export const files = import.meta.glob<Record<string, unknown>>(
  "../../locales/en/{board,common,enums,login,notices,phase,shell}.json",
  { eager: true, import: "default" },
);
