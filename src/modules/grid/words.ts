import type { Both } from "#kernel/sheet";
import type { needKinds } from "#domain/outbreaks";

/** What each need is called on paper, in a sheet and on the residents' page. */
export const needWords: Readonly<Record<(typeof needKinds)[number], Both>> = {
  food: { "zh-CN": "生活物资", en: "food" },
  medicine: { "zh-CN": "药品", en: "medicine" },
  dialysis: { "zh-CN": "血液透析", en: "dialysis" },
  delivery: { "zh-CN": "临产", en: "childbirth" },
  mask: { "zh-CN": "口罩酒精", en: "masks and alcohol" },
  other: { "zh-CN": "其他", en: "other" },
};
