import kit from "antd/locale/zh_CN";

export { kit };
/** The Chinese words, one file each, by path. */
export const files = import.meta.glob<Record<string, unknown>>("../../locales/zh-CN/*.json", {
  eager: true,
  import: "default",
});
