import { escapeHtml } from "./page.ts";

type Cell = string | number | Html;

/** HTML whose texts its maker has escaped already. */
export interface Html {
  readonly html: string;
}

/** A document to print: what stands on every sheet, and what it says. */
export interface PrintedDocument {
  readonly lang: "zh-CN" | "en";
  /** The name of the window and of the file. */
  readonly title: string;
  /** Who may read it, at the top of every sheet. */
  readonly internal?: string;
  /** That it is a drill, at the top of every sheet and above the head. */
  readonly drill?: string;
  /** The head and the body are HTML whose texts their maker has escaped. */
  readonly head: string;
  readonly body: string;
  /** Lists of many columns are printed across the sheet. */
  readonly wide?: boolean;
  /** What this document alone needs. */
  readonly style?: string;
}

function cellHtml(value: Cell): string {
  return typeof value === "object" ? value.html : escapeHtml(String(value));
}

/** A table whose first column names the row; figures stand to the right. */
export function printedTable(head: readonly string[], rows: readonly (readonly Cell[])[], caption?: string): string {
  const cell = (value: Cell, i: number): string =>
    i === 0
      ? `<th scope="row">${cellHtml(value)}</th>`
      : `<td${typeof value === "number" ? ' class="n"' : ""}>${cellHtml(value)}</td>`;
  return `<table>${caption ? `<caption>${escapeHtml(caption)}</caption>` : ""}<thead><tr>${head
    .map((title) => `<th scope="col">${escapeHtml(title)}</th>`)
    .join("")}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("")}</tbody></table>`;
}

const ordinals = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"] as const;

/** Sections under numbered headings: 一、二、三、 in Chinese, 1. 2. 3. in English; each body is escaped HTML. */
export function printedSections(
  lang: PrintedDocument["lang"],
  parts: readonly (readonly [title: string, body: string])[],
): string {
  return parts
    .map(([title, body], i) => {
      const number = lang === "en" ? `${i + 1}. ` : `${ordinals[i] ?? i + 1}、`;
      return `<section><h2>${number}${escapeHtml(title)}</h2>${body}</section>`;
    })
    .join("\n");
}

/** The red head of an official paper: who issues it, what it is, and its facts under a red line. */
export function redHead(head: {
  readonly organ: string;
  readonly title: string;
  readonly facts: readonly string[];
}): string {
  return `<header><p class="organ">${escapeHtml(head.organ)}</p>
<h1>${escapeHtml(head.title)}</h1>
<div class="facts">${head.facts.map((fact) => `<span>${escapeHtml(fact)}</span>`).join("")}</div></header>`;
}

/** A text between the quotes of a style sheet: nothing in it may end the text or the sheet. */
function styleText(text: string): string {
  return text.replace(/[\\"<>\n]/g, " ");
}

function styleOf({ internal, drill, wide, style = "" }: PrintedDocument): string {
  const left = internal ? `@top-left{content:"${styleText(internal)}";font-size:9pt}` : "";
  const right = drill ? `@top-right{content:"${styleText(drill)}";color:#8c1d18;font-size:9pt}` : "";
  const sheet = wide ? "A4 landscape" : "A4";
  return `@page{size:${sheet};margin:20mm 17mm 18mm;@bottom-center{content:counter(page) " / " counter(pages);font-size:9pt}${left}${right}}
:root{font-family:"Noto Serif CJK SC","Source Han Serif SC","Songti SC",SimSun,serif;color:#1a1a1a;background:#fff}
body{max-width:${wide ? "260mm" : "180mm"};margin:0 auto;padding:8mm 4mm;font-size:11pt;line-height:1.6}
header{text-align:center;border-bottom:3px solid #c00;padding-bottom:6px;margin-bottom:10px}
header .organ{color:#c00;font-size:22pt;font-weight:700;letter-spacing:.08em;line-height:1.3;margin:0;text-indent:0}
html[lang="en"] header .organ{font-size:18pt;letter-spacing:0}
header h1{font-size:15pt;margin:4px 0}
header .facts{display:flex;flex-wrap:wrap;justify-content:space-between;gap:4px 16px;font-size:10pt}
.drill{border:2px solid #8c1d18;color:#8c1d18;font-weight:700;text-align:center;padding:2px;margin-bottom:8px}
.broken{border:2px solid #8c1d18;background:#fff4e5;padding:6px 8px}.bad,.late{color:#8c1d18;font-weight:700}
h2{font-size:13pt;margin:14px 0 4px;break-after:avoid}
html[lang="zh-CN"] main p{text-indent:2em}p{margin:2px 0}small{color:#46535f;display:block}
section{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:9.5pt;margin:6px 0;font-variant-numeric:tabular-nums}
thead{display:table-header-group}tr,li{break-inside:avoid}caption{text-align:left;font-weight:600;padding:4px 0}
th,td{border:1px solid #999;padding:2px 5px;text-align:left;vertical-align:top}th[scope=row]{font-weight:400}thead th{background:#f2f2f2}td.n{text-align:right}
ol.told{list-style:none;padding:0;margin:0}ol.told li{border-left:3px solid #1f5fa8;margin:4px 0;padding:2px 0 2px 12px}time{color:#46535f;margin-right:8px;font-variant-numeric:tabular-nums}
figure{margin:8px 0;break-inside:avoid}svg{width:100%;height:auto}figcaption{font-size:9pt;color:#555}
@media print{body{max-width:none;padding:0}section{overflow:visible}thead th,svg{-webkit-print-color-adjust:exact;print-color-adjust:exact}}${style}`;
}

/** A whole document that needs nothing else and prints on A4, with its page numbers. */
export function printedDocument(doc: PrintedDocument): string {
  const drill = doc.drill ? `<div class="drill" role="note">${escapeHtml(doc.drill)}</div>` : "";
  return `<!doctype html>
<html lang="${doc.lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="renderer" content="webkit">
<title>${escapeHtml(doc.title)}</title><style>${styleOf(doc)}</style></head>
<body>${drill}${doc.head}
<main>${doc.body}</main></body></html>
`;
}
