import type { Both } from "#kernel/sheet";
import { defineSheet, type ExportQuery, type SheetDef } from "#platform/sheets";
import { useCase } from "#platform/usecase";
import type { CoverageCounter, DifferenceCause } from "./reconcile.model.ts";
import { pageNewestDifferences, type DifferenceLine } from "./reconcile.store.ts";

const h = (zh: string, en: string): Both => ({ "zh-CN": zh, en });

const counterWords: Readonly<Record<CoverageCounter, Both>> = {
  due: h("应采", "due"),
  excused: h("免采", "excused"),
  collected: h("已采集", "collected"),
  sampled: h("已采", "sampled"),
  atSite: h("待送", "at the site"),
  inTransit: h("运送中", "in transit"),
  received: h("在实验室待检", "at the laboratory"),
  resulted: h("已报告", "resulted"),
  positive: h("阳性管内人数", "in positive tubes"),
  lost: h("遗失并登记", "lost and recorded"),
};

const causeWords: Readonly<Record<DifferenceCause, Both>> = {
  registeredLater: h("开启后登记而未计入", "registered after the opening and not counted"),
  moved: h("已迁出或迁入", "moved to or from the village"),
  movedLikely: h("可能为村间迁移", "probably moved between villages"),
  personGone: h("人员已不在册", "no longer in the register"),
  rowMissing: h("该村计数行缺失", "the village has no row of counters"),
  absenceUncounted: h("免采记录未计入", "absence not counted"),
  absenceOfSampled: h("已采者仍有免采记录", "absence of somebody sampled"),
  tubeState: h("采样管状态与计数不一致", "tube's state and counters disagree"),
  tubeEnded: h("作废或遗失管内仍有样本", "swab in a rejected or lost tube"),
  tubeResult: h("结果被改动而未通报", "result changed without being told"),
  sampleGone: h("样本被删除", "swab removed"),
  sampleAdded: h("样本被直接写入", "swab added past the system"),
  sampleAstray: h("样本所在管不属本轮", "swab's tube is of no or another round"),
  traceGone: h("遗失痕迹缺失", "trace of a loss missing"),
  traceAdded: h("遗失痕迹多余", "trace of a loss too many"),
  unexplained: h("无明细可解释", "explained by no row"),
};

const exportDifferences = useCase(
  { name: "screening.exportDifferences", permission: "screening.round.read", kind: "read" },
  (tx, query: ExportQuery) => pageNewestDifferences(tx, query),
);

/** What the newest recounts found, out only. */
export const reconcileSheets: readonly SheetDef[] = [
  defineSheet({
    name: "screening-differences",
    title: h("核酸计数差异", "Differences of screening counters"),
    tag: "screening",
    list: exportDifferences,
    out: [
      { heading: h("轮次", "round"), value: (row: DifferenceLine) => row.roundNo },
      { heading: h("轮次区划", "round_area"), value: (row) => row.roundArea },
      { heading: h("复核时间", "recounted_at"), value: (row) => row.at },
      { heading: h("村居代码", "area_code"), value: (row) => row.areaCode },
      { heading: h("计数项", "counter"), value: (row, lang) => counterWords[row.counter][lang] },
      { heading: h("明细", "counted"), value: (row) => row.counted },
      { heading: h("计数", "kept"), value: (row) => row.kept },
      {
        heading: h("原因", "causes"),
        value: (row, lang) =>
          row.causes
            .map(({ cause, people }) => `${causeWords[cause][lang]} ${people > 0 ? "+" : ""}${people}`)
            .join("; "),
      },
    ],
  }),
];
