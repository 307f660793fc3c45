import kit from "antd/locale/zh_CN";

export { kit };
/** The Chinese words of the log-in, the frame and the board, one file each, by path; a test holds them to what these say. */
export const files = import.meta.glob<Record<string, unknown>>(
  "../../locales/zh-CN/{board,common,enums,login,notices,phase,shell}.json",
  { eager: true, import: "default" },
);
