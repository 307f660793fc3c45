import kit from "antd/locale/en_GB";

export { kit };
/** The English words, one file each, by path. */
export const files = import.meta.glob<Record<string, unknown>>("../../locales/en/*.json", {
  eager: true,
  import: "default",
});
