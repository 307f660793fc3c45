import type { SitrepDocument } from "./sitrep.model.ts";

/** A situation report in the shape of Heze's evening of 28 July 2022, for the tests of the printed page. */
export const sitrepFixture: SitrepDocument = {
  number: 9,
  slot: "19:30",
  issuedAt: "2022-07-28T11:31:00.000Z",
  cutoffAt: "2022-07-28T11:30:00.000Z",
  reconciled: true,
  outbreak: {
    name: { "zh-CN": "菏泽“7·24”疫情", en: "Heze outbreak of 24 July" },
    areaName: { "zh-CN": "菏泽市", en: "Heze" },
    drill: true,
    phase: { "zh-CN": "围堵扑灭", en: "Containment" },
    responseLevel: "II",
    timeZone: "Asia/Shanghai",
    protocol: { "zh-CN": "防控方案第九版", en: "Protocol, 9th edition" },
    protocolVersion: "9",
    firstPositiveAt: "2022-07-23T16:00:00.000Z",
    provenances: {
      centralQuarantine: { "zh-CN": "集中隔离点检出", en: "Central quarantine" },
      community: { "zh-CN": "社会面", en: "Community" },
    },
    controlledProvenances: ["centralQuarantine"],
  },
  counties: [
    { code: "371702", name: { "zh-CN": "牡丹区", en: "Mudan" } },
    { code: "371721", name: { "zh-CN": "曹县", en: "Cao" } },
  ],
  figures: [
    { figure: "asymptomatic", areaCode: "371721", detail: "centralQuarantine", value: 92, previous: 20, change: 72 },
    { figure: "asymptomatic", areaCode: "371721", detail: "community", value: 71, previous: 50, change: 21 },
    { figure: "confirmed", areaCode: "371702", detail: "community", value: 6, previous: 1, change: 5 },
    { figure: "contacts", areaCode: "371721", detail: "close", value: 1234, previous: 1000, change: 234 },
    { figure: "held", areaCode: "371721", detail: "", value: 57, previous: 40, change: 17 },
    { figure: "placed", areaCode: "371721", detail: "central", value: 888, previous: 700, change: 188 },
    { figure: "zones", areaCode: "371721", detail: "high", value: 38, previous: 14, change: 24 },
  ],
  curve: [24, 25, 26, 27, 28].map((day, i) => ({
    day: `2022-07-${day}`,
    byReport: { confirmed: i, asymptomatic: i * 4 },
    bySampling: { confirmed: i, asymptomatic: i * 3 },
    byProvenance: { community: i * 5 },
    ...(i < 3 ? { real: { confirmed: 1, asymptomatic: 10 * i } } : {}),
  })),
  marks: [{ day: "2022-07-25", label: { "zh-CN": "首轮区域核酸", en: "First area round" } }],
  measures: [{ "zh-CN": "公共交通停运", en: "Stop public transport" }],
  tests: { sampled: 812_345, resulted: 800_001 },
  rounds: [
    {
      no: 3,
      areaName: { "zh-CN": "曹县", en: "Cao" },
      openedAt: "2022-07-27T22:00:00.000Z",
      closedAt: null,
      due: 400_000,
      sampled: 390_000,
      excused: 2_000,
      resulted: 380_000,
      positive: 93,
    },
  ],
  clocks: [
    {
      arrow: "contactToPlaced",
      ruleId: "TRF-CC",
      n: 200,
      medianMin: 310,
      p90Min: 470,
      targetMin: 480,
      inTimeShare: 0.913,
      lateOpen: 4,
    },
  ],
  central: { sites: 215, beds: 30_306, inUse: 888, free: 29_418 },
  fangcang: { sites: 1, beds: 2_000, inUse: 245, free: 1_755 },
  hospital: { sites: 1, beds: 300, inUse: 12, free: 288 },
  zones: [
    {
      name: "前韩村",
      areaName: { "zh-CN": "曹县", en: "Cao" },
      level: "high",
      since: "2022-07-24T04:00:00.000Z",
      cleanDays: 1,
    },
  ],
  late: {
    total: 7,
    rows: [
      {
        team: "transport",
        areaName: { "zh-CN": "曹县", en: "Cao" },
        count: 7,
        oldestDueAt: "2022-07-28T08:00:00.000Z",
      },
    ],
  },
  steps: [
    { text: { "zh-CN": "启用后备场所", en: "Open the reserve" }, team: "isolation", dueAt: "2022-07-29T00:30:00.000Z" },
  ],
};
